/** Beside the conversation: what is on, what will ring, what stands open. */
import { icon, make, part, show } from "../base/dom.js";
import { clock } from "../base/format.js";
import { say } from "../base/texts.js";
import { areas, devices } from "../home/house.js";
import { classOf, iconOf, isActive, isRunning, stateWords } from "../home/kinds.js";
import { alarms, wantsAnswer } from "../timers/alarms.js";
import { counting } from "../timers/countdown.js";
import { kindOf, titleOf } from "../timers/titles.js";

const OPENINGS = new Set(["door", "window", "garage_door", "opening"]);

/** Keep the glance at the home true. */
export function startNow() {
  const draw = () =>
    show(
      part("now"),
      rings(),
      glance("now.open", openThings()),
      glance("now.on", activeThings()),
      readings(),
    );
  for (const store of [areas, devices, alarms]) store.watch(draw);
}

const block = (key, ...inside) => make("section.glance", {}, make("h2", { text: say(key) }), ...inside);

function rings() {
  const soon = alarms.value.filter((alarm) => !wantsAnswer(alarm)).slice(0, 4);
  if (!soon.length) return null;
  return block(
    "now.rings",
    make(
      "ul.glance-rows",
      {},
      ...soon.map((alarm) =>
        make(
          "li.glance-row",
          {},
          make("span", { text: titleOf(alarm) }),
          kindOf(alarm) === "timer" ? counting(alarm) : make("b", { text: clock(alarm.due) }),
        ),
      ),
    ),
  );
}

const all = () => [...devices.value.values()];
const isOpening = (device) =>
  device.domain === "lock" ||
  (device.domain === "cover" && ["garage", "gate", "door"].includes(classOf(device))) ||
  (device.domain === "binary_sensor" && OPENINGS.has(classOf(device)));

const openThings = () => all().filter((device) => isOpening(device) && isActive(device));
const activeThings = () => all().filter((device) => isRunning(device));

function glance(key, inside) {
  if (!inside.length)
    return key === "now.open" && devices.value.size
      ? block(key, make("p.fine", {}, icon("check"), make("span", { text: say("now.all_closed") })))
      : null;
  return block(
    key,
    make(
      "ul.glance-rows",
      {},
      ...inside
        .slice(0, 8)
        .map((device) =>
          make(
            "li.glance-row",
            { data: { domain: device.domain } },
            icon(iconOf(device)),
            make("span", { text: unique(device) }),
            make("b", { text: stateWords(device) }),
          ),
        ),
    ),
  );
}

/** A name with its room where two rooms have the same. */
function unique(device) {
  const twin = all().some((other) => other.id !== device.id && other.name === device.name);
  const room = areas.value.find((area) => area.id === device.area)?.name;
  return twin && room ? say("now.in_room", { device: device.name, room }) : device.name;
}

function readings() {
  const warm = all().filter((device) => device.domain === "sensor" && classOf(device) === "temperature");
  if (!warm.length) return null;
  return block(
    "now.temperatures",
    make(
      "ul.glance-rows",
      {},
      ...warm
        .slice(0, 5)
        .map((device) =>
          make(
            "li.glance-row",
            {},
            make("span", { text: areas.value.find((area) => area.id === device.area)?.name ?? device.name }),
            make("b", { text: stateWords(device) }),
          ),
        ),
    ),
  );
}
