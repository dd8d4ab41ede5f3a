/** Answers as they are spoken: each piece is played right after the one before, and all of it ends at once. */

import { Resampler } from "./resampler.js";

const AHEAD = 0.05; // Seconds kept in hand, so that a network that stutters is not heard.
const FADE = 0.015; // A cut would click.

export class Loudspeaker {
  #context;
  #resampler = null;
  #gain = null;
  #sources = new Set();
  #next = 0; // The sample, by the context's clock, that follows what was scheduled.
  #began = 0;
  #seconds = 0;
  #ended = null;

  constructor(context) {
    this.#context = context;
  }

  /** Begin an answer of so many samples a second. */
  begin(rate) {
    this.stop();
    this.#resampler = new Resampler(rate, this.#context.sampleRate);
    this.#gain = new GainNode(this.#context);
    this.#gain.connect(this.#context.destination);
    this.#next = this.#began = this.#seconds = 0;
    this.#ended = null;
  }

  /** Play a piece of it: 16-bit samples. */
  play(sound) {
    if (!this.#gain) return;
    this.#schedule(this.#resampler.take(Float32Array.from(new Int16Array(sound), (sample) => sample / 32_768)));
  }

  /** Play samples at the context's own rate, from a whole sample on: nothing overlaps, nothing is left out. */
  #schedule(samples) {
    if (!samples.length) return;
    const rate = this.#context.sampleRate;
    const buffer = new AudioBuffer({ length: samples.length, sampleRate: rate });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer });
    source.connect(this.#gain);
    const now = Math.ceil(this.#context.currentTime * rate);
    const start = this.#next > now ? this.#next : now + Math.round(AHEAD * rate);
    if (!this.#began) this.#began = start / rate;
    source.start(start / rate);
    this.#next = start + samples.length;
    this.#seconds += buffer.duration;
    this.#sources.add(source);
    source.addEventListener("ended", () => this.#played(source));
  }

  #played(source) {
    this.#sources.delete(source);
    if (!this.#sources.size) this.#ended?.();
  }

  /** Call `ended` once everything that came has been heard. */
  whenDone(ended) {
    if (this.#gain) this.#schedule(this.#resampler.finish());
    this.#ended = () => {
      this.#ended = null;
      ended();
    };
    if (!this.#sources.size) this.#ended();
  }

  /** Seconds that were heard. */
  get heard() {
    const since = this.#began ? this.#context.currentTime - this.#began : 0;
    return Math.max(0, Math.min(this.#seconds, since));
  }

  /** Be silent, within a few milliseconds; what comes late is not played. */
  stop() {
    if (!this.#gain) return;
    const now = this.#context.currentTime;
    this.#gain.gain.setValueAtTime(1, now);
    this.#gain.gain.linearRampToValueAtTime(0, now + FADE);
    for (const source of this.#sources) source.stop(now + FADE);
    this.#sources.clear();
    this.#gain = this.#resampler = null;
    this.#ended = null;
  }
}
