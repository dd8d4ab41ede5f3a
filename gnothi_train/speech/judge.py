"""How well the exported recogniser hears, in the light runtime, on what it never learned from."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import Levenshtein

from gnothi.core.hearing import NO_HINTS, RATE, Expected, Hints, Hypothesis, Recogniser
from gnothi.speech.streaming import StreamingModel, StreamingRecogniser
from gnothi.speech.wording import shipped
from gnothi_train.speech import shards
from gnothi_train.speech.augment import Floats, Places, noisy, plain

if TYPE_CHECKING:
    from gnothi_train.speech.trainer import Run

NOISE_DB = 10.0
_DRAWS = 1000
_MOST = 150
"""Utterances of a set that are heard."""
DICTATION = Hints(expected=Expected.DICTATION)


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound, and what is said in it."""

    text: str
    group: str
    sound: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a recogniser made of a clip."""

    clip: Clip
    heard: str
    errors: int
    words: int


def read_clips(index: Path, *, seed: int = 0, places: Places | None = None) -> list[Clip]:
    """Return the utterances of the shard *index* in quiet rooms, or with noise from *places*."""
    rng = np.random.default_rng((seed, *index.stem.encode()))
    clips: list[Clip] = []
    for utterance, piece in islice(shards.read(index), _MOST):
        sound = piece.astype(np.float32) / 32768.0
        made = noisy(sound, places, rng, decibels=NOISE_DB) if places else plain(sound, rng)
        clips.append(Clip(utterance.text, utterance.group, made))
    return clips


def hear(recogniser: Recogniser, sound: Floats, hints: Hints) -> Sequence[Hypothesis]:
    """Return what *recogniser* hears in *sound*, fed as a microphone would."""
    stream = recogniser.open(hints)
    try:
        for start in range(0, len(sound), RATE // 10):
            stream.accept(sound[start : start + RATE // 10])
        return stream.finish()
    finally:
        stream.close()


def outcomes(
    recogniser: Recogniser, clips: Iterable[Clip], hints: Hints = NO_HINTS
) -> Iterator[Outcome]:
    """Yield what *recogniser* makes of *clips*."""
    for clip in clips:
        found = hear(recogniser, clip.sound, hints)
        text = found[0].text if found else ""
        wanted = clip.text.split()
        yield Outcome(clip, text, Levenshtein.distance(wanted, text.split()), len(wanted))


def error_rate(found: Sequence[Outcome]) -> float:
    """Return the word error rate."""
    return sum(one.errors for one in found) / max(1, sum(one.words for one in found))


def interval(found: Sequence[Outcome], *, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of the word error rate by bootstrap over utterances."""
    rng = np.random.default_rng(seed)
    errors = np.array([one.errors for one in found])
    words = np.array([one.words for one in found])
    picks = rng.integers(len(found), size=(_DRAWS, len(found)))
    rates = errors[picks].sum(1) / words[picks].sum(1)
    low, high = np.quantile(rates, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)


def judge(folder: Path, run: "Run") -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Return figures and intervals of the artifact in *folder* on the development parts.

    Commands are heard with the language model of the product, which knows no names of theirs;
    letters alone (``_letters``) are heard without any.
    """
    recogniser = StreamingRecogniser(StreamingModel(folder), shipped)
    places = Places.read(run.data, "dev")
    sets = {
        "unseen_voice": (read_clips(run.audio / "dev-unseen.json"), NO_HINTS),
        "unseen_voice_noise": (read_clips(run.audio / "dev-unseen.json", places=places), NO_HINTS),
        "unseen_voice_letters": (read_clips(run.audio / "dev-unseen.json"), DICTATION),
        "seen_voices": (read_clips(run.audio / "dev-seen.json"), NO_HINTS),
        "digits": (read_clips(run.audio / "dev-real-fsdd.json"), NO_HINTS),
        "read_speech_letters": (
            read_clips(run.audio / "dev-real-librispeech-3spk.json"),
            DICTATION,
        ),
    }
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for name, (clips, hints) in sets.items():
        begun = time.process_time()
        found = list(outcomes(recogniser, clips, hints))
        spent = time.process_time() - begun
        figures[f"wer_{name}"] = error_rate(found)
        intervals[f"wer_{name}"] = interval(found)
        if name == "unseen_voice":
            seconds = sum(len(clip.sound) for clip in clips) / RATE
            figures["real_time_factor"] = spent / seconds
    return figures, intervals
