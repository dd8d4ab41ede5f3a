/** Who lives here. */
import { button, make } from "../base/dom.js";
import { name, say } from "../base/texts.js";

const ROLES = ["adult", "child"];

/** Names and roles, one row for each person. */
export function peopleStep({ choices }) {
  const rows = make("div.people-rows");
  const add = (person) => rows.append(row(person, rows));
  (choices.people.length ? choices.people : [{ name: "", role: "adult" }]).forEach(add);
  const more = button({
    icon: "plus",
    text: say("welcome.add_person"),
    kind: "quiet",
    id: "add-person",
    on: () => {
      add({ name: "", role: "adult" });
      rows.lastElementChild.querySelector("input").focus();
    },
  });
  return {
    title: "welcome.people",
    hint: "welcome.people_hint",
    fields: [rows, more],
    take: (draft) => take(draft, read(rows)),
  };
}

function take(draft, people) {
  draft.choices.people = people;
  return people.some(({ role }) => role === "adult") ? "" : say("welcome.people_problem");
}

function row(person, rows) {
  const line = make(
    "div.person-row",
    { data: { id: person.id ?? "" } },
    make("input", {
      value: person.name,
      maxlength: 60,
      placeholder: say("welcome.name"),
      "aria-label": say("welcome.name"),
      autocomplete: "off",
    }),
    make(
      "select",
      { "aria-label": say("welcome.role") },
      ...ROLES.map((role) =>
        make("option", { value: role, text: name("role", role), selected: role === person.role }),
      ),
    ),
    button({
      icon: "close",
      kind: "round",
      label: say("welcome.remove_person"),
      on: () => rows.children.length > 1 && line.remove(),
    }),
  );
  return line;
}

const read = (rows) =>
  [...rows.children]
    .map((line) => ({
      id: line.dataset.id || null,
      name: line.querySelector("input").value.trim(),
      role: line.querySelector("select").value,
    }))
    .filter((person) => person.name);
