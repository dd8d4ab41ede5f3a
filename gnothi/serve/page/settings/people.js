/** Who lives here, and who is speaking on this device. */
import { tellTrouble } from "../base/announce.js";
import { api } from "../base/api.js";
import { icon, make, part, show } from "../base/dom.js";
import { hear } from "../base/live.js";
import { remember, remembered } from "../base/memory.js";
import { Store } from "../base/store.js";
import { name, say } from "../base/texts.js";

export const GUEST = "guest";

/** People of the household. */
export const people = new Store([]);
/** Id of who is speaking on this device. */
export const speaker = new Store(remembered("speaker") ?? GUEST);

/** Show who is speaking, and fetch who lives here. */
export function startPeople() {
  const fetchCalmly = () => fetchPeople().catch(tellTrouble);
  hear("open", fetchCalmly);
  hear("home", fetchCalmly);
  people.watch(draw);
  speaker.watch(draw);
  part("whoami").addEventListener("click", choose);
}

/** Fetch who lives here. */
export async function fetchPeople() {
  people.set(await api.people());
}

/** The name of a person by id; a guest has none. */
export const nameOf = (id) => people.value.find((person) => person.id === id)?.name ?? say("people.guest");

/** A person's mark: the first letter on a colour of their own. */
export function badge(id) {
  const index = people.value.findIndex((person) => person.id === id);
  return make(
    "span.badge",
    { data: { hue: index < 0 ? "guest" : index % 6 }, "aria-hidden": "true" },
    index < 0 ? icon("person") : Array.from(nameOf(id))[0].toLocaleUpperCase(),
  );
}

/** Speak as somebody from now on, on this device. */
export function speakAs(id) {
  remember("speaker", id);
  speaker.set(id);
}

function draw() {
  const words = nameOf(speaker.value);
  const who = part("whoami");
  who.setAttribute("aria-label", say("people.speaking", { name: words }));
  show(who, badge(speaker.value), make("span.whoami-name", { text: words }));
}

function choose() {
  const sheet = part("sheet");
  sheet.setAttribute("aria-labelledby", "sheet-title");
  show(
    sheet,
    make("h2", { id: "sheet-title", text: say("people.who") }),
    make("div.faces", {}, ...faces(() => sheet.close())),
  );
  sheet.showModal();
}

/** A button for each person and the guest. */
export function faces(then = () => {}) {
  return [...people.value, { id: GUEST, name: say("people.guest"), role: "guest" }].map((person) =>
    make(
      "button.face",
      {
        type: "button",
        "aria-pressed": String(person.id === speaker.value),
        data: { person: person.id },
        on: {
          click: () => {
            speakAs(person.id);
            then();
          },
        },
      },
      badge(person.id),
      make("span.face-name", { text: person.name }),
      person.role === GUEST ? null : make("small", { text: name("role", person.role) }),
    ),
  );
}
