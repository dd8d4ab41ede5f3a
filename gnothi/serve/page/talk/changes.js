/** What a turn changed in the home, as short chips. */
import { icon, make } from "../base/dom.js";
import { devices, lists } from "../home/house.js";
import { iconOf, isActive, stateWords } from "../home/kinds.js";

/** Make a chip for each device or list that changed. */
export const changesOf = (changes) => Object.entries(changes ?? {}).map(([id, state]) => chip(id, state));

function chip(id, state) {
  const device = devices.value.get(id) ?? {
    id,
    domain: id.split(".")[0],
    name: listName(id),
    attributes: {},
  };
  const now = {
    ...device,
    state: state.state ?? device.state,
    attributes: { ...device.attributes, ...attributes(state) },
  };
  return make(
    "li.effect",
    { data: { active: String(isActive(now)) } },
    icon(iconOf(now)),
    make("span", { text: now.name }),
    make("b", { text: stateWords(now) }),
  );
}

const listName = (id) => lists.value.find((list) => list.id === id)?.name ?? id;

const attributes = ({ state: _state, attributes: nested = {}, ...others }) => ({ ...others, ...nested });
