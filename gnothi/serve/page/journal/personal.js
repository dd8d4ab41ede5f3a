/** What is kept about each person: take it along, or have it erased. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { confirm } from "../base/ask.js";
import { button, icon, make } from "../base/dom.js";
import { say } from "../base/texts.js";
import { badge, people } from "../settings/people.js";

/** A row for each person with both rights. */
export function personalData(afterwards) {
  return make(
    "section.paper",
    { "aria-labelledby": "personal-title" },
    make("h2", { id: "personal-title", text: say("personal.title") }),
    make("p.hint", { text: say("personal.text") }),
    make("ul.rows", {}, ...people.value.map((person) => row(person, afterwards))),
  );
}

function row(person, afterwards) {
  return make(
    "li.row",
    { data: { person: person.id } },
    badge(person.id),
    make("div.row-words", {}, make("strong", { text: person.name })),
    make(
      "a.button.round",
      {
        href: api.exportAddress(person.id),
        download: "",
        title: say("personal.export", { name: person.name }),
        "aria-label": say("personal.export", { name: person.name }),
      },
      icon("download"),
    ),
    button({
      icon: "erase",
      kind: "round-danger",
      label: say("personal.erase", { name: person.name }),
      on: erase(person, afterwards),
    }),
  );
}

const erase = (person, afterwards) =>
  guarded(async () => {
    const sure = await confirm({
      title: say("personal.erase_title", { name: person.name }),
      text: say("personal.erase_text", { name: person.name }),
      yes: say("personal.erase_yes"),
      danger: true,
    });
    if (!sure) return;
    const { turns } = await api.erase(person.id);
    notice(say("personal.erased", { count: turns, name: person.name }));
    await afterwards();
  });
