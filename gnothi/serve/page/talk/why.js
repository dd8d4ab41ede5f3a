/** Why an answer is what it is: understood, considered, done, how long, with which artifacts. */
import { icon, make } from "../base/dom.js";
import { countdown, moment, number, percent } from "../base/format.js";
import { name, say } from "../base/texts.js";
import { devices } from "../home/house.js";
import { bars } from "./bars.js";
import { explainer } from "./explanation.js";
import { sentence } from "./sentence.js";

const STATUS_ICON = {
  done: "check",
  failed: "close",
  needs_value: "question",
  needs_confirmation: "question",
  offered: "scene",
};

/** An unfolding part of a bubble; it is built when first opened. */
export function whyOf(answer) {
  const details = make(
    "details.why",
    {},
    make("summary", {}, icon("chevron"), make("span", { text: say("why.title") }), total(answer.trace)),
  );
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(reasons(answer));
    if (details.open) details.scrollIntoView({ block: "nearest" });
  });
  return details;
}

/** Everything that is known of a turn; the journal shows the same. */
export function reasons(answer) {
  return make(
    "div.reasons",
    {},
    ...(answer.requests ?? []).map((request) => understood(answer.text, request)),
    answer.requests?.length
      ? null
      : make("p.hint", { text: say(answer.out_of_scope ? "why.out_of_scope" : "why.conversation") }),
    answer.actions?.length ? done(answer.actions) : null,
    answer.trace?.length ? stages(answer.trace) : null,
    answer.id && answer.requests?.length ? explainer(answer) : null,
  );
}

function total(trace) {
  const ms = (trace ?? []).reduce((sum, stage) => sum + (stage.ms ?? 0), 0);
  return ms ? make("span.ms", { text: say("why.ms", { ms: number(ms, ms < 10 ? 1 : 0) }) }) : null;
}

const section = (key, ...inside) => make("section.reason", {}, make("h3", { text: say(key) }), ...inside);

function understood(text, request) {
  const scores = [
    { intent: request.intent, score: request.score },
    ...(request.alternatives ?? []).filter((other) => other.intent !== request.intent),
  ];
  return section(
    "why.understood",
    sentence(text, request),
    bars(
      scores
        .slice(0, 4)
        .map(({ intent, score }) => ({
          label: name("intent", intent),
          share: score,
          words: percent(score),
          id: intent,
        })),
      say("why.alternatives"),
    ),
  );
}

function done(actions) {
  return section("why.did", make("ul.deeds", {}, ...actions.map(deed)));
}

function deed(action) {
  const facts = Object.entries(action.arguments ?? {}).filter(
    ([, value]) => value !== false && readable(value) !== "",
  );
  return make(
    `li.deed.${action.status}`,
    {},
    icon(STATUS_ICON[action.status] ?? "question"),
    make(
      "div",
      {},
      make(
        "p",
        {},
        make("b", { text: name("skill", action.skill) }),
        " ",
        make("span", { text: name("call", action.call) }),
        make(`span.tag.${action.risk}`, { text: say(`risk.${action.risk}`) }),
        make("span.tag", { text: say(`status.${action.status}`) }),
      ),
      facts.length ? make("dl.facts", {}, ...facts.flatMap(fact)) : null,
    ),
  );
}

const fact = ([key, value]) => [
  make("dt", { text: name("field", key) }),
  make("dd", { text: key === "duration" && Number.isFinite(value) ? countdown(value) : readable(value) }),
];

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** A value as one line: lists joined, devices by their names, moments spoken, objects as `key: value`. */
function readable(value) {
  if (Array.isArray(value)) return value.map(readable).join(", ");
  if (value !== null && typeof value === "object")
    return Object.entries(value)
      .map(([key, inner]) => `${name("field", key)}: ${readable(inner)}`)
      .join(", ");
  if (MOMENT.test(value)) return moment(value);
  return devices.value.get(value)?.name ?? String(value);
}

function stages(trace) {
  const slowest = Math.max(...trace.map((stage) => stage.ms), 0.001);
  const rows = trace.map((stage) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", text: name("stage", stage.stage) }),
      make(
        "td.time",
        {},
        make("span.bar", { vars: { "--share": stage.ms / slowest } }),
        make("span", { text: say("why.ms", { ms: number(stage.ms, 2) }) }),
      ),
      make(
        "td.note",
        {},
        stage.artifact ? make("code", { text: stage.artifact }) : null,
        stage.note ? make("span", { text: stage.note }) : null,
      ),
    ),
  );
  return section(
    "why.stages",
    make(
      "div.scroll",
      { tabindex: "0", role: "group", "aria-label": say("why.stages") },
      make("table.stages", {}, make("tbody", {}, ...rows)),
    ),
  );
}
