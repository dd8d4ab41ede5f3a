"""How long a frame waits for what is said after it: always equally long, or as long as it must.

A frame is heard better when what follows is known. Most frames don't need it: silence is silence,
and a vowel is soon clear. A gate looks at what the network makes of each frame that waits, with
what is to its right so far, and says whether more would change it (after ANCAT, arXiv 2305.04159,
which decides within the network; here the network is left as it is, and is asked again).
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

NAME = "hearing/look-ahead"
FILE = "gate.json"
SHIPPED = Path(__file__).parent.parent / "models" / "lookahead"

CAP = 16
"""Most encoder frames of look-ahead."""
_KEPT = 8
"""Most frames that become final at once, and that may be left of what was worked out."""


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


LEAST = 1
"""Frames to its right that every frame has: the first of them helps most."""
SHARE = 0.05
"""Nats that more sound may be expected to change of a frame that is final."""
_FLOOR = 1e-4
_MOST = 8.0
"""Logarithms of probabilities beyond this are all the same."""
FEATURES = 12


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """Each frame waits until more sound will hardly change it.

    How much the scores of a frame with k frames to its right will still change, as the divergence
    of the scores with 16 from those with k in nats, is foretold by a quadratic form of
    ``features``: its logarithm is b + l z + z' Q z, where z are the features, centred and scaled.
    """

    mean: Doubles
    scale: Doubles
    bias: float
    linear: Doubles
    quadratic: Doubles
    least: int = LEAST
    share: float = SHARE

    @classmethod
    def read(cls, folder: Path = SHIPPED) -> "Gate":
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is missing, damaged or of another version.
        """
        card = read_card(folder)
        verify(folder, card)
        try:
            kept = json.loads((folder / FILE).read_bytes())
            mean, scale, linear, quadratic = (
                np.array(kept[name], np.float64)
                for name in ("mean", "scale", "linear", "quadratic")
            )
            gate = cls(mean, scale, float(kept["bias"]), linear, quadratic)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{folder / FILE} can't be read: {error}") from error
        if mean.shape + scale.shape + linear.shape + quadratic.shape != (FEATURES,) * 5:
            raise ArtifactError(f"{card.label} is of another version than this program.")
        return gate

    def with_(self, least: int, share: float) -> "Gate":
        """Return a gate that is more or less patient."""
        return replace(self, least=least, share=share)

    def next(self, left: int) -> Look:
        """Return what waits and one frame more, up to the cap."""
        count = min(left + 1, CAP + 1)
        chunk = min(_KEPT, count)
        return Look(chunk, count - chunk)

    def final(self, scores: Floats, before: Floats) -> int:
        """Return how many frames, from the first on, will hardly change."""
        right = len(scores) - 1 - np.arange(len(scores))
        is_sure = (right >= CAP) | (
            (right >= self.least) & (self.rest(scores, before) < self.share)
        )
        count = len(scores) if is_sure.all() else int(np.argmin(is_sure))
        return min(count, _KEPT)

    def rest(self, scores: Floats, before: Floats) -> Doubles:
        """Return how much each frame is expected to change, in nats."""
        z = (features(scores, before) - self.mean) / self.scale
        return np.exp(self.bias + z @ self.linear + ((z @ self.quadratic) * z).sum(1))


def features(scores: Floats, before: Floats) -> Doubles:
    """Return what the gate looks at in each frame; shape (frames, ``FEATURES``).

    How unsure it is, and how sure the frame after it (nothing where there is none): entropy, margin
    of the best piece, logarithm of the blank's probability, that probability; then how much it has
    changed since it was looked at *before*, and how many frames are to its right.
    """
    count = len(scores)
    own = _doubts(scores)
    after = np.concatenate([own[1:], np.zeros((1, own.shape[1]))])
    changed = np.zeros(count)
    if known := min(len(before), count):
        changed[:known] = divergence(scores[:known], before[:known])
    right = count - 1 - np.arange(count)
    rest = np.stack([np.log(changed + _FLOOR), right, right == 0, right == 1], 1)
    return np.concatenate([own, after, rest], 1, dtype=np.float64)


def divergence(scores: Floats, other: Floats) -> Doubles:
    """Return the Kullback-Leibler divergence of *other* from *scores*, frame by frame, in nats."""
    wide = scores.astype(np.float64)
    return np.maximum(0.0, (np.exp(wide) * (wide - other)).sum(-1))


def _doubts(scores: Floats) -> Doubles:
    wide = scores.astype(np.float64)
    chances = np.exp(wide)
    best = np.partition(wide, (-2, -1), 1)[:, -2:]
    return np.stack(
        [
            -(chances * wide).sum(1),
            np.minimum(best[:, 1] - best[:, 0], _MOST),
            np.maximum(wide[:, 0], -_MOST),
            chances[:, 0],
        ],
        1,
    )
