/**
 * From one rate to another, piece by piece and without seams.
 *
 * The filter is a windowed sinc: without it, what lies above the lower rate's half would be folded
 * into what lies below, and pieces that are each interpolated by themselves click where they meet.
 */
const ZEROS = 12; // Zero crossings on each side of the filter's middle: 60 dB and more.
const PHASES = 256;

export class Resampler {
  #step;
  #reach;
  #table;
  #kept;
  #at;

  constructor(from, to) {
    this.#step = from / to;
    const stretch = Math.max(1, this.#step);
    this.#reach = Math.ceil(ZEROS * stretch);
    this.#table = kernel(this.#reach, stretch);
    this.#kept = new Float32Array(2 * this.#reach);
    this.#at = this.#reach;
  }

  /** Take in samples; return those at the other rate that are complete. */
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

  /** Return what is left at the end. */
  finish() {
    return this.take(new Float32Array(this.#step === 1 ? 0 : this.#reach + 1));
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
