/** Which words decided: exact Shapley values of the words, asked for on demand. */
import { tellTrouble } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, make } from "../base/dom.js";
import { number } from "../base/format.js";
import { name, say } from "../base/texts.js";

/** A button that becomes the explanation of a turn. */
export function explainer(answer) {
  const place = make("section.reason.explanation");
  const ask = button({
    text: say("why.explain"),
    kind: "quiet",
    icon: "question",
    on: async () => {
      ask.disabled = true;
      try {
        place.replaceChildren(...explained(await api.explanation(answer.id)));
      } catch (error) {
        ask.disabled = false;
        tellTrouble(error);
      }
    },
  });
  place.append(ask);
  return place;
}

function explained(explanation) {
  const heaviest = Math.max(...explanation.words.map(({ value }) => Math.abs(value)), 1e-9);
  const names = { intent: name("intent", explanation.intent), other: name("intent", explanation.runner_up) };
  return [
    make("h3", { text: say("why.words") }),
    make(
      "p.sentence.weighed",
      { dir: "auto" },
      ...explanation.words.flatMap((word) => [weighed(word, heaviest), " "]),
    ),
    make("p.hint", { text: say(explanation.runner_up ? "why.words_hint" : "why.words_alone", names) }),
    ...(explanation.because ?? []).map((text) => make("p.because", { text })),
  ];
}

function weighed({ word, value }, heaviest) {
  const kind = value >= 0 ? "for" : "against";
  return make(
    `span.word.${kind}`,
    { vars: { "--weight": Math.abs(value) / heaviest }, title: number(value, 3) },
    word,
    make("span.visually-hidden", { text: say(`why.${kind}`, { value: number(value, 2) }) }),
  );
}
