"""The letters that our own reader knows, and how its columns become text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ALPHABET = "".join(map(chr, range(33, 127))) + "€£"
"""Everything printable of ASCII, and two currencies; index 0 of the network is no letter at all."""
CLASSES = len(ALPHABET) + 1
_SURE = 0.8
"""Probability from which a letter of one column stands though it touches a surer one."""
_FAR = 0.34
"""Share of a word's letters that a lexicon may change."""


def known(text: str) -> bool:
    """Tell whether every letter of *text* is in the alphabet."""
    return all(letter in ALPHABET for letter in text)


def indices(text: str) -> list[int]:
    """Return the classes of the letters of *text*."""
    return [ALPHABET.index(letter) + 1 for letter in text]


def greedy(scores: NDArray[np.float32]) -> tuple[str, float]:
    """Return what *scores* (columns, classes), logarithms of probabilities, spell, and how surely.

    The likeliest class of each column; repetitions and blanks go (Graves et al., Connectionist
    temporal classification, section 3.2). So does a letter of a single column that touches a surer
    one, unless it is quite sure itself: it is what two letters look like where they meet. The
    surety is the mean probability of the letters.
    """
    best = scores.argmax(axis=1)
    begins = np.flatnonzero(np.diff(best, prepend=-1))
    ends = np.append(begins[1:], len(best))
    classes = best[begins]
    sure = np.exp(np.maximum.reduceat(scores.max(axis=1), begins))
    beside = np.where(classes != 0, sure, 0.0)
    surest = np.maximum(np.append(beside[1:], 0.0), np.append(0.0, beside[:-1]))
    is_between = (ends - begins == 1) & (sure < _SURE) & (sure < surest)
    kept = np.flatnonzero((classes != 0) & ~is_between)
    if not kept.size:
        return "", 0.0
    text = "".join(ALPHABET[one - 1] for one in classes[kept])
    return text, float(sure[kept].mean())


def likelihood(scores: NDArray[np.float32], text: str) -> float:
    """Return the logarithm of the probability that *scores* (columns, classes) spell *text*.

    The forward sums of Graves et al., section 4.1.
    """
    labels = [0]
    for index in indices(text):
        labels += [index, 0]
    told = scores[:, labels].astype(np.float64)
    skips = np.array(
        [at >= 2 and one != 0 and one != labels[at - 2] for at, one in enumerate(labels)]
    )
    sums = np.full(len(labels), -np.inf)
    sums[:2] = told[0, :2]
    for column in told[1:]:
        one = np.concatenate([[-np.inf], sums[:-1]])
        two = np.where(skips, np.concatenate([[-np.inf, -np.inf], sums[:-2]])[: len(sums)], -np.inf)
        sums = np.logaddexp(np.logaddexp(sums, one), two) + column
    return float(np.logaddexp.reduce(sums[-2:]))


def nearest(scores: NDArray[np.float32], lexicon: Sequence[str]) -> str:
    """Return the likeliest word of *lexicon* for *scores*; what they spell where none is near."""
    text, _ = greedy(scores)
    near = [word for word in lexicon if known(word) and _is_near(word, text)]
    return max(near, key=lambda word: likelihood(scores, word)) if near else text


def _is_near(one: str, other: str) -> bool:
    most = _FAR * max(len(one), len(other))
    return abs(len(one) - len(other)) <= most and _distance(one, other) <= most


def _distance(one: str, other: str) -> int:
    """Return how many letters must change (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, row[0] = row[0], at
        for column, wanted in enumerate(other, 1):
            last, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, last + (letter != wanted)),
            )
    return row[-1]
