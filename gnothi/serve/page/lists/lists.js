/** The place of lists: check off, add, remove. */
import { guarded } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { count } from "../base/places.js";
import { say } from "../base/texts.js";
import { fetchLists, lists } from "../home/house.js";

/** Draw the lists and keep them true. */
export function startLists() {
  show(
    part("view-lists"),
    make("header.view-head", {}, make("h1", { id: "title-lists", text: say("place.lists") })),
    make("div.sheets", { id: "all-lists" }),
  );
  lists.watch(draw);
}

function draw(known) {
  count(
    "lists",
    known.reduce((sum, list) => sum + open(list).length, 0),
  );
  const half = part("all-lists").querySelectorAll("input[name=item]");
  const written = new Map([...half].map((field) => [field.id, field.value]));
  show(
    part("all-lists"),
    ...(known.length ? known.map(sheet) : [make("p.empty", { text: say("lists.none") })]),
    starter(),
  );
  for (const [id, text] of written) if (part(id)) part(id).value = text;
}

const open = (list) => list.items.filter((item) => !item.done);

function sheet(list) {
  const sorted = [...open(list), ...list.items.filter((item) => item.done)];
  return make(
    "section.paper",
    { data: { list: list.id }, "aria-label": list.name },
    make(
      "h2",
      {},
      list.name,
      make("span.room-summary", { text: say("lists.open", { count: open(list).length }) }),
    ),
    sorted.length
      ? make("ul.items", {}, ...sorted.map((item, index) => line(list, item, index)))
      : make("p.hint", { text: say("lists.empty") }),
    adder(list),
  );
}

function line(list, item, index) {
  const then = (action) =>
    guarded(async () => {
      await action(list.id, item.text);
      await fetchLists();
    });
  const id = `item-${list.id}-${index}`;
  const box = make("input.tick", {
    type: "checkbox",
    id,
    checked: item.done,
    on: { change: then((which, text) => api.completeItem(which, text, box.checked)) },
  });
  return make(
    "li.item",
    { data: { done: String(Boolean(item.done)) } },
    box,
    make("label", { for: id, text: item.text, dir: "auto" }),
    button({
      icon: "close",
      kind: "round",
      label: say("lists.remove", { item: item.text }),
      id: `remove-${list.id}-${index}`,
      on: then(api.removeItem),
    }),
  );
}

function starter() {
  const field = make("input", {
    id: "new-list",
    maxlength: 100,
    placeholder: say("lists.new"),
    "aria-label": say("lists.new"),
    autocomplete: "off",
  });
  const begin = guarded(async (event) => {
    event.preventDefault();
    const title = field.value.trim();
    if (!title) return;
    field.value = "";
    await api.createList(title);
    await fetchLists();
  });
  return make(
    "form.adder.starter",
    { on: { submit: begin } },
    icon("plus"),
    field,
    make("button.button.small", { type: "submit", text: say("lists.new_button") }),
  );
}

function adder(list) {
  const field = make("input", {
    name: "item",
    id: `add-${list.id}`,
    maxlength: 200,
    placeholder: say("lists.add"),
    "aria-label": say("lists.add_to", { list: list.name }),
    autocomplete: "off",
  });
  const add = guarded(async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    await api.addItem(list.id, text);
    await fetchLists();
  });
  return make(
    "form.adder",
    { on: { submit: add } },
    icon("plus"),
    field,
    make("button.button.small", { type: "submit", text: say("lists.add_button") }),
  );
}
