"""Inference that stays valid however often one looks: e-processes and confidence sequences.

A bettor starts with wealth 1 and bets against a hypothesis, in a game that is fair or worse for
him as long as the hypothesis holds. His wealth is then a nonnegative supermartingale, and it ever
reaches ``1/alpha`` with a probability of at most ``alpha`` (Ville 1939): one may peek after every
turn and stop at will. Whatever is bet against with success is excluded; what is left is a
confidence sequence. After Waudby-Smith and Ramdas, "Estimating means of bounded random variables
by betting" (JRSS B 2023), and Robbins' method of mixtures (1970).

What is assumed: the mean of each value, given all values before it, is on the hypothesis's side.
Turns need not be independent, but three repetitions of a failed request in a row are one piece of
evidence, not three: pass their average.
"""

from math import log
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from gnothi.core.errors import InputError

Floats: TypeAlias = npt.NDArray[np.float64]

BETS: Floats = np.geomspace(0.01, 0.95, 20)
"""Stakes, as shares of the wealth a unit of difference; shape ``(bets,)``.

The best stake is near ``gain / variance``. With independent errors at a base rate of 0.8 the
variance is about 0.3, so that gains of 2 to 5 points ask for 0.07 to 0.17; a candidate that
seldom differs from the live artifact, and then nearly always wins, asks for 0.5 and more. The
smallest stake bounds the width: no gain is told more exactly than ``0.005 * variance``.
"""


def _bell(centre: float, spread: float) -> Floats:
    bell = np.exp(-0.5 * (np.log(BETS / centre) / spread) ** 2)
    return bell / bell.sum()


WEIGHTS: Floats = 0.8 * _bell(0.1, 0.6) + 0.2 * _bell(0.8, 0.4)
"""Share of the initial wealth behind each stake: two log-normal bells; shape ``(bets,)``.

At 0.05 against no gain, 8 wins without a loss suffice, or 45 against 20.
"""

_HALVINGS = 24
"""Steps of bisection over [-1, 1]: bounds are exact to 2**-23, on the safe side."""
_CHUNK = 256


class PairedCounts(NamedTuple):
    """Paired differences, added up: all that the mixture of bets needs, whatever their order.

    A difference between -1 and 1 counts as its positive part won, its negative part lost, and
    the rest tied. For differences of -1, 0 and 1 (wrong against right) nothing is lost by that;
    for others the wealth is a lower bound, for the logarithm is concave, and stays valid.
    """

    wins: float = 0.0
    ties: float = 0.0
    losses: float = 0.0

    def extended(self, differences: npt.ArrayLike) -> "PairedCounts":
        """Return the counts with *differences* added, shape ``(n,)``; takes O(n).

        Raises:
            InputError: a difference is not a number from -1 to 1.
        """
        more = _within(differences, -1.0, 1.0)
        wins, losses = float(more.clip(min=0).sum()), float((-more).clip(min=0).sum())
        ties = max(0.0, more.size - wins - losses)
        return PairedCounts(self.wins + wins, self.ties + ties, self.losses + losses)

    @property
    def size(self) -> float:
        """How many differences there are."""
        return self.wins + self.ties + self.losses

    @property
    def mean(self) -> float:
        """Mean difference; 0 for none at all."""
        return (self.wins - self.losses) / self.size if self.size else 0.0

    @property
    def mirrored(self) -> "PairedCounts":
        """The same seen from the other side: gains are losses."""
        return PairedCounts(self.losses, self.ties, self.wins)

    def log_wealth(self, margin: float = 0.0) -> float:
        """Return the log-wealth against "the mean is at most *margin*"; see :func:`log_wealth`."""
        return float(log_wealth(self, margin=margin))

    def low(self, alpha: float) -> float:
        """Return the lower bound of the mean; see :func:`lower_gain`."""
        return float(lower_gain(self, alpha=alpha))

    def high(self, alpha: float) -> float:
        """Return the upper bound of the mean; see :func:`upper_gain`."""
        return float(upper_gain(self, alpha=alpha))


def log_wealth(counts: npt.ArrayLike, *, margin: npt.ArrayLike = 0.0) -> Floats:
    """Return the log-wealth, in nats, of betting that the mean difference exceeds *margin*.

    A mixture of constant stakes, with d the differences and m the margin:

        W = sum over k of weight_k * product over turns of (1 + bet_k * (d - m))

    Under the hypothesis that the mean is at most m, W ever reaches ``1/alpha`` with a probability
    of at most ``alpha``. It falls as m rises. The mirror, for regressions, takes the
    :attr:`PairedCounts.mirrored` counts. Costs ``len(BETS)`` terms, whatever the number of turns.

    Args:
        counts: wins, ties and losses on the last axis, shape ``(..., 3)``.
        margin: from -1 to 1, shape ``(...)`` or one for all.

    Raises:
        InputError: a count is negative or no number, or the margin is out of range.
    """
    counted, margins = _counted(counts), _within(margin, -1.0, 1.0)
    reach = np.multiply.outer(1.0 + margins, BETS)
    # A stake that could lose more than everything is not made; its share stays out of the game.
    playable = reach < 1.0
    tie = np.multiply.outer(margins, BETS)
    returns = np.stack(
        [
            np.log1p(BETS - tie),
            np.log1p(-tie),
            np.log1p(-np.where(playable, reach, 0)),
        ],
        axis=-1,
    )
    nats = np.einsum("...kc,...c->...k", returns, counted) + np.log(WEIGHTS)
    return np.asarray(np.logaddexp.reduce(np.where(playable, nats, -np.inf), axis=-1))


def lower_gain(counts: npt.ArrayLike, *, alpha: float) -> Floats:
    """Return the lower bound of the mean difference, from -1 to 1.

    It is the largest margin that :func:`log_wealth` excludes at ``1/alpha``. With a probability
    of at least ``1 - alpha`` it holds at every look, of however many. *counts* are those of
    :func:`log_wealth`, shape ``(..., 3)``; returns shape ``(...)``.

    Raises:
        InputError: a count is negative or no number, or *alpha* is not between 0 and 1.
    """
    counted = _counted(counts)
    needed = -log(_level(alpha))
    low, high = np.full(counted.shape[:-1], -1.0), np.full(counted.shape[:-1], 1.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        excluded = log_wealth(counted, margin=middle) >= needed
        low, high = np.where(excluded, middle, low), np.where(excluded, high, middle)
    return low


def upper_gain(counts: npt.ArrayLike, *, alpha: float) -> Floats:
    """Return the upper bound of the mean difference: the mirror of :func:`lower_gain`."""
    return -lower_gain(_counted(counts)[..., ::-1], alpha=alpha)


def rate_bounds(hits: float, size: float, *, alpha: float) -> tuple[float, float]:
    """Return a lower and an upper bound of a rate, each of which holds at every look.

    Each bound is wrong at any look with a probability of at most *alpha*; both together with
    twice that. A hit is a win over nothing, so these are bounds of :func:`lower_gain`.

    Raises:
        InputError: there are more hits than trials, or *alpha* is not between 0 and 1.
    """
    counts = PairedCounts(hits, size - hits, 0.0)
    return max(0.0, counts.low(alpha)), min(1.0, counts.high(alpha))


class MeanSequence:
    """A confidence sequence for the mean of values from 0 to 1, by hedged betting.

    One half of the wealth bets that the mean is above m, the other that it is below; the stake
    after t-1 values is the plug-in ``sqrt(2 log(2/alpha) / (v t log(t+1)))`` with v the variance
    so far, at most ``1/(2m)`` and ``1/(2(1-m))`` (Waudby-Smith and Ramdas, hedged capital). Unlike
    :func:`rate_bounds` it adapts to the variance of graded values. The means m are a grid;
    bounds are its next wider points. Values one by one or in batches lead to the same bounds;
    another order of the values leads to others, all of them valid.

    A value costs *cells* multiplications, twice: a million values, about half a minute.
    """

    def __init__(self, *, alpha: float = 0.05, cells: int = 1000) -> None:
        """Exclude the true mean, at any look at all, with a probability of at most *alpha*.

        Raises:
            InputError: *alpha* is not between 0 and 1, or there are fewer than 2 *cells*.
        """
        if cells < 2:
            raise InputError(f"A grid of means needs at least 2 cells, not {cells}.")
        self._alpha = _level(alpha)
        self._means: Floats = np.arange(1, cells) / cells
        self._wealth: Floats = np.zeros((2, cells - 1))
        self._peak: Floats = np.zeros((2, cells - 1))
        self._size, self._sum, self._squares = 0, 0.5, 0.25

    @property
    def size(self) -> int:
        """How many values there have been."""
        return self._size

    def update(self, values: npt.ArrayLike) -> None:
        """Take in the next *values*, shape ``(n,)``.

        Raises:
            InputError: a value is not a number from 0 to 1; none of them is taken in.
        """
        more = _within(values, 0.0, 1.0).ravel()
        for start in range(0, more.size, _CHUNK):
            self._play(more[start : start + _CHUNK])

    def bounds(self) -> tuple[float, float]:
        """Return the lower and the upper bound, the narrowest so far: (0, 1) in the beginning."""
        needed = log(2.0) - log(self._alpha)
        below, above = self._means[self._peak[0] >= needed], self._means[self._peak[1] >= needed]
        return float(below.max(initial=0.0)), float(above.min(initial=1.0))

    def _play(self, values: Floats) -> None:
        stakes = self._stakes(values)[:, None]
        surplus = values[:, None] - self._means
        up = np.log1p(np.minimum(stakes, 0.5 / self._means) * surplus)
        down = np.log1p(-np.minimum(stakes, 0.5 / (1 - self._means)) * surplus)
        paths = self._wealth[:, None, :] + np.cumsum(np.stack([up, down]), axis=1)
        self._wealth = paths[:, -1]
        self._peak = np.maximum(self._peak, paths.max(axis=1))

    def _stakes(self, values: Floats) -> Floats:
        """Return the stake for each value, chosen before it is seen; take the values in."""
        turns = self._size + np.arange(1, values.size + 1)
        sums = self._sum + np.cumsum(values)
        squares = self._squares + np.cumsum((values - sums / (turns + 1)) ** 2)
        variances = np.concatenate([[self._squares], squares[:-1]]) / turns
        self._size, self._sum, self._squares = int(turns[-1]), float(sums[-1]), float(squares[-1])
        return np.sqrt(2 * log(2 / self._alpha) / (variances * turns * np.log(turns + 1)))


def _counted(counts: npt.ArrayLike) -> Floats:
    found = _numbers(counts)
    if found.ndim == 0 or found.shape[-1] != 3:
        raise InputError(f"Wins, ties and losses are three counts, not of shape {found.shape}.")
    if not np.isfinite(found).all() or (found < 0).any():
        raise InputError("Wins, ties and losses are counts: numbers from 0.")
    return found


def _within(values: npt.ArrayLike, low: float, high: float) -> Floats:
    found = _numbers(values)
    # Written so that what is not a number fails.
    if not ((found >= low) & (found <= high)).all():
        raise InputError(f"Only numbers from {low:g} to {high:g} can be judged here.")
    return found


def _numbers(values: npt.ArrayLike) -> Floats:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"Numbers are needed here: {error}.") from error


def _level(alpha: float) -> float:
    if not 0 < alpha < 1:
        raise InputError(f"An error probability lies between 0 and 1, unlike {alpha}.")
    return alpha
