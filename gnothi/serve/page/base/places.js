/** The places of the page: one view at a time, named by the address's fragment. */
import { icon, make, part } from "./dom.js";
import { say } from "./texts.js";

export const PLACES = ["talk", "home", "timers", "lists", "journal", "learned", "settings"];

const arrivals = new Map();

/** Do something each time a place is entered. */
export function onArrival(place, action) {
  arrivals.set(place, action);
}

/** The place that is shown. */
export function here() {
  const wanted = location.hash.slice(1).split("/")[0];
  return PLACES.includes(wanted) ? wanted : "talk";
}

/** Go to a place. */
export function go(place) {
  if (here() !== place) location.hash = place;
  arrive();
}

/** Build the navigation. */
export function layPlaces() {
  part("places").replaceChildren(...PLACES.map(link));
}

/** Show the place of the address, now and whenever it changes. */
export function followAddress() {
  addEventListener("hashchange", () => {
    if (document.body.dataset.place === here()) return;
    part("main").focus({ preventScroll: true });
    arrive();
  });
  arrive();
}

function link(place, index) {
  const words = say(`place.${place}`);
  return make(
    "a.place",
    { href: `#${place}`, id: `go-${place}`, "aria-keyshortcuts": `Alt+${index + 1}` },
    icon(place),
    make("span", { text: words }),
    make("span.count", { id: `count-${place}`, hidden: true }),
  );
}

function arrive() {
  const place = here();
  for (const other of PLACES) {
    part(`view-${other}`).hidden = other !== place;
    if (other === place) part(`go-${other}`).setAttribute("aria-current", "page");
    else part(`go-${other}`).removeAttribute("aria-current");
  }
  document.body.dataset.place = place;
  document.title = say("frame.title", { place: say(`place.${place}`) });
  arrivals.get(place)?.();
}

/** Show a small number beside a place, nothing for zero. */
export function count(place, number) {
  const badge = part(`count-${place}`);
  badge.hidden = !number;
  badge.textContent = number || "";
}
