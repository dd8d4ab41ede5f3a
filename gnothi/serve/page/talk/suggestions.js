/** Buttons that say something: ideas at first, replies when the assistant asks. */
import { button, part, show } from "../base/dom.js";
import { say, sayAll } from "../base/texts.js";
import { showAbilities } from "./abilities.js";

const FEW = 4;

/** Offer ideas of what one can say. */
export function offerSuggestions(tell) {
  show(
    part("suggestions"),
    ...sayAll("talk.ideas")
      .slice(0, FEW)
      .map((text) => reply(text, text, tell)),
    button({
      text: say("talk.more_ideas"),
      kind: "suggestion",
      id: "more-ideas",
      on: () => showAbilities(tell),
    }),
  );
}

/** Offer what fits to the answer: yes and no, the choices, taking it back, or ideas. */
export function offerReplies(answer, tell) {
  const needsConfirmation =
    answer.expects === "confirmation" || answer.actions.some(({ status }) => status === "needs_confirmation");
  const choices = answer.choices ?? [];
  if (needsConfirmation) {
    show(
      part("suggestions"),
      reply(say("reply.yes"), say("reply.yes_words"), tell, "primary"),
      reply(say("reply.no"), say("reply.no_words"), tell),
    );
  } else if (choices.length) {
    show(
      part("suggestions"),
      ...choices.map((choice) => reply(choice, choice, tell)),
      reply(say("reply.never_mind"), say("reply.never_mind_words"), tell),
    );
  } else if (answer.expects === "talk") {
    show(part("suggestions"), ...inTalk(answer, tell));
  } else if ((answer.display ?? []).some(({ kind }) => kind === "sight")) {
    show(part("suggestions"), ...sayAll("sight.ideas").map((text) => reply(text, text, tell)));
  } else if (offered(answer)?.ask === "play") {
    show(
      part("suggestions"),
      ...["else", "why"].map((word) => reply(say(`recommend.${word}`), say(`recommend.${word}_words`), tell)),
    );
  } else if (answer.expects) {
    show(part("suggestions"), reply(say("reply.never_mind"), say("reply.never_mind_words"), tell));
  } else if (
    answer.actions.some(({ status }) => status === "done") &&
    Object.keys(answer.changes ?? {}).length
  ) {
    show(part("suggestions"), reply(say("reply.undo"), say("reply.undo_words"), tell));
  } else {
    offerSuggestions(tell);
  }
}

/** Return what was suggested in an answer, if anything was. */
const offered = (answer) => (answer.display ?? []).find(({ kind }) => kind === "recommend");

const ANSWERS = {
  open: ["unsure", "surprise"],
  company: ["alone", "together"],
  suggest: ["yes", "no", "unsure", "surprise"],
  choice: ["neither", "unsure", "surprise"],
  sample: ["yes", "no", "play", "else", "why"],
  play: ["yes", "no", "else", "why"],
};

/** What can be answered while one is helped with choosing; typing anything else works as well. */
function inTalk(answer, tell) {
  const { ask, values = [] } = offered(answer) ?? {};
  const two = values.length > 1;
  const words = ANSWERS[two ? "choice" : ask] ?? [];
  return [
    ...(two ? values.map((value) => reply(value, value, tell)) : []),
    ...words.map((word) =>
      reply(say(`recommend.${word}`), say(`recommend.${word}_words`), tell, word === "yes" ? "primary" : "suggestion"),
    ),
    reply(say("reply.never_mind"), say("reply.never_mind_words"), tell),
  ];
}

const reply = (text, words, tell, kind = "suggestion") => button({ text, kind, on: () => tell(words) });
