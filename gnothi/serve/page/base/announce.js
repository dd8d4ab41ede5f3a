/** Words for screen readers, and short notices for everybody. */
import { make, part } from "./dom.js";
import { knows, say } from "./texts.js";

const NOTICE_STAYS = 6000;

/** Let a screen reader say something when it is free. */
export function announce(text) {
  part("announcer").textContent = text;
}

/** Let a screen reader say something at once. */
export function alarm(text) {
  part("alerter").textContent = text;
}

/** Show a short notice that leaves by itself. */
export function notice(text, { kind = "calm" } = {}) {
  const shown = make(`p.notice.${kind}`, { text });
  part("notices").append(shown);
  setTimeout(() => shown.remove(), NOTICE_STAYS);
  (kind === "trouble" ? alarm : announce)(text);
}

/** Tell the family what went wrong, in the server's sentence where it sent one. */
export function tellTrouble(error) {
  const own = knows(`error.${error.code}`) ? say(`error.${error.code}`) : say("error.other");
  notice(error.message && error.code ? error.message : own, { kind: "trouble" });
  if (!error.code) throw error; // A mistake of the page itself belongs in the console.
}

/** Wrap something the family does, so that a refusal becomes a notice. */
export function guarded(action) {
  return async (...given) => {
    try {
      return await action(...given);
    } catch (error) {
      tellTrouble(error);
      return undefined;
    }
  };
}
