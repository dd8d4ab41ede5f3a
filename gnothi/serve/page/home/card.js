/** One device as a card, or as a short reading when it only tells. */
import { icon, make } from "../base/dom.js";
import { mainControl, moreControls } from "./controls.js";
import { iconOf, isActive, isFixed, stateWords } from "./kinds.js";

/** Draw a device. */
export const card = (device) => (isFixed(device) ? reading(device) : full(device));

const reading = (device) =>
  make(
    "li.reading",
    { data: { id: device.id, domain: device.domain, active: String(isActive(device)) } },
    icon(iconOf(device)),
    make("span", { text: device.name }),
    make("b.device-state", { text: stateWords(device) }),
  );

function full(device) {
  const glow =
    device.domain === "light" && device.state === "on"
      ? { "--glow": (device.attributes?.brightness || 255) / 255 }
      : {};
  return make(
    "li.device",
    { data: { id: device.id, domain: device.domain, active: String(isActive(device)) }, vars: glow },
    make(
      "div.device-head",
      {},
      make("span.device-icon", {}, icon(iconOf(device))),
      make(
        "div.device-words",
        {},
        make("span.device-name", { text: device.name, id: `name-${device.id}` }),
        make("span.device-state", { text: stateWords(device) }),
      ),
      mainControl(device),
    ),
    ...moreControls(device),
  );
}
