/** The place of devices, by room. */
import { make, part, show } from "../base/dom.js";
import { say } from "../base/texts.js";
import { card } from "./card.js";
import { moreControls } from "./controls.js";
import { areas, devices, followHouse } from "./house.js";
import { isFixed, isRunning } from "./kinds.js";

const drawn = new Map();
let wanted = "";

/** Draw the home and keep it as it is. */
export function startHome() {
  const filter = make("input.filter", {
    type: "search",
    id: "home-filter",
    placeholder: say("home.filter"),
    "aria-label": say("home.filter"),
    on: {
      input: () => {
        wanted = filter.value.trim().toLocaleLowerCase();
        drawRooms();
      },
    },
  });
  show(
    part("view-home"),
    make("header.view-head", {}, make("h1", { id: "title-home", text: say("place.home") }), filter),
    make("div.rooms", { id: "rooms" }),
  );
  areas.watch(drawRooms);
  devices.watch(refresh);
  followHouse();
}

/** Draw only the cards that changed; a full drawing when devices came or went. */
function refresh(known) {
  if (known.size !== drawn.size || [...known.keys()].some((id) => !drawn.has(id))) return drawRooms();
  for (const device of known.values()) if (drawn.get(device.id).device !== device) redraw(device);
  for (const room of document.querySelectorAll(".room")) summarise(room);
  return undefined;
}

function redraw(device) {
  const { element } = drawn.get(device.id);
  if (element.querySelector(".slider:active")) return; // The hand is on it; the next event shows the truth.
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  const fresh = card(device);
  element.replaceWith(fresh);
  drawn.set(device.id, { device, element: fresh });
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function drawRooms() {
  drawn.clear();
  const rooms = [...areas.value, { id: null, name: say("home.elsewhere") }];
  const shown = rooms.map(room).filter(Boolean);
  show(
    part("rooms"),
    ...(shown.length ? shown : [make("p.empty", { text: say(wanted ? "home.no_match" : "home.empty") })]),
  );
}

function room(area) {
  const known = new Set(areas.value.map(({ id }) => id));
  const inside = [...devices.value.values()].filter(
    (device) => (known.has(device.area) ? device.area === area.id : area.id === null) && fits(device, area),
  );
  if (!inside.length) return null;
  const section = make(
    "section.room",
    { data: { area: area.id ?? "" }, "aria-label": area.name },
    make("div.room-head", {}, make("h2", { text: area.name }), make("span.room-summary")),
    group("ul.readings", inside.filter(isFixed)),
    group("ul.devices", inside.filter((device) => !isFixed(device)).toSorted(byHeight)),
  );
  summarise(section);
  return section;
}

/** Cards of one height stand side by side: a slider first, then more, then only a switch. */
const HEIGHTS = [1, 2, 0];
const byHeight = (one, other) =>
  HEIGHTS.indexOf(moreControls(one).length) - HEIGHTS.indexOf(moreControls(other).length);

function group(list, inside) {
  return inside.length
    ? make(
        list,
        {},
        ...inside.map((device) => {
          const element = card(device);
          drawn.set(device.id, { device, element });
          return element;
        }),
      )
    : null;
}

const fits = (device, area) => !wanted || `${device.name} ${area.name}`.toLocaleLowerCase().includes(wanted);

function summarise(room) {
  const inside = [...devices.value.values()].filter((device) => (device.area ?? "") === room.dataset.area);
  const on = inside.filter((device) => isRunning(device)).length;
  room.querySelector(".room-summary").textContent = on
    ? say("home.active", { count: on })
    : say("home.quiet");
}
