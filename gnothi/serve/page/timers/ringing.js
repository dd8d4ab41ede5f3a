/** What rings now: sound, a card that cannot be missed, snooze and stop. */
import { alarm as alert, guarded } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { clock, moment } from "../base/format.js";
import { say } from "../base/texts.js";
import { alarms, fetchAlarms, wantsAnswer } from "./alarms.js";
import { hush, ring, tuneAtFirstTouch } from "./ring.js";
import { titleOf } from "./titles.js";

/** Show and sound whatever the server says is ringing. */
export function startRinging() {
  tuneAtFirstTouch();
  let before = "";
  alarms.watch((known) => {
    const ringing = known.filter(wantsAnswer);
    const now = ringing.map(({ id, phase }) => id + phase).join();
    if (now === before) return;
    before = now;
    draw(ringing);
  });
}

function draw(ringing) {
  const panel = part("ringing");
  panel.hidden = !ringing.length;
  show(panel, ...ringing.map(ringer));
  if (ringing.some(({ phase }) => phase === "ringing")) ring();
  else hush();
  if (!ringing.length) return;
  alert(say(`ring.${ringing[0].phase}_now`, { title: titleOf(ringing[0]) }));
  panel.querySelector("button").focus();
}

function ringer(alarm) {
  const answer = (action) =>
    guarded(async () => {
      await action(alarm.id);
      await fetchAlarms();
    });
  return make(
    "div.ringer",
    { data: { id: alarm.id } },
    make("span.ringer-bell", {}, icon("bell")),
    make(
      "div.ringer-words",
      {},
      make("strong", { text: titleOf(alarm) }),
      make("span", {
        text: alarm.phase === "missed" ? say("ring.missed", { moment: moment(alarm.due) }) : clock(alarm.due),
      }),
    ),
    make(
      "div.buttons",
      {},
      button({ text: say("ring.stop"), kind: "primary", on: answer(api.stopAlarm) }),
      alarm.phase === "ringing"
        ? button({ text: say("ring.snooze"), kind: "quiet", on: answer(api.snoozeAlarm) })
        : null,
    ),
  );
}
