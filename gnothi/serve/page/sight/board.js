/** A picture on which boxes are drawn: with a finger, a pen or a mouse. */
import { api } from "../base/api.js";
import { button, make } from "../base/dom.js";
import { say } from "../base/texts.js";

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 4; // Pixels of the picture: less is a touch, and no box.

/** One picture of a thing, and where the thing is in it. */
export class Board {
  #svg = document.createElementNS(SVG, "svg");
  #begun = null;

  /** Show the *picture* that was sent; *changed* hears when somebody draws. */
  constructor({ id, width, height }, number, changed) {
    Object.assign(this, { id, width, height, changed, box: null, proposed: false });
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.#svg.setAttribute("aria-hidden", "true");
    for (const [event, listener] of Object.entries({
      pointerdown: (event) => this.#begin(event),
      pointermove: (event) => this.#stretch(event),
      pointerup: () => this.#end(),
      pointercancel: () => this.#end(),
    }))
      this.#svg.addEventListener(event, listener);
    this.element = make(
      "figure",
      { class: "board", data: { number } },
      make(
        "div.seen-picture",
        { vars: { "--shape": `${width} / ${height}`, "--width": width / height } },
        make("img", { src: api.pictureAddress(id), alt: say("things.picture", { number }), draggable: "false" }),
        this.#svg,
      ),
      button({ icon: "close", text: say("things.not_there"), kind: "small", on: () => this.draw(null, false) }),
    );
  }

  /** Draw the *box*, or none; a *proposed* one is dashed until somebody draws another. */
  draw(box, proposed) {
    this.box = box;
    this.proposed = proposed;
    this.element.dataset.state = box ? (proposed ? "proposed" : "drawn") : "empty";
    this.#paint();
    if (!proposed) this.changed(this);
  }

  #begin(event) {
    this.#svg.setPointerCapture(event.pointerId);
    this.#begun = this.#place(event);
    event.preventDefault();
  }

  #stretch(event) {
    if (!this.#begun) return;
    const [x, y] = this.#place(event);
    const [from, top] = this.#begun;
    this.box = [Math.min(from, x), Math.min(top, y), Math.max(from, x), Math.max(top, y)];
    this.#paint();
  }

  #end() {
    if (!this.#begun) return;
    this.#begun = null;
    const [left, top, right, bottom] = this.box ?? [0, 0, 0, 0];
    const enough = right - left >= LEAST && bottom - top >= LEAST;
    this.draw(enough ? this.box.map(Math.round) : null, false);
  }

  /** Where a pointer is, in pixels of the picture. */
  #place({ clientX, clientY }) {
    const { left, top, width, height } = this.#svg.getBoundingClientRect();
    const within = (value, most) => Math.min(Math.max(value, 0), most);
    return [
      within(((clientX - left) / width) * this.width, this.width),
      within(((clientY - top) / height) * this.height, this.height),
    ];
  }

  #paint() {
    this.#svg.replaceChildren(...(this.box ? [outline(this.box)] : []));
  }
}

/** Return a rectangle around *box*. */
export function outline([left, top, right, bottom]) {
  const rectangle = document.createElementNS(SVG, "rect");
  const sides = { x: left, y: top, width: right - left, height: bottom - top };
  for (const [key, value] of Object.entries(sides)) rectangle.setAttribute(key, value);
  return rectangle;
}
