"""How people answer: what a yes, a no, a choice or a shrug says about what they would like.

People err, catalogues lack tags, and words are misheard. So nothing rules an item out: an answer
makes some items likelier than others by the ratios that stand here.
"""

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Noise:
    """Chances of answers. "The goal" is an item that the person would be happy with."""

    hit: float = 0.8
    """A yes to a value that the goal has."""
    stray: float = 0.12
    """A yes to a value that the goal has not, or only lacks in the catalogue."""
    mention: float = 16.0
    """How much likelier people ask of themselves for what the goal has than for what it has not."""
    aversion: float = 10.0
    """How much likelier they don't want what the goal has not."""
    typical: float = 1.5
    """How much it counts how typical a value is of an item; 0: those that have it have it alike."""
    unsure: float = 0.1
    """No opinion on a value that every item has …"""
    unsure_rare: float = 0.35
    """… and on one that a single item has."""
    like: float = 0.85
    """Liking a sample that is just like the goal."""
    like_far: float = 0.1
    """Liking a sample that has nothing in common with it."""
    narrow: float = 2.0
    """Power of the likeness between sample and goal: the larger, the pickier."""
    named: float = 60.0
    """How much likelier what is just like a named item is than what is not like it at all."""
    itself: float = 16.0
    """How much likelier the named item itself is than one that is just like it."""

    def on_value(self, degree: float) -> float:
        """Return the log ratio of items with a value to those without, after a yes or a no.

        Rising in *degree*; 0, "hmm, ok", says nothing.
        """
        ratio = self.hit / self.stray if degree > 0 else (1 - self.stray) / (1 - self.hit)
        return degree * float(np.log(ratio))

    def likes(self, likeness: Singles) -> Singles:
        """Return the chance that a sample is liked, by how alike it is to the goal."""
        near = np.clip(likeness, 0.0, 1.0) ** np.float32(self.narrow)
        return np.asarray(self.like_far + (self.like - self.like_far) * near, np.float32)

    def on_sample(self, likeness: Singles, degree: float) -> Singles:
        """Return what a reaction says, by how alike items are to the sample; 0 says nothing."""
        liked = self.likes(likeness)
        return np.asarray(abs(degree) * np.log(liked if degree > 0 else 1 - liked), np.float32)

    def on_name(self, likeness: Singles, item: int, *, is_wanted: bool = True) -> Singles:
        """Return what naming an *item* says of items that are so much alike.

        Most who name somebody want to hear them, and only then others of the kind; without
        :attr:`itself`, what is popular and a little like all that was named would come first.
        Who says "something like Queen" knows Queen: then it is as likely as others of the kind.
        """
        near = np.clip(likeness, 0.0, 1.0) ** np.float32(self.narrow)
        told = np.asarray(np.log1p((self.named - 1) * near), np.float32)
        told[item] += np.float32(np.log(self.itself) if is_wanted else 0.0)
        return told

    def shrugs(self, share: Floats) -> Floats:
        """Return the chance of no opinion on values, by the share of items that have them.

        On a logarithmic scale: people know what is common.
        """
        rarity = np.clip(np.log(np.maximum(share, 1e-6)) / np.log(1e-4), 0.0, 1.0)
        return np.asarray(self.unsure + (self.unsure_rare - self.unsure) * rarity, np.float64)

    @property
    def choice(self) -> Floats:
        """Chances of the answers *first*, *second*, *neither* (columns) to a choice.

        Rows: the goal has neither value, the first only, the second only, both.
        """
        return _choice(self.hit, self.stray)

    def on_choice(self, outcome: int) -> Floats:
        """Return what an *outcome* (a column of :attr:`choice`) says, relative to the first row."""
        logs = np.log(self.choice[:, outcome])
        return np.asarray(logs - logs[0], np.float64)


@cache
def _choice(hit: float, stray: float) -> Floats:
    either = (1 - (1 - hit) ** 2) / 2
    rows = [
        [stray, stray, 1 - 2 * stray],
        [hit, stray / 2, 1 - hit - stray / 2],
        [stray / 2, hit, 1 - hit - stray / 2],
        [either, either, 1 - 2 * either],
    ]
    chances = np.maximum(np.array(rows), 0.01)
    return np.asarray(chances / chances.sum(1, keepdims=True), np.float64)
