"""Simple affinities: neighbours of items, and short random walks."""

from dataclasses import dataclass

import numpy as np

from gnothi.recommend.affinity import ItemWeights, Matrix, Plays, loud, sparse

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class ItemNeighbours:
    """Items that the same people play: cosine similarity with shrinkage, the nearest ones.

    ``s(i, j) = |i ∩ j| / (√(|i| |j|) + shrinkage)``: shrinkage distrusts what few people share.
    """

    neighbours: int = 200
    shrinkage: float = 5.0

    def fit(self, plays: Plays, facts: Matrix | None = None) -> ItemWeights:
        """Return the weights; facts are not used."""
        del facts
        known = sparse().csc_array(plays.matrix(np.ones(len(plays.items), np.float32)))
        norms = np.sqrt(np.maximum(plays.listeners, 1).astype(np.float32))
        blocks: list[Matrix] = []
        for first in range(0, plays.size, _BLOCK):
            last = min(first + _BLOCK, plays.size)
            likeness = (known.T @ known[:, first:last]).toarray()
            likeness /= np.outer(norms, norms[first:last]) + self.shrinkage
            likeness[np.arange(first, last), np.arange(last - first)] = 0
            blocks.append(sparse().csc_array(_nearest(likeness, self.neighbours)))
        return ItemWeights.of(
            sparse().hstack(blocks),
            np.ones(plays.size, np.float32),
            plays.listeners.astype(np.float32),
            by_plays=False,
        )


@dataclass(frozen=True, slots=True)
class RandomWalk:
    """RP3β: from item to person to item, popular ends held back (Paudel et al. 2017).

    ``w(i, j) = Σ_u p(u | i) p(j | u) / listeners(j)^β``.
    """

    neighbours: int = 200
    held_back: float = 0.3
    """β."""

    def fit(self, plays: Plays, facts: Matrix | None = None) -> ItemWeights:
        """Return the weights; facts are not used."""
        del facts
        known = plays.matrix(loud(plays))
        by_person = _scaled(known, np.asarray(known.sum(axis=1)).ravel())
        turned = sparse().csr_array(known.T)
        by_item = _scaled(turned, np.asarray(turned.sum(axis=1)).ravel())
        ends = np.maximum(plays.listeners, 1.0) ** self.held_back
        blocks: list[Matrix] = []
        for first in range(0, plays.size, _BLOCK):
            last = min(first + _BLOCK, plays.size)
            walked = (by_item[first:last] @ by_person).toarray() / ends
            walked[np.arange(last - first), np.arange(first, last)] = 0
            blocks.append(sparse().csr_array(_nearest(walked.T, self.neighbours).T))
        return ItemWeights.of(
            sparse().vstack(blocks),
            np.ones(plays.size, np.float32),
            plays.listeners.astype(np.float32),
        )


def _nearest(likeness: Matrix, neighbours: int) -> Matrix:
    """Keep the largest entries of each column."""
    if neighbours < len(likeness):
        least = np.partition(likeness, -neighbours, axis=0)[-neighbours]
        likeness[likeness < least] = 0
    return likeness


def _scaled(rows: Matrix, sums: Matrix) -> Matrix:
    return sparse().csr_array(sparse().diags_array(1 / np.where(sums > 0, sums, 1.0)) @ rows)
