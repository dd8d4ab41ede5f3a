/** Which questions are good: what was learned against what is asked now, and why it is used or not. */
import { make } from "../base/dom.js";
import { momentWithin } from "../base/format.js";
import { name, say } from "../base/texts.js";
import { asked, gain, worths } from "./plot.js";

/** The last comparison; nothing before the first. */
export function questions(known) {
  if (!known) return null;
  return make(
    "section",
    { data: { group: "prompting", phase: known.phase } },
    make("h2", { text: say("learned.group.prompting") }),
    make("p.hint", { text: say("learned.group_text.prompting") }),
    make(
      "div.trial",
      {},
      make(
        "p.model-head",
        {},
        make("strong", { text: say("learned.compared", { talks: known.talks, moment: momentWithin(known.at) }) }),
        make("span.tag", { text: name("learned.phase", known.phase) }),
      ),
      ...known.sentences.map((text) => make("p.because", { text })),
      worths(known),
      gain({ ...known.gain, gain: known.gain.value }),
      make("h3", { text: say("learned.asked") }),
      asked(known.asked),
    ),
  );
}
