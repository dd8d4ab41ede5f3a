/** The journal: what was said and done, to be searched, exported and erased. */
import { guarded } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { clock, day } from "../base/format.js";
import { hear } from "../base/live.js";
import { here, onArrival } from "../base/places.js";
import { say } from "../base/texts.js";
import { badge, GUEST, nameOf, people } from "../settings/people.js";
import { detailOf } from "./detail.js";
import { personalData } from "./personal.js";

const PAGE = 40;
const PAUSE = 250; // While somebody types, the server is left in peace.

let entries = [];
let more = false;
const filter = { query: "", user: "" };

/** Draw the journal; its turns are fetched when one comes here. */
export function startJournal() {
  show(
    part("view-journal"),
    make(
      "header.view-head",
      {},
      make("h1", { id: "title-journal", text: say("place.journal") }),
      search(),
      chooser(),
    ),
    make(
      "div.journal",
      {},
      make("div.entries", { id: "entries" }),
      make("aside.personal", { id: "personal" }),
    ),
  );
  onArrival("journal", refetch);
  hear("turn", () => here() === "journal" && refetch());
  hear("erased", () => here() === "journal" && refetch());
  people.watch(() => {
    drawChoices();
    show(part("personal"), personalData(refetch));
  });
}

const refetch = guarded(async () => {
  entries = [];
  await fetchMore();
});

const fetchMore = guarded(async () => {
  const found = await api.journal({
    q: filter.query,
    user: filter.user,
    before: entries.at(-1)?.id,
    limit: PAGE,
  });
  entries = [...entries, ...found];
  more = found.length === PAGE;
  draw();
});

function search() {
  let later = 0;
  const field = make("input.filter", {
    type: "search",
    id: "journal-search",
    placeholder: say("journal.search"),
    "aria-label": say("journal.search"),
    on: {
      input: () => {
        clearTimeout(later);
        later = setTimeout(() => {
          filter.query = field.value.trim();
          refetch();
        }, PAUSE);
      },
    },
  });
  return field;
}

const chooser = () =>
  make("select.small-select", {
    id: "journal-person",
    "aria-label": say("journal.person"),
    on: {
      change: (event) => {
        filter.user = event.target.value;
        refetch();
      },
    },
  });

function drawChoices() {
  const choices = [
    ["", say("journal.everybody")],
    ...people.value.map((person) => [person.id, person.name]),
    [GUEST, say("people.guest")],
  ];
  show(
    part("journal-person"),
    ...choices.map(([value, text]) => make("option", { value, text, selected: value === filter.user })),
  );
}

function draw() {
  const days = new Map();
  for (const entry of entries) days.set(day(entry.at), [...(days.get(day(entry.at)) ?? []), entry]);
  show(
    part("entries"),
    ...[...days].map(([title, inside]) =>
      make("section", {}, make("h2", { text: title }), make("ol.entry-list", {}, ...inside.map(line))),
    ),
    entries.length
      ? null
      : make("p.empty", { text: say(filter.query || filter.user ? "journal.no_match" : "journal.empty") }),
    more ? button({ text: say("journal.more"), kind: "quiet", id: "journal-more", on: fetchMore }) : null,
  );
}

function line(entry) {
  const failed = entry.statuses.includes("failed");
  const details = make(
    "details.entry",
    { data: { id: entry.id, failed: String(failed) } },
    make(
      "summary",
      {},
      badge(entry.user),
      make(
        "span.entry-words",
        {},
        make("span.entry-said", { text: entry.text, dir: "auto" }),
        make("span.entry-reply", { text: entry.reply, dir: "auto" }),
      ),
      make("time.entry-time", { datetime: entry.at, text: clock(entry.at), title: nameOf(entry.user) }),
      icon("chevron"),
    ),
  );
  details.addEventListener(
    "toggle",
    guarded(async () => details.append(await detailOf(entry.id))),
    { once: true },
  );
  return make("li", {}, details);
}
