/** What I learned: in use, being tried, switched off, taken back; the week; and when to learn. */
import { announce, guarded } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { hear } from "../base/live.js";
import { here, onArrival } from "../base/places.js";
import { say } from "../base/texts.js";
import { people } from "../settings/people.js";
import { week } from "./digest.js";
import { lesson } from "./lesson.js";
import { changes } from "./models.js";
import { gain } from "./plot.js";
import { questions } from "./prompting.js";
import { schedule } from "./schedule.js";
import { things } from "./things.js";

const GROUPS = [
  ["live", ["live"]],
  ["tried", ["tried"]],
  ["off", ["off"]],
  ["gone", ["withdrawn", "rejected", "forgotten"]],
];

/** Draw the place; what was learned is fetched when one comes here. */
export function startLearned() {
  show(
    part("view-learned"),
    make(
      "header.view-head",
      {},
      make("h1", { id: "title-learned", text: say("learned.title") }),
      make("p.step", { id: "learning-step", role: "status" }),
      button({ text: say("learned.now"), kind: "primary", icon: "learned", id: "learn-now", on: learnNow }),
    ),
    make(
      "div.learned",
      {},
      make("div.entries", { id: "lessons" }),
      make("aside.learned-aside", { id: "learned-aside" }),
    ),
  );
  onArrival("learned", refetch);
  people.watch(() => here() === "learned" && refetch());
  hear("learning", follow);
  hear("things", () => here() === "learned" && refetch());
  hear("erased", () => here() === "learned" && refetch());
  hear("open", () => here() === "learned" && refetch());
}

const refetch = guarded(async () => {
  const [known, seen] = await Promise.all([api.learning(), api.things()]);
  tellStep(known);
  const open = new Set([...document.querySelectorAll(".lesson[open]")].map((one) => one.dataset.id));
  const drawn = GROUPS.map(([group, fates]) => section(group, fates, known, open));
  const others = [questions(known.prompting), changes(known.changes)];
  const all = [...drawn, ...others];
  show(part("lessons"), ...(all.some(Boolean) ? all : [empty()]), things(seen, refetch));
  show(part("learned-aside"), week(known), schedule(known, refetch));
});

const learnNow = guarded(async () => {
  tellStep(await api.learnNow());
});

function follow(news) {
  tellStep(news);
  if (news.running || here() !== "learned") return;
  announce(say("learned.done"));
  refetch();
}

/** Say what a running round does; its steps are few, so a line is enough. */
function tellStep({ running, step }) {
  part("learn-now").disabled = running;
  const key = step.includes("/") ? "model" : step || "begin";
  part("learning-step").textContent = running ? say(`learned.step.${key}`) : "";
  part("view-learned").dataset.running = String(running);
}

function section(group, fates, known, open) {
  const inside = known.rewrites.filter((rewrite) => fates.includes(rewrite.fate));
  if (!inside.length) return null;
  return make(
    "section",
    { data: { group } },
    make("h2", { text: say(`learned.group.${group}`, { count: inside.length }) }),
    make("p.hint", { text: say(`learned.group_text.${group}`) }),
    group === "tried" && known.trial ? trial(known.trial) : null,
    make("ol.entry-list", {}, ...inside.map((rewrite) => lesson(rewrite, open.has(rewrite.id), refetch))),
  );
}

/** How far the gate is. */
function trial(known) {
  const share = known.support ? Math.min(1, known.turns / known.support) : 0;
  return make(
    "div.trial",
    {},
    make("p", { text: known.sentence }),
    known.support
      ? make(
          "div.share-row",
          {},
          make("span.share-label", { text: say("learned.seen") }),
          make("span.bar", { vars: { "--share": share } }),
          make("span.share-words", { text: say("learned.of", { turns: known.turns, of: known.support }) }),
        )
      : null,
    known.turns ? gain(known) : null,
  );
}

const empty = () =>
  make(
    "div.empty",
    {},
    icon("learned"),
    make("p", { text: say("learned.empty") }),
    make("p.hint", { text: say("learned.empty_hint") }),
  );

