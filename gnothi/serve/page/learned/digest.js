/** The week in sentences, and what still fails most, with an offer. */
import { button, make, part } from "../base/dom.js";
import { momentWithin } from "../base/format.js";
import { go } from "../base/places.js";
import { say } from "../base/texts.js";
import { nameOf } from "../settings/people.js";

/** The last seven days on a sheet of paper. */
export function week({ digest, known_at: knownAt }) {
  return make(
    "section.paper.digest",
    { "aria-labelledby": "digest-title" },
    make("h2", { id: "digest-title", text: say("learned.week_title") }),
    ...digest.sentences.map((text) => make("p", { text })),
    digest.failing.length ? make("h3", { text: say("learned.failing") }) : null,
    digest.failing.length ? make("ul.rows", {}, ...digest.failing.map(offer)) : null,
    knownAt ? make("p.hint", { text: say("learned.known", { moment: momentWithin(knownAt) }) }) : null,
  );
}

function offer(failing) {
  const tryIt = () => {
    go("talk");
    part("say").value = failing.text;
    part("say").focus();
  };
  return make(
    "li.failing",
    {},
    make("p", { text: failing.sentence }),
    make(
      "div.failing-foot",
      {},
      make("span.tags", {}, ...failing.people.map((person) => make("span.tag", { text: nameOf(person) }))),
      button({
        text: say("learned.try"),
        kind: "small",
        label: say("learned.try_label", { said: failing.text }),
        on: tryIt,
      }),
    ),
  );
}
