"""How long a frame waits for what is said after it: always equally long, or as long as it must.

A frame is heard better when what follows is known. Most frames don't need it: silence is silence,
and a vowel is soon clear. A gate looks at what the network makes of each frame that waits, with
what is to its right so far, and says whether more would change it (after ANCAT, arXiv 2305.04159,
which decides within the network; here the network is left as it is, and is asked again).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

CAP = 16
"""Most encoder frames of look-ahead."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is worked out next: frames that may become final, and more to their right."""

    chunk: int
    right: int


class LookAhead(Protocol):
    """Says when frames are worked out, and which of them are final then."""

    def next(self, left: int) -> Look:
        """Return what to work out as soon as it waits; *left* frames were not final last time."""
        ...

    def final(self, scores: Floats, before: Floats) -> int:
        """Return how many frames are final, from the first on.

        *scores* are logarithms of probabilities of pieces, (frames, pieces), for all frames of the
        look; *before* those of the first of them when they were looked at last, maybe none.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """The same for all frames: so many at once, each with as many to its right or more."""

    chunk: int = 8
    right: int = 4

    def next(self, left: int) -> Look:
        """Return a chunk with its look-ahead."""
        return Look(self.chunk, self.right)

    def final(self, scores: Floats, before: Floats) -> int:
        """Return the chunk."""
        return self.chunk
