/** What a timer, an alarm or a reminder is called. */
import { say } from "../base/texts.js";

const ICONS = { timer: "timers", alarm: "bell", reminder: "journal" };

/** Its own name, or what it is. */
export const titleOf = (alarm) => alarm.name || say(`timers.kind.${kindOf(alarm)}`);

/** Its icon. */
export const pictureOf = (alarm) => ICONS[kindOf(alarm)];

/** `timer`, `alarm` or `reminder`. */
export const kindOf = (alarm) => (alarm.kind in ICONS ? alarm.kind : "reminder");
