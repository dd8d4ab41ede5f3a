/**
 * Talking by voice: what the microphone hears goes to the server, the answer is heard and shown.
 *
 * The state is `off`, `starting`, `listening`, `hearing` (somebody speaks), `thinking` or `speaking`;
 * whether the microphone is muted, or held open by a button, is beside it.
 */
import { alarm, announce } from "../base/announce.js";
import { Store } from "../base/store.js";
import { say } from "../base/texts.js";
import { room, spokenHere } from "../settings/device.js";
import { speaker } from "../settings/people.js";
import { answered, said, session, trouble, whenTyped } from "../talk/talk.js";
import { Line } from "./line.js";
import { Loudspeaker } from "./loudspeaker.js";
import { Microphone, MicrophoneError } from "./microphone.js";

const HINT_STAYS = 2500;
const OFF = { state: "off", text: "", muted: false, held: false, hint: "" };

/** What is going on: `{state, text, muted, held, hint}`. */
export const voice = new Store(OFF);
/** How loud it is, from 0 to 1, many times a second. */
export const level = new Store(0);

let context = null;
let microphone = null;
let line = null;
let loudspeaker = null;
let speech = null; // Id of the turn whose answer is heard.
let openings = 0; // Only the latest one may open what the browser allows.

const change = (values) => voice.set({ ...voice.value, ...values });
const is = (...states) => states.includes(voice.value.state);

/** A typed sentence interrupts an answer that is spoken. */
export function startVoice() {
  whenTyped(() => hush());
}

/** Open the microphone, then the line: who is still asked whether the page may listen is not timed. */
export async function open({ held = false } = {}) {
  if (!is("off")) return;
  const opening = ++openings;
  const isOver = () => is("off") || opening !== openings;
  change({ ...OFF, state: "starting", held });
  context ??= new AudioContext({ latencyHint: "interactive" });
  let opened;
  try {
    await context.resume();
    opened = await Microphone.open(context, heard, () => fail("lost"));
  } catch (error) {
    if (!isOver()) fail(error instanceof MicrophoneError ? error.reason : "broken");
    if (!(error instanceof MicrophoneError)) throw error;
    return;
  }
  if (isOver()) {
    opened.close(); // Somebody was quicker than the browser's question.
    return;
  }
  microphone = opened;
  loudspeaker = new Loudspeaker(context);
  line = new Line(begin, { message: react, sound: play, lost, gone });
  if (voice.value.held) line.tell({ type: "hold" });
}

/** Close everything. */
export function close() {
  loudspeaker?.stop();
  line?.close();
  microphone?.close();
  microphone = line = loudspeaker = speech = null;
  level.set(0);
  voice.set(OFF);
}

/** Send no sound for a while, or send it again. */
export function mute(muted = !voice.value.muted) {
  if (is("off", "starting") || muted === voice.value.muted) return;
  line.tell({ type: "mute", on: muted });
  change({ muted, text: "", state: is("hearing") ? "listening" : voice.value.state, hint: "" });
  level.set(0);
  announce(say(muted ? "voice.muted" : "voice.state.listening"));
}

/** A button is held: everything until it is let go is one sentence. */
export async function hold() {
  if (is("starting")) {
    line?.tell({ type: "hold" });
    return change({ held: true, muted: false });
  }
  hush();
  if (!microphone) {
    close();
    return open({ held: true });
  }
  mute(false);
  line.tell({ type: "hold" });
  return change({ held: true });
}

/** The button is let go: what was said is over, and the microphone goes off; the answer still comes. */
export function letGo() {
  if (!voice.value.held) return;
  if (!line) {
    close();
    return;
  }
  line.tell({ type: "conclude" });
  microphone?.close();
  microphone = null;
  level.set(0);
  change({ state: "thinking", held: false });
}

/** Stop an answer by hand. */
export function hush() {
  if (!speech) return;
  line.tell({ type: "hush", turn: speech, heard_s: loudspeaker.heard });
  silence();
}

const begin = () => ({
  type: "begin",
  rate: 16_000,
  user: speaker.value,
  session,
  device: room.value,
  speaks: spokenHere.value,
});

function heard(sound, loud) {
  if (voice.value.muted || !microphone || !line) return;
  level.set(Math.min(1, Math.max(0, 1 + Math.log10(Math.max(loud, 1e-5)) / 2.5)));
  line.sound(sound);
}

function play(sound) {
  if (speech) loudspeaker.play(sound);
}

const REACTIONS = {
  hello: ({ lacks }) => {
    // A line that came back knows nothing.
    if (voice.value.muted) line.tell({ type: "mute", on: true });
    if (voice.value.held) line.tell({ type: "hold" });
    if (is("starting")) change({ state: "listening", hint: lacks });
  },
  partial: ({ text }) => change({ state: "hearing", text, hint: "" }),
  heard: ({ text }) => {
    said(text);
    change({ state: "thinking", text: "" });
  },
  answer: ({ answer }) => {
    answered(answer, { quietly: spokenHere.value });
    change({ state: "listening", text: "" });
  },
  unheard: () => change({ state: "listening", text: "", hint: say("voice.unheard") }),
  ignored: () => change({ text: "" }),
  speech: ({ turn, rate }) => {
    speech = turn;
    loudspeaker.begin(rate);
    change({ state: "speaking", text: "" });
  },
  spoken: ({ turn }) => turn === speech && loudspeaker.whenDone(() => played(turn)),
  hush: ({ turn }) => turn === speech && interrupted(),
  window: () => is("hearing", "thinking") || change({ state: "listening" }),
  closed: ({ advice }) => {
    if (voice.value.muted || voice.value.held) return;
    close();
    change({ hint: advice[0] ?? "" });
  },
  problem: ({ message }) => {
    trouble(message);
    change({ state: is("starting") ? "starting" : "listening", text: "" });
  },
};

function react(message) {
  REACTIONS[message.type]?.(message);
  // Who let the button go wanted one sentence: after its answer nothing is left to do.
  if (microphone) return;
  if (message.type === "unheard") setTimeout(() => is("listening") && !microphone && close(), HINT_STAYS);
  const isTold = voice.value.hint === say("voice.unheard"); // It is read first.
  if (message.type === "window" && !isTold && !is("starting", "thinking")) close();
}

/** Somebody speaks: be silent first, tell afterwards. */
function interrupted() {
  const turn = speech;
  const heardS = loudspeaker.heard;
  silence();
  line.tell({ type: "played", turn, heard_s: heardS });
}

function played(turn) {
  line?.tell({ type: "played", turn, heard_s: loudspeaker.heard });
  speech = null;
  if (is("speaking")) change({ state: "listening" });
}

function silence() {
  loudspeaker.stop();
  markCut(speech);
  speech = null;
  if (is("speaking")) change({ state: "listening" });
}

/** Show on an answer that it was not heard to its end. */
function markCut(turn) {
  const bubble = document.querySelector(`.bubble[data-turn="${CSS.escape(turn)}"]`);
  if (bubble) bubble.dataset.cut = say("voice.cut");
}

function lost() {
  loudspeaker?.stop();
  speech = null;
  change({ state: "starting", text: "", hint: say("voice.lost") });
}

const GONE = { 1008: "voice.not_paired", 1013: "voice.too_many" };

function gone(code) {
  close();
  if (code !== 1011) trouble(say(GONE[code] ?? "voice.gone")); // What it could not do, it has said.
}

function fail(reason) {
  close();
  const words = say(`voice.mic.${reason}`);
  trouble(words);
  alarm(words);
}
