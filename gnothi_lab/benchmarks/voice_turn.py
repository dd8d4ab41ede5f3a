"""A voice turn: from the end of what somebody says to the first audible sample of the answer.

Recordings are sent in real time, over a real WebSocket, to a household served by a process of its
own. The clock is that of who talks. Stages: the last sound fades, silence until it is decided that
somebody has finished, the transcript, the turn itself, and the voice that answers.
"""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.backends import usable
from gnothi.speech.voice import VoiceDetector
from gnothi_lab.benchmarks.turns import SAID
from gnothi_lab.progress import watched
from gnothi_lab.result import Result
from gnothi_lab.speech.recordings import room_tones
from gnothi_lab.speech.talker import Answered, Said, in_folder, served, talk
from gnothi_lab.statistics import bootstrap
from gnothi_train.endpoint import cases
from gnothi_train.speech.voices import GROUPS, VOICES, speak

PART = "test"
COMMANDS, REAL = 20, 12
_QUIET = 0.01
"""Of its peak: below, a synthetic sentence has ended."""
_BEFORE_S, _AFTER_S = 0.5, 4.0
_TONE_LEVEL = 10 ** (-62 / 20)
"""Root mean square of the room, as in the recordings of ``recognise``."""
STAGES = {
    "fading": "the voice detector no longer heard the last sound, and sound had arrived",
    "endpoint": "the end of speech was decided",
    "transcript": "the transcript was final",
    "turn": "the turn was answered",
    "voice": "the answer could be heard",
}
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Setup:
    """How the household listens."""

    recogniser: str
    judges: bool = True

    @property
    def label(self) -> str:
        """What it is called in the table."""
        return self.recogniser if self.judges else f"{self.recogniser}, a pause of 0.6 s alone"


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of everything that was said."""

    answered: Sequence[Answered]
    said: Sequence[Said]

    @property
    def whole(self) -> list[Answered]:
        """Those that were answered, and not before they had ended."""
        return [one for one in self.answered if one.is_whole]

    def ms(self) -> list[float]:
        """Return milliseconds from the end of speech to the answer."""
        return [one.ms("end", "sound") for one in self.whole]

    def stages(self) -> dict[str, list[float]]:
        """Return milliseconds by stage; they add up to the whole."""
        found: dict[str, list[float]] = {name: [] for name in STAGES}
        for one in self.whole:
            until_heard = one.ms("end", "heard")
            waited = min(one.endpoint_ms, until_heard)
            worked = min(one.transcript_ms, until_heard - waited)
            found["fading"].append(until_heard - waited - worked)
            found["endpoint"].append(waited)
            found["transcript"].append(worked)
            found["turn"].append(one.ms("heard", "answer"))
            found["voice"].append(one.ms("answer", "sound"))
        return found

    def figures(self) -> Figures:
        """Return the figures by name."""
        ms = self.ms()
        early = [one.at.get("heard", np.inf) < one.end for one in self.answered]
        silent = ["sound" not in one.at for one in self.answered]
        return {
            "ms_p50": float(np.median(ms)),
            "ms_p95": float(np.quantile(ms, 0.95)),
            **{
                f"ms_{name}_{which}": float(np.quantile(values, share))
                for name, values in self.stages().items()
                for which, share in (("p50", 0.5), ("p95", 0.95))
            },
            **{f"ms_p50_{kind}": value for kind, value in self._by_kind().items()},
            "cut_off": float(np.mean(early)),
            "unanswered": float(np.mean(silent)),
        }

    def _by_kind(self) -> dict[str, float]:
        kinds: dict[str, list[float]] = {}
        for one, said in zip(self.answered, self.said, strict=True):
            if one.is_whole:
                kinds.setdefault(said.kind, []).append(one.ms("end", "sound"))
        return {kind: float(np.median(values)) for kind, values in kinds.items()}

    def intervals(self, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
        """Return intervals over recordings."""
        ms = self.ms()

        return {
            "ms_p50": bootstrap(ms, rng, statistic=np.median),
            "ms_p95": bootstrap(ms, rng, statistic=partial(np.quantile, q=0.95)),
            **{
                f"ms_{name}_p50": bootstrap(values, rng, statistic=np.median)
                for name, values in self.stages().items()
            },
        }


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Talk to the household; *quick* says a few things only."""
    if data is None:
        raise ValueError("voice-turn needs recordings: set GNOTHI_DATA")
    rng = np.random.default_rng(seed)
    counts = (6, 3) if quick else (COMMANDS, REAL)
    said = [*commands(counts[0], data, rng), *real(counts[1], data, rng)]
    tone = room_tones(data)[0]
    here = {one.name for one in usable()}
    first, *others = [
        Setup(name, judges)
        for name, judges in (("gnothi", True), ("gnothi", False))
        if name in here
    ]
    ours = measured(first, said, tone)
    peers = {one.label: measured(one, said, tone).figures() for one in others}
    return Result(
        name="voice-turn",
        figures=ours.figures(),
        intervals=ours.intervals(rng),
        baselines={label: told for label, told in peers.items() if "alone" in label},
        peers={label: told for label, told in peers.items() if "alone" not in label},
        notes=_notes(first, ours),
    )


def measured(setup: Setup, said: Sequence[Said], tone: Samples) -> Measured:
    """Say everything once to a household that is set up so."""
    with tempfile.TemporaryDirectory() as folder:
        settings = in_folder(Path(folder), setup.recogniser)
        with served(settings, judges=setup.judges) as port:
            warm = said[0]
            asyncio.run(talk(port, warm, tone))
            answered = [asyncio.run(talk(port, one, tone)) for one in watched(said, setup.label)]
    return Measured(answered, said)


def commands(count: int, data: Path, rng: np.random.Generator) -> list[Said]:
    """Return *count* commands to the starter home, spoken by programs, each group in turn."""
    tones, found = room_tones(data), list[Said]()
    for at in range(count):
        text = SAID[at % len(SAID)]
        voices = [voice for voice in VOICES if voice.group == GROUPS[at % len(GROUPS)]]
        (sound,) = speak([text], voices[int(rng.integers(len(voices)))], rng)
        clean = sound.astype(np.float32) / np.float32(32768)
        last = int(np.flatnonzero(np.abs(clean) > _QUIET * np.abs(clean).max())[-1])
        framed = np.pad(clean[: last + 1], (int(_BEFORE_S * RATE), int(_AFTER_S * RATE)))
        tone = np.resize(tones[int(rng.integers(len(tones)))], len(framed))
        level = np.float32(_TONE_LEVEL / (np.sqrt(np.mean(tone**2)) + 1e-9))
        samples = np.clip(framed + level * tone, -1, 1).astype(np.float32)
        found.append(Said(text, "synthetic", samples, _BEFORE_S + (last + 1) / RATE))
    return found


def real(count: int, data: Path, rng: np.random.Generator) -> list[Said]:
    """Return *count* commands of real people, to another machine than this one."""
    found: list[Said] = []
    for recording in cases.real(PART, data, VoiceDetector()):
        one = cases.case(recording, rng, most=0) if recording.kind == "command" else None
        if one:
            found.append(Said("", "real", one.samples, one.pauses[-1].at_s))
    order = rng.permutation(len(found))[:count]
    return [found[at] for at in order]


def _notes(setup: Setup, ours: Measured) -> list[str]:
    kinds: Mapping[str, int] = {
        kind: sum(one.kind == kind for one in ours.said) for kind in ("synthetic", "real")
    }
    spoken, stages = kinds["synthetic"], "; ".join(f"{n}: until {w}" for n, w in STAGES.items())
    return [
        f"Figures: the product with {setup.recogniser}, its end-pointer and espeak-ng.",
        "Baseline: the same with a pause of 0.6 s in place of the end-pointer.",
        f"{spoken} commands to the starter home are synthetic speech in a room that was recorded.",
        f"{kinds['real']} are of real people who order coffee: the household says it can't.",
        f"Stages add up to the whole: {stages}.",
        "cut_off: answered before the person had finished; these are not among the times.",
        "unanswered: nothing was made out of it; these are not among the times, either.",
        "Not in the times: the page keeps 50 ms of sound in hand, and loudspeakers take their own.",
    ]
