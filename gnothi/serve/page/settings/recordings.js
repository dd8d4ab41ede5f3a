/** Whether what somebody says is kept as sound: only if they ask for it, and theirs to take or to erase. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { confirm } from "../base/ask.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { number } from "../base/format.js";
import { say } from "../base/texts.js";
import { GUEST, nameOf, speaker } from "./people.js";

/** The frame of the section; what is kept of who speaks here follows when one comes here. */
export const recordings = () => [
  make("p.hint", { text: say("recordings.text") }),
  make("div", { id: "recordings" }),
];

/** Fetch and draw what is kept of who speaks on this device. */
export const drawRecordings = guarded(async () => {
  const person = speaker.value;
  if (person === GUEST) {
    show(part("recordings"), make("p.hint", { text: say("recordings.guest") }));
    return;
  }
  try {
    show(part("recordings"), ...rows(person, await api.recordings(person)));
  } catch (error) {
    if (error.code !== "not-allowed") throw error;
    show(part("recordings"), make("p.hint", { text: error.message }));
  }
});

function rows(person, { kept, count, bytes }) {
  const name = nameOf(person);
  const chosen = make("input.tick", {
    type: "checkbox",
    id: "keep-recordings",
    checked: kept,
    on: { change: () => keep(person, chosen.checked) },
  });
  const question = make("span", { text: say("recordings.keep", { name }) });
  return [
    make("label.question", { for: "keep-recordings" }, question, chosen),
    count ? make("p.hint", { text: say("recordings.some", { count, size: number(bytes / 1e6) }) }) : null,
    count ? make("div.buttons", {}, take(person), eraser(person)) : null,
  ];
}

const take = (person) =>
  make(
    "a.button.quiet",
    { href: api.recordingsAddress(person), download: "" },
    icon("download"),
    make("span", { text: say("recordings.take") }),
  );

const eraser = (person) =>
  button({
    icon: "erase",
    text: say("recordings.erase"),
    kind: "quiet",
    id: "erase-recordings",
    on: erase(person),
  });

const keep = guarded(async (person, kept) => {
  await api.keepRecordings(person, kept);
  await drawRecordings();
});

const erase = (person) =>
  guarded(async () => {
    const sure = await confirm({
      title: say("recordings.erase_title", { name: nameOf(person) }),
      text: say("recordings.erase_text"),
      yes: say("recordings.erase"),
      danger: true,
    });
    if (!sure) return;
    await api.eraseRecordings(person);
    notice(say("recordings.erased"));
    await drawRecordings();
  });
