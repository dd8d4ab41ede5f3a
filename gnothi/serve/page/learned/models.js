/** Changes of learned models: which version came, why, and what it does better. */
import { make } from "../base/dom.js";
import { momentWithin, number } from "../base/format.js";
import { name, say } from "../base/texts.js";

const FEW_FIGURES = 5;

/** All changes, the newest first; nothing where there are none. */
export function changes(known) {
  if (!known.length) return null;
  return make(
    "section",
    { data: { group: "models" } },
    make("h2", { text: say("learned.group.models", { count: known.length }) }),
    make("p.hint", { text: say("learned.group_text.models") }),
    make("ol.entry-list", {}, ...known.map(change)),
  );
}

function change(one) {
  const figures = Object.entries(one.after).slice(0, FEW_FIGURES);
  return make(
    "li.model-change",
    { data: { name: one.name, act: one.act } },
    make(
      "p.model-head",
      {},
      make("strong", { text: name("artifact", one.name) }),
      make("span.tag", { text: name("act", one.act) }),
      one.live ? make("span.tag.live", { text: say("artifacts.live") }) : null,
    ),
    make("p.hint", { text: say("learned.version", { version: one.version ?? "", moment: momentWithin(one.at) }) }),
    one.reason ? make("p.because", { text: one.reason }) : null,
    figures.length ? make("dl.facts", {}, ...figures.flatMap((figure) => row(figure, one.before))) : null,
  );
}

const row = ([figure, value], before) => [
  make("dt", { text: name("figure", figure) }),
  make("dd", {
    text:
      before[figure] === undefined
        ? number(value, 3)
        : say("learned.figure", { before: number(before[figure], 3), after: number(value, 3) }),
  }),
];
