/** What an answer shows beside its words: lists, forecasts, tables of a skill. */
import { make } from "../base/dom.js";
import { name } from "../base/texts.js";

const MOST = 12;

/** Show what the answer brought to be looked at, or nothing. */
export function displays(answer) {
  const shown = (answer.display ?? []).map(card).filter(Boolean);
  return shown.length ? make("div.displays", {}, ...shown) : null;
}

/** A display is an object: its lists become lists, its plain values a table. */
function card(display) {
  const entries = Object.entries(display).filter(([key]) => !["kind", "type", "id", "choices"].includes(key));
  const parts = entries.map(([key, value]) => (Array.isArray(value) ? listing(value) : row(key, value))).filter(Boolean);
  return parts.length ? make("div.display", {}, ...parts) : null;
}

const listing = (items) => (items.length ? make("ul", {}, ...items.slice(0, MOST).map((item) => make("li", { text: brief(item) }))) : null);

function row(key, value) {
  if (value === null || typeof value === "object") return null;
  return make("p.fact", {}, make("span", { text: name("field", key) }), make("b", { text: String(value) }));
}

function brief(item) {
  if (item === null || typeof item !== "object") return String(item);
  return Object.values(item).filter((value) => ["string", "number"].includes(typeof value)).join(" · ");
}
