"""Two affinities together: what one overlooks, the other may see."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from gnothi.recommend.affinity import Floats, ItemWeights, Matrix, Plays
from gnothi.recommend.catalogue import Numbers
from gnothi.recommend.ease import Ease
from gnothi.recommend.factors import AlternatingLeastSquares, Factors

WEIGHTS_FILE, FACTORS_FILE = "weights.npz", "factors.npz"


@dataclass(frozen=True, eq=False)
class Blended:
    """Item weights and factors; the score is the sum of both, each in standard deviations."""

    weights: ItemWeights
    factors: Factors
    share: float
    """How much the factors count beside the weights."""

    def scores(self, items: Numbers, counts: Floats) -> Floats:
        """Return how well each item fits somebody who played *items* so often."""
        if not len(items):
            return self.weights.scores(items, counts)
        one, other = self.weights.scores(items, counts), self.factors.scores(items, counts)
        return np.asarray(standard(one) + self.share * standard(other), np.float32)

    def save(self, folder: Path) -> None:
        """Write both parts into *folder*, as ``npz``."""
        self.weights.save(folder / WEIGHTS_FILE)
        self.factors.save(folder / FACTORS_FILE, share=self.share)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what :meth:`save` wrote.

        Raises:
            ArtifactError: a part is missing, damaged, or something else.
        """
        factors, share = Factors.load(folder / FACTORS_FILE)
        return cls(ItemWeights.load(folder / WEIGHTS_FILE), factors, share)


@dataclass(frozen=True, slots=True)
class Blend:
    """The default recipe: EASE and factors, both with facts."""

    ease: Ease = field(default_factory=Ease)
    factors: AlternatingLeastSquares = field(default_factory=AlternatingLeastSquares)
    share: float = 0.8

    def fit(self, plays: Plays, facts: Matrix | None = None) -> Blended:
        """Fit both parts; *facts* is a catalogue's matrix, items by attributes."""
        return Blended(self.ease.fit(plays, facts), self.factors.fit(plays, facts), self.share)


def standard(scores: Floats) -> Floats:
    """Return *scores* as standard deviations from their mean; zeros where all are equal."""
    spread = scores.std()
    centred = scores - scores.mean()
    return np.asarray(centred / spread if spread > 0 else centred, np.float32)
