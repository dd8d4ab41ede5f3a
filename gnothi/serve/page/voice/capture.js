/**
 * Runs beside the page, where sound comes in: mono, 16 kHz, 16 bits, in frames of 20 ms.
 *
 * A microphone's rate is what its hardware likes: 44.1 or 48 kHz, 8 or 16 with a headset.
 */
import { Resampler } from "./resampler.js";

const RATE = 16_000;
const FRAME = 320;

class Capture extends AudioWorkletProcessor {
  #resampler = new Resampler(sampleRate, RATE);
  #frame = new Int16Array(FRAME);
  #filled = 0;
  #power = 0;

  process([input]) {
    if (input.length) for (const sample of this.#resampler.take(mono(input))) this.#keep(sample);
    return true;
  }

  #keep(sample) {
    const cut = Math.max(-1, Math.min(1, sample));
    this.#frame[this.#filled++] = Math.round(cut * 32_767);
    this.#power += cut * cut;
    if (this.#filled < FRAME) return;
    const sound = this.#frame.buffer;
    this.port.postMessage({ sound, level: Math.sqrt(this.#power / FRAME) }, [sound]);
    this.#frame = new Int16Array(FRAME);
    this.#filled = this.#power = 0;
  }
}

function mono(channels) {
  if (channels.length === 1) return channels[0];
  return channels[0].map((_, at) => channels.reduce((sum, channel) => sum + channel[at], 0) / channels.length);
}

registerProcessor("capture", Capture);
