"""Intervals: an estimate never travels without one.

Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical inference",
for rates; the percentile bootstrap (Efron 1979) for everything else.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

NORMAL_95 = 1.959963984540054


def rate(hits: Sequence[bool]) -> float:
    """Return the share of *hits*; 0 for none at all."""
    return sum(hits) / len(hits) if hits else 0.0


def wilson(hits: Sequence[bool]) -> tuple[float, float]:
    """Return Wilson's 95 % score interval of a rate.

    It stays inside [0, 1] and keeps its coverage near the ends, where most of our rates are.
    With p = hits/n and z = 1.96: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n).
    """
    size = len(hits)
    if not size:
        return 0.0, 1.0
    share, square = rate(hits), NORMAL_95**2
    centre = share + square / (2 * size)
    reach = NORMAL_95 * (share * (1 - share) / size + square / (4 * size**2)) ** 0.5
    scale = 1 + square / size
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)


def bootstrap(
    values: Sequence[float] | NDArray[np.float64],
    rng: np.random.Generator,
    *,
    statistic: Callable[..., NDArray[np.float64]] = np.mean,
    draws: int = 2000,
) -> tuple[float, float]:
    """Return the percentile bootstrap's 95 % interval of *statistic* over *values*.

    *statistic* takes ``axis=1``: the draws are rows. Rows are drawn independently, so pass one
    value a group (a home, a dialogue) where values of a group hang together.
    """
    sample = np.asarray(values, dtype=np.float64)
    if not sample.size:
        raise ValueError("An interval needs at least one value")
    drawn = sample[rng.integers(0, sample.size, (draws, sample.size))]
    low, high = np.quantile(statistic(drawn, axis=1), (0.025, 0.975))
    return float(low), float(high)


def cluster_bootstrap(
    hits: Sequence[float], clusters: Sequence[str], rng: np.random.Generator, *, draws: int = 2000
) -> tuple[float, float]:
    """Return a 95 % interval of a rate whose rows come in *clusters* (whole homes).

    Rows may be differences of two rates as well.

    Clusters are drawn, not rows: rows of one home share its traps, and treating them as
    independent makes the interval too narrow.
    """
    names = sorted(set(clusters))
    place = {name: index for index, name in enumerate(names)}
    right, size = np.zeros(len(names)), np.zeros(len(names))
    for hit, cluster in zip(hits, clusters, strict=True):
        right[place[cluster]] += hit
        size[place[cluster]] += 1
    drawn = rng.integers(0, len(names), (draws, len(names)))
    low, high = np.quantile(right[drawn].sum(1) / size[drawn].sum(1), (0.025, 0.975))
    return float(low), float(high)
