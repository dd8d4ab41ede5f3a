/** The controls of each kind of device. A control never keeps state: it shows the device and sends orders. */
import { button, make } from "../base/dom.js";
import { number, percent } from "../base/format.js";
import { name, say } from "../base/texts.js";
import { classOf } from "./kinds.js";
import { order } from "./orders.js";

const HIGHEST_BRIGHTNESS = 255;
const HALF_A_DEGREE = 0.5;

/** The control beside the name: a toggle, a lock, nothing. */
export function mainControl(device) {
  const draw = MAIN[device.domain];
  return draw ? draw(device) : null;
}

/** Controls below the name: sliders, steps, buttons. */
export const moreControls = (device) => (MORE[device.domain]?.(device) ?? []).filter(Boolean);

const toggle = (device) => {
  const on = device.state === "on";
  return make("button.toggle", {
    type: "button",
    role: "switch",
    id: `toggle-${device.id}`,
    "aria-checked": String(on),
    "aria-label": device.name,
    on: { click: () => order(device, `${device.domain}.${on ? "turn_off" : "turn_on"}`) },
  });
};

const act = (device, service, text, data, kind = "small") =>
  button({
    text: text ?? say(`order.${service}`),
    kind,
    id: `${service}-${device.id}`,
    label: undefined,
    "aria-describedby": `name-${device.id}`,
    on: () => order(device, `${device.domain}.${service}`, data),
  });

const press = (device, service, picture, words) =>
  button({
    icon: picture,
    kind: "round",
    label: say(words, { device: device.name }),
    id: `${service}-${device.id}`,
    on: () => order(device, `${device.domain}.${service}`),
  });

/** A slider; the order goes out when it is let go. *shown* tells its value in words. */
function slider(device, { key, value, top = 100, label, shown, send }) {
  const words = make("output.slider-value", { text: shown(value) });
  const input = make("input.slider", {
    type: "range",
    min: 0,
    max: top,
    step: top / 100,
    id: `${key}-${device.id}`,
    value,
    "aria-label": say(label, { device: device.name }),
    "aria-valuetext": shown(value),
    vars: { "--share": value / top },
    on: {
      input: () => {
        words.textContent = shown(Number(input.value));
        input.setAttribute("aria-valuetext", words.textContent);
        input.style.setProperty("--share", Number(input.value) / top);
      },
      change: () => send(Number(input.value)),
    },
  });
  return make("div.slider-row", {}, input, words);
}

const has = (device, feature, attribute) =>
  device.features?.includes(feature) || Number.isFinite(device.attributes?.[attribute]);

function brightness(device) {
  if (!has(device, "brightness", "brightness")) return null;
  return slider(device, {
    key: "brightness",
    value: device.state === "on" ? device.attributes.brightness || HIGHEST_BRIGHTNESS : 0,
    top: HIGHEST_BRIGHTNESS,
    label: "control.brightness",
    shown: (value) => percent(value / HIGHEST_BRIGHTNESS),
    send: (value) =>
      value
        ? order(device, "light.turn_on", { brightness: Math.round(value) })
        : order(device, "light.turn_off"),
  });
}

const position = (device, service) =>
  has(device, "position", "current_position") &&
  slider(device, {
    key: "position",
    value: device.attributes.current_position ?? (device.state === "open" ? 100 : 0),
    label: "control.position",
    shown: (value) => percent(value / 100),
    send: (value) => order(device, service, { position: Math.round(value) }),
  });

const speed = (device) =>
  slider(device, {
    key: "speed",
    value: device.state === "on" ? (device.attributes.percentage ?? 100) : 0,
    label: "control.speed",
    shown: (value) => percent(value / 100),
    send: (value) => order(device, "fan.set_percentage", { percentage: Math.round(value) }),
  });

const humidity = (device) =>
  slider(device, {
    key: "humidity",
    value: device.attributes.humidity ?? 50,
    label: "control.humidity",
    shown: (value) => percent(value / 100),
    send: (value) => order(device, "humidifier.set_humidity", { humidity: Math.round(value) }),
  });

const volume = (device) =>
  slider(device, {
    key: "volume",
    value: (device.attributes.volume_level ?? 0.5) * 100,
    label: "control.volume",
    shown: (value) => percent(value / 100),
    send: (value) => order(device, "media_player.volume_set", { volume_level: Math.round(value) / 100 }),
  });

function thermostat(device) {
  const target = device.attributes.temperature ?? 20;
  const step = (change, picture, words) =>
    button({
      icon: picture,
      kind: "round",
      id: `${picture}-${device.id}`,
      label: say(words, { device: device.name }),
      on: () => order(device, "climate.set_temperature", { temperature: target + change }),
    });
  const now = device.attributes.current_temperature;
  return make(
    "div.thermostat",
    {},
    step(-HALF_A_DEGREE, "minus", "control.cooler"),
    make(
      "span.degrees",
      {},
      make("b", { text: say("state.degrees", { value: number(target) }) }),
      Number.isFinite(now) ? make("small", { text: say("control.now", { value: number(now) }) }) : null,
    ),
    step(HALF_A_DEGREE, "plus", "control.warmer"),
  );
}

function modes(device) {
  const known = device.attributes.hvac_modes ?? ["off", "heat", "cool", "auto"];
  return make(
    "select.small-select",
    {
      id: `mode-${device.id}`,
      "aria-label": say("control.mode", { device: device.name }),
      on: { change: (event) => order(device, "climate.set_hvac_mode", { hvac_mode: event.target.value }) },
    },
    ...known.map((mode) =>
      make("option", { value: mode, text: name("state.climate", mode), selected: mode === device.state }),
    ),
  );
}

const buttons = (...inside) => make("div.device-buttons", {}, ...inside.filter(Boolean));
const movable = (device, open, close, stop) =>
  buttons(act(device, open), stop ? act(device, stop) : null, act(device, close));

const MAIN = {
  light: toggle,
  switch: toggle,
  fan: toggle,
  humidifier: toggle,
  siren: toggle,
  input_boolean: toggle,
  automation: toggle,
  water_heater: toggle,
  lock: (device) =>
    device.state === "locked" ? act(device, "unlock") : act(device, "lock", undefined, {}, "small-primary"),
  climate: modes,
  scene: (device) => act(device, "turn_on", say("order.run")),
  script: (device) => act(device, "turn_on", say("order.run")),
  button: (device) => act(device, "press"),
};

const MORE = {
  light: (device) => [brightness(device)],
  fan: (device) => [speed(device)],
  humidifier: (device) => [humidity(device)],
  climate: (device) => [thermostat(device)],
  cover: (device) => [
    movable(device, "open_cover", "close_cover", classOf(device) === "garage" ? null : "stop_cover"),
    position(device, "cover.set_cover_position"),
  ],
  valve: (device) => [
    movable(device, "open_valve", "close_valve"),
    position(device, "valve.set_valve_position"),
  ],
  vacuum: (device) => [
    buttons(
      device.state === "cleaning" ? act(device, "pause") : act(device, "start"),
      act(device, "return_to_base"),
    ),
  ],
  media_player: (device) => [
    buttons(
      press(device, "media_previous_track", "previous", "control.previous"),
      device.state === "playing"
        ? press(device, "media_pause", "pause", "control.pause")
        : press(device, "media_play", "play", "control.play"),
      press(device, "media_next_track", "next", "control.next"),
    ),
    volume(device),
  ],
  alarm_control_panel: (device) => [
    buttons(act(device, "alarm_arm_home"), act(device, "alarm_arm_away"), act(device, "alarm_disarm")),
  ],
};
