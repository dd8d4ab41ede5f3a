"""Intervals for what a policy is worth: some hold for any log, some for large ones.

============================  ==========================================================
:func:`betting`               guaranteed, whatever the weights; no bound of them is needed
:func:`empirical_bernstein`   guaranteed where the largest possible score is known
:func:`student`               approximate: right for many independent people and light tails
:func:`bootstrap`             approximate: the same, a little better where scores are skewed
============================  ==========================================================

Episodes of one person hang together, so that people are what is counted: see *clusters*.
"""

from dataclasses import dataclass
from importlib import import_module
from math import log, sqrt
from typing import Any

import numpy as np

from gnothi.core.errors import InputError
from gnothi.policy.logs import Floats, Ints

_BOLDEST = 0.9
"""The largest stake, as a share of the wealth: one bet never loses everything."""
_ORDERS = 5
"""Random orders of episodes over which wealth is averaged: no single one decides."""
_HALVINGS = 26


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a value lies, with a probability of ``1 - alpha`` or more."""

    low: float
    high: float
    kind: str
    """The method: ``betting``, ``empirical-bernstein``, ``student`` or ``bootstrap``."""
    guaranteed: bool = False
    """Whether it holds for a log of any size, or only for a large one."""

    @property
    def width(self) -> float:
        """How far the ends are apart."""
        return self.high - self.low

    def within(self, low: float, high: float) -> "Interval":
        """Return the part of the interval that lies within what is possible."""
        return Interval(
            min(max(self.low, low), high),
            max(min(self.high, high), low),
            self.kind,
            self.guaranteed,
        )


def betting(
    weights: Floats,
    returns: Floats,
    clusters: Ints,
    *,
    low: float,
    high: float,
    alpha: float,
    largest: float | None = None,
    seed: int = 0,
) -> Interval:
    """Bet on the weighted returns: an interval that holds for any log and any weights.

    Returns are rescaled to G from 0 to 1. Under the policy's true worth v the mean of ``w G`` is
    v (at most v where it does what was never tried), and of ``w (1 - G)`` it is ``1 - v`` (at
    most). Both are never negative, so that for stakes b_i from 0 to 0.9, each chosen from the
    episodes before i alone, the wealth

        W(v) = prod_i (1 + b_i * (w_i G_i - v)),    b_i = sqrt(2 log(2/alpha) / (n var_{i-1}))

    is nonnegative and of mean 1 or less: it reaches 2/alpha with a probability of at most
    alpha/2 (Markov). The lower bound is the largest v that it excludes; the upper one comes from
    ``1 - G``. No largest weight occurs in it. The wealth is averaged over a few orders of the
    people, drawn by *seed*, and an average of such wealths is one.

    Waudby-Smith and Ramdas 2023, section 4 (hedged capital, for a fixed n); for importance
    weights Karampatziakis, Mineiro and Ramdas 2021, "Off-policy confidence sequences", and
    Waudby-Smith, Wu, Ramdas, Karampatziakis and Mineiro 2024, "Anytime-valid off-policy inference
    for contextual bandits". Stakes know n: it holds for one look, and to look often there is
    :mod:`gnothi.policy.confidence`. A person's episodes are one bet, on ``sum of (w G - v)`` over
    the most episodes that any person has.

    Args:
        weights: of whole episodes, shape ``(episodes,)``.
        returns: shape ``(episodes,)``, each from *low* to *high*.
        clusters: whose each episode is, shape ``(episodes,)``.
        low: least return that is possible.
        high: largest return that is possible.
        alpha: probability with which the interval may be wrong.
        largest: weight that no episode can exceed, where that is known. Half of the wealth then
            bets on the same from the other side, ``1 + b (v - w G)`` with b below ``1 / largest``:
            of use where rewards are rare. It asks that all was tried.
        seed: of the orders.

    Raises:
        InputError: a return or weight lies outside of what is said to be possible.
    """
    _check(alpha)
    scaled = _scaled(returns, low, high)
    sizes = _sizes(clusters)
    won = _by_cluster(weights * scaled, clusters)
    lost = _by_cluster(weights * (1 - scaled), clusters)
    largest = _largest(weights, largest)
    below = _lower(won, lost, sizes, alpha / 2, largest, seed)
    above = 1 - _lower(lost, won, sizes, alpha / 2, largest, seed)
    if below > above:  # Rare; then the log contradicts its propensities.
        below = above = (below + above) / 2
    reach = high - low
    return Interval(low + reach * below, low + reach * above, "betting", guaranteed=True)


def betting_gain(
    weights: Floats,
    returns: Floats,
    clusters: Ints,
    *,
    low: float,
    high: float,
    alpha: float,
    largest: float | None = None,
    seed: int = 0,
) -> Interval:
    """Bet on the gain over the policy that logged: ``(w_i - 1) * G_i``, paired by episode.

    With G from 0 to 1 the pair is never below -1: bets are made on the half of
    ``1 + (w - 1) G``, which is never negative and has the mean ``(1 + gain) / 2``. The upper bound
    comes from ``(w - 1) * (1 - G)``, whose mean is the gain with its sign turned. The rest is as
    in :func:`betting`.
    """
    _check(alpha)
    scaled = _scaled(returns, low, high)
    sizes = _sizes(clusters)
    more = _by_cluster((weights - 1) * scaled + 1, clusters)
    less = _by_cluster((weights - 1) * (1 - scaled) + 1, clusters)
    half = _largest(weights, largest) / 2
    below = 2 * _lower(more / 2, less / 2, sizes, alpha / 2, half, seed) - 1
    above = 1 - 2 * _lower(less / 2, more / 2, sizes, alpha / 2, half, seed)
    reach = high - low
    return Interval(
        reach * min(below, above), reach * max(below, above), "betting", guaranteed=True
    )


def empirical_bernstein(scores: Floats, *, reach: float, alpha: float) -> Interval:
    """Bound the mean of independent scores that lie within a known *reach*.

        mean -+ sqrt(2 var log(4/alpha) / n) + 7 reach log(4/alpha) / (3 (n - 1))

    Maurer and Pontil 2009, theorem 4, on both sides. For importance weights the reach is the
    largest possible product of ratios; with the largest that was seen, as is often done, nothing
    is guaranteed.
    """
    _check(alpha)
    size = scores.size
    if size < 2:
        return Interval(-np.inf, np.inf, "empirical-bernstein", guaranteed=True)
    nats = log(4 / alpha)
    away = sqrt(2 * float(scores.var(ddof=1)) * nats / size) + 7 * reach * nats / (3 * (size - 1))
    mean = float(scores.mean())
    return Interval(mean - away, mean + away, "empirical-bernstein", guaranteed=True)


def student(scores: Floats, clusters: Ints, *, alpha: float) -> Interval:
    """Return Student's t interval of the mean score, by person: approximate.

        mean -+ t_{m-1} * sqrt(m / (m-1) * sum_c (sum_{i in c} (s_i - mean))**2) / n

    for m people (Liang and Zeger 1986). Heavy weights make it too narrow, for the log then
    lacks those rare episodes of large weight that matter.
    """
    _check(alpha)
    special: Any = import_module("scipy.special")  # it has no types
    mean = float(scores.mean())
    sums = _by_cluster(scores - mean, clusters)
    people = sums.size
    if people < 2:
        return Interval(-np.inf, np.inf, "student")
    spread = sqrt(people / (people - 1) * float((sums**2).sum())) / scores.size
    away = float(special.stdtrit(people - 1, 1 - alpha / 2)) * spread
    return Interval(mean - away, mean + away, "student")


def bootstrap(
    scores: Floats, clusters: Ints, *, alpha: float, seed: int = 0, draws: int = 1000
) -> Interval:
    """Return the percentile bootstrap's interval of the mean score, drawing people: approximate.

    Efron 1979; by cluster Davison and Hinkley 1997.
    """
    _check(alpha)
    sums, sizes = _by_cluster(scores, clusters), _sizes(clusters)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(sums.size, np.full(sums.size, 1 / sums.size), size=draws)
    low, high = np.quantile(drawn @ sums / (drawn @ sizes), [alpha / 2, 1 - alpha / 2])
    return Interval(float(low), float(high), "bootstrap")


def _lower(
    values: Floats, others: Floats, sizes: Ints, alpha: float, largest: float, seed: int
) -> float:
    """Return the largest v from 0 to 1 that betting on ``mean > v`` excludes; 0 if none.

    *values* are sums over people of *sizes* episodes, and never negative. The mean of *others*
    is 1 minus that of the values; each is *largest* an episode at most, or that is infinite.
    """
    rng = np.random.default_rng(seed)
    orders = np.stack([rng.permutation(values.size) for _ in range(_ORDERS)])
    most = int(sizes.max())
    played: Floats = sizes[orders] / most
    won: Floats = values[orders] / most
    lost: Floats = others[orders] / most
    up = np.minimum(_stakes(won, alpha), _BOLDEST)
    down = np.minimum(_stakes(lost, alpha), _BOLDEST / largest)
    games = 2 if np.isfinite(largest) else 1
    needed = log(_ORDERS * games / alpha)

    def excluded(mean: float) -> bool:
        nats = np.log1p(up * (won - mean * played)).sum(1)
        if games > 1:
            more = np.log1p(down * ((1 - mean) * played - lost)).sum(1)
            nats = np.concatenate([nats, more])
        return float(np.logaddexp.reduce(nats)) >= needed

    low, high = 0.0, 1.0
    if not excluded(low):
        return low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if excluded(middle) else (low, middle)
    return low


def _stakes(won: Floats, alpha: float) -> Floats:
    """Return the best stake of each bet, shape ``(orders, people)``, from those before it alone."""
    size = int(won.shape[1])
    turns = np.arange(2, size + 2)
    means = (0.5 + np.cumsum(won, axis=1)) / turns
    spread = (0.25 + np.cumsum((won - means) ** 2, axis=1)) / turns
    known = np.concatenate([np.full((len(won), 1), 0.25), spread[:, :-1]], axis=1)
    return np.sqrt(2 * log(1 / alpha) / (size * known))


def _largest(weights: Floats, largest: float | None) -> float:
    if largest is None:
        return np.inf
    if float(weights.max()) > largest * (1 + 1e-9):
        raise InputError(
            f"An episode has the weight {weights.max():g}; {largest:g} was said to be the largest."
        )
    return max(1.0, largest)


def _scaled(returns: Floats, low: float, high: float) -> Floats:
    if not low < high:
        raise InputError(f"Returns lie between two different numbers, not {low} and {high}.")
    slack = 1e-9 * (high - low)
    if returns.min() < low - slack or returns.max() > high + slack:
        raise InputError(
            f"Returns go from {returns.min():g} to {returns.max():g}; only {low:g} to {high:g}"
            " was said to be possible."
        )
    return np.clip((returns - low) / (high - low), 0.0, 1.0)


def _sizes(clusters: Ints) -> Ints:
    return np.unique(clusters, return_counts=True)[1].astype(np.int64)


def _by_cluster(values: Floats, clusters: Ints) -> Floats:
    sums = np.bincount(np.unique(clusters, return_inverse=True)[1], weights=values)
    return sums.astype(np.float64)


def _check(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise InputError(f"An error probability lies between 0 and 1, unlike {alpha}.")
