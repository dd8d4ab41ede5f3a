/**
 * Making elements. Data enters a page only as text or as attribute values,
 * never as markup, so that no name, sentence or title can become code.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element.
 *
 * @param {string} tag element name with classes, as `"button.quiet.small"`.
 * @param {object} [properties] `text`, `on` (event name to listener), `data`,
 *   `vars` (custom properties of CSS) or any attribute; `false` and `null` leave an attribute out.
 * @param {...(Node|string|null)} children added in order; strings become text.
 */
export function make(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties)) set(element, key, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === "text") element.textContent = value;
  else if (key === "on")
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  else if (key === "data") Object.assign(element.dataset, value);
  else if (key === "vars")
    for (const [name, worth] of Object.entries(value)) element.style.setProperty(name, worth);
  else if (key === "value") element.value = value;
  else element.setAttribute(key, value === true ? "" : value);
}

/** Draw one of the page's own icons; it is silent to screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Make a button with an icon, words, or an icon whose words only screen readers hear. */
export function button({ icon: name, text, label, kind = "plain", on, ...attributes }) {
  const inside = [name && icon(name), text && make("span", { text })].filter(Boolean);
  return make(
    `button.button.${kind}`,
    { type: "button", "aria-label": label, title: label, on: { click: on }, ...attributes },
    ...inside,
  );
}

/** Replace what an element holds, keeping the keyboard's place where a successor has the same id. */
export function show(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Find an element of the frame by its id. */
export const part = (id) => document.getElementById(id);
