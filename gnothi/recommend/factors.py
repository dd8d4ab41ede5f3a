"""Factors by alternating least squares, facts beside plays.

Hu, Y., Koren, Y., Volinsky, C. (2008), "Collaborative filtering for implicit feedback datasets":
``min Σ_ui c_ui (p_ui - x_u·y_i)² + λ(Σ|x_u|² + Σ|y_i|²)`` with ``p = 1`` where something was
played, ``c = 1 + confidence · loudness``.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.affinity import Floats, Matrix, Plays, loud, loudness, reading, sparse
from gnothi.recommend.catalogue import Numbers, Starts
from gnothi.recommend.ease import facts_by_items


@dataclass(frozen=True, eq=False)
class Factors:
    """A fitted factor model; people are placed by what they played when they are asked about."""

    items: Floats
    """Items by factors."""
    confidence: float
    penalty: float
    fallback: Floats

    def scores(self, items: Numbers, counts: Floats) -> Floats:
        """Return how well each item fits somebody who played *items* so often."""
        if not len(items):
            return self.fallback.copy()
        weights = self.confidence * loudness(counts)
        return self.items @ _place(self.items[items], weights, self._gram)

    def save(self, file: Path, *, share: float = 1.0) -> None:
        """Write the factors to *file*, as ``npz``, with their *share* in a blend."""
        rest = np.array([self.confidence, self.penalty, share])
        np.savez_compressed(file, items=self.items, fallback=self.fallback, rest=rest)

    @classmethod
    def load(cls, file: Path) -> "tuple[Self, float]":
        """Read what :meth:`save` wrote: the factors, and their share in a blend.

        Raises:
            ArtifactError: the file is missing, damaged, or holds something else.
        """
        with reading(file), file.open("rb") as stream, np.load(stream) as held:
            confidence, penalty, share = held["rest"].tolist()
            made = cls(held["items"], confidence, penalty, held["fallback"])
            if len(made.items) != len(made.fallback):
                raise ValueError("its parts do not fit together")
        return made, share

    @cached_property
    def _gram(self) -> Floats:
        return _gram(self.items, self.penalty)


@dataclass(frozen=True, slots=True)
class AlternatingLeastSquares:
    """A recipe for :class:`Factors`."""

    factors: int = 64
    confidence: float = 40.0
    """How much playing something counts beside not playing it."""
    penalty: float = 100.0
    facts: float = 1.5
    """How much a fact of an item counts beside somebody who played it; 0 leaves facts out."""
    rounds: int = 8
    seed: int = 0

    def fit(self, plays: Plays, facts: Matrix | None = None) -> Factors:
        """Return the factors; *facts* is a catalogue's matrix, items by attributes."""
        rng = np.random.default_rng(self.seed)
        items = rng.normal(0, 0.1, (plays.size, self.factors)).astype(np.float32)
        known = plays.matrix(self.confidence * loud(plays))
        if facts is not None and self.facts:
            told = self.confidence * self.facts * facts_by_items(facts)
            known = sparse().csr_array(sparse().vstack([known, told]), dtype=np.float32)
        turned = sparse().csr_array(known.T)
        for _ in range(self.rounds):
            people = self._half(known, items)
            items = self._half(turned, people)
        fallback = plays.listeners.astype(np.float32)
        return Factors(items, self.confidence, self.penalty, fallback)

    def _half(self, known: Matrix, others: Floats) -> Floats:
        """Place every row of *known* by the *others* that it has to do with."""
        gram = _gram(others, self.penalty)
        starts: Starts = known.indptr
        placed = np.zeros((known.shape[0], self.factors), np.float32)
        for row in range(len(placed)):
            mine = slice(*starts[row : row + 2])
            if mine.start < mine.stop:
                placed[row] = _place(others[known.indices[mine]], known.data[mine], gram)
        return placed


def _gram(vectors: Floats, penalty: float) -> Floats:
    gram = vectors.T @ vectors
    gram[np.diag_indices_from(gram)] += penalty
    return gram


def _place(vectors: Floats, weights: NDArray[np.float32], gram: Floats) -> Floats:
    left = gram + vectors.T @ (weights[:, None] * vectors)
    return np.linalg.solve(left, vectors.T @ (1 + weights)).astype(np.float32)
