"""The last half minute of sound, for those who asked that what they say be kept."""

from collections import deque

import numpy as np

from gnothi.core.hearing import RATE, Samples

LONGEST_S = 35.0
"""Longer than the longest utterance that an ear tells of."""


class Memory:
    """Keeps the newest sound, and finds in it what was said from when to when."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        """Begin with no sound."""
        self._longest = int(longest_s * RATE)
        self._pieces: deque[Samples] = deque()
        self._kept = 0
        self._heard = 0

    def hear(self, samples: Samples) -> None:
        """Take in the next *samples*; what is too old goes."""
        self._pieces.append(samples)
        self._kept += len(samples)
        self._heard += len(samples)
        while self._pieces and self._kept - len(self._pieces[0]) >= self._longest:
            self._kept -= len(self._pieces.popleft())

    def skip(self, samples: int) -> None:
        """Let so many *samples* go by unheard; what was heard before them goes."""
        self._pieces.clear()
        self._heard += samples
        self._kept = 0

    def between(self, begin_s: float, end_s: float) -> Samples:
        """Return the sound from *begin_s* to *end_s*, as far as it is still known."""
        if not self._pieces:
            return np.zeros(0, np.float32)
        sound = np.concatenate(list(self._pieces))
        first = self._heard - self._kept
        begin, end = (max(0, int(at * RATE) - first) for at in (begin_s, end_s))
        return sound[begin:end]
