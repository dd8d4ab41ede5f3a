/** A turn from elsewhere than the conversation: the answer is a notice. */
import { notice } from "../base/announce.js";
import { api } from "../base/api.js";
import { freshId } from "../base/memory.js";
import { room } from "../settings/device.js";
import { speaker } from "../settings/people.js";

/** Say *text* in a session of its own and show the answer for a moment. */
export async function quietly(text) {
  const answer = await api.turn({ text, user: speaker.value, device: room.value, session: freshId() });
  notice(answer.reply);
  return answer;
}
