/** When it learns by itself, and how that went the last time. */
import { guarded } from "../base/announce.js";
import { api } from "../base/api.js";
import { make } from "../base/dom.js";
import { momentWithin } from "../base/format.js";
import { say } from "../base/texts.js";

/** A sheet of paper with the nights. */
export function schedule({ nights, next, last }, afterwards) {
  const choose = guarded(async (wanted) => {
    await api.chooseNights(wanted);
    await afterwards();
  });
  return make(
    "section.paper.nights",
    { "aria-labelledby": "nights-title" },
    make("h2", { id: "nights-title", text: say("learned.nights") }),
    make("p.hint", { text: say("learned.nights_text") }),
    make(
      "div.question",
      {},
      make("span", { text: say("learned.nights_on") }),
      make("button.toggle", {
        type: "button",
        role: "switch",
        id: "nights-on",
        "aria-checked": String(nights.on),
        "aria-label": say("learned.nights_on"),
        on: { click: () => choose({ on: !nights.on, at: nights.at }) },
      }),
    ),
    make(
      "label.question",
      {},
      make("span", { text: say("learned.nights_at") }),
      make("input", {
        type: "time",
        id: "nights-at",
        value: nights.at,
        required: true,
        disabled: !nights.on,
        on: { change: (event) => event.target.value && choose({ on: nights.on, at: event.target.value }) },
      }),
    ),
    next ? make("p.hint", { text: say("learned.next", { moment: momentWithin(next) }) }) : null,
    last ? lastRound(last) : null,
  );
}

const lastRound = (last) =>
  make(
    `div.last-round${last.broken ? ".broken" : ""}`,
    {},
    make("h3", { text: say("learned.last", { moment: momentWithin(last.at) }) }),
    ...last.sentences.map((text) => make("p", { text })),
  );
