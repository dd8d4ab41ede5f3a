/** Kinds of devices: how each looks, when it is active, and how its state is said. */
import { number, percent } from "../base/format.js";
import { knows, say } from "../base/texts.js";

const ICONS = {
  light: "light",
  lock: "lock",
  cover: "cover",
  fan: "fan",
  climate: "climate",
  vacuum: "vacuum",
  media_player: "speaker",
  valve: "valve",
  humidifier: "humidifier",
  alarm_control_panel: "alarm",
  siren: "bell",
  scene: "scene",
  script: "scene",
  automation: "scene",
  button: "scene",
  todo: "lists",
  sensor: "sensor",
  binary_sensor: "sensor",
};
const ICONS_OF_CLASS = {
  garage: "garage",
  gate: "garage",
  door: "door",
  window: "window",
  opening: "door",
  motion: "motion",
  occupancy: "motion",
  temperature: "climate",
  tv: "tv",
  humidity: "humidifier",
  moisture: "valve",
  smoke: "bell",
  gas: "bell",
};
const ACTIVE = new Set([
  "on",
  "open",
  "opening",
  "unlocked",
  "playing",
  "cleaning",
  "heat",
  "cool",
  "heat_cool",
  "auto",
  "triggered",
  "returning",
  "home",
]);
const FIXED = new Set([
  "sensor",
  "binary_sensor",
  "weather",
  "sun",
  "person",
  "device_tracker",
  "zone",
  "update",
]);

/** What a device is more precisely than its domain, as Home Assistant names it. */
export const classOf = (device) => device.device_class ?? device.attributes?.device_class ?? "";

/** The icon of a device. */
export function iconOf(device) {
  if (device.domain === "lock" && device.state === "unlocked") return "lock-open";
  return ICONS_OF_CLASS[classOf(device)] ?? ICONS[device.domain] ?? "switch";
}

/** Whether a device is doing something that a family would call "on". */
export const isActive = (device) => ACTIVE.has(device.state);

/** Whether a device runs and could be turned off: open blinds are active, but nobody calls them on. */
export const isRunning = (device) =>
  isActive(device) && !isFixed(device) && !["cover", "lock", "automation"].includes(device.domain);

/** Whether a device only tells and cannot be told. */
export const isFixed = (device) => FIXED.has(device.domain);

/** The state of a device in words, with its most telling number. */
export function stateWords(device) {
  const { state, attributes = {} } = device;
  if (state === null || state === undefined || state === "unknown") return say("state.unknown");
  const extra = telling(device, attributes);
  return extra ? say("state.with", { state: plainWords(device), extra }) : plainWords(device);
}

function plainWords({ domain, state, attributes = {}, ...device }) {
  const kind = classOf({ ...device, attributes });
  for (const key of [`state.${domain}.${kind}.${state}`, `state.${domain}.${state}`, `state.${state}`])
    if (knows(key)) return say(key);
  const unit = attributes.unit_of_measurement ?? "";
  const value =
    state !== "" && Number.isFinite(Number(state))
      ? number(Number(state))
      : String(state).replaceAll("_", " ");
  return unit ? say("state.measured", { value, unit }) : value;
}

function telling(device, attributes) {
  if (device.domain === "light" && device.state === "on" && attributes.brightness)
    return percent(attributes.brightness / 255);
  if (device.domain === "fan" && device.state === "on" && attributes.percentage)
    return percent(attributes.percentage / 100);
  if (device.domain === "climate" && attributes.temperature !== undefined && attributes.temperature !== null)
    return say("state.degrees", { value: number(attributes.temperature) });
  if (
    ["cover", "valve"].includes(device.domain) &&
    device.state === "open" &&
    isPartly(attributes.current_position)
  )
    return percent(attributes.current_position / 100);
  if (device.domain === "media_player" && device.state === "playing") return attributes.media_title ?? "";
  return "";
}

const isPartly = (position) => position > 0 && position < 100;
