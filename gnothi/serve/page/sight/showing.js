/** Showing a picture: from a file, from the clipboard, dropped, or taken with the camera. */
import { guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, icon, make, part, show } from "../base/dom.js";
import { say } from "../base/texts.js";
import { ask } from "../talk/talk.js";
import { Camera, CameraError } from "./camera.js";

// Named one by one: telephones then send their HEIC pictures as JPEG.
const TAKEN = "image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff";

/** Make the button beside the field work, and take what is pasted or dropped. */
export function startShowing() {
  const opener = part("show-picture");
  opener.append(icon("camera"));
  opener.title = say("sight.show");
  opener.addEventListener("click", openSheet);
  part("say").addEventListener("paste", (event) => take(event, event.clipboardData));
  const talk = part("view-talk");
  talk.addEventListener("dragover", (event) => event.preventDefault());
  talk.addEventListener("drop", (event) => take(event, event.dataTransfer, true));
}

function take(event, given, always = false) {
  const file = [...(given?.files ?? [])].find(({ type }) => type.startsWith("image/"));
  if (file || always) event.preventDefault();
  if (file) askAbout(file);
}

/** Show *file* to the assistant, with what stands in the field, or to have it read. */
const askAbout = guarded(async (file) => {
  const field = part("say");
  const text = field.value.trim() || say("sight.ask");
  const { id } = await api.showPicture(file);
  field.value = "";
  await ask(text, id);
});

function openSheet() {
  const sheet = part("sheet");
  const chooser = make("input.visually-hidden", { type: "file", accept: TAKEN, id: "picture-file" });
  chooser.addEventListener("change", () => {
    const [file] = chooser.files;
    sheet.close();
    if (file) askAbout(file);
  });
  const place = make("div.live", { hidden: true });
  sheet.setAttribute("aria-labelledby", "sheet-title");
  show(
    sheet,
    make("h2", { id: "sheet-title", text: say("sight.title") }),
    make("p.hint", { text: say("sight.hint") }),
    place,
    make(
      "div.buttons",
      { id: "picture-ways" },
      chooser,
      button({ icon: "picture", text: say("sight.choose"), kind: "primary", id: "choose-picture", on: () => chooser.click() }),
      button({ icon: "camera", text: say("sight.use_camera"), id: "use-camera", on: () => look(sheet, place) }),
      button({ text: say("ask.close"), kind: "quiet", on: () => sheet.close() }),
    ),
  );
  sheet.showModal();
}

/** Show what the camera sees until the picture is taken, or the sheet is closed. */
async function look(sheet, place) {
  const video = make("video", { muted: true, playsinline: true, "aria-label": say("sight.live") });
  show(place, video);
  place.hidden = false;
  let camera;
  try {
    camera = await Camera.open(video);
  } catch (error) {
    if (!(error instanceof CameraError)) throw error;
    place.hidden = true;
    notice(say(`sight.camera.${error.reason}`), { kind: "trouble" });
    return;
  }
  sheet.addEventListener("close", () => camera.close(), { once: true });
  if (!sheet.open) camera.close();
  const taken = async () => {
    const file = await camera.take();
    sheet.close();
    await askAbout(file);
  };
  const shutter = button({ icon: "camera", text: say("sight.take"), kind: "primary", id: "take-picture", on: taken });
  part("use-camera")?.replaceWith(shutter);
  shutter.focus();
}
