/** Numbers, moments and durations in the family's language. */
import { language, say } from "./texts.js";

/** 0.734 as 73 %; what is almost nothing is not called nothing. */
export const percent = (rate) => (rate > 0 && rate < 0.005 ? `<${whole(0.01)}` : whole(rate));

const whole = (rate) =>
  new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(rate);

/** A number with few decimals. */
export const number = (value, digits = 1) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);

/** The time of day of a moment. */
export const clock = (moment) =>
  new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(new Date(moment));

/** The day of a moment, in words when it is near, as a title. */
export function day(moment, now = new Date()) {
  const words = dayWithin(moment, now);
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}

/** The day of a moment, in words when it is near, within a sentence. */
function dayWithin(moment, now = new Date()) {
  const date = new Date(moment);
  const days = Math.round((startOfDay(date) - startOfDay(now)) / 86_400_000);
  if (Math.abs(days) <= 1)
    return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" }).format(date);
}

/** A date in few letters. */
export const shortDay = (date) =>
  new Intl.DateTimeFormat(language, { month: "numeric", day: "numeric" }).format(new Date(`${date}T12:00`));

/** The day of the week, short. */
export const weekday = (date) =>
  new Intl.DateTimeFormat(language, { weekday: "short" }).format(new Date(`${date}T12:00`));

const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** Day and time of a moment. */
export const moment = (at) => say("format.moment", { day: day(at), clock: clock(at) });

/** Day and time of a moment, within a sentence. */
export const momentWithin = (at) => say("format.moment", { day: dayWithin(at), clock: clock(at) });

/** Seconds as 4:05 or 1:04:05; never below zero. */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const two = (part) => String(part).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
