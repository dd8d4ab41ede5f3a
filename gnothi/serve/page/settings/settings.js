/** The place of settings: who speaks, how it looks, what was learned, what to keep. */
import { api } from "../base/api.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { here, onArrival } from "../base/places.js";
import { say } from "../base/texts.js";
import { chosenTheme, THEMES, wearTheme } from "../base/theme.js";
import { showKeys } from "../base/keys.js";
import { openWizard } from "../welcome/wizard.js";
import { drawArtifacts } from "./artifacts.js";
import { deviceQuestions } from "./device.js";
import { drawPhones, phones } from "./phones.js";
import { faces, people, speaker } from "./people.js";
import { drawRecordings, recordings } from "./recordings.js";

/** Draw the settings; what was learned is fetched when one comes here. */
export function startSettings() {
  show(
    part("view-settings"),
    make("header.view-head", {}, make("h1", { id: "title-settings", text: say("place.settings") })),
    make(
      "div.sheets",
      {},
      paper(
        "settings.who",
        make("p.hint", { text: say("settings.who_text") }),
        make("div.faces", { id: "faces" }),
      ),
      paper("settings.look", themes()),
      paper("settings.device", ...deviceQuestions()),
      paper("settings.recordings", ...recordings()),
      paper("settings.phones", ...phones()),
      paper(
        "settings.learned",
        make("p.hint", { text: say("settings.learned_text") }),
        make("div", { id: "artifacts" }),
      ),
      paper(
        "settings.keep",
        make("p.hint", { text: say("settings.keep_text") }),
        make(
          "a.button.quiet",
          { href: api.backupAddress, download: "", id: "backup" },
          icon("download"),
          make("span", { text: say("settings.backup") }),
        ),
      ),
      paper(
        "settings.more",
        make(
          "div.buttons",
          {},
          button({ text: say("settings.wizard"), kind: "quiet", icon: "home", id: "again", on: openWizard }),
          button({ text: say("keys.title"), kind: "quiet", on: showKeys }),
        ),
      ),
    ),
  );
  const drawFaces = () => show(part("faces"), ...faces());
  people.watch(drawFaces);
  speaker.watch(drawFaces);
  speaker.watch(() => here() === "settings" && drawRecordings());
  onArrival("settings", () => {
    drawArtifacts();
    drawPhones();
    drawRecordings();
  });
}

const paper = (key, ...inside) => make("section.paper", {}, make("h2", { text: say(key) }), ...inside);

function themes() {
  const chosen = chosenTheme();
  return make(
    "fieldset.segments",
    {},
    make("legend.visually-hidden", { text: say("settings.theme") }),
    ...THEMES.map((theme) =>
      make(
        "label.segment",
        {},
        make("input", {
          type: "radio",
          name: "theme",
          value: theme,
          checked: theme === chosen,
          on: { change: () => wearTheme(theme) },
        }),
        make("span", { text: say(`theme.${theme}`) }),
      ),
    ),
  );
}
