/**
 * The server, as the page calls it. All addresses of the API are in this file.
 */

let ahead = 0;

/** The present moment by the server's clock, in milliseconds: a phone's own may be wrong. */
export const serverNow = () => Date.now() + ahead;

const WORTH_CORRECTING = 2000; // The header has whole seconds; less is noise.

function compareClocks(answer) {
  const difference = Date.parse(answer.headers.get("Date")) - Date.now();
  ahead = Math.abs(difference) > WORTH_CORRECTING ? difference : 0;
}

/** What the server refused or could not do, with its machine code. */
export class ApiError extends Error {
  constructor(code, message, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Ask the server and return its JSON; throws ApiError with a sentence for the family. */
async function call(method, address, body) {
  const options = { method, credentials: "same-origin", headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`api/${address}`, options);
  } catch {
    throw new ApiError("unreachable", "", 0);
  }
  compareClocks(answer);
  if (!answer.ok) throw await refusal(answer);
  return answer.status === 204 ? null : answer.json();
}

/** Send a file as it is. */
async function send(address, file) {
  const options = { method: "POST", credentials: "same-origin", body: file };
  options.headers = { Accept: "application/json", "Content-Type": file.type || "application/octet-stream" };
  const answer = await fetch(`api/${address}`, options).catch(() => {
    throw new ApiError("unreachable", "", 0);
  });
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

async function refusal(answer) {
  try {
    const { code = "refused", message = "" } = await answer.json();
    return new ApiError(code, message, answer.status);
  } catch {
    return new ApiError("refused", "", answer.status);
  }
}

const get = (address) => call("GET", address);
const post = (address, body = {}) => call("POST", address, body);
const remove = (address) => call("DELETE", address);
const at = encodeURIComponent;

/** Keep only the parameters that have a value. */
function query(parameters) {
  const kept = Object.entries(parameters).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  return kept.length ? `?${new URLSearchParams(kept)}` : "";
}

export const api = {
  health: () => get("health"),
  turn: (turn) => post("turn", turn),
  showPicture: (file) => send("pictures", file),
  putRight: (picture, line, told) => post(`pictures/${at(picture)}/lines/${line}`, told),
  things: () => get("things"),
  teachThing: (lesson) => post("things", lesson),
  proposeBoxes: (pictures, box) => post("things/propose", { pictures, box }),
  findThing: (thing, picture) => post("things/find", { name: thing, picture }),
  forgetThing: (thing) => post("things/forget", { name: thing }),
  pictureAddress: (id) => `api/pictures/${at(id)}`,
  explanation: (id) => get(`turns/${at(id)}/explanation`),

  areas: () => get("areas"),
  devices: () => get("devices"),
  callDevice: (id, order) => post(`devices/${at(id)}/call`, order),

  alarms: () => get("alarms"),
  cancelAlarm: (id) => remove(`alarms/${at(id)}`),
  snoozeAlarm: (id) => post(`alarms/${at(id)}/snooze`),
  stopAlarm: (id) => post(`alarms/${at(id)}/stop`),

  lists: () => get("lists"),
  createList: (title) => post("lists", { name: title }),
  addItem: (list, text) => post(`lists/${at(list)}/items`, { text }),
  completeItem: (list, text, done) => post(`lists/${at(list)}/items/complete`, { text, done }),
  removeItem: (list, text) => post(`lists/${at(list)}/items/remove`, { text }),

  journal: (filter) => get(`journal${query(filter)}`),
  entry: (id) => get(`journal/${at(id)}`),
  erase: (person) => remove(`people/${at(person)}/journal`),
  exportAddress: (person) => `api/people/${at(person)}/export`,

  recordings: (person) => get(`people/${at(person)}/recordings`),
  keepRecordings: (person, kept) => post(`people/${at(person)}/recordings`, { kept }),
  eraseRecordings: (person) => remove(`people/${at(person)}/recordings`),
  writeDown: (id, text) => post(`journal/${at(id)}/transcript`, { text }),
  recordingsAddress: (person) => `api/people/${at(person)}/recordings/archive`,
  recordingAddress: (turn) => `api/journal/${at(turn)}/recording`,

  people: () => get("people"),
  paired: () => get("paired"),
  invite: () => post("pairing"),
  revoke: (device) => remove(`paired/${at(device)}`),
  skills: () => get("skills"),
  artifacts: () => get("artifacts"),
  switchArtifact: (artifact, version) => post(`artifacts/switch`, { name: artifact, version }),
  rollBack: (artifact) => post(`artifacts/rollback`, { name: artifact }),
  backupAddress: "api/backup",

  learning: () => get("learning"),
  learnNow: () => post("learning/run"),
  chooseNights: (nights) => post("learning/nights", nights),
  switchRewriteOff: (id, user) => post("learning/rewrites/off", { id, user }),
  switchRewriteOn: (id, user) => post("learning/rewrites/on", { id, user }),
  forgetRewrite: (id, user) => post("learning/rewrites/forget", { id, user }),

  setup: () => get("setup"),
  checkHome: (home) => post("setup/home", { home }),
  finishSetup: (choices) => post("setup", choices),

  player: () => get("player"),
  commandPlayer: (command) => post("player", command),
};
