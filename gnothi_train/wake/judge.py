"""How well a network wakes: words that it misses, and false wakes an hour, at each threshold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE, Samples
from gnothi.speech.features import FRAME_S, FrontEnd
from gnothi.speech.waking.own import SMOOTH, smooth
from gnothi.speech.waking.spotter import Spotter
from gnothi_train.speech import augment
from gnothi_train.speech.augment import Floats, Places
from gnothi_train.wake.clips import Clip
from gnothi_train.wake.scenes import frame_of

ONCE = round(1.0 / FRAME_S)
"""Frames in which a word is told once."""
_BEFORE, _AFTER = 10, 25
"""Frames around the end of a word in which it counts as told."""
_GAP_S = (0.4, 1.6)
_TONE = np.float32(10 ** (-62 / 20))
_NOTHING = -30.0
_TRIES = 20_000


@dataclass(frozen=True, slots=True)
class Track:
    """A long piece of listening, and what is said in it."""

    frames: NDArray[np.float16]
    """(frames, 192)"""
    said: tuple[tuple[str, int, str], ...]
    """Each word, the frame in which it ends, and the group of who says it."""
    starts: tuple[tuple[int, str], ...] = ()
    """The frame in which each clip begins, and its group."""

    @property
    def hours(self) -> float:
        """How long it is."""
        return len(self.frames) * FRAME_S / 3600


def track(
    clips: Sequence[Clip],
    rng: np.random.Generator,
    places: Places | None = None,
    decibels: float = 0.0,
) -> Track:
    """Return the *clips* one after the other, with quiet rooms between them.

    With *places*, a recorded noise of theirs lies beneath each clip and the pause before it,
    *decibels* softer than what is said in the clip.
    """
    front, frames = FrontEnd(), list[NDArray[np.float16]]()
    said, starts, at = list[tuple[str, int, str]](), list[tuple[int, str]](), 0
    for clip, sound, gap in played(clips, rng, places, decibels):
        starts.append((frame_of(at), clip.group))
        if clip.word:
            said.append((clip.word, frame_of(at + gap + clip.end), clip.group))
        frames.append(front.accept(sound).astype(np.float16))
        at += len(sound)
    return Track(np.concatenate(frames), tuple(said), tuple(starts))


def played(
    clips: Sequence[Clip],
    rng: np.random.Generator,
    places: Places | None = None,
    decibels: float = 0.0,
) -> Iterator[tuple[Clip, Samples, int]]:
    """Yield each of *clips* with its sound on a track, and the samples of the pause before it."""
    for clip in clips:
        gap = int(rng.uniform(*_GAP_S) * RATE)
        sound = np.pad(clip.sound.astype(np.float32) / np.float32(32768), (gap, 0))
        spoken = sound[gap + clip.start : gap + clip.end]
        sound = sound + augment.tone(len(sound), rng) * _TONE
        if places:
            loud = np.float32(np.sqrt(np.mean(spoken**2)) * 10 ** (-decibels / 20))
            sound = sound + augment.noise(len(sound), places, rng) * loud
        yield clip, np.clip(sound, -1, 1).astype(np.float32), gap


def heard(spotter: Spotter, one: Track) -> Floats:
    """Return the smoothed scores of *spotter* on a track; shape (frames, words)."""
    memory = spotter.open()
    pieces = [
        memory.accept(one.frames[at : at + 4096].astype(np.float32))
        for at in range(0, len(one.frames), 4096)
    ]
    first = np.full((SMOOTH - 1, len(spotter.words)), -20, np.float32)
    return smooth(np.concatenate([first, *pieces]))


@dataclass(frozen=True, slots=True)
class Heard:
    """The scores of one word on a track: where it was said, and the peaks where it was not."""

    near: Floats
    """(times, frames): the scores around the end of each time that it was said."""
    groups: tuple[str, ...]
    """Who said it."""
    peaks: Floats
    """Scores of peaks elsewhere, a second apart at least; lower ones than 0 % are left out."""
    at: NDArray[np.int64]
    """Frames of the peaks."""
    hours: float
    """Of sound without the word."""

    @property
    def words(self) -> Floats:
        """The best score of each time that it was said."""
        return self.near.max(1, initial=_NOTHING)

    def late_s(self, sure: float) -> Floats:
        """Return the seconds from the end of each word that is told to when it is told."""
        told = self.near[self.words >= sure] >= sure
        return (told.argmax(1) - _BEFORE).astype(np.float32) * np.float32(FRAME_S)


def judge(word: str, scores: Floats, one: Track) -> Heard:
    """Return how *scores* (frames,) of *word* fare on a track."""
    rest, is_free = scores.copy(), np.ones(len(scores), bool)
    found, groups = list[Floats](), list[str]()
    padded = np.pad(scores, (_BEFORE, _AFTER), constant_values=_NOTHING)
    for other, end, group in one.said:
        if other != word:
            continue
        found.append(padded[end : end + _BEFORE + _AFTER])
        groups.append(group)
        # Before it ends, a word may be told early; that is one more chance, and no mistake.
        is_free[max(0, end - 2 * _BEFORE) : end + _AFTER] = False
    rest[~is_free] = _NOTHING
    peaks, at = _peaks(rest)
    free = float(is_free.sum()) * FRAME_S / 3600
    near = np.stack(found) if found else np.zeros((0, _BEFORE + _AFTER), np.float32)
    return Heard(near, tuple(groups), peaks, at, free)


def _peaks(scores: Floats, least: float = -8.0) -> tuple[Floats, NDArray[np.int64]]:
    """Return peaks of *scores* from *least* on, and where they are, the highest taken first."""
    rest, found = scores.copy(), list[int]()
    for at in np.argsort(-scores, kind="stable"):
        if scores[at] < least:
            break
        if rest[at] >= least:
            found.append(int(at))
            rest[max(0, at - ONCE) : at + ONCE + 1] = _NOTHING
    return scores[found], np.array(found, np.int64)


def threshold(some: Sequence[Heard], per_hour: float) -> float:
    """Return the lowest threshold with at most *per_hour* false wakes an hour in *some*."""
    peaks = np.sort(np.concatenate([one.peaks for one in some]))[::-1]
    allowed = int(per_hour * sum(one.hours for one in some))
    return float(peaks[allowed]) + 1e-3 if allowed < len(peaks) else -8.0


def misses(some: Sequence[Heard], sure: float) -> float:
    """Return the share of words that are missed with the threshold *sure*; 0 of none."""
    words = np.concatenate([one.words for one in some])
    return float((words < sure).mean()) if len(words) else 0.0


def false_per_hour(some: Sequence[Heard], sure: float) -> float:
    """Return false wakes an hour with the threshold *sure*."""
    hours = sum(one.hours for one in some)
    return sum(int((one.peaks >= sure).sum()) for one in some) / max(hours, 1e-9)


def by_group(clips: Sequence[Clip], parts: int, rng: np.random.Generator) -> list[int]:
    """Return a part for each of *clips*: whole groups together, and as even as can be.

    Of random divisions the one is taken in which no part has much more than its share of anything:
    of recordings and of synthetic sound of each word, and of the rest.
    """
    groups = sorted({clip.group for clip in clips})
    kinds = sorted({_kind(clip) for clip in clips})
    sizes = np.zeros((len(groups), len(kinds)))
    for clip in clips:
        sizes[groups.index(clip.group), kinds.index(_kind(clip))] += 1
    shares = sizes / sizes.sum(0)
    drawn = rng.integers(parts, size=(_TRIES, len(groups)))
    uneven = sum((((drawn == part) @ shares) ** 2).sum(1) for part in range(parts))
    chosen = drawn[np.argmin(uneven)]
    return [int(chosen[groups.index(clip.group)]) for clip in clips]


def _kind(clip: Clip) -> str:
    return f"{clip.group.partition('/')[0]} {clip.word}"
