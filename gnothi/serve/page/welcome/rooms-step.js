/** Which rooms there are and what they are called; those left out go with their devices. */
import { button, make } from "../base/dom.js";
import { say } from "../base/texts.js";

/** A box and a name for each room, and more rooms when wanted. */
export function roomsStep({ home }) {
  const rows = make("div.room-choices", {}, ...home.rooms.map(room));
  const more = button({
    icon: "plus",
    text: say("welcome.add_room"),
    kind: "quiet",
    id: "add-room",
    on: () => {
      rows.append(room({ id: null, name: "", floor: null }));
      rows.lastElementChild.querySelector("[type=text]").focus();
    },
  });
  return {
    title: "welcome.rooms",
    hint: "welcome.rooms_hint",
    fields: [rows, more],
    take: (draft) => take(draft, rows),
  };
}

function take(draft, rows) {
  const kept = [...rows.children].map(read).filter((one) => one.wanted && one.name);
  draft.choices.rooms = kept.map(({ id, name, floor }) => ({ id, name, floor }));
  return kept.length ? "" : say("welcome.rooms_problem");
}

const read = (row) => ({
  id: row.dataset.id || null,
  floor: row.dataset.floor || null,
  name: row.querySelector("[type=text]").value.trim(),
  wanted: row.querySelector("[type=checkbox]").checked,
});

const room = ({ id, name, floor }) =>
  make(
    "div.room-choice",
    { data: { id: id ?? "", floor: floor ?? "" } },
    make("input", {
      type: "checkbox",
      checked: true,
      "aria-label": say("welcome.room_wanted", { room: name }),
    }),
    make("input", {
      type: "text",
      value: name,
      maxlength: 60,
      "aria-label": say("welcome.room_name"),
      placeholder: say("welcome.room_name"),
      autocomplete: "off",
    }),
  );
