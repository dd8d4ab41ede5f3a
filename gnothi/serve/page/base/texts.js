/**
 * The language pack: every sentence that the page shows comes from `en.json`.
 *
 * A text is a string with `{places}`, or an object of plural forms chosen by `{count}`.
 */

let pack = {};
let plurals = new Intl.PluralRules("en");

/** The language of the pack, for dates and numbers. */
export let language = "en";

/** Fetch the pack of a language; the page cannot speak before it is there. */
export async function loadTexts(code = "en") {
  const answer = await fetch(`${code}.json`);
  pack = await answer.json();
  language = code;
  plurals = new Intl.PluralRules(code);
}

/** Whether the pack has words for a key. */
export const knows = (key) => key in pack;

/** Return the words of a key with its places filled; an unknown key shows itself. */
export function say(key, values = {}) {
  let text = pack[key] ?? key;
  if (typeof text === "object" && !Array.isArray(text))
    text = text[plurals.select(values.count)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** Return the texts of a key that holds several (suggestions). */
export const sayAll = (key) => pack[key] ?? [];

/**
 * Name something the assistant calls by an identifier.
 *
 * `name("intent", "iot_hue_lightup")` looks for `intent.iot_hue_lightup` and otherwise
 * makes the identifier readable, so that a skill of a stranger has a name, too.
 */
export function name(kind, id) {
  const key = `${kind}.${id}`;
  return knows(key)
    ? say(key)
    : String(id ?? "")
        .replaceAll(/[_.]+/g, " ")
        .trim();
}

/** Fill the words of a piece of markup: `data-text`, `data-label`, `data-placeholder`. */
export function fill(root = document) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
  for (const element of root.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", say(element.dataset.label));
  for (const element of root.querySelectorAll("[data-placeholder]"))
    element.placeholder = say(element.dataset.placeholder);
}
