/** The bubbles of the conversation. */
import { api } from "../base/api.js";
import { icon, make } from "../base/dom.js";
import { name, say } from "../base/texts.js";
import { changesOf } from "./changes.js";
import { displays } from "./displays.js";
import { whyOf } from "./why.js";

/** What a person said, and the picture that they showed with it. */
export const saidBubble = (text, picture) =>
  make(
    "div.bubble.said",
    {},
    spoken("talk.you"),
    picture ? make("img", { src: api.pictureAddress(picture), alt: say("sight.picture") }) : null,
    make("p", { text, dir: "auto" }),
  );

/** Something the assistant says by itself. */
export const noteBubble = (text, { kind = "plain" } = {}) =>
  make(`div.bubble.answer.${kind}`, {}, spoken("talk.gnothi"), make("p", { text, dir: "auto" }));

/** Three dots while the assistant thinks. */
export const thinkingBubble = () =>
  make(
    "div.bubble.answer.thinking",
    { role: "status" },
    make("span.visually-hidden", { text: say("talk.thinking") }),
    make("i"),
    make("i"),
    make("i"),
  );

/** An answer: the sentence, what changed, and on demand why. */
export function answerBubble(answer) {
  return make(
    "div.bubble.answer",
    { data: { turn: answer.id ?? "" } },
    spoken("talk.gnothi"),
    make("p", { text: answer.reply, dir: "auto" }),
    displays(answer),
    statuses(answer),
    whyOf(answer),
  );
}

/** Who speaks, for those who cannot see left from right. */
const spoken = (key) => make("span.visually-hidden", { text: say(key) });

/** What changed in the home, and what did not work. */
function statuses(answer) {
  const failed = answer.actions.filter((action) => action.status === "failed");
  const chips = [...changesOf(answer.changes), ...failed.map(failure)];
  return chips.length ? make("ul.effects", { "aria-label": say("talk.effects") }, ...chips) : null;
}

const failure = (action) =>
  make(
    "li.effect.failed",
    {},
    icon("close"),
    make("span", { text: say("talk.failed", { skill: name("skill", action.skill) }) }),
  );
