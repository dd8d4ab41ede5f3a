/** The place of timers, alarms and reminders. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { clock, day } from "../base/format.js";
import { count } from "../base/places.js";
import { say } from "../base/texts.js";
import { quietly } from "../talk/quietly.js";
import { alarms, fetchAlarms, followAlarms, wantsAnswer } from "./alarms.js";
import { counting, keepCounting } from "./countdown.js";
import { startRinging } from "./ringing.js";
import { kindOf, pictureOf, titleOf } from "./titles.js";

const QUICK_MINUTES = [1, 3, 5, 10, 20, 45];

/** Draw the timers and keep them true. */
export function startTimers() {
  show(
    part("view-timers"),
    make("header.view-head", {}, make("h1", { id: "title-timers", text: say("place.timers") })),
    quick(),
    make("div", { id: "alarms" }),
  );
  alarms.watch(draw);
  startRinging();
  keepCounting();
  followAlarms();
}

function quick() {
  const start = (minutes) =>
    guarded(async () => {
      await quietly(say("timers.quick_words", { count: minutes }));
      await fetchAlarms();
    });
  return make(
    "div.quick",
    { role: "group", "aria-label": say("timers.quick") },
    make("span.quick-title", { text: say("timers.quick") }),
    ...QUICK_MINUTES.map((minutes) =>
      button({ text: say("timers.minutes", { count: minutes }), kind: "suggestion", on: start(minutes) }),
    ),
  );
}

function draw(all) {
  const known = all.filter((alarm) => !wantsAnswer(alarm)); // What rings has a card of its own.
  count("timers", known.length);
  const groups = ["timer", "alarm", "reminder"]
    .map((kind) =>
      group(
        kind,
        known.filter((alarm) => kindOf(alarm) === kind),
      ),
    )
    .filter(Boolean);
  show(part("alarms"), ...(groups.length ? groups : [empty()]));
}

const empty = () =>
  make(
    "div.empty",
    {},
    icon("timers"),
    make("p", { text: say("timers.empty") }),
    make("p.hint", { text: say("timers.empty_hint") }),
  );

function group(kind, inside) {
  if (!inside.length) return null;
  const drawn =
    kind === "timer" ? make("ul.timers", {}, ...inside.map(timer)) : make("ul.rows", {}, ...inside.map(row));
  return make("section", {}, make("h2", { text: say(`timers.group.${kind}`) }), drawn);
}

function timer(alarm) {
  return make(
    "li.timer",
    { data: { id: alarm.id, paused: String(alarm.phase === "paused") }, vars: { "--share": 1 } },
    make("span.timer-name", { text: titleOf(alarm) }),
    counting(alarm),
    make("span.timer-end", {
      text:
        alarm.phase === "paused" ? say("timers.paused") : say("timers.until", { clock: clock(alarm.due) }),
    }),
    canceller(alarm),
  );
}

function row(alarm) {
  return make(
    "li.row",
    { data: { id: alarm.id } },
    icon(pictureOf(alarm)),
    make(
      "div.row-words",
      {},
      make("strong", { text: kindOf(alarm) === "alarm" ? clock(alarm.due) : titleOf(alarm) }),
      make("span", {
        text: [
          kindOf(alarm) === "alarm" ? alarm.name : clock(alarm.due),
          day(alarm.due),
          alarm.rule && say("timers.repeats"),
        ]
          .filter(Boolean)
          .join(" · "),
      }),
    ),
    canceller(alarm),
  );
}

function canceller(alarm) {
  const cancel = guarded(async () => {
    await api.cancelAlarm(alarm.id);
    await fetchAlarms();
    notice(say("timers.cancelled", { title: titleOf(alarm) }));
  });
  return button({
    icon: "close",
    kind: "round",
    label: say("timers.cancel", { title: titleOf(alarm) }),
    id: `cancel-${alarm.id}`,
    on: cancel,
  });
}
