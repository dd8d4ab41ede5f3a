/** What the assistant can do: its skills with sentences to try. */
import { guarded } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, make, part, show } from "../base/dom.js";
import { knows, name, say } from "../base/texts.js";

/** Open a sheet of all skills; a sentence that is chosen is said. */
export const showAbilities = guarded(async (tell) => {
  const skills = (await api.skills()).filter(({ examples }) => examples.length);
  const sheet = part("sheet");
  sheet.setAttribute("aria-labelledby", "sheet-title");
  const choose = (text) => {
    sheet.close();
    tell(text);
  };
  show(
    sheet,
    make("h2", { id: "sheet-title", text: say("abilities.title") }),
    ...skills.map((skill) => section(skill, choose)),
    make("div.buttons", {}, button({ text: say("ask.close"), kind: "primary", on: () => sheet.close() })),
  );
  sheet.showModal();
});

const section = (skill, choose) =>
  make(
    "section.ability",
    {},
    make("h3", { text: knows(`skill.${skill.name}`) ? name("skill", skill.name) : skill.title }),
    make(
      "div.buttons",
      {},
      ...skill.examples.map((text) => button({ text, kind: "suggestion", on: () => choose(text) })),
    ),
  );
