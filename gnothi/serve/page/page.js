/** Where the page begins: words first, then the places, then the server's events. */
import { announce } from "./base/announce.js";
import { api } from "./base/api.js";
import { listenForKeys } from "./base/keys.js";
import { part } from "./base/dom.js";
import { connect, connection } from "./base/live.js";
import { followAddress, layPlaces } from "./base/places.js";
import { fill, loadTexts, say } from "./base/texts.js";
import { startHome } from "./home/home.js";
import { startJournal } from "./journal/journal.js";
import { startLearned } from "./learned/learned.js";
import { startLists } from "./lists/lists.js";
import { startPlayer } from "./music/player.js";
import { startPeople } from "./settings/people.js";
import { startSettings } from "./settings/settings.js";
import { startShowing } from "./sight/showing.js";
import { startNow } from "./talk/now.js";
import { startTalk } from "./talk/talk.js";
import { startTimers } from "./timers/timers.js";
import { startPanel } from "./voice/panel.js";
import { welcomeIfNew } from "./welcome/wizard.js";

const CALM = 1200; // A short interruption is nobody's business.

await loadTexts(document.documentElement.lang);
fill();
layPlaces();
startPeople();
startTalk();
startShowing();
startPanel();
startHome();
startTimers();
startLists();
startNow();
startPlayer();
startJournal();
startLearned();
startSettings();
followAddress();
listenForKeys();
tellConnection();
if (await isLetIn()) {
  connect();
  await welcomeIfNew();
} else {
  tellStranger();
}
document.body.dataset.ready = "";

/** Whether this device may come in; the server tells its version only to those who may. */
async function isLetIn() {
  const { version } = await api.health().catch(() => ({ version: "" })); // Away is not the same as closed.
  return version !== null;
}

/** Tell a device that was never paired how it gets in. */
function tellStranger() {
  part("banner").textContent = say("connection.stranger");
  part("banner").hidden = false;
}

/** Show a calm banner while the server is away. */
function tellConnection() {
  const banner = part("banner");
  let later = 0;
  connection.watch((state) => {
    clearTimeout(later);
    document.body.dataset.connection = state;
    if (state === "lost") {
      later = setTimeout(() => {
        banner.textContent = say("connection.lost");
        banner.hidden = false;
      }, CALM);
    } else if (!banner.hidden) {
      banner.hidden = true;
      announce(say("connection.back"));
    }
  });
}
