/** Which rooms there are: the others leave the home with their devices. */
import { api } from "../base/api.js";
import { make } from "../base/dom.js";
import { say } from "../base/texts.js";

/** A box for each room, with the names of what is in it. */
export async function roomsStep() {
  const [areas, devices] = await Promise.all([api.areas(), api.devices()]);
  const boxes = areas.map((area) => room(area, devices.filter((device) => device.area === area.id)));
  const kept = () => boxes.map((box) => box.querySelector("input")).filter((input) => input.checked).map((input) => input.value);
  return {
    title: "welcome.rooms",
    hint: "welcome.rooms_hint",
    fields: [make("div.room-choices", {}, ...boxes)],
    problem: () => (areas.length && !kept().length ? say("welcome.rooms_problem") : ""),
    send: () => (kept().length === areas.length ? undefined : api.keepRooms(kept())),
  };
}

const room = (area, inside) => make("div.room-choice", {},
  make("label", {}, make("input", { type: "checkbox", value: area.id, checked: true }), make("span", { text: area.name })),
  make("p.hint", { text: inside.map((device) => device.name).join(", ") || say("welcome.room_empty") }));
