"""What wake words are measured on: real people, homes that talk of something else, and noise.

Whatever listens gives a score for each frame of 30 ms, so that all are judged alike.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.features import FRAME_S, Floats, FrontEnd
from gnothi.speech.resample import to_pcm16
from gnothi.speech.waking.openwakeword import PACKAGE
from gnothi.speech.waking.spotter import Spotter
from gnothi_train.speech.augment import Places
from gnothi_train.speech.voices import HELD_OUT, VOICES, speak
from gnothi_train.wake.clips import Clip, sentences, spoken_extent
from gnothi_train.wake.judge import Heard, Track, heard, judge, played, threshold
from gnothi_train.wake.scenes import frame_of

CLEAN, NOISY = "clean", "10db"
"""Conditions in which false wakes are counted."""
LEVELS = (20, 10, 5)
"""Decibels by which noise is softer than speech."""
_NOTHING = -30.0
_STEP = 1280
"""Samples of one step of openWakeWord."""
_LOW = "1e-40"
"""Threshold of key phrases at which pocketsphinx tells nearly everything, with how sure it is."""
_SOON = RATE // 10

Listener = Callable[[int, Iterable[Samples]], Floats]
"""Takes a part and a track's sound piece by piece; returns scores, (frames, words)."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The clips of each part, and what lies beneath them."""

    parts: Sequence[Sequence[Clip]]
    places: Places
    seed: int
    levels: Sequence[int] = LEVELS

    def conditions(self) -> list[str]:
        """Return their names."""
        return [CLEAN, *(f"{level}db" for level in self.levels)]

    def played(self, part: int, condition: str) -> Iterator[tuple[Clip, Samples, int]]:
        """Yield clips of a *part* with their sound.

        Where it is noisy, half of what is no wake word is heard; at other levels, nothing of it.
        """
        rng = np.random.default_rng((self.seed, part, *condition.encode()))
        every = {CLEAN: 1, NOISY: 2}.get(condition, 0)
        clips = [
            one
            for at, one in enumerate(self.parts[part])
            if one.word or (every and at % every == 0)
        ]
        order = [clips[at] for at in rng.permutation(len(clips)).tolist()]
        if condition == CLEAN:
            return played(order, rng)
        return played(order, rng, self.places, float(condition.removesuffix("db")))

    def heard(
        self, part: int, condition: str, words: Sequence[str], listener: Listener
    ) -> dict[str, Heard]:
        """Return how each word fares where *listener* hears a *part* in a *condition*."""
        said, starts, at = list[tuple[str, int, str]](), list[tuple[int, str]](), 0

        def sounds() -> Iterator[Samples]:
            nonlocal at
            for clip, sound, gap in self.played(part, condition):
                starts.append((frame_of(at), clip.group))
                if clip.word:
                    said.append((clip.word, frame_of(at + gap + clip.end), clip.group))
                at += len(sound)
                yield sound

        scores = listener(part, sounds())
        track = Track(np.zeros((0, 0), np.float16), tuple(said), tuple(starts))
        return {word: judge(word, scores[:, i], track) for i, word in enumerate(words)}


def talk(count: int, words: Sequence[str], rng: np.random.Generator) -> list[Clip]:
    """Return *count* sentences by the voice that nothing was learned from, as on television.

    None of *words* is in them.
    """
    (voice,) = (one for one in VOICES if one.group == HELD_OUT)
    texts = [one for one in sentences() if not any(word in one.lower() for word in words)]
    chosen = [texts[at] for at in rng.permutation(len(texts))[:count]]
    sounds = [sound for sound in speak(chosen, voice, rng) if len(sound) and sound.any()]
    return [Clip(one, "", f"television/{at}", *spoken_extent(one)) for at, one in enumerate(sounds)]


def noises(places: Places) -> list[Clip]:
    """Return what homes sound like when nobody speaks."""
    found = [(0.05 * one * 32767).clip(-32768, 32767).astype(np.int16) for one in places.noises]
    return [Clip(one, "", f"noise/{at}", 0, len(one)) for at, one in enumerate(found)]


def ours(spotters: Mapping[int, Spotter]) -> Listener:
    """Return networks of ours, one for each part."""

    def listen(part: int, sounds: Iterable[Samples]) -> Floats:
        front = FrontEnd()
        frames = [front.accept(sound).astype(np.float16) for sound in sounds]
        return heard(spotters[part], Track(np.concatenate(frames), ()))

    return listen


def open_wake_word(models: Sequence[str]) -> Listener:
    """Return openWakeWord with *models* that come with it; scores are log odds."""
    package: Any = import_module(PACKAGE)

    def listen(_part: int, sounds: Iterable[Samples]) -> Floats:
        features = package.OpenWakeWordFeatures.from_builtin()
        found = [package.OpenWakeWord.from_builtin(package.Model(one)) for one in models]
        rows, at, rest = list[tuple[int, int, float]](), 0, np.zeros(0, np.float32)
        for sound in sounds:
            rest = np.concatenate([rest, sound])
            while len(rest) >= _STEP:
                piece, rest = rest[:_STEP], rest[_STEP:]
                at += _STEP
                for heard_now in features.process_streaming(to_pcm16(piece)):
                    for number, one in enumerate(found):
                        for chance in one.process_streaming(heard_now):
                            rows.append((frame_of(at), number, _log_odds(float(chance))))
        return _grid(rows, at + len(rest), len(models))

    return listen


def _log_odds(chance: float) -> float:
    clipped = min(max(chance, 1e-6), 1 - 1e-6)
    return float(np.log(clipped / (1 - clipped)))


def key_phrases(words: Sequence[str]) -> Listener:
    """Return pocketsphinx, spotting *words*; scores are those of its detections."""
    pocketsphinx: Any = import_module("pocketsphinx")

    def listen(_part: int, sounds: Iterable[Samples]) -> Floats:
        decoder = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
        with TemporaryDirectory() as folder:
            path = Path(folder) / "words"
            path.write_text("".join(f"{word} /{_LOW}/\n" for word in words), encoding="utf-8")
            decoder.add_kws("words", str(path))
        decoder.activate_search("words")
        rows, at = list[tuple[int, int, float]](), 0
        decoder.start_utt()
        for sound in sounds:
            for start in range(0, len(sound), _SOON):
                piece = sound[start : start + _SOON]
                at += len(piece)
                decoder.process_raw(to_pcm16(piece))
                if decoder.hyp() is None:
                    continue
                rows += [
                    (frame_of(at), words.index(one.word.strip()), 20 * (float(one.prob) - 1))
                    for one in decoder.seg()
                ]
                decoder.end_utt()
                decoder.start_utt()
        decoder.end_utt()
        return _grid(rows, at, len(words))

    return listen


def _grid(rows: Sequence[tuple[int, int, float]], samples: int, words: int) -> Floats:
    """Return scores (frames, words) of what was told: frames, words and scores."""
    found = np.full((int(samples / RATE / FRAME_S) + 1, words), _NOTHING, np.float32)
    for frame, word, score in rows:
        at = min(frame, len(found) - 1)
        found[at, word] = max(found[at, word], score)
    return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a word fares with thresholds that were chosen on other parts."""

    missed: Mapping[str, Sequence[bool]]
    """By condition: whether each time that it was said was missed."""
    groups: Mapping[str, Sequence[str]]
    """Who said it."""
    false: Sequence[int]
    """False wakes in each part."""
    hours: Sequence[float]
    sure: Sequence[float]
    """The threshold for each part."""


def crossed(parts: Sequence[Mapping[str, Heard]], per_hour: float) -> Outcome:
    """Return the outcome for one word; *parts* are by condition.

    For each part the threshold is the lowest that wakes at most *per_hour* times an hour by
    mistake in all the others, clean and noisy together.
    """
    missed: dict[str, list[bool]] = {}
    groups: dict[str, list[str]] = {}
    false, hours, chosen = list[int](), list[float](), list[float]()
    for part in parts:
        counted = [name for name in (CLEAN, NOISY) if name in part]
        others = [one[name] for one in parts if one is not part for name in counted]
        sure = threshold(others, per_hour)
        for name, one in part.items():
            missed.setdefault(name, []).extend((one.words < sure).tolist())
            groups.setdefault(name, []).extend(one.groups)
        mine = [part[name] for name in counted]
        false.append(sum(int((one.peaks >= sure).sum()) for one in mine))
        hours.append(sum(one.hours for one in mine))
        chosen.append(sure)
    return Outcome(missed, groups, false, hours, chosen)
