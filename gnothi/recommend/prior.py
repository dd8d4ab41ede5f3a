"""What is likely before a word is said: what is popular, what the people there play."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.noise import Singles


@dataclass(frozen=True, slots=True)
class Outlook:
    """How much popularity and history count; to be tuned."""

    popularity: float = 0.7
    """Power of popularity: 1 takes it as it is, 0 makes all items alike."""
    history: float = 0.5
    """Share of history in the prior of somebody who has one."""
    steep: float = 0.6
    """How fast the chance falls with the rank by affinity: ``1 / (rank + shift) ** steep``."""
    shift: float = 10.0
    deep: int = 5000
    """Ranks beyond are all alike."""


def popular(catalogue: Catalogue, outlook: Outlook | None = None) -> Singles:
    """Return the chance of each item for somebody of whom nothing is known; sums to 1."""
    tempered = catalogue.prior ** (outlook or Outlook()).popularity
    return (tempered / tempered.sum()).astype(np.float32)


def personal(catalogue: Catalogue, scores: Singles, outlook: Outlook | None = None) -> Singles:
    """Return the chance of each item for somebody with these *scores* of affinity.

    Only the order of scores counts, whichever model they are from. It takes tens of
    milliseconds for a million items: keep the result with the person.
    """
    outlook = outlook or Outlook()
    ranked = _by_rank(np.asarray(scores, np.float32), outlook)
    return np.asarray(
        (1 - outlook.history) * popular(catalogue, outlook) + outlook.history * ranked, np.float32
    )


def together(chances: Sequence[Singles], weights: Sequence[float] | None = None) -> Singles:
    """Return the chances for people who listen together: their mixture."""
    counts = np.asarray(weights if weights is not None else [1.0] * len(chances), np.float64)
    counts = counts / counts.sum()
    mixed = np.zeros_like(chances[0])
    for one, weight in zip(chances, counts.tolist(), strict=True):
        mixed += np.float32(weight) * one
    return mixed


def apart(one: Singles, other: Singles) -> float:
    """Return how much two priors differ, from 0 to 1: their total variation distance."""
    return float(np.abs(one - other).sum(dtype=np.float64) / 2)


def _by_rank(scores: Singles, outlook: Outlook) -> Singles:
    count = min(len(scores), outlook.deep)
    found = np.argpartition(-scores, count - 1)[:count]
    # Ties by number, so that the same scores give the same prior everywhere.
    order = found[np.lexsort((found, -scores[found]))]
    worth = (np.arange(len(scores)) + outlook.shift) ** -outlook.steep
    ranked = np.full(len(scores), worth[min(count, len(scores) - 1)])
    ranked[order] = worth[:count]
    return (ranked / ranked.sum()).astype(np.float32)
