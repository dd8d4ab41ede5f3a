/* Runs in the page: what goes through its sound, worked out as fast as it can be. Calls back with numbers. */
const [what, done] = arguments;
const RATE = 48000;

const loudest = (samples, from, to) => samples.slice(from * RATE, to * RATE).reduce((most, one) => Math.max(most, Math.abs(one)), 0);

/** How loud an answer is before and after it is stopped at half a second. */
async function stopped() {
  const { Loudspeaker } = await import("/voice/loudspeaker.js");
  const context = new OfflineAudioContext(1, 2 * RATE, RATE);
  const speaker = new Loudspeaker(context);
  speaker.begin(16000);
  for (let piece = 0; piece < 15; piece++) speaker.play(new Int16Array(1600).fill(16000).buffer);
  let heard = 0;
  context.suspend(0.5).then(() => {
    heard = speaker.heard;
    speaker.stop();
    context.resume();
  });
  const sound = (await context.startRendering()).getChannelData(0);
  return { before: loudest(sound, 0.1, 0.49), after: loudest(sound, 0.6, 2), heard };
}

/** How loud a tone of so many hertz is, once it has come through the microphone's worklet. */
async function captured(hertz) {
  const context = new OfflineAudioContext(1, RATE, RATE);
  await context.audioWorklet.addModule("voice/capture.js");
  const tone = new OscillatorNode(context, { frequency: hertz });
  const capture = new AudioWorkletNode(context, "capture");
  const frames = [];
  capture.port.onmessage = ({ data }) => frames.push(data);
  tone.connect(new GainNode(context, { gain: 0.5 })).connect(capture).connect(context.destination);
  tone.start();
  await context.startRendering();
  await new Promise((wait) => setTimeout(wait, 200));
  const loud = frames.slice(5).map(({ level }) => level);
  return { frames: frames.length, size: frames[0].sound.byteLength, level: Math.max(...loud) };
}

const found = what === "stopped" ? stopped() : captured(what);
found.then(done, (error) => done({ error: String(error) }));
