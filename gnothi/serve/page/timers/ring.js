/**
 * The sound of a timer, made on the spot: three rising bell tones, repeated, slowly louder.
 *
 * Browsers allow sound only after somebody has touched the page, so the instrument is
 * tuned at the first touch and silent before it; what rings is always shown, too.
 */

const TONES = [659.3, 830.6, 987.8]; // E5, G#5, B5: a major chord, friendly in the morning.
const PARTIALS = [
  [1, 1],
  [2.76, 0.28],
  [5.4, 0.1],
]; // A bell's partials are not harmonic.
const TOUCHES = ["pointerup", "keydown"];
const REPEAT = 2400;
const SOFTEST = 0.08;
const LOUDEST = 0.5;

let context = null;
let repeating = 0;

/** Wait for the first touch to be allowed to sound. */
export function tuneAtFirstTouch() {
  const tune = () => {
    if (!navigator.userActivation?.isActive) return; // A bare Shift is no touch.
    context ??= new AudioContext();
    context.resume();
    for (const event of TOUCHES) removeEventListener(event, tune);
  };
  for (const event of TOUCHES) addEventListener(event, tune);
}

/** Ring until `hush` is called. */
export function ring() {
  if (repeating) return;
  let loudness = SOFTEST;
  const again = () => {
    chime(loudness);
    loudness = Math.min(LOUDEST, loudness * 1.35);
  };
  again();
  repeating = setInterval(again, REPEAT);
}

/** End the ringing. */
export function hush() {
  clearInterval(repeating);
  repeating = 0;
}

function chime(loudness) {
  if (context?.state !== "running") return;
  TONES.forEach((tone, index) => {
    for (const [ratio, share] of PARTIALS)
      strike(tone * ratio, loudness * share, context.currentTime + index * 0.22);
  });
}

function strike(frequency, loudness, at) {
  const tone = context.createOscillator();
  const envelope = context.createGain();
  tone.frequency.value = frequency;
  envelope.gain.setValueAtTime(0, at);
  envelope.gain.linearRampToValueAtTime(loudness, at + 0.01);
  envelope.gain.exponentialRampToValueAtTime(0.0001, at + 1.4);
  tone.connect(envelope).connect(context.destination);
  tone.start(at);
  tone.stop(at + 1.5);
}
