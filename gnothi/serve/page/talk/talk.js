/** The conversation: what is said goes to the server as a turn, the answer comes back with its reasons. */
import { announce, tellTrouble } from "../base/announce.js";
import { api } from "../base/api.js";
import { part } from "../base/dom.js";
import { freshId } from "../base/memory.js";
import { onArrival } from "../base/places.js";
import { say } from "../base/texts.js";
import { room } from "../settings/device.js";
import { speaker } from "../settings/people.js";
import { answerBubble, noteBubble, saidBubble, thinkingBubble } from "./bubbles.js";
import { History } from "./history.js";
import { offerReplies, offerSuggestions } from "./suggestions.js";

const THINKING_SHOWS_AFTER = 180; // A turn takes some milliseconds; dots that flash would only disturb.

/** The name of this conversation, whether it is typed or spoken. */
export const session = freshId();
const history = new History();
const onTyped = new Set();

/** Make the conversation work. */
export function startTalk() {
  const field = part("say");
  part("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    field.value = "";
    if (text) tell(text);
  });
  field.addEventListener("keydown", (event) => recall(event, field));
  onArrival("talk", () => matchMedia("(pointer: fine)").matches && field.focus({ preventScroll: true }));
  greet();
}

function greet() {
  const hour = new Date().getHours();
  const time = hour < 5 ? "night" : hour < 11 ? "morning" : hour < 18 ? "day" : "evening";
  add(noteBubble(say(`talk.greeting.${time}`)));
  offerSuggestions(tell);
}

function recall(event, field) {
  const found = { ArrowUp: () => history.back(), ArrowDown: () => history.forth() }[event.key]?.();
  if (found === undefined) return;
  event.preventDefault();
  field.value = found;
}

/** Call *listener* whenever something is typed or chosen. */
export const whenTyped = (listener) => onTyped.add(listener);

/** Ask about a picture that was shown. */
export const ask = (text, picture) => tell(text, picture);

/** Show what was heard. */
export const said = (text) => add(saidBubble(text));

/** Show an answer; who hears it spoken need not hear it from a screen reader, too. */
export function answered(answer, { quietly = false } = {}) {
  add(answerBubble(answer, { tell }));
  if (!quietly) announce(answer.reply);
  offerReplies(answer, tell);
}

/** Show in the conversation that something did not work. */
export const trouble = (text) => add(noteBubble(text, { kind: "trouble" }));

/** Say something to the assistant, as if it had been typed. */
async function tell(text, picture) {
  for (const listener of onTyped) listener();
  history.keep(text);
  add(saidBubble(text, picture));
  const dots = thinkLater();
  try {
    const answer = await api.turn({ text, user: speaker.value, device: room.value, session, picture });
    answered(answer);
  } catch (error) {
    add(noteBubble(say("talk.unheard"), { kind: "trouble" }));
    tellTrouble(error);
  } finally {
    dots();
  }
}

function thinkLater() {
  const bubble = thinkingBubble();
  const timer = setTimeout(() => add(bubble), THINKING_SHOWS_AFTER);
  return () => {
    clearTimeout(timer);
    bubble.remove();
  };
}

function add(bubble) {
  const messages = part("messages");
  messages.append(bubble);
  messages.scrollTo({ top: messages.scrollHeight });
}
