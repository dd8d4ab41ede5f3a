/** What was said before, to be said again with the arrow keys. */
export class History {
  #said = [];
  #at = 0;

  /** Remember a sentence; the next step back finds it. */
  keep(text) {
    if (this.#said.at(-1) !== text) this.#said.push(text);
    this.#at = this.#said.length;
  }

  /** One step back, staying at the first. */
  back() {
    this.#at = Math.max(0, this.#at - 1);
    return this.#said[this.#at];
  }

  /** One step forth; after the last there is an empty field. */
  forth() {
    this.#at = Math.min(this.#said.length, this.#at + 1);
    return this.#said[this.#at] ?? "";
  }
}
