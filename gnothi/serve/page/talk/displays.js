/** What an answer shows beside its words: lists, what will ring, events, a forecast. */
import { icon, make } from "../base/dom.js";
import { day, moment, number, percent, weekday } from "../base/format.js";
import { name, say } from "../base/texts.js";
import { figure } from "../sight/figure.js";
import { counting } from "../timers/countdown.js";
import { kindOf, pictureOf, titleOf } from "../timers/titles.js";

const MOST = 12;
const PICTURES = { music: "speaker", films: "tv", dinner: "scene", radio: "volume" };
const SOUNDING = { sample: "sample", play: "playing" };
const SKIES = { clear: "clear", fog: "fog", drizzle: "rain", rain: "rain", snow: "snow", thunder: "thunder" };

/** Show what the answer brought to be looked at, or nothing. */
export function displays(answer) {
  const shown = (answer.display ?? [])
    .map((display) => (KINDS[display.kind] ?? anything)(display, answer.id))
    .filter(Boolean);
  return shown.length ? make("div.displays", {}, ...shown) : null;
}

const card = (...inside) => (inside.flat().some(Boolean) ? make("div.display", {}, ...inside) : null);
const rows = (items, row) =>
  items?.length
    ? make("ul", {}, ...items.slice(0, MOST).map((item) => make("li.fact", {}, ...row(item))))
    : null;
const words = (text) => make("span", { text, dir: "auto" });

const list = ({ list: { items } }) =>
  card(
    rows(
      items.filter((item) => !item.done),
      (item) => [words(item.text)],
    ),
  );
const rings = (alarms) =>
  card(
    rows(alarms, (alarm) => [
      icon(pictureOf(alarm)),
      words(titleOf(alarm)),
      kindOf(alarm) === "timer" ? counting(alarm) : make("b", { text: moment(alarm.due) }),
    ]),
  );
const tracks = ({ tracks: queue }) =>
  card(rows(queue, (track) => [icon("play"), words(track.title), make("b", { text: track.artist })]));
const events = (display) =>
  card(
    rows(display.events, (event) => [
      words(event.title),
      make("b", { text: event.all_day ? day(event.start) : moment(event.start) }),
    ]),
  );

function weather({ place, days = [] }) {
  const cells = days
    .slice(0, 5)
    .map(({ day: date, spell }) =>
      make(
        "li.sky",
        {},
        words(weekday(date)),
        icon(SKIES[spell.sky] ?? "cloudy"),
        make("b", {
          text: say("weather.degrees", { high: number(spell.high, 0), low: number(spell.low, 0) }),
        }),
        make("small", { text: say("weather.chance", { chance: percent(spell.chance / 100) }) }),
      ),
    );
  return cells.length
    ? make("div.display", {}, make("p.hint", { text: place }), make("ul.skies", {}, ...cells))
    : null;
}

/** What is suggested, with what is known of it; what the person asked for stands out. */
function suggestion({ shelf, ask, item }) {
  if (!item) return null;
  const kind = (item.is_here && SOUNDING[ask]) || "offer";
  return make(
    "div.display.offer",
    { data: { kind } },
    make("span.sleeve", {}, icon(PICTURES[shelf] ?? "play")),
    make(
      "div",
      {},
      make("small.hint", { text: say(`recommend.${kind}`) }),
      make("strong", { text: item.title, dir: "auto" }),
      item.creator ? make("span.by", { text: item.creator, dir: "auto" }) : null,
      make(
        "ul.facts",
        { "aria-label": say("recommend.facts") },
        ...item.facts
          .slice(0, MOST)
          .map((text) => make("li", { text, data: { wanted: String(item.wanted.includes(text)) } })),
      ),
      item.wanted.length
        ? make("small.hint", { text: say("recommend.why_shown", { wanted: item.wanted.join(", ") }) })
        : null,
      !item.is_here && shelf === "music"
        ? make("small.hint", { text: say(item.is_owned ? "recommend.on_server" : "recommend.elsewhere") })
        : null,
    ),
  );
}

/** The display of a skill that the page has never met: plain values as a table, lists as lists. */
function anything(display) {
  const entries = Object.entries(display).filter(([key]) => key !== "kind");
  return card(
    ...entries.map(([key, value]) =>
      Array.isArray(value) ? rows(value, (item) => [words(brief(item))]) : fact(key, value),
    ),
  );
}

function fact(key, value) {
  if (value === null || typeof value === "object") return null;
  return make("p.fact", {}, words(name("field", key)), make("b", { text: String(value) }));
}

function brief(item) {
  if (item === null || typeof item !== "object") return String(item);
  const { id: _id, uid: _uid, uri: _uri, ...shown } = item;
  return Object.values(shown)
    .filter((value) => value !== "" && ["string", "number"].includes(typeof value))
    .join(" · ");
}

const KINDS = {
  list,
  events,
  tracks,
  weather,
  recommend: suggestion,
  sight: figure,
  timers: ({ timers }) => rings(timers),
  alarms: ({ alarms }) => rings(alarms),
};
