/** Which home: the present one, which is simulated at first, or one from a file. */
import { api } from "../base/api.js";
import { make } from "../base/dom.js";
import { say } from "../base/texts.js";

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A choice of two; a file is checked by the server, which says where it does not fit. */
export function homeStep() {
  const file = make("input", {
    type: "file",
    accept: ".json,application/json",
    id: "home-file",
    "aria-label": say("welcome.file"),
    hidden: true,
  });
  const keep = choice("keep", true, () => (file.hidden = true));
  const own = choice("own", false, () => (file.hidden = false));
  return {
    title: "welcome.home",
    hint: "welcome.home_hint",
    fields: [keep, own, file, make("p.hint", { text: say("welcome.clock", { zone: zone() }) })],
    take: (draft) => (file.hidden ? keepHome(draft) : bringHome(draft, file.files[0])),
  };
}

async function keepHome(draft) {
  draft.home = (await api.setup()).home;
  draft.choices = { people: draft.choices.people, time_zone: zone() };
}

async function bringHome(draft, file) {
  if (!file) return say("welcome.file_problem");
  const home = parse(await file.text());
  if (!home) return say("welcome.file_unreadable");
  draft.home = await api.checkHome(home);
  draft.choices = { people: draft.choices.people, home };
  return "";
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function choice(value, checked, chosen) {
  const input = make("input", { type: "radio", name: "home", value, checked, on: { change: chosen } });
  return make(
    "label.choice",
    {},
    input,
    make(
      "span",
      {},
      make("strong", { text: say(`welcome.home_${value}`) }),
      make("span.hint", { text: say(`welcome.home_${value}_hint`) }),
    ),
  );
}
