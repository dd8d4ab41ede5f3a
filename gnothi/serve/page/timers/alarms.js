/** Timers, alarms and reminders as the page knows them. */
import { tellTrouble } from "../base/announce.js";
import { api, serverNow } from "../base/api.js";
import { hear } from "../base/live.js";
import { Store } from "../base/store.js";

/** All that will ring, soonest first. */
export const alarms = new Store([]);

/** Fetch what will ring, and follow what changes. */
export function followAlarms() {
  const fetchCalmly = () => fetchAlarms().catch(tellTrouble);
  hear("open", fetchCalmly);
  hear("alarm", fetchCalmly);
}

/** Fetch everything again. */
export async function fetchAlarms() {
  alarms.set((await api.alarms()).toSorted((one, other) => secondsLeft(one) - secondsLeft(other)));
}

/** Seconds until an alarm rings; a paused timer keeps what it has. */
export function secondsLeft(alarm) {
  return alarm.left ?? (Date.parse(alarm.due) - serverNow()) / 1000;
}

/** Whether an alarm waits to be stopped: it rings, or rang while the assistant was off. */
export const wantsAnswer = (alarm) => alarm.phase === "ringing" || alarm.phase === "missed";
