/** Which home: the simulated one, or one from a file. */
import { api } from "../base/api.js";
import { make } from "../base/dom.js";
import { say } from "../base/texts.js";

/** A choice of two; a file is checked by the server, which says where it does not fit. */
export function homeStep() {
  const file = make("input", { type: "file", accept: ".json,application/json", id: "home-file", "aria-label": say("welcome.file"), disabled: true });
  const keep = choice("keep", true, () => (file.disabled = true));
  const own = choice("own", false, () => {
    file.disabled = false;
    file.click();
  });
  own.append(file);
  return {
    title: "welcome.home",
    hint: "welcome.home_hint",
    fields: [keep, own],
    problem: () => (!file.disabled && !file.files.length ? say("welcome.file_problem") : ""),
    send: async () => (file.disabled ? undefined : api.importHome(await file.files[0].text())),
  };
}

function choice(value, checked, chosen) {
  const input = make("input", { type: "radio", name: "home", value, checked, on: { change: chosen } });
  return make("label.choice", {}, input, make("span", {}, make("strong", { text: say(`welcome.home_${value}`) }), make("span.hint", { text: say(`welcome.home_${value}_hint`) })));
}
