/**
 * Events of the server as they happen, over one WebSocket that comes back by itself.
 */
import { Store } from "./store.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** `connecting`, `open` or `lost`. */
export const connection = new Store("connecting");

const listeners = new Map();
let wait = FIRST_WAIT;

/** Hear events of one type; `"open"` is told at each new connection, to fetch what was missed. */
export function hear(type, listener) {
  listeners.set(type, [...(listeners.get(type) ?? []), listener]);
}

function tell(type, event) {
  for (const listener of listeners.get(type) ?? []) listener(event);
}

/** Connect, and connect again with growing pauses for as long as the page is open. */
export function connect() {
  const address = new URL("api/ws", location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  socket.addEventListener("open", opened);
  socket.addEventListener("message", (message) => received(message.data));
  socket.addEventListener("close", closed);
}

function opened() {
  wait = FIRST_WAIT;
  connection.set("open");
  tell("open", {});
}

function received(data) {
  let event;
  try {
    event = JSON.parse(data);
  } catch {
    return; // A newer server may send what this page cannot read; the rest still works.
  }
  tell(event.type === "resync" ? "open" : event.type, event); // Too slow to be told everything: fetch again.
}

function closed() {
  connection.set("lost");
  setTimeout(connect, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}
