/** One turn of the journal, whole. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { icon, make } from "../base/dom.js";
import { moment, percent } from "../base/format.js";
import { name, say } from "../base/texts.js";
import { changesOf } from "../talk/changes.js";
import { reasons } from "../talk/why.js";
import { nameOf } from "../settings/people.js";

/** Fetch and draw a turn: who and when, what changed, why, and what came after. */
export async function detailOf(id) {
  const entry = await api.entry(id);
  const changes = changesOf(entry.changes);
  return make(
    "div.entry-detail",
    {},
    make("p.hint", { text: say("journal.said_by", { name: nameOf(entry.user), moment: moment(entry.at) }) }),
    changes.length ? make("ul.effects", {}, ...changes) : null,
    ...(entry.recorded ? [recording(id), transcript(id, entry)] : []),
    entry.signals?.length ? signals(entry.signals) : null,
    entry.judged ? judged(entry.judged) : null,
    reasons(entry),
    artifacts(entry.artifacts ?? {}),
  );
}

const recording = (id) =>
  make("audio.recording", {
    controls: true,
    preload: "none",
    src: api.recordingAddress(id),
    "aria-label": say("journal.recording"),
  });

/** What was said, for whoever was heard wrong to write down: it is learned from. */
function transcript(id, entry) {
  const told = (entry.signals ?? []).filter((signal) => signal.name === "transcript").pop();
  const said = make("input", {
    name: "said",
    value: told?.detail.text ?? entry.text,
    maxLength: 300,
    required: true,
    "aria-label": say("journal.transcript"),
  });
  return make(
    "form.adder.transcript",
    { on: { submit: guarded((event) => writeDown(event, id, said.value.trim())) } },
    icon("mic"),
    said,
    make("button.button.small", { type: "submit", text: say("journal.write_down") }),
  );
}

async function writeDown(event, id, said) {
  event.preventDefault();
  await api.writeDown(id, said);
  notice(say("journal.written_down"));
}

const signals = (known) =>
  make(
    "section.reason",
    {},
    make("h3", { text: say("journal.signals") }),
    make(
      "ul.tags",
      {},
      ...known.map((signal) =>
        make("li.tag", {
          text: say("journal.signal", { signal: name("signal", signal.name), value: percent(signal.value) }),
        }),
      ),
    ),
  );

/** Whether it counts as failed, and what speaks for that. */
const judged = (known) =>
  make(
    "section.reason.judged",
    { data: { failed: String(known.failed) } },
    make("h3", { text: say("journal.judged") }),
    make("p.because", { text: known.sentence }),
    make(
      "ul.signs",
      {},
      ...known.signs.map((sign) =>
        make(
          "li.sign",
          {},
          make("span.tag", { text: say(sign.weight > 0 ? "journal.sign_failed" : "journal.sign_fine") }),
          make("span", { text: sign.sentence }),
        ),
      ),
    ),
  );

function artifacts(versions) {
  const rows = Object.entries(versions);
  if (!rows.length) return null;
  return make(
    "section.reason",
    {},
    make("h3", { text: say("journal.artifacts") }),
    make(
      "dl.facts",
      {},
      ...rows.flatMap(([artifact, version]) => [
        make("dt", { text: artifact }),
        make("dd", { text: version }),
      ]),
    ),
  );
}
