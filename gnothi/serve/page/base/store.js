/** A value that others watch. */
export class Store {
  #value;
  #watchers = new Set();

  constructor(value) {
    this.#value = value;
  }

  get value() {
    return this.#value;
  }

  /** Put in another value and tell the watchers. */
  set(value) {
    this.#value = value;
    for (const watcher of this.#watchers) watcher(value);
  }

  /** Change the value by a function of the earlier one. */
  update(change) {
    this.set(change(this.#value));
  }

  /** Call *watcher* now and at each change; the returned function ends it. */
  watch(watcher) {
    this.#watchers.add(watcher);
    watcher(this.#value);
    return () => this.#watchers.delete(watcher);
  }
}
