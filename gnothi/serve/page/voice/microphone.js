/** The microphone of this device: opened when somebody wants to talk, given back afterwards. */

import { withheld } from "../base/devices.js";

const WANTED = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Why there is no sound; `reason` completes `voice.mic.…` in the pack. */
export class MicrophoneError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export class Microphone {
  #stream;
  #nodes;

  /**
   * Open the microphone; `heard(sound, level)` gets each frame, `lost()` is called when it goes away.
   * Throws MicrophoneError.
   */
  static async open(context, heard, lost) {
    if (!isSecureContext || !navigator.mediaDevices?.getUserMedia || !context.audioWorklet)
      throw new MicrophoneError("insecure");
    const microphone = new Microphone();
    try {
      microphone.#stream = await navigator.mediaDevices.getUserMedia({ audio: WANTED });
    } catch (error) {
      throw new MicrophoneError(withheld(error));
    }
    try {
      await context.audioWorklet.addModule("voice/capture.js");
      microphone.#connect(context, heard);
    } catch {
      microphone.close();
      throw new MicrophoneError("broken");
    }
    for (const track of microphone.#stream.getTracks()) track.addEventListener("ended", lost);
    return microphone;
  }

  #connect(context, heard) {
    const source = context.createMediaStreamSource(this.#stream);
    const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 1 });
    // A node that leads nowhere is not run; this one hands nothing on but silence.
    const silence = new GainNode(context, { gain: 0 });
    capture.port.onmessage = ({ data }) => heard(data.sound, data.level);
    source.connect(capture).connect(silence).connect(context.destination);
    this.#nodes = [source, capture, silence];
  }

  /** Give the microphone back: the browser's sign that it is on goes out. */
  close() {
    for (const node of this.#nodes ?? []) node.disconnect();
    if (this.#nodes) this.#nodes[1].port.onmessage = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
  }
}
