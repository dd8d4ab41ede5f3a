/** Countdowns that stay true: each second they are computed from the moment, never counted. */
import { make } from "../base/dom.js";
import { countdown } from "../base/format.js";
import { secondsLeft } from "./alarms.js";

const running = new Map();

/** A text that counts down to an alarm for as long as it is on the page. */
export function counting(alarm) {
  const element = make("span.countdown", { role: "timer", "aria-live": "off" });
  running.set(element, alarm);
  write(element, alarm);
  return element;
}

function write(element, alarm) {
  const left = secondsLeft(alarm);
  element.textContent = countdown(left);
  const ring = element.closest(".timer");
  if (ring && alarm.length) ring.style.setProperty("--share", Math.max(0, Math.min(1, left / alarm.length)));
}

/** Keep all countdowns going. */
export function keepCounting() {
  setInterval(() => {
    for (const [element, alarm] of running) {
      if (element.isConnected) write(element, alarm);
      else running.delete(element);
    }
  }, 500);
}
