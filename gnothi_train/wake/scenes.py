"""Scenes at home in which a wake word is said, or anything else: what the network learns from.

People say a word after a pause or in the middle of talking, and go on at once with what they want.
All of it is in one room, with one noise beneath it, and goes through the front end of the product.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gnothi.speech.features import FRAME_S, HOP, STACK, WINDOW, features
from gnothi_train.speech import augment
from gnothi_train.speech.augment import Floats, Places
from gnothi_train.speech.voices import RATE
from gnothi_train.wake.clips import Clip

SECONDS = 8.0
FRAMES = int((SECONDS - 0.03) / FRAME_S)
"""Stacked frames of a scene."""
_LONGEST = 4 * RATE
_LEAD = 134
"""Frames, four seconds, of the room alone that the front end has heard before half of the scenes:
it knows the room then, as it does in the product."""
_MOST = 12 * RATE
_FADE = RATE // 100


@dataclass(frozen=True, slots=True)
class Scene:
    """Eight seconds at home."""

    frames: NDArray[np.float16]
    """(frames, 192), of the front end."""
    said: tuple[tuple[int, int], ...]
    """The number of each wake word that is said, and the frame in which it ends."""


@dataclass(slots=True)
class Cast:
    """Who may be heard in scenes: some say the words, others anything else."""

    callers: Sequence[Clip]
    talkers: Sequence[Clip]
    words: Sequence[str]
    _turns: list[int] = field(default_factory=list[int])
    _chances: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def caller(self, rng: np.random.Generator) -> Clip:
        """Return one who says a word; everybody has had a turn before anybody has another."""
        if not self._turns:
            self._turns = rng.permutation(len(self.callers)).tolist()
        return self.callers[self._turns.pop()]

    def talker(self, rng: np.random.Generator) -> Clip:
        """Return one who says something else; who talks for long has more turns."""
        if not len(self._chances):
            spoken = np.array([min(one.end - one.start, _MOST) for one in self.talkers])
            self._chances = np.cumsum(spoken / spoken.sum())
        at = int(self._chances.searchsorted(rng.random()))
        return self.talkers[min(at, len(self.talkers) - 1)]


@dataclass(slots=True)
class _Stage:
    """The sound of a scene while it is put together."""

    sound: Floats
    at: int = 0
    said: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    @property
    def left(self) -> int:
        """Samples that are still free."""
        return len(self.sound) - self.at

    def add(self, sound: Floats) -> None:
        """Let *sound* be heard next."""
        piece = sound[: self.left]
        self.sound[self.at : self.at + len(piece)] += piece
        self.at += len(piece)


def scenes(cast: Cast, places: Places, rng: np.random.Generator, count: int) -> Iterator[Scene]:
    """Yield *count* scenes with *cast*; in a third of them people only talk."""
    for _ in range(count):
        lead = _LEAD if rng.random() < 0.5 else 0
        begin = lead * STACK * HOP
        stage = _Stage(np.zeros(begin + int(SECONDS * RATE), np.float32), begin)
        only_talk = not cast.callers or rng.random() < 1 / 3
        pause_s = 0.2 if only_talk else 0.5
        while stage.left > RATE // 2:
            stage.at += min(stage.left, int(rng.exponential(pause_s) * RATE))
            if only_talk or rng.random() < 0.4:
                _talk(stage, cast.talker(rng), rng)
            else:
                _call(stage, cast, rng)
        sound = _heard(stage.sound, places, rng)
        frames = features(sound)[lead : lead + FRAMES].astype(np.float16)
        yield Scene(frames, tuple((word, frame - lead) for word, frame in stage.said))


def _talk(stage: _Stage, clip: Clip, rng: np.random.Generator) -> None:
    """Let somebody say something, or a piece of it."""
    start = clip.start
    if clip.end - start > _LONGEST:
        start += int(rng.integers(clip.end - start - _LONGEST))
    sound, _ = _varied(clip.sound[start : min(clip.end + RATE // 20, start + _LONGEST)], 0, rng)
    stage.add(sound)


def _call(stage: _Stage, cast: Cast, rng: np.random.Generator) -> None:
    """Let somebody say a word, with or without the room around it; then wait, or go on at once."""
    clip = cast.caller(rng)
    before, after = (int(rng.uniform(0.02, 0.5) * RATE) for _ in range(2))
    goes_on = rng.random() < 0.4
    after = int(rng.uniform(0.01, 0.1) * RATE) if goes_on else after
    start = max(0, clip.start - before)
    piece = clip.sound[start : clip.end + after]
    sound, end = _varied(piece, clip.end - start, rng)
    if end > stage.left - RATE // 3:
        stage.at = len(stage.sound)
        return
    stage.said.append((cast.words.index(clip.word), frame_of(stage.at + end)))
    stage.add(sound)
    if goes_on and stage.left:
        _talk(stage, cast.talker(rng), rng)


def frame_of(sample: int) -> int:
    """Return the first stacked frame that has heard *sample*."""
    return max(0, -(-(sample - HOP * 2 - WINDOW) // (STACK * HOP)))


def _varied(piece: NDArray[np.int16], end: int, rng: np.random.Generator) -> tuple[Floats, int]:
    """Return *piece* at some level, from another throat at times, and where *end* is then."""
    sound = piece.astype(np.float32) / np.float32(32768)
    sound = sound / np.float32(np.sqrt(np.mean(sound**2)) + 1e-6)
    size = len(sound)
    if rng.random() < 0.6 and size > RATE // 10:
        sound = augment.other_throat(sound, rng.uniform(0.86, 1.17))
    fade = np.minimum(1, np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / _FADE)
    level = np.float32(10 ** (rng.uniform(-4, 4) / 20))
    return level * sound * fade.astype(np.float32), int(end * len(sound) / max(1, size))


def _heard(sound: Floats, places: Places, rng: np.random.Generator) -> Floats:
    """Return *sound* as a microphone hears it in some room, with some noise."""
    if rng.random() < 0.5:
        sound = augment.in_room(sound, places, rng)
    sound = sound + augment.tone(len(sound), rng) * np.float32(10 ** (-rng.uniform(25, 60) / 20))
    if rng.random() < 0.8:
        below = np.float32(10 ** (-rng.uniform(-2, 24) / 20))
        sound = sound + augment.noise(len(sound), places, rng) * below
    if rng.random() < 0.4:
        sound = augment.microphone(sound, rng)
    sound = augment.level(sound) * np.float32(10 ** (rng.uniform(-48, -12) / 20))
    return np.clip(sound, -1, 1).astype(np.float32)
