/** A picture with what was read in it: each line in its place, those of the answer marked. */
import { api } from "../base/api.js";
import { make } from "../base/dom.js";
import { say } from "../base/texts.js";
import { readLines } from "./lines.js";

const SVG = "http://www.w3.org/2000/svg";

/** Show the display of an answer about a picture, given in a *turn*. */
export function figure({ picture, width, height, reader, lines = [] }, turn) {
  return make(
    "figure",
    { class: "display seen" },
    make(
      "div.seen-picture",
      { vars: { "--shape": `${width} / ${height}`, "--width": width / height } },
      image(picture),
      boxes(lines, width, height),
    ),
    lines.length ? readLines({ picture, reader, lines }, turn) : null,
  );
}

/** The picture itself; the server keeps it for a while only. */
function image(picture) {
  const shown = make("img", { src: api.pictureAddress(picture), alt: say("sight.picture") });
  shown.addEventListener("error", () => shown.replaceWith(make("p.hint", { text: say("sight.gone") })));
  return shown;
}

function boxes(lines, width, height) {
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  for (const { text, corners, marked } of lines) {
    const polygon = drawn("polygon", { points: corners.map((corner) => corner.join(",")).join(" ") });
    if (marked) polygon.classList.add("marked");
    const title = drawn("title", {});
    title.textContent = text;
    polygon.append(title);
    svg.append(polygon);
  }
  return svg;
}

function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
