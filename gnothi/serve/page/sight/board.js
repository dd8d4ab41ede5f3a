/** A picture on which boxes are drawn: with a finger, a pen or a mouse; a touch takes one away. */
import { api } from "../base/api.js";
import { button, make } from "../base/dom.js";
import { say } from "../base/texts.js";

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 4; // Pixels of the picture: less is a touch, and no box.

/** One picture of a thing, and where the thing is in it: `boxes` are null until somebody tells. */
export class Board {
  #svg = document.createElementNS(SVG, "svg");
  #begun = null;
  #drawn = null;

  /** Show the *picture* that was sent; *changed* hears when somebody draws. */
  constructor({ id, width, height }, number, changed) {
    Object.assign(this, { id, width, height, changed, boxes: null, proposed: false });
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
      button({ icon: "close", text: say("things.not_there"), kind: "small", on: () => this.draw([], false) }),
    );
  }

  /** Draw the *boxes*; *proposed* ones are dashed until somebody draws another. */
  draw(boxes, proposed) {
    this.boxes = boxes;
    this.proposed = proposed;
    this.element.dataset.state = boxes?.length ? (proposed ? "proposed" : "drawn") : boxes ? "absent" : "empty";
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
    this.#drawn = [Math.min(from, x), Math.min(top, y), Math.max(from, x), Math.max(top, y)].map(Math.round);
    this.#paint();
  }

  #end() {
    if (!this.#begun) return;
    const [x, y] = this.#begun;
    const [left, top, right, bottom] = this.#drawn ?? [0, 0, 0, 0];
    const before = this.boxes ?? [];
    const drawn = this.#drawn;
    this.#begun = this.#drawn = null;
    if (right - left >= LEAST && bottom - top >= LEAST) {
      this.draw([...(this.proposed ? [] : before), drawn], false);
    } else {
      const others = before.filter((box) => !(box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3]));
      if (others.length < before.length) this.draw(others.length ? others : null, false);
    }
    this.#paint();
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
    this.#svg.replaceChildren(...[...(this.boxes ?? []), this.#drawn].filter(Boolean).map(outline));
  }
}

/** Return a rectangle around *box*. */
export function outline([left, top, right, bottom]) {
  const rectangle = document.createElementNS(SVG, "rect");
  const sides = { x: left, y: top, width: right - left, height: bottom - top };
  for (const [key, value] of Object.entries(sides)) rectangle.setAttribute(key, value);
  return rectangle;
}
