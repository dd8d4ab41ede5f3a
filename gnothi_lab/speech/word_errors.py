"""Word error rate: edits between what was said and what was heard, over what was said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from gnothi.speech.words import said


@dataclass(frozen=True, slots=True)
class Errors:
    """Edits in one recording."""

    edits: int
    words: int
    group: str


def compare(reference: str, heard: str, group: str) -> Errors:
    """Return the edits; both texts are written alike first (small letters, numbers in words)."""
    words = said(reference)
    return Errors(Levenshtein.distance(words, said(heard)), len(words), group)


def rate(found: Sequence[Errors]) -> float:
    """Return the word error rate; it may exceed 1 where more is heard than was said."""
    return sum(one.edits for one in found) / max(1, sum(one.words for one in found))


def interval(
    found: Sequence[Errors], rng: np.random.Generator, *, draws: int = 2000
) -> tuple[float, float]:
    """Return the percentile bootstrap's 95 % interval of the rate, over recordings."""
    edits = np.array([one.edits for one in found])
    words = np.array([one.words for one in found])
    drawn = rng.integers(0, len(found), (draws, len(found)))
    low, high = np.quantile(edits[drawn].sum(1) / words[drawn].sum(1), (0.025, 0.975))
    return float(low), float(high)
