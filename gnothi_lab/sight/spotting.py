"""Finding and reading words: end-to-end figures as ICDAR's Robust Reading counts them.

A word is right when its place overlaps the true one (intersection over union of polygons above
one half) and its letters are the same, without case and without punctuation at its ends. Each true
word is matched once. What people can't read, and what has neither letters nor digits (a colon, a
row of stars), is left out on both sides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from gnothi.core.seeing import WrittenLine, WrittenWord
from gnothi.vision.boxes import around
from gnothi.vision.boxes import overlaps as box_overlaps
from gnothi.vision.rotated import overlap
from gnothi_lab.sight.scenes import TruthWord

ENOUGH = 0.5
_ENDS = " .,:;!?*'\"()[]{}<>|/\\-_"
_FAR = 0.34
"""Share of a word's letters that a lexicon may change."""


@dataclass(frozen=True, slots=True)
class Spotted:
    """What a reader found in one picture, in numbers."""

    right: int
    """Words found in their place and read right."""
    placed: int
    """Words found in their place, however they were read."""
    found: int
    """Words that the reader told, without those at places that people can't read."""
    true: int
    """Words that are there."""

    def __add__(self, other: "Spotted") -> "Spotted":
        """Return the counts of both pictures."""
        return Spotted(
            self.right + other.right,
            self.placed + other.placed,
            self.found + other.found,
            self.true + other.true,
        )

    @property
    def f(self) -> float:
        """End-to-end F: harmonic mean of precision and recall."""
        return 2 * self.right / max(1, self.found + self.true)

    @property
    def accuracy(self) -> float:
        """Share of the words that are there which were read right."""
        return self.right / max(1, self.true)


def spotted(
    truth: Sequence[TruthWord], lines: Iterable[WrittenLine], lexicon: Sequence[str] = ()
) -> Spotted:
    """Compare the words of *lines* with *truth*.

    With a *lexicon* each word becomes the nearest one in it, if a third of its letters at most
    differ.
    """
    found = [word for line in lines for word in words_of(line) if _counts(word.text)]
    shares = _overlaps(truth, found)
    right = placed = unread = 0
    taken: set[int] = set()
    known = [word.casefold() for word in lexicon]
    for at in np.argsort(-shares.max(axis=1, initial=0.0), kind="stable") if truth else ():
        free = [column for column in np.argsort(-shares[at]) if column not in taken]
        if not free or shares[at, free[0]] <= ENOUGH:
            continue
        best = free[0]
        if not _counts(truth[at].text):
            unread += 1
            taken.add(int(best))
            continue
        same = [one for one in free if shares[at, one] > ENOUGH]
        reads = [_letters(found[one].text, known) for one in same]
        wanted = letters(truth[at].text)
        taken.add(int(same[reads.index(wanted)] if wanted in reads else best))
        placed += 1
        right += wanted in reads
    return Spotted(right, placed, len(found) - unread, sum(_counts(one.text) for one in truth))


def words_of(line: WrittenLine) -> Sequence[WrittenWord]:
    """Return the words of *line*; the whole line where its reader knows of none."""
    return line.words or (WrittenWord(line.text, line.corners, line.confidence),)


def _counts(text: str) -> bool:
    return any(map(str.isalnum, text))


def letters(text: str) -> str:
    """Return what counts of a word."""
    return text.casefold().strip(_ENDS) or text


def _letters(text: str, lexicon: Sequence[str]) -> str:
    if not lexicon:
        return letters(text)
    own = text.casefold()
    near = process.extractOne(own, lexicon, scorer=Levenshtein.distance)
    return letters(near[0]) if near and near[1] <= _FAR * len(own) else letters(text)


def _overlaps(truth: Sequence[TruthWord], found: Sequence[WrittenWord]) -> np.ndarray:
    """Return the overlap of every true with every found polygon, shape (true, found)."""
    if not truth or not found:
        return np.zeros((len(truth), len(found)))
    boxes = box_overlaps(
        np.array([around(word.corners) for word in truth]),
        np.array([around(word.corners) for word in found]),
    )
    shares = np.zeros_like(boxes)
    for row, column in np.argwhere(boxes > 0):
        shares[row, column] = overlap(truth[row].corners, found[column].corners)
    return shares
