"""Chance that depends on nothing but its keys, so that what happens to one touches no other.

Whatever must stay the same under another policy is drawn from a hash of (seed, week, person …)
rather than from a stream that everybody shares.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import inf
from statistics import NormalDist
from typing import Generic, TypeVar
from zlib import crc32

T = TypeVar("T")

_MASK = (1 << 64) - 1
_SCALE = 2.0**-64
_CELLS = 512
NORMAL = tuple(NormalDist().inv_cdf((cell + 0.5) / _CELLS) for cell in range(_CELLS))
"""Quantiles of the normal distribution, in equal steps of probability."""


def mix(*keys: int) -> int:
    """Return 64 well-mixed bits of *keys* (the finaliser of splitmix64, Steele et al. 2014)."""
    state = 0x9E3779B97F4A7C15
    for key in keys:
        state = (state ^ (key & _MASK)) * 0xBF58476D1CE4E5B9 & _MASK
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB & _MASK
        state ^= state >> 31
    return state


def stir(left: int, right: int) -> int:
    """Return mixed bits of two keys that are well mixed already; quicker than :func:`mix`."""
    state = (left ^ right) * 0xBF58476D1CE4E5B9 & _MASK
    return (state ^ (state >> 31)) * 0x94D049BB133111EB & _MASK


def unit(*keys: int) -> float:
    """Return a number from 0 to 1, the same one for the same *keys*."""
    return mix(*keys) * _SCALE


def hash_of(text: str) -> int:
    """Return bits of *text*; unlike :func:`hash`, the same in every process."""
    return mix(crc32(text.encode()))


def normal(uniform: float) -> float:
    """Return the standard normal quantile of *uniform*."""
    return NORMAL[int(uniform * _CELLS)]


class Weighted(Generic[T]):
    """Things to choose from, each with a weight."""

    __slots__ = ("_cumulative", "things")

    def __init__(self, things: Sequence[T], weights: Sequence[float]) -> None:
        """Weigh *things*; weights need not add up to one."""
        total = sum(weights)
        self.things = tuple(things)
        self._cumulative = (*(value / total for value in accumulate(weights[:-1])), inf)

    def pick(self, uniform: float) -> T:
        """Return the thing at *uniform*, from 0 to 1, of the whole weight."""
        return self.things[bisect_right(self._cumulative, uniform)]


def zipf(size: int, exponent: float) -> list[float]:
    """Return weights that fall with rank as 1 / rank ** exponent."""
    return [(rank + 1) ** -exponent for rank in range(size)]
