/** A sentence with the parts that were understood marked in it. */
import { make } from "../base/dom.js";
import { name } from "../base/texts.js";

const HUES = 6;

/** Mark the slots of a request in its sentence; what belongs to another request is faint. */
export function sentence(text, request) {
  const characters = Array.from(text); // The server counts characters, JavaScript counts UTF-16 units.
  const cut = (start, end) => characters.slice(start, end).join("");
  const start = request.start ?? 0;
  const end = request.end || characters.length;
  const pieces = [];
  let at = start;
  for (const slot of inOrder(request.slots, start, end)) {
    pieces.push(cut(at, slot.start), mark(cut(slot.start, slot.end), slot.name));
    at = slot.end;
  }
  return make("p.sentence", { dir: "auto" }, faint(cut(0, start)), ...pieces, cut(at, end), faint(cut(end)));
}

function inOrder(slots = [], start, end) {
  let at = start;
  return slots
    .toSorted((one, other) => one.start - other.start)
    .filter((slot) => {
      const fits = slot.start >= at && slot.end <= end;
      if (fits) at = slot.end;
      return fits;
    });
}

const faint = (text) => (text ? make("span.faint", { text }) : null);

const mark = (text, slot) =>
  make("mark.slot", { data: { hue: hue(slot) } }, text, make("small", { text: name("slot", slot) }));

/** The same slot has the same colour everywhere. */
const hue = (slot) => Array.from(slot).reduce((sum, letter) => sum + letter.codePointAt(0), 0) % HUES;
