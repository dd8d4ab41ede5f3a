/** What this browser remembers between visits. Storage may be forbidden; then it forgets. */

const PREFIX = "gnothi.";
const fallback = new Map();

/** Keep a word under a name; null forgets it. */
export function remember(name, value) {
  fallback.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // The fallback holds it while the page is open.
  }
}

/** Return what was kept, or null. */
export function remembered(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? fallback.get(name) ?? null;
  } catch {
    return fallback.get(name) ?? null;
  }
}

/** Make an id that nobody else has. `crypto.randomUUID` is missing on plain HTTP, this is not. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
