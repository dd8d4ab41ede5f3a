/** The page's own player: plays the household's files through this browser. */
import { guarded } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { countdown } from "../base/format.js";
import { hear } from "../base/live.js";
import { say } from "../base/texts.js";
import { sounding } from "../settings/device.js";

/** Seconds in which a sample grows silent at its end. */
const FADE = 2;
const audio = new Audio();
let state = { status: "idle", track: null };

/** Follow what the assistant plays. */
export function startPlayer() {
  const fetchState = () =>
    api
      .player()
      .then(obey)
      .catch(() => obey({ status: "idle", track: null })); // A home without music has no player.
  hear("open", fetchState);
  hear("player", ({ player }) => obey(player));
  audio.addEventListener("ended", () => command("ended", { track: state.track?.id })());
  audio.addEventListener("timeupdate", progress);
  sounding.watch(() => obey({}));
}

function obey(next) {
  state = { ...state, ...next };
  draw();
  if (!state.track || state.status === "idle") return audio.pause();
  take(state.track);
  if (Number.isFinite(state.volume)) audio.volume = state.muted ? 0 : Math.max(0, Math.min(1, state.volume));
  if (state.status === "playing" && sounding.value) return audio.play().catch(refused);
  return audio.pause();
}

/** Load a track where another one is loaded, or another part of it. */
function take(track) {
  const piece = [track.url, track.begin ?? 0, track.limit ?? 0].join(" ");
  if (audio.dataset.piece === piece) return;
  audio.dataset.piece = piece;
  const url = new URL(track.url, document.baseURI).href;
  audio.src = track.begin ? `${url}#t=${track.begin}` : url;
}

/** End a track of which only so many seconds are wanted; it fades out before. */
function keepWithin({ begin = 0, limit = 0 }) {
  if (!limit || audio.paused) return;
  const left = begin + limit - audio.currentTime;
  if (left <= 0) {
    audio.pause();
    command("ended", { track: state.track?.id })();
  } else if (left < FADE && !state.muted) {
    audio.volume = Math.max(0, Math.min(1, (state.volume * left) / FADE));
  }
}

/** Browsers play only after a touch; the bar then shows a button that asks for it. */
function refused() {
  part("player").dataset.blocked = "";
}

const command = (word, more = {}) =>
  guarded(async () => obey(await api.commandPlayer({ command: word, ...more })));

function playOrPause() {
  delete part("player").dataset.blocked;
  if (state.status === "playing" && sounding.value && audio.paused) return audio.play().catch(refused);
  return command(state.status === "playing" ? "pause" : "resume")();
}

function draw() {
  const bar = part("player");
  const track = state.status === "idle" ? null : state.track;
  bar.hidden = !track;
  document.body.toggleAttribute("data-music", Boolean(track));
  if (!track) return;
  const playing = state.status === "playing";
  show(
    bar,
    make("span.sleeve", {}, icon("speaker")),
    make(
      "div.track",
      {},
      make("strong", { text: track.title }),
      make("span", { text: [track.artist, track.album].filter(Boolean).join(" · ") }),
    ),
    make(
      "div.player-buttons",
      {},
      button({
        icon: "previous",
        kind: "round",
        label: say("music.previous"),
        id: "music-previous",
        on: command("previous"),
      }),
      button({
        icon: playing ? "pause" : "play",
        kind: "round-primary",
        label: say(playing ? "music.pause" : "music.play"),
        id: "music-play",
        on: playOrPause,
      }),
      button({
        icon: "next",
        kind: "round",
        label: say("music.next"),
        id: "music-next",
        on: command("next"),
      }),
    ),
    make("span.played", { id: "played", text: countdown(audio.currentTime) }),
    loudness(),
  );
}

function loudness() {
  const volume = Math.round((state.volume ?? 0.5) * 100);
  return make(
    "label.loudness",
    {},
    icon("volume"),
    make("input.slider", {
      type: "range",
      min: 0,
      max: 100,
      value: volume,
      id: "music-volume",
      "aria-label": say("music.volume"),
      vars: { "--share": volume / 100 },
      on: {
        input: (event) => {
          audio.volume = event.target.value / 100;
          event.target.style.setProperty("--share", event.target.value / 100);
        },
        change: (event) => command("volume", { level: event.target.value / 100 })(),
      },
    }),
  );
}

function progress() {
  if (state.track) keepWithin(state.track);
  const shown = part("played");
  if (shown) shown.textContent = countdown(audio.currentTime);
  if (audio.duration) part("player").style.setProperty("--played", audio.currentTime / audio.duration);
}
