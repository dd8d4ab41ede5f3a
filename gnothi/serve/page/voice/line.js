/** The line to the server: sound and words in, answers and their sound out. It comes back by itself. */

const FIRST_WAIT = 400;
const TRIES = 6;
const MOST_WAITING = 150; // Frames: three seconds, while the line is being built or is slow.
const STILL_THERE = 20_000;
const FINAL = [1008, 1011, 1013]; // Codes with which the server means it; the reason was told before.

export class Line {
  #begin;
  #on;
  #socket = null;
  #waiting = [];
  #tries = 0;
  #timer = 0;
  #ping = 0;
  #closed = false;

  /**
   * Connect, and say `begin()` each time.
   * `on` has `message`, `sound`, `lost` (it tries again) and `gone` (it gives up).
   */
  constructor(begin, on) {
    this.#begin = begin;
    this.#on = on;
    this.#connect();
    this.#ping = setInterval(() => this.tell({ type: "ping" }), STILL_THERE);
  }

  #connect() {
    const address = new URL("api/hear", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("message", ({ data }) => this.#received(data));
    socket.addEventListener("close", ({ code }) => this.#lost(socket, code));
    this.#socket = socket;
  }

  #opened(socket) {
    socket.send(JSON.stringify(this.#begin()));
    for (const message of this.#waiting.splice(0)) socket.send(message);
  }

  #received(data) {
    if (data instanceof ArrayBuffer) return this.#on.sound(data);
    const message = JSON.parse(data);
    if (message.type === "hello") this.#tries = 0;
    return this.#on.message(message);
  }

  #lost(socket, code) {
    if (this.#closed || socket !== this.#socket) return;
    if (FINAL.includes(code) || this.#tries >= TRIES) {
      this.close();
      this.#on.gone(code);
      return;
    }
    this.#waiting = [];
    this.#on.lost();
    this.#timer = setTimeout(() => this.#connect(), FIRST_WAIT * 2 ** this.#tries++);
  }

  /** Send sound. What can't be sent for long is old: the beginning of it goes. */
  sound(frame) {
    if (this.#socket.readyState === WebSocket.OPEN) {
      if (this.#socket.bufferedAmount < MOST_WAITING * frame.byteLength) this.#socket.send(frame);
    } else this.#keep(frame);
  }

  /** Say something beside the sound. */
  tell(message) {
    const text = JSON.stringify(message);
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
    else if (message.type !== "ping") this.#keep(text);
  }

  #keep(message) {
    this.#waiting.push(message);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
  }

  /** Hang up. */
  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#ping);
    this.#socket.close(1000);
  }
}
