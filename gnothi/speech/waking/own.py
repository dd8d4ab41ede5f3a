"""Our own wake words: a small network that comes with Gnothi, or one trained at home.

``gnothi-train wake --word WORD`` makes a folder that is named in place of a word.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from gnothi.core.artifact import CARD
from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples, require_sound
from gnothi.core.waking import Woken
from gnothi.speech.features import FRAME_S, HOP, WINDOW, Floats, FrontEnd
from gnothi.speech.waking.spotter import Spotter

SHIPPED = Path(__file__).parent.parent.parent / "models" / "wake"
_ONCE_S = 1.0
"""So soon after it was last heard, a word is still the same one."""
SMOOTH = 6
"""Frames whose scores are averaged: a word sounds like itself for longer than other things do."""
_BLOCK = 10 * RATE
"""Samples that are worked out at once, at most."""


class OwnWakeWord:
    """Listens for one or more words with networks of ours."""

    name = "gnothi"

    def __init__(self, words: Sequence[str]) -> None:
        """Listen for *words* that come with Gnothi, or those of folders that were trained.

        Raises:
            InputError: there is no such word.
            ArtifactError: a network is missing or damaged.
        """
        words = [word.strip() for word in words]
        spotters = {folder: Spotter.read(folder) for folder in map(_folder, words)}
        found = (_meant(word, spotters[_folder(word)]) for word in words)
        self.words = tuple(dict.fromkeys(word for some in found for word in some))
        self._spotters = tuple(spotters.values())

    def open(self) -> "OwnWakeStream":
        """Begin to listen."""
        return OwnWakeStream(self._spotters, self.words)


class OwnWakeStream:
    """One piece of listening: a front end, and what each network remembers."""

    def __init__(self, spotters: Sequence[Spotter], words: Sequence[str]) -> None:
        """Listen for *words* with *spotters*."""
        self._front = FrontEnd()
        self._ears = [Ear(spotter, words) for spotter in spotters]
        self._is_closed = False

    def accept(self, samples: Samples) -> Sequence[Woken]:
        """Take in *samples*, and return the words that were said in them."""
        if self._is_closed:
            raise InputError("This stream is closed: open another one.")
        require_sound(samples)
        found: list[Woken] = []
        for start in range(0, len(samples), _BLOCK):
            frames = self._front.accept(samples[start : start + _BLOCK])
            found += [woken for ear in self._ears for woken in ear.accept(frames)]
        return sorted(found, key=lambda woken: woken.end_s)

    def close(self) -> None:
        """Stop to listen."""
        self._is_closed = True


class Ear:
    """Tells from the scores of a network when a word was said."""

    def __init__(self, spotter: Spotter, words: Sequence[str]) -> None:
        """Tell *words* that *spotter* knows."""
        self._spotter = spotter
        self._memory = spotter.open()
        self._wanted = [at for at, word in enumerate(spotter.words) if word in words]
        self._scores = np.full((SMOOTH - 1, len(spotter.words)), -20, np.float32)
        self._last = [-_ONCE_S] * len(spotter.words)
        self._frames = 0

    def accept(self, frames: Floats) -> Iterator[Woken]:
        """Yield the words that end in *frames*."""
        if not len(frames):
            return
        self._scores = np.concatenate([self._scores, self._memory.accept(frames)])
        scores = smooth(self._scores)
        self._scores = self._scores[len(scores) :]
        for row in scores:
            self._frames += 1
            yield from self._told(row)

    def _told(self, row: Floats) -> Iterator[Woken]:
        now = end_of(self._frames)
        for at in self._wanted:
            if row[at] < self._spotter.sure[at]:
                continue
            is_same = now - self._last[at] < _ONCE_S
            self._last[at] = now
            if not is_same:
                end_s = max(0.0, now - self._spotter.late_s)
                yield Woken(self._spotter.words[at], end_s, float(1 / (1 + np.exp(-row[at]))))


def smooth(scores: Floats) -> Floats:
    """Return the mean of each row of *scores* and those before it; ``SMOOTH`` - 1 rows fewer."""
    return np.lib.stride_tricks.sliding_window_view(scores, SMOOTH, 0).mean(-1, np.float32)


def end_of(frames: int) -> float:
    """Return the seconds of sound that the first *frames* frames are made of."""
    return frames * FRAME_S + (WINDOW - HOP) / RATE if frames else 0.0


def _folder(word: str) -> Path:
    """Return where the network for *word* is: a word that comes with Gnothi, or a folder."""
    folder = Path(word).expanduser()
    return folder if (folder / CARD).is_file() else SHIPPED


def _meant(word: str, spotter: Spotter) -> tuple[str, ...]:
    """Return the words of *spotter* that are meant by *word*: one of its own, or its folder."""
    if _folder(word) != SHIPPED:
        return spotter.words
    if word.lower() not in spotter.words:
        raise InputError(
            f"Gnothi has no wake word '{word}'. It has {', '.join(spotter.words)}, or takes the "
            "folder of one that `gnothi-train wake` made."
        )
    return (word.lower(),)
