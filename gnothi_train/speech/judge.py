"""How well the exported recogniser hears, in the light runtime, on what it never learned from."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gnothi.core.hearing import NO_HINTS, RATE, Expected, Hints, Hypothesis, Recogniser
from gnothi.speech.streaming import StreamingModel, StreamingRecogniser
from gnothi.speech.word_errors import Errors, compare, rate
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


def errors(recogniser: Recogniser, clips: Iterable[Clip], hints: Hints) -> Iterator[Errors]:
    """Yield what *recogniser* gets wrong in each of *clips*."""
    for clip in clips:
        found = hear(recogniser, clip.sound, hints)
        yield compare(clip.text, found[0].text if found else "")


def interval(found: Sequence[Errors], *, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of the word error rate by bootstrap over utterances."""
    rng = np.random.default_rng(seed)
    edits = np.array([one.edits for one in found])
    words = np.array([one.words for one in found])
    picks = rng.integers(len(found), size=(_DRAWS, len(found)))
    rates = edits[picks].sum(1) / words[picks].sum(1)
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
        found = list(errors(recogniser, clips, hints))
        spent = time.process_time() - begun
        figures[f"wer_{name}"] = rate(found)
        intervals[f"wer_{name}"] = interval(found)
        if name == "unseen_voice":
            seconds = sum(len(clip.sound) for clip in clips) / RATE
            figures["real_time_factor"] = spent / seconds
    return figures, intervals
