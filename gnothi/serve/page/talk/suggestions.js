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

const reply = (text, words, tell, kind = "suggestion") => button({ text, kind, on: () => tell(words) });
