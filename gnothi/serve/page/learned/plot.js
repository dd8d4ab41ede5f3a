/** Small drawings of evidence, as SVG without markup: shares with intervals, and use by week. */
import { make } from "../base/dom.js";
import { number, percent, shortDay } from "../base/format.js";
import { say } from "../base/texts.js";

const SVG = "http://www.w3.org/2000/svg";
const BAR = 22;
const GAP = 8;
const TALL = 64;
const MOST_WEEKS = 12;
const WEEK = 7 * 86_400_000;

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** How often each wording worked, one row each, with the interval in which the truth lies. */
export function shares(measures) {
  return make(
    "ul.shares",
    { "aria-label": say("learned.shares") },
    ...measures.map((measure) =>
      make(
        "li.share-row",
        { data: { measure: measure.name } },
        make("span.share-label", { text: say(`learned.measure.${measure.name}`) }),
        whisker(measure.low, measure.rate, measure.high, [0, 0.5, 1]),
        make("span.share-words", {
          text: say("learned.share", { rate: percent(measure.rate), count: measure.turns }),
          title: say("learned.interval", { low: percent(measure.low), high: percent(measure.high) }),
        }),
      ),
    ),
  );
}

/** A gain with its bounds, around nothing gained. */
export function gain({ low, gain: middle, high }) {
  const reach = Math.max(Math.abs(low), Math.abs(high), 0.01);
  const place = (value) => (value + reach) / (2 * reach);
  return make(
    "div.share-row",
    { data: { measure: "meant" } },
    make("span.share-label", { text: say("learned.gain") }),
    whisker(place(low), place(middle), place(high), [0.5]),
    make("span.share-words", {
      text: say("learned.points", { points: signed(middle) }),
      title: say("learned.interval", { low: signed(low), high: signed(high) }),
    }),
  );
}

/** What a question is worth as it is asked now, and as it was learned, with intervals. */
export function worths({ live, candidate }) {
  const row = (key, { value, low, high }) =>
    make(
      "li.share-row",
      { data: { measure: key === "candidate" ? "meant" : "said", worth: key } },
      make("span.share-label", { text: say(`learned.worth.${key}`) }),
      whisker(low, value, high, [0, 0.5, 1]),
      make("span.share-words", {
        text: number(100 * value, 1),
        title: say("learned.interval", { low: number(100 * low, 1), high: number(100 * high, 1) }),
      }),
    );
  return make(
    "ul.shares",
    { "aria-label": say("learned.worths") },
    row("live", live),
    row("candidate", candidate),
  );
}

/** How often each kind of question is chosen: now, and as it was learned. */
export function asked(kinds) {
  const bar = (key, share) =>
    make(
      "div.share-row",
      { data: { measure: key === "candidate" ? "meant" : "said" } },
      make("span.share-label", { text: say(`learned.worth.${key}`) }),
      make("span.bar", { vars: { "--share": share } }),
      make("span.share-words", { text: percent(share) }),
    );
  return make(
    "ul.shares",
    {},
    ...kinds.map((kind) =>
      make(
        "li",
        { data: { asked: kind.act } },
        make("p", { text: say(`learned.asks.${kind.act}`) }),
        bar("live", kind.live),
        bar("candidate", kind.candidate),
      ),
    ),
  );
}

const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${number(Math.abs(100 * value), 1)}`;

function whisker(low, middle, high, marks) {
  const at = (share) => 4 + 92 * share;
  return draw(
    "svg",
    { class: "whisker", viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": "true" },
    ...marks.map((mark) => draw("path", { class: "mark", d: `M${at(mark)} 2v16` })),
    draw("path", { class: "reach", d: `M${at(low)} 10H${at(high)}` }),
    draw("path", { class: "point", d: `M${at(middle)} 10h0` }),
  );
}

/** How often it was needed in each week, and how that went. */
export function uses(weeks) {
  const shown = withQuietWeeks(weeks).slice(-MOST_WEEKS);
  const most = Math.max(...shown.map((week) => week.wins + week.losses), 1);
  const width = Math.max(shown.length * (BAR + GAP) - GAP, 120);
  const plot = draw(
    "svg",
    { class: "uses", viewBox: `0 0 ${width} ${TALL + 20}`, width, height: TALL + 20, role: "img" },
    draw("path", { class: "ground", d: `M0 ${TALL + 0.5}H${width}` }),
    ...shown.flatMap((week, index) => column(week, index * (BAR + GAP), TALL / most)),
  );
  plot.setAttribute("aria-label", shown.map(told).join(" "));
  return make(
    "figure.use-by-week",
    {},
    make("figcaption", { text: say("learned.uses") }),
    plot,
    make(
      "p.legend",
      {},
      make("span.wins", { text: say("learned.wins") }),
      make("span.losses", { text: say("learned.losses") }),
    ),
  );
}

function column(week, x, unit) {
  const [wins, losses] = [week.wins * unit, week.losses * unit];
  const bar = (kind, y, height) =>
    height ? [draw("rect", { class: kind, x, y, width: BAR, height, rx: 3 })] : [];
  const label = draw("text", { x: x + BAR / 2, y: TALL + 15, "text-anchor": "middle" });
  label.textContent = shortDay(week.begin);
  return [...bar("wins", TALL - wins, wins), ...bar("losses", TALL - wins - losses, losses), label];
}

const told = ({ begin, wins, losses }) => say("learned.week", { day: shortDay(begin), wins, losses });

/** Weeks in which it was not needed belong in the picture. */
function withQuietWeeks(weeks) {
  const known = new Map(weeks.map((week) => [week.begin, week]));
  const [first, last] = [weeks[0].begin, weeks.at(-1).begin].map((day) => Date.parse(`${day}T00:00Z`));
  const all = [];
  for (let at = first; at <= last; at += WEEK) {
    const begin = new Date(at).toISOString().slice(0, 10);
    all.push(known.get(begin) ?? { begin, wins: 0, losses: 0 });
  }
  return all;
}
