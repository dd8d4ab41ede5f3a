/** Timers, alarms and reminders as the page knows them. */
import { tellTrouble } from "../base/announce.js";
import { api } from "../base/api.js";
import { hear } from "../base/live.js";
import { Store } from "../base/store.js";

/** All that will ring, soonest first. */
export const alarms = new Store([]);

let ahead = 0; // How many milliseconds the server's clock is ahead of ours.

/** Fetch what will ring, and follow what changes. */
export function followAlarms() {
  const fetchCalmly = () => fetchAlarms().catch(tellTrouble);
  hear("open", fetchCalmly);
  hear("alarm", fetchCalmly);
}

/** Fetch everything again. */
export async function fetchAlarms() {
  const { alarms: known, now } = await api.alarms();
  if (now) ahead = Date.parse(now) - Date.now();
  alarms.set(known.toSorted((one, other) => secondsLeft(one) - secondsLeft(other)));
}

/** Seconds until an alarm rings; a paused timer keeps what it has. */
export function secondsLeft(alarm) {
  if (alarm.paused) return alarm.remaining ?? 0;
  return (Date.parse(alarm.at) - Date.now() - ahead) / 1000;
}
