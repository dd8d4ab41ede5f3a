/** One device as a card. */
import { icon, make } from "../base/dom.js";
import { mainControl, moreControls } from "./controls.js";
import { iconOf, isActive, isFixed, stateWords } from "./kinds.js";

/** Draw a device with its state and controls. */
export function card(device) {
  const glow = device.domain === "light" && device.state === "on" ? { "--glow": (device.attributes?.brightness ?? 255) / 255 } : {};
  return make(`li.device${isFixed(device) ? ".fixed" : ""}`, { data: { id: device.id, domain: device.domain, active: String(isActive(device)) }, vars: glow },
    make("div.device-head", {},
      make("span.device-icon", {}, icon(iconOf(device))),
      make("div.device-words", {},
        make("span.device-name", { text: device.name, id: `name-${device.id}` }),
        make("span.device-state", { text: stateWords(device) })),
      mainControl(device)),
    ...moreControls(device));
}
