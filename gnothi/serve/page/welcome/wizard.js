/** The first evening: who lives here, which home, which rooms. The home changes only at the very end. */
import { tellTrouble } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, make, part, show } from "../base/dom.js";
import { say } from "../base/texts.js";
import { fetchHouse } from "../home/house.js";
import { fetchPeople, people, speakAs } from "../settings/people.js";
import { homeStep } from "./home-step.js";
import { peopleStep } from "./people-step.js";
import { roomsStep } from "./rooms-step.js";

const STEPS = [peopleStep, homeStep, roomsStep];

let at = 0;
let step = null;
let draft = {};

/** Open the wizard when nobody has said yet who lives here. */
export async function welcomeIfNew() {
  try {
    const { done } = await api.setup();
    if (!done) await openWizard();
  } catch (error) {
    tellTrouble(error);
  }
}

/** Go through the questions, for the first time or again. */
export async function openWizard() {
  const wizard = part("wizard");
  wizard.setAttribute("aria-labelledby", "wizard-title");
  const { home } = await api.setup();
  draft = { home, choices: { people: home.people } };
  enter(0);
  if (!wizard.open) wizard.showModal();
  focusFirst();
}

function enter(place) {
  at = place;
  step = STEPS[at](draft);
  draw();
}

function draw(problem = "") {
  const last = at === STEPS.length - 1;
  const next = make("button.button.primary", {
    type: "submit",
    id: "wizard-next",
    form: "wizard-form",
    text: say(last ? "welcome.finish" : "welcome.next"),
  });
  show(
    part("wizard"),
    make("header.wizard-head", {}, make("strong.brand", { text: say("welcome.title") }), progress()),
    make(
      "form.wizard-body",
      { id: "wizard-form", novalidate: true, on: { submit: advance } },
      make("h2", { id: "wizard-title", text: say(step.title) }),
      make("p.hint", { text: say(step.hint) }),
      problem ? make("p.problem", { role: "alert", text: problem }) : null,
      ...step.fields,
    ),
    make("footer.wizard-foot", {}, at ? wayBack() : wayOut(), next),
  );
}

const wayBack = () =>
  button({ text: say("welcome.back"), kind: "quiet", id: "wizard-back", on: () => turnTo(at - 1) });
const wayOut = () =>
  button({ text: say("welcome.later"), kind: "quiet", id: "wizard-later", on: () => part("wizard").close() });

const progress = () =>
  make(
    "span.steps",
    { role: "img", "aria-label": say("welcome.step", { at: at + 1, of: STEPS.length }) },
    ...STEPS.map((_, index) => make("i", { data: { done: String(index <= at) } })),
  );

const focusFirst = () => part("wizard-form").querySelector("input")?.focus();

function turnTo(place) {
  enter(place);
  focusFirst();
}

/** Take the step's answer into the draft; a step says in a sentence what is wrong with it. */
async function advance(event) {
  event.preventDefault();
  part("wizard-next").disabled = true;
  try {
    const problem = await step.take(draft);
    if (problem) draw(problem);
    else if (at < STEPS.length - 1) turnTo(at + 1);
    else await finish();
  } catch (error) {
    if (!error.code) throw error;
    draw(error.message || say("error.other"));
  }
}

async function finish() {
  await api.finishSetup(draft.choices);
  await Promise.all([fetchPeople(), fetchHouse()]);
  speakAs(people.value[0].id);
  part("wizard").close();
  part("say").focus();
}
