/** The button that opens the microphone, and what is shown while it is open. */
import { button, icon, make, part, show } from "../base/dom.js";
import { say } from "../base/texts.js";
import { close, hold, hush, letGo, level, mute, open, startVoice, voice } from "./voice.js";

const HELD_AFTER = 350; // Milliseconds: a touch opens the microphone, a longer one holds it.
const BARS = 5;

/** Make the microphone usable by hand and by keys. */
export function startPanel() {
  startVoice();
  buildPanel();
  listenForHand(part("mic"));
  listenForVoiceKeys();
  voice.watch(draw);
  level.watch(drawLevel);
}

function buildPanel() {
  const bars = Array.from({ length: BARS }, () => make("i"));
  show(
    part("voice"),
    make("div.level", { id: "level", "aria-hidden": "true" }, ...bars),
    make(
      "p.voice-words",
      {},
      make("span", { id: "voice-state", role: "status" }),
      make("span.heard", { id: "heard", dir: "auto" }),
    ),
    round("stop", "voice.hush", { id: "hush", on: hush }),
    round("mic-off", "voice.mute", { id: "mute", "aria-pressed": "false", on: () => mute() }),
    round("close", "voice.close", { id: "voice-close", on: close }),
  );
}

const round = (picture, key, rest) => button({ icon: picture, label: say(key), kind: "round", ...rest });

/** A short touch opens or closes the microphone; as long as it is held, it is one sentence. */
function listenForHand(mic) {
  let timer = 0;
  let wasHeld = false;
  const release = () => {
    clearTimeout(timer);
    if (wasHeld) letGo();
  };
  mic.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    wasHeld = false;
    mic.setPointerCapture(event.pointerId);
    timer = setTimeout(() => {
      wasHeld = true;
      hold();
    }, HELD_AFTER);
  });
  mic.addEventListener("pointerup", release);
  mic.addEventListener("pointercancel", release);
  mic.addEventListener("contextmenu", (event) => event.preventDefault()); // A long touch is no right click.
  mic.addEventListener("click", () => {
    if (wasHeld) wasHeld = false;
    else if (voice.value.state === "off") open();
    else close();
  });
}

const isWriting = (target) => target.matches?.("input, textarea, select, [contenteditable]");

/** Hold T to talk, M mutes; Escape stops an answer, then the microphone. */
function listenForVoiceKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && voice.value.state !== "off") {
      if (voice.value.state === "speaking") hush();
      else close();
    } else if (isWriting(event.target) || event.repeat) return;
    else if (event.key === "t") hold();
    else if (event.key === "m") mute();
  });
  document.addEventListener("keyup", (event) => event.key === "t" && letGo());
  addEventListener("blur", letGo);
}

function draw({ state, text, muted, held, hint }) {
  const isOn = state !== "off";
  const mic = part("mic");
  mic.setAttribute("aria-pressed", String(isOn));
  mic.setAttribute("aria-label", say(isOn ? "voice.close" : "voice.open"));
  mic.title = say(isOn ? "voice.close" : "voice.open_hint");
  show(mic, icon(muted ? "mic-off" : "mic"));
  const panel = part("voice");
  panel.hidden = !isOn && !hint;
  panel.dataset.state = muted ? "muted" : state;
  const words = held ? "voice.held" : muted ? "voice.muted" : `voice.state.${state}`;
  part("voice-state").textContent = hint || say(words);
  part("heard").textContent = text;
  part("hush").hidden = state !== "speaking";
  part("mute").hidden = !isOn;
  part("mute").setAttribute("aria-pressed", String(muted));
}

function drawLevel(loud) {
  part("level").style.setProperty("--loud", loud.toFixed(3));
}
