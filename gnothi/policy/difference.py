"""How much better one policy is than another, where a third one has logged both.

:mod:`gnothi.policy.report` compares a policy with the one that logged. Where a share of episodes
explores, that one is worse than what usually serves, and to beat it is no merit: both policies are
then targets, judged by the same decisions, so that nothing is left to chance where they agree.
"""

from dataclasses import dataclass

import numpy as np

from gnothi.core.errors import InputError
from gnothi.policy.intervals import Interval, betting
from gnothi.policy.logs import Floats, Ints
from gnothi.policy.weights import effective_size


@dataclass(frozen=True, slots=True)
class Worth:
    """What a policy is worth by decision."""

    value: float
    """Self-normalised; it lies within the interval."""
    interval: Interval
    effective: float
    """Effective number of clusters."""
    drift: float
    """Standard errors that the mean weight is away from 1; large where propensities are wrong."""


def worth(weights: Floats, rewards: Floats, clusters: Ints, *, alpha: float) -> Worth:
    """Return what a policy earns by decision, with a betting interval by cluster.

        value = sum_c mean_c(w r) / sum_c mean_c(w)

    Args:
        weights: probability under the policy over propensity, shape ``(decisions,)``.
        rewards: from 0 to 1, shape ``(decisions,)``.
        clusters: decisions that hang together, as those of one conversation.
        alpha: probability with which the interval may be wrong.
    """
    mass, earned = _means(weights, clusters), _means(weights * rewards, clusters)
    each = np.divide(earned, mass, out=np.zeros_like(mass), where=mass > 0)
    interval = betting(mass, each.clip(0, 1), np.arange(mass.size), low=0.0, high=1.0, alpha=alpha)
    total = float(mass.sum())
    value = float(earned.sum()) / total if total else 0.0
    error = float(mass.std(ddof=1)) / mass.size**0.5 if mass.size > 1 else 0.0
    away = abs(float(mass.mean()) - 1)
    return Worth(
        value=min(max(value, interval.low), interval.high),
        interval=interval,
        effective=float(effective_size(mass)),
        drift=away / error if error > 0 else 0.0,
    )


def betting_difference(
    candidate: Floats,
    live: Floats,
    rewards: Floats,
    clusters: Ints,
    *,
    largest: float,
    alpha: float,
) -> Interval:
    """Bet on what *candidate* earns above *live*, by decision; guaranteed for one look.

    The lower bound is that of ``mean_c((w - u) r) + L``, which is never negative where no weight u
    of the live policy exceeds L; the upper one comes from ``mean_c(u r + w (1 - r))``, whose mean
    is 1 minus the gain, whatever the weights. Where both policies do the same, the first is the
    constant L.

    Args:
        candidate: weights w, shape ``(decisions,)``.
        live: weights u, likewise.
        rewards: from 0 to 1.
        clusters: decisions that hang together.
        largest: L, the largest weight that the live policy can have; 1 at least.
        alpha: probability with which the interval may be wrong.

    Raises:
        InputError: a live weight exceeds *largest*.
    """
    if float(live.max()) > largest * (1 + 1e-9) or largest < 1:
        raise InputError(f"A live weight is {live.max():g}; {largest:g} was said to be the most.")
    more = _means((candidate - live) * rewards, clusters)
    less = _means(live * rewards + candidate * (1 - rewards), clusters)
    scale = largest + 1
    low = scale * _lower((more + largest) / scale, alpha) - largest
    high = 1 - 2 * _lower(less / 2, alpha)
    return Interval(min(low, high), max(low, high), "betting", guaranteed=True).within(-1, 1)


def _lower(values: Floats, alpha: float) -> float:
    """Return the lower bound of the mean of what is never negative, wrong with ``alpha / 2``."""
    ones = np.ones(values.size)
    places = np.arange(values.size)
    # What rounding takes below nothing is nothing.
    return betting(values.clip(0), ones, places, low=0.0, high=1.0, alpha=alpha).low


def _means(values: Floats, clusters: Ints) -> Floats:
    numbers = np.unique(clusters, return_inverse=True)[1]
    return np.bincount(numbers, weights=values) / np.bincount(numbers)
