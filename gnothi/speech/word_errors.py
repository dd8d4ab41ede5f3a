"""Word error rate: edits between what was said and what was heard, over what was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from gnothi.speech.words import said


@dataclass(frozen=True, slots=True)
class Errors:
    """Edits in one recording."""

    edits: int
    """Words that are missing, too many or others."""
    words: int
    """Words that were said."""


def compare(reference: str, heard: str) -> Errors:
    """Return the edits; both texts are written alike first (small letters, numbers in words)."""
    words = said(reference)
    return Errors(Levenshtein.distance(words, said(heard)), len(words))


def rate(found: Sequence[Errors]) -> float:
    """Return the word error rate; it may exceed 1 where more is heard than was said."""
    return sum(one.edits for one in found) / max(1, sum(one.words for one in found))
