/** This browser's own place in the home: the room it stands in, and whether music sounds here. */
import { make, show } from "../base/dom.js";
import { remember, remembered } from "../base/memory.js";
import { Store } from "../base/store.js";
import { say } from "../base/texts.js";
import { areas } from "../home/house.js";

/** Id of the room that this device stands in: "turn on the light" means the light there. */
export const room = new Store(remembered("room"));
/** Whether the household's music sounds on this device. */
export const sounding = new Store(remembered("silent") === null);
/** Whether answers to what is spoken are said aloud on this device. */
export const spokenHere = new Store(remembered("unspoken") === null);

/** The questions about this device, for the settings. */
export function deviceQuestions() {
  const chooser = make("select", { id: "device-room", on: { change: () => standIn(chooser.value || null) } });
  areas.watch((known) => show(chooser, ...[{ id: "", name: say("device.nowhere") }, ...known].map(option)));
  const music = make("input.tick", {
    type: "checkbox",
    id: "device-music",
    checked: sounding.value,
    on: { change: () => sound(music.checked) },
  });
  const speaking = make("input.tick", {
    type: "checkbox",
    id: "device-spoken",
    checked: spokenHere.value,
    on: { change: () => speak(speaking.checked) },
  });
  return [
    make("label.question", {}, make("span", { text: say("device.room") }), chooser),
    make("p.hint", { text: say("device.room_text") }),
    make("label.question", { for: "device-music" }, make("span", { text: say("device.music") }), music),
    make("label.question", { for: "device-spoken" }, make("span", { text: say("device.spoken") }), speaking),
  ];
}

const option = (area) =>
  make("option", { value: area.id, text: area.name, selected: area.id === (room.value ?? "") });

function standIn(id) {
  remember("room", id);
  room.set(id);
}

function sound(here) {
  remember("silent", here ? null : "yes");
  sounding.set(here);
}

function speak(here) {
  remember("unspoken", here ? null : "yes");
  spokenHere.set(here);
}
