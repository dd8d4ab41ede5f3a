"""EASE, with rare items heavier and with the catalogue's facts beside the plays.

Steck, H. (2019), "Embarrassingly shallow autoencoders for sparse data"; facts as further rows as in
Jeunen, O., Van Balen, J., Goethals, B. (2020), "Closed-form models for collaborative filtering with
side-information" (collective EASE); a denoising penalty as in Steck, H. (2020), "Autoencoders that
don't overfit towards the identity" (EDLAE).

With X (people by items, weighted), Λ a diagonal penalty and P = (XᵀX + Λ)⁻¹, the weights are
``B = I - P / diag(P)``: the item-to-item regression with a diagonal of zero. A household's
catalogue has many more items than people and facts, so P is not inverted item by item: by
Woodbury's identity ``P = Λ⁻¹ - Λ⁻¹Xᵀ(I + XΛ⁻¹Xᵀ)⁻¹XΛ⁻¹``, which inverts people by people. That is
exact, and turns half a minute for 7,432 items into seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.affinity import Floats, ItemWeights, Matrix, Plays, loud, rarity, sparse

Columns: TypeAlias = Callable[[int, int], NDArray[np.float64]]
"""Gives the columns of P from one number up to another."""

_BLOCK = 512
"""Columns of the result that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Ease:
    """A recipe; the defaults were tuned on training data of ``lastfm_star`` only."""

    penalty: float = 300.0
    """λ: in units of the mean square of X, so that it means the same whatever the weighting."""
    facts: float = 2.0
    """How much a shared fact counts beside a shared listener; 0 leaves facts out."""
    dropout: float = 0.0
    """EDLAE: the penalty grows with an item's own plays, as if some were dropped at random."""
    by_plays: bool = True
    """Whether playing something more often counts for more."""
    by_rarity: bool = True
    """Whether a rare item tells more."""
    kept: int = 1000
    """Weights that are kept for each scored item, the largest by size; 0 keeps all."""

    def fit(self, plays: Plays, facts: Matrix | None = None) -> ItemWeights:
        """Return the weights; *facts* is a catalogue's matrix, items by attributes."""
        heaviness = rarity(plays) if self.by_rarity else np.ones(plays.size, np.float32)
        heard = loud(plays) if self.by_plays else np.ones(len(plays.items), np.float32)
        known = plays.matrix(heard * heaviness[plays.items])
        told: Floats = known.data
        unit = float(np.mean(told**2)) if len(told) else 1.0
        if facts is not None and self.facts:
            known = sparse().vstack([known, self.facts * unit**0.5 * facts_by_items(facts)])
        known = sparse().csr_array(known, dtype=np.float64)
        penalties = self.penalty * unit + self.dropout * np.asarray(
            known.multiply(known).sum(axis=0)
        )
        weights = solve(known, np.broadcast_to(penalties, (plays.size,)), kept=self.kept)
        fallback = plays.listeners.astype(np.float32)
        return ItemWeights.of(weights, heaviness, fallback, by_plays=self.by_plays)


def facts_by_items(facts: Matrix) -> Matrix:
    """Return *facts* turned, rare ones heavier, so that the facts of each item have length 1."""
    rows = sparse().csr_array(facts, dtype=np.float64)
    shared = np.bincount(rows.indices, minlength=rows.shape[1])
    told = np.log(rows.shape[0] / np.maximum(shared, 1))
    rows = sparse().csr_array(rows @ sparse().diags_array(np.maximum(told, 1e-3)))
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    scale = sparse().diags_array(1 / np.where(lengths > 0, lengths, 1.0))
    return sparse().csr_array((scale @ rows).T)


def solve(known: Matrix, penalties: NDArray[np.float64], *, kept: int) -> Matrix:
    """Return B as a sparse matrix, the *kept* largest weights of each column."""
    scaled = sparse().csc_array(known @ sparse().diags_array(1 / penalties))
    people, items = known.shape
    if people <= items:
        columns = _by_people(known, scaled, penalties)
    else:
        columns = _by_items(known, penalties)
    blocks = [
        _pruned(columns(first, min(first + _BLOCK, items)), first, kept)
        for first in range(0, items, _BLOCK)
    ]
    return sparse().csr_array(sparse().hstack(blocks, format="csr"))


def _by_people(known: Matrix, scaled: Matrix, penalties: NDArray[np.float64]) -> Columns:
    """Return what computes columns of P by inverting people by people."""
    inner = (known @ scaled.T).toarray()
    inner[np.diag_indices_from(inner)] += 1
    kernel = _inverse(inner)
    turned = sparse().csr_array(scaled.T)

    def columns(first: int, last: int) -> NDArray[np.float64]:
        some = scaled[:, first:last]
        part = -(turned @ np.asarray((some.T @ kernel).T))
        part[np.arange(first, last), np.arange(last - first)] += 1 / penalties[first:last]
        return part

    return columns


def _by_items(known: Matrix, penalties: NDArray[np.float64]) -> Columns:
    """Return what gives columns of P, inverted item by item."""
    gram = (known.T @ known).toarray()
    gram[np.diag_indices_from(gram)] += penalties
    whole = _inverse(gram)

    def columns(first: int, last: int) -> NDArray[np.float64]:
        return whole[:, first:last]

    return columns


def _inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Invert a symmetric positive definite *matrix*, in its own memory."""
    lapack = import_module("scipy.linalg.lapack")
    factor, failed = lapack.dpotrf(matrix, lower=1, overwrite_a=1)
    inverse, failed_too = lapack.dpotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise np.linalg.LinAlgError("The penalty is too small for these plays.")
    upper = np.triu_indices_from(inverse, 1)
    inverse[upper] = inverse.T[upper]
    return inverse


def _pruned(part: NDArray[np.float64], first: int, kept: int) -> Matrix:
    """Turn columns of P into columns of B, and keep the largest weights of each."""
    wide = np.arange(len(part[0]))
    weights: Floats = (-part / part[first + wide, wide]).astype(np.float32)
    weights[first + wide, wide] = 0
    if kept and kept < len(weights):
        sizes = np.abs(weights)
        least = np.partition(sizes, -kept, axis=0)[-kept]
        weights[sizes < least] = 0
    return sparse().csc_array(weights)
