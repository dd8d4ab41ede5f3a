/** One rewrite: what is said, what it is taken for, why, how it does, and the last word on it. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { confirm } from "../base/ask.js";
import { button, icon, make } from "../base/dom.js";
import { momentWithin } from "../base/format.js";
import { say } from "../base/texts.js";
import { badge, GUEST, nameOf, speaker } from "../settings/people.js";
import { shares, uses } from "./plot.js";

/** A line that unfolds; *open* ones stay open when the page is drawn anew. */
export function lesson(rewrite, open, afterwards) {
  const details = make(
    "details.entry.lesson",
    { data: { id: rewrite.id, fate: rewrite.fate }, open },
    make(
      "summary",
      {},
      owner(rewrite),
      make(
        "span.entry-words",
        {},
        make("span.lesson-said", { text: words(rewrite, rewrite.said), dir: "auto" }),
        make(
          "span.lesson-becomes",
          {},
          make("span.arrow", { "aria-hidden": "true", text: "→" }),
          make("span.visually-hidden", { text: say("learned.becomes") }),
          make("span", { text: words(rewrite, rewrite.becomes), dir: "auto" }),
        ),
      ),
      score(rewrite),
      icon("chevron"),
    ),
    detail(rewrite, afterwards),
  );
  return make("li", {}, details);
}

/** Words of a whole request as they are, those of a phrase between dots. */
function words(rewrite, said) {
  if (!rewrite.part) return said;
  return said ? say("learned.part", { words: said }) : say("learned.left_out");
}

function owner(rewrite) {
  const text = rewrite.person
    ? say("learned.for", { name: nameOf(rewrite.person) })
    : say("learned.for_everybody");
  const mark = rewrite.person ? badge(rewrite.person) : make("span.badge", {}, icon("home"));
  mark.title = text;
  return make("span.lesson-owner", {}, mark, make("span.visually-hidden", { text }));
}

function score(rewrite) {
  if (["withdrawn", "rejected", "forgotten"].includes(rewrite.fate))
    return make("span.tag", { text: say(`learned.fate.${rewrite.fate}`) });
  if (!rewrite.wins && !rewrite.losses) return null;
  return make("span.score", {
    text: say("learned.score", { wins: rewrite.wins, losses: rewrite.losses }),
    title: say("learned.score_title"),
  });
}

function detail(rewrite, afterwards) {
  return make(
    "div.entry-detail.lesson-detail",
    {},
    make("p.hint", { text: origin(rewrite) }),
    make("div.because-all", {}, ...rewrite.because.map((text) => make("p.because", { text }))),
    rewrite.measures.length || rewrite.weeks.length
      ? make(
          "div.evidence",
          {},
          rewrite.measures.length ? shares(rewrite.measures) : null,
          rewrite.weeks.length ? uses(rewrite.weeks) : null,
        )
      : null,
    decisions(rewrite, afterwards),
  );
}

function origin(rewrite) {
  const whom = rewrite.person
    ? say("learned.for", { name: nameOf(rewrite.person) })
    : say("learned.for_everybody");
  const since = rewrite.at ? say(`learned.since.${rewrite.fate}`, { moment: momentWithin(rewrite.at) }) : "";
  const by = rewrite.by ? say("learned.by", { name: nameOf(rewrite.by) }) : "";
  return [whom, since, by].filter(Boolean).join(" · ");
}

function decisions(rewrite, afterwards) {
  const decide = (call, text) =>
    guarded(async () => {
      await call(rewrite.id, speaker.value === GUEST ? undefined : speaker.value);
      notice(say(text, { said: rewrite.said }));
      await afterwards();
    });
  const forget = guarded(async () => {
    const sure = await confirm({
      title: say("learned.forget_title", { said: rewrite.said }),
      text: say("learned.forget_text", { said: rewrite.said }),
      yes: say("learned.forget_yes"),
      danger: true,
    });
    if (sure) await decide(api.forgetRewrite, "learned.forgotten_now")();
  });
  const buttons = {
    live: [["off", "learned.off", decide(api.switchRewriteOff, "learned.off_now")]],
    off: [["on", "learned.on", decide(api.switchRewriteOn, "learned.on_now")]],
  };
  if (rewrite.fate === "forgotten") return null;
  return make(
    "div.buttons",
    {},
    ...(buttons[rewrite.fate] ?? []).map(([what, text, on]) =>
      button({ text: say(text), kind: "small", id: `${what}-${rewrite.id}`, on }),
    ),
    button({
      text: say("learned.forget"),
      icon: "erase",
      kind: "small",
      id: `forget-${rewrite.id}`,
      on: forget,
    }),
  );
}
