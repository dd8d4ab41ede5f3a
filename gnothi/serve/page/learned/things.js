/** What the camera was taught: each thing, how well it is known, and the way to forget it. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { confirm } from "../base/ask.js";
import { button, make } from "../base/dom.js";
import { say } from "../base/texts.js";
import { openTeaching, openTrying } from "../sight/teaching.js";

/** Draw the *known* things; *changed* is called when there are others. */
export function things(known, changed) {
  return make(
    "section.things",
    {},
    make("h2", { text: say("things.title") }),
    make("p.hint", { text: say("things.text") }),
    make("ul.versions", {}, ...known.map((thing) => row(thing, changed))),
    button({ icon: "camera", text: say("things.teach"), id: "teach-thing", on: () => openTeaching({ done: changed }) }),
  );
}

function row(thing, changed) {
  return make(
    "li.version",
    { data: { thing: thing.name } },
    make("div.row-words", {}, make("strong", { text: thing.name }), make("span", { text: thing.sentence })),
    button({
      text: say("things.try_it"),
      label: say("things.try_label", { name: thing.name }),
      kind: "small",
      on: () => openTrying(thing.name, thing.sentence, changed),
    }),
    button({
      text: say("learned.forget"),
      label: say("things.forget_label", { name: thing.name }),
      kind: "small",
      on: () => forget(thing, changed),
    }),
  );
}

const forget = guarded(async ({ name }, changed) => {
  const sure = await confirm({
    title: say("things.forget_title", { name }),
    text: say("things.forget_text"),
    yes: say("learned.forget_yes"),
    danger: true,
  });
  if (!sure) return;
  await api.forgetThing(name);
  notice(say("things.forgotten", { name }));
  changed();
});
