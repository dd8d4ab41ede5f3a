/**
 * Runs beside the page, where sound comes in: mono, 16 kHz, 16 bits, in frames of 20 ms.
 *
 * A microphone's rate is what its hardware likes (44.1 or 48 kHz, 8 or 16 with a headset). The
 * filter is a windowed sinc: without it, what lies above 8 kHz would be folded into speech.
 */
const RATE = 16_000;
const FRAME = 320;
const ZEROS = 12; // Zero crossings on each side of the filter's middle: 60 dB and more.
const PHASES = 256;

class Resampler {
  #step = sampleRate / RATE;
  #reach;
  #table;
  #kept;
  #at;

  constructor() {
    const stretch = Math.max(1, this.#step);
    this.#reach = Math.ceil(ZEROS * stretch);
    this.#table = kernel(this.#reach, stretch);
    this.#kept = new Float32Array(2 * this.#reach);
    this.#at = this.#reach;
  }

  /** Take in samples at the rate of the context; return those at RATE that are complete. */
  take(samples) {
    if (this.#step === 1) return samples;
    const sound = new Float32Array(this.#kept.length + samples.length);
    sound.set(this.#kept);
    sound.set(samples, this.#kept.length);
    const made = [];
    while (this.#at + this.#reach < sound.length) {
      made.push(this.#sample(sound));
      this.#at += this.#step;
    }
    const old = Math.max(0, Math.floor(this.#at) - this.#reach);
    this.#kept = sound.slice(old);
    this.#at -= old;
    return Float32Array.from(made);
  }

  #sample(sound) {
    const whole = Math.floor(this.#at);
    const row = this.#table[Math.round((this.#at - whole) * PHASES)];
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) sum += row[tap] * sound[whole - this.#reach + 1 + tap];
    return sum;
  }
}

/** The filter for each place between two samples; each row adds up to 1, so that nothing gets louder. */
function kernel(reach, stretch) {
  return Array.from({ length: PHASES + 1 }, (_, phase) => {
    const row = Float32Array.from({ length: 2 * reach }, (_, tap) => {
      const x = tap - reach + 1 - phase / PHASES;
      const window = Math.abs(x) < reach ? 0.5 + 0.5 * Math.cos((Math.PI * x) / reach) : 0;
      return window * sinc(x / stretch);
    });
    const sum = row.reduce((total, worth) => total + worth, 0);
    return row.map((worth) => worth / sum);
  });
}

const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

class Capture extends AudioWorkletProcessor {
  #resampler = new Resampler();
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
