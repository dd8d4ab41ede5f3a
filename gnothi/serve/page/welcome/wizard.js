/** The first evening: who lives here, which home, which rooms. Nothing is sent before the end of a step. */
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

/** Open the wizard when nobody has said yet who lives here. */
export async function welcomeIfNew() {
  try {
    const { done } = await api.setup();
    if (!done) await openWizard();
  } catch (error) {
    tellTrouble(error);
  }
}

/** Go through the questions (again). */
export async function openWizard() {
  const wizard = part("wizard");
  wizard.setAttribute("aria-labelledby", "wizard-title");
  at = 0;
  await enter();
  if (!wizard.open) wizard.showModal();
  focusFirst();
}

async function enter() {
  step = await STEPS[at]();
  draw();
}

function draw(problem = "") {
  const last = at === STEPS.length - 1;
  const next = make("button.button.primary", { type: "submit", id: "wizard-next", text: say(last ? "welcome.finish" : "welcome.next") });
  const back = at ? button({ text: say("welcome.back"), kind: "quiet", id: "wizard-back", on: () => turn(-1) }) : button({ text: say("welcome.later"), kind: "quiet", id: "wizard-later", on: () => part("wizard").close() });
  show(part("wizard"),
    make("header.wizard-head", {}, make("span.brand-name.brand", { text: say("welcome.title") }), progress()),
    make("form.wizard-body", { id: "wizard-form", novalidate: true, on: { submit: advance } },
      make("h2", { id: "wizard-title", text: say(step.title) }), make("p.hint", { text: say(step.hint) }),
      problem ? make("p.problem", { role: "alert", text: problem }) : null, ...step.fields),
    make("footer.wizard-foot", {}, back, next));
  next.setAttribute("form", "wizard-form");
}

const progress = () => make("span.steps", { role: "img", "aria-label": say("welcome.step", { at: at + 1, of: STEPS.length }) },
  ...STEPS.map((_, index) => make("i", { data: { done: String(index <= at) } })));

const focusFirst = () => part("wizard-form").querySelector("input")?.focus();

async function advance(event) {
  event.preventDefault();
  const problem = step.problem?.();
  if (problem) return draw(problem);
  part("wizard-next").disabled = true;
  try {
    await step.send();
    if (at === STEPS.length - 1) return await finish();
    return await turn(1);
  } catch (error) {
    if (!error.code) throw error;
    return draw(error.message || say("error.other"));
  }
}

async function turn(by) {
  at += by;
  await enter();
  focusFirst();
}

async function finish() {
  await api.finishSetup();
  await Promise.all([fetchPeople(), fetchHouse()]);
  if (people.value.length) speakAs(people.value[0].id);
  part("wizard").close();
  part("say").focus();
}
