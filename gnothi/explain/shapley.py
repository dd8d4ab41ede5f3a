"""What each word was worth for the decision: exact Shapley values.

The players are the words of an utterance; a coalition is worth the score of the text that is left
when the other words are removed. With *n* players the value of player *i* is

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! * (v(S + i) - v(S))

(L. S. Shapley, "A Value for n-Person Games", 1953). It is the only division of
``v(all) - v(nothing)`` that treats equal words equally, gives nothing to a word that changes
nothing, and adds up. All ``2**n`` texts are scored, in batches; above :data:`MOST_PLAYERS` words,
neighbouring words play together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import factorial

import numpy as np
import numpy.typing as npt

MOST_PLAYERS = 12
"""4,096 texts to score. Each further player doubles that."""
_BATCH = 256

Score = Callable[[Sequence[str]], Sequence[float]]
"""Scores a batch of texts; for a decision, chosen intent minus runner-up."""
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a piece of the utterance contributed to the score."""

    text: str
    start: int
    """First character in the utterance."""
    end: int
    """One past the last character."""
    value: float
    """Positive values speak for the decision, negative ones against it."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """How a score came about: ``base + sum of contributions == score``."""

    base: float
    """Score of saying nothing."""
    score: float
    """Score of the whole utterance."""
    contributions: tuple[Contribution, ...]
    """In order of the text."""


def attribute(
    text: str, spans: Sequence[tuple[int, int]], score: Score, *, players: int = MOST_PLAYERS
) -> Attribution:
    """Divide the score of *text* among its words.

    Args:
        text: the utterance.
        spans: start and end of each word, in order; whoever understands the text knows them.
        score: scores a batch of texts. It is called with at most a few hundred at a time.
        players: how many pieces at most; more words are joined with their neighbours.
    """
    chunks = _chunks(spans, players)
    values = _worths(text, chunks, score)
    contributions = tuple(
        Contribution(text[start:end], start, end, float(value))
        for chunk, value in zip(chunks, shapley_values(values), strict=True)
        for start, end in [(chunk[0][0], chunk[-1][1])]
    )
    return Attribution(float(values[0]), float(values[-1]), contributions)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each word of *text*, as white space divides it."""
    spans: list[tuple[int, int]] = []
    position = 0
    for word in text.split():
        start = text.index(word, position)
        position = start + len(word)
        spans.append((start, position))
    return spans


def shapley_values(values: Values) -> Values:
    """Return the Shapley value of each of *n* players.

    Args:
        values: worth of every coalition, shape ``(2**n,)``; bit *i* of the index says whether
            player *i* takes part.
    """
    players = max(values.size.bit_length() - 1, 0)
    coalitions = np.arange(values.size)
    sizes = np.bitwise_count(coalitions)
    weights = _weights(players)
    shares = np.zeros(players)
    for player in range(players):
        without = coalitions[coalitions >> player & 1 == 0]
        gains = values[without | 1 << player] - values[without]
        shares[player] = weights[sizes[without]] @ gains
    return shares


def _weights(players: int) -> Values:
    """Return ``|S|! (n - |S| - 1)! / n!`` for each size of S."""
    return np.array(
        [
            factorial(size) * factorial(players - size - 1) / factorial(players)
            for size in range(players)
        ]
    )


def _chunks(spans: Sequence[tuple[int, int]], players: int) -> list[Sequence[tuple[int, int]]]:
    """Join neighbouring words until there are at most *players* pieces of like length."""
    count = min(len(spans), players)
    edges = [len(spans) * i // count for i in range(count + 1)] if count else [0]
    return [spans[low:high] for low, high in pairwise(edges)]


def _worths(text: str, chunks: Sequence[Sequence[tuple[int, int]]], score: Score) -> Values:
    texts = [_left(text, chunks, coalition) for coalition in range(1 << len(chunks))]
    # Different coalitions may leave the same words ("on and on"): score each text once.
    different = list(dict.fromkeys(texts))
    scores: dict[str, float] = {}
    for start in range(0, len(different), _BATCH):
        batch = different[start : start + _BATCH]
        scores.update(zip(batch, score(batch), strict=True))
    return np.array([scores[left] for left in texts], dtype=np.float64)


def _left(text: str, chunks: Sequence[Sequence[tuple[int, int]]], coalition: int) -> str:
    return " ".join(
        text[start:end]
        for player, chunk in enumerate(chunks)
        if coalition >> player & 1
        for start, end in chunk
    )
