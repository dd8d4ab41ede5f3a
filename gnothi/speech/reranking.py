"""Which of several hypotheses was said: judged once more, when the sentence is whole.

The search hears letters and counts triples of words. A whole sentence says more: whether it is a
request at all, whether it names what the home has, whether it hangs together. Features of each
hypothesis are weighed so that errors become fewer (minimum word error rate training on the
recogniser's own lists, as in RescoreBERT, arXiv 2202.01094, with a linear form in the place of the
network, over the encoder that understanding uses).
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import Hints, Hypothesis
from gnothi.speech.ctc import Reading
from gnothi.speech.words import said
from gnothi.text.encoder import Reading as Read
from gnothi.text.encoder import SharedEncoder
from gnothi.text.tokenise import tokenise

Doubles = NDArray[np.float64]

NAME = "hearing/re-ranking"
FILE = "weights.json"
SHIPPED = Path(__file__).parent.parent / "models" / "reranking"

ENCODER = Path(__file__).parent.parent / "models" / "language"
"""The encoder that the shipped weights were fitted to: it stays, whichever one understands."""
BEST = 16
"""Hypotheses that are judged."""
FEATURES = (
    "heard",
    "transduced",
    "expected",
    "words",
    "letters",
    "least_sure_word",
    "mean_sure_word",
    "named_words",
    "names",
    "scope",
    "intent",
    "second_intent",
    "tags",
    "least_sure_tag",
    "strange",
)
WIDTH = 384
_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hypothesis, and what is known of the whole sentence."""

    reading: Reading
    features: Doubles
    """As ``FEATURES`` names them."""
    embedding: Doubles
    """That of the encoder; (384,)."""


def candidates(
    readings: Sequence[Reading], hints: Hints, encoder: SharedEncoder
) -> list[Candidate]:
    """Return *readings* with their features, in the same order."""
    read = encoder.read([tokenise(one.hypothesis.text) for one in readings])
    names = {words for name in hints.names if (words := said(name.text))}
    return [
        Candidate(one, _features(one, judged, names), judged.embedding.astype(np.float64))
        for one, judged in zip(readings, read, strict=True)
    ]


def _features(reading: Reading, judged: Read, names: set[tuple[str, ...]]) -> Doubles:
    hypothesis = reading.hypothesis
    words = tuple(hypothesis.text.split())
    sure = [math.log(max(word.confidence, _FLOOR)) for word in hypothesis.words] or [0.0]
    named, count = _named(words, names)
    intents = np.sort(_log_softmax(judged.intents))[::-1]
    tags = _log_softmax(judged.tags[0]).max(-1)
    return np.array(
        [
            reading.heard,
            reading.transduced,
            reading.expected,
            len(words),
            len(hypothesis.text),
            min(sure),
            sum(sure) / len(sure),
            named,
            count,
            float(np.clip(judged.scope, -8, 8)),
            intents[0],
            intents[1],
            tags.mean(),
            tags.min(),
            judged.strange,
        ],
        np.float64,
    )


def _named(words: Sequence[str], names: set[tuple[str, ...]]) -> tuple[int, int]:
    """Return how many words are part of a name, longest names first, and how many names."""
    longest = max(map(len, names), default=0)
    at = covered = count = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 0, -1):
            if tuple(words[at : at + size]) in names:
                covered, count, at = covered + size, count + 1, at + size
                break
        else:
            at += 1
    return covered, count


def _log_softmax(scores: NDArray[np.floating]) -> Doubles:
    wide = scores.astype(np.float64)
    wide -= wide.max(-1, keepdims=True)
    return wide - np.log(np.exp(wide).sum(-1, keepdims=True))


@dataclass(frozen=True, slots=True, eq=False)
class ReRanker:
    """Weighs what speaks for hypotheses."""

    weights: Doubles
    """One for each of ``FEATURES``."""
    direction: Doubles
    """What the embedding of a sentence adds: their product."""
    encoder: SharedEncoder

    @classmethod
    def read(cls, encoder: SharedEncoder, folder: Path = SHIPPED) -> "ReRanker":
        """Read the artifact in *folder*; judge with *encoder*, which it was fitted to.

        Raises:
            ArtifactError: it is missing, damaged, or fitted to another encoder.
        """
        card = read_card(folder)
        verify(folder, card)
        try:
            kept = json.loads((folder / FILE).read_bytes())
            weights = np.array([kept["weights"][name] for name in FEATURES], np.float64)
            direction = np.array(kept["direction"] or np.zeros(WIDTH), np.float64)
            fitted = str(kept["encoder"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{folder / FILE} can't be read: {error}") from error
        if direction.shape != (WIDTH,) or fitted != encoder.card.label:
            raise ArtifactError(f"{card.label} does not fit {encoder.card.label}.")
        return cls(weights, direction, encoder)

    def order(self, readings: Sequence[Reading], hints: Hints) -> list[Hypothesis]:
        """Return the hypotheses of *readings* with new scores, the best first."""
        if len(readings) < 2:
            return [one.hypothesis for one in readings]
        scored = [
            replace(one.reading.hypothesis, score=self.score(one))
            for one in candidates(readings, hints, self.encoder)
        ]
        return sorted(scored, key=lambda one: one.score, reverse=True)

    def score(self, candidate: Candidate) -> float:
        """Return the weighted sum of what speaks for a *candidate*."""
        return float(self.weights @ candidate.features + self.direction @ candidate.embedding)
