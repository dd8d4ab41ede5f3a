/** Teach me a thing: name it, show it, draw a box in one picture, correct the others, try it. */
import { announce, guarded, notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { button, make, part, show } from "../base/dom.js";
import { say } from "../base/texts.js";
import { Board, outline } from "./board.js";
import { Camera, CameraError } from "./camera.js";

const TAKEN = "image/jpeg,image/png,image/webp,image/gif,image/bmp,image/tiff";
const MOST = 12; // The server keeps few pictures at a time.

/** Open the sheet in which a thing is taught; *done* is called when something was learned. */
export function openTeaching({ name = "", done = () => {} } = {}) {
  closeCamera();
  const sheet = part("sheet");
  const boards = [];
  const field = make("input.field", { id: "thing-name", value: name, maxlength: "60", placeholder: say("things.name_idea") });
  const place = make("div.boards", { id: "boards" });
  const live = make("div.live", { hidden: true });
  const told = make("p.hint", { id: "thing-told", role: "status", text: say("things.hint") });
  const keep = make("input", { type: "checkbox", id: "thing-keep" });

  const changed = (board) => {
    if (board === boards[0] && board.boxes?.length === 1) propose(board.boxes[0]);
  };
  const propose = guarded(async (box) => {
    const { boxes } = await api.proposeBoxes(boards.map(({ id }) => id), box);
    boards.forEach((board, at) => {
      if (at || !box) if (!board.boxes || board.proposed) board.draw(boxes[at].length ? boxes[at] : null, true);
    });
    told.textContent = say(boards.length > 1 ? "things.proposed" : "things.one_proposed");
    announce(told.textContent);
  });
  const add = guarded(async (files) => {
    for (const file of [...files].slice(0, MOST - boards.length)) {
      const board = new Board(await api.showPicture(file), boards.length + 1, changed);
      boards.push(board);
      place.append(board.element);
    }
    told.textContent = say("things.draw");
    if (boards[0]?.boxes?.length) await propose(boards[0].boxes[0]);
  });
  const learn = guarded(async () => {
    const examples = boards.filter(({ boxes }) => boxes).map(({ id, boxes }) => ({ picture: id, boxes }));
    if (!examples.length) return notice(say("things.nothing_drawn"), { kind: "trouble" });
    const { sentence, thing } = await api.teachThing({
      name: field.value,
      examples,
      keep_pictures: keep.checked,
    });
    done();
    openTrying(thing.name, sentence, done);
  });

  show(
    sheet,
    make("h2", { id: "sheet-title", text: say("things.teach") }),
    make("label", { for: "thing-name", text: say("things.name") }),
    field,
    told,
    place,
    live,
    make(
      "div.buttons",
      {},
      ...chooser("thing-files", add, true),
      cameraButton(live, (file) => add([file])),
      button({ text: say("things.stands_out"), kind: "quiet", id: "stands-out", on: () => boards.length && propose(null) }),
    ),
    make("label.check", { for: "thing-keep" }, keep, make("span", { text: say("things.keep") })),
    make(
      "div.buttons",
      {},
      button({ text: say("ask.close"), kind: "quiet", on: () => sheet.close() }),
      button({ icon: "learned", text: say("things.learn"), kind: "primary", id: "learn-thing", on: learn }),
    ),
  );
  sheet.setAttribute("aria-labelledby", "sheet-title");
  if (!sheet.open) sheet.showModal();
  field.focus();
}

/** Open the sheet in which a thing is looked for; what is wrong there is learned from. */
export function openTrying(name, sentence, done = () => {}) {
  closeCamera();
  const sheet = part("sheet");
  const place = make("div.boards", { id: "trial" });
  const live = make("div.live", { hidden: true });
  const told = make("p", { id: "thing-told", role: "status", text: sentence });
  const look = guarded(async ([file]) => {
    const picture = await api.showPicture(file);
    const found = await api.findThing(name, picture.id);
    told.textContent = say(found.length ? "things.found" : "things.not_found", { name, count: found.length });
    show(place, sighting(name, picture, found, correct));
  });
  const correct = guarded(async (picture, wrong) => {
    const answer = await api.teachThing({ name, examples: [{ picture: picture.id, wrong: [wrong], whole: false }] });
    told.textContent = answer.sentence;
    done();
    const found = await api.findThing(name, picture.id);
    show(place, sighting(name, picture, found, correct));
  });
  show(
    sheet,
    make("h2", { id: "sheet-title", text: name }),
    told,
    place,
    live,
    make(
      "div.buttons",
      {},
      ...chooser("try-files", look, false),
      cameraButton(live, (file) => look([file])),
      button({ text: say("things.more"), kind: "quiet", id: "show-more", on: () => openTeaching({ name, done }) }),
      button({ text: say("ask.close"), kind: "quiet", id: "close-trial", on: () => sheet.close() }),
    ),
  );
  if (!sheet.open) sheet.showModal();
}

/** A picture with what was found in it, and a way to say of each that it is something else. */
function sighting(name, picture, found, correct) {
  const { id, width, height } = picture;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-hidden", "true");
  const wrong = found.map(({ box }, at) => {
    const text = say(found.length > 1 ? "things.wrong_one" : "things.wrong", { name, number: at + 1 });
    return button({ icon: "close", text, kind: "small", id: `thats-wrong-${at + 1}`, on: () => correct(picture, box) });
  });
  found.forEach(({ box }, at) => {
    const rectangle = outline(box);
    rectangle.addEventListener("click", () => wrong[at].click());
    svg.append(rectangle, ...(found.length > 1 ? [number(box, at + 1, height)] : []));
  });
  return make(
    "figure",
    { class: "board", data: { state: found.length ? "drawn" : "empty", found: found.length } },
    make(
      "div.seen-picture",
      { vars: { "--shape": `${width} / ${height}`, "--width": width / height } },
      make("img", { src: api.pictureAddress(id), alt: say("sight.picture") }),
      svg,
    ),
    ...wrong,
  );
}

/** A number in the corner of a *box*, by which it is told apart. */
function number([left, top], value, height) {
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
  const size = height / 14;
  for (const [key, side] of Object.entries({ x: left + size / 4, y: top + size, "font-size": size })) text.setAttribute(key, side);
  text.textContent = value;
  return text;
}

function chooser(id, take, multiple) {
  const input = make("input.visually-hidden", { type: "file", accept: TAKEN, multiple, id, tabindex: "-1", "aria-hidden": "true" });
  input.addEventListener("change", () => take([...input.files]).then(() => (input.value = "")));
  const text = say(multiple ? "things.choose" : "things.try");
  return [input, button({ icon: "picture", text, kind: multiple ? "plain" : "primary", id: `${id}-open`, on: () => input.click() })];
}

/** The camera of the sheet, while it is open. */
let camera = null;

function closeCamera() {
  camera?.close();
  camera = null;
}

/** A button that opens the camera, and then takes a picture at each touch. */
function cameraButton(live, take) {
  const press = async () => {
    if (camera) return take(await camera.take());
    const video = make("video", { muted: true, playsinline: true, "aria-label": say("sight.live") });
    show(live, video);
    live.hidden = false;
    try {
      camera = await Camera.open(video);
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      live.hidden = true;
      return notice(say(`sight.camera.${error.reason}`), { kind: "trouble" });
    }
    if (!part("sheet").open || !video.isConnected) return closeCamera(); // Somebody left meanwhile.
    part("sheet").addEventListener("close", closeCamera, { once: true });
    return shutter.querySelector("span").replaceChildren(say("sight.take"));
  };
  const shutter = button({ icon: "camera", text: say("sight.use_camera"), on: press });
  return shutter;
}
