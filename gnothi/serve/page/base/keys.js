/** Shortcuts: Alt and a digit for a place, `/` to talk, `?` for help, Escape to leave a field. */
import { make, part, show, button } from "./dom.js";
import { go, PLACES } from "./places.js";
import { say } from "./texts.js";

const isWriting = (target) => target.matches?.("input, textarea, select, [contenteditable]");

/** Listen for the shortcuts. */
export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey && /^[1-7]$/.test(event.key)) {
      event.preventDefault();
      go(PLACES[Number(event.key) - 1]);
    } else if (
      !isWriting(event.target) &&
      !event.ctrlKey &&
      !event.metaKey &&
      !document.querySelector("dialog[open]")
    ) {
      plainKey(event);
    } else if (event.key === "Escape" && event.target.id === "say") {
      event.target.blur();
    }
  });
}

function plainKey(event) {
  if (event.key === "/") {
    event.preventDefault();
    go("talk");
    part("say").focus();
  } else if (event.key === "?") {
    showKeys();
  }
}

/** Show which keys there are. */
export function showKeys() {
  const sheet = part("sheet");
  const rows = [
    ["/", "keys.talk"],
    ["Alt 1–7", "keys.places"],
    ["T", "keys.hold"],
    ["M", "keys.mute"],
    ["↑ ↓", "keys.history"],
    ["Esc", "keys.leave"],
    ["?", "keys.help"],
  ];
  const list = rows.flatMap(([key, text]) => [
    make("dt", {}, make("kbd", { text: key })),
    make("dd", { text: say(text) }),
  ]);
  sheet.setAttribute("aria-labelledby", "sheet-title");
  show(
    sheet,
    make("h2", { id: "sheet-title", text: say("keys.title") }),
    make("dl.keys", {}, ...list),
    make("div.buttons", {}, button({ text: say("ask.close"), kind: "primary", on: () => sheet.close() })),
  );
  sheet.showModal();
}
