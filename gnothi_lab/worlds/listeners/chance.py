"""Chance that hangs on nothing but its keys, for whole arrays at once.

Two policies that meet the same listener in the same session draw the same numbers, whatever they
did before; what happens to one session touches no other.
"""

from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Keys: TypeAlias = NDArray[np.uint64]
Floats: TypeAlias = NDArray[np.float64]

_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_START = np.uint64(0x9E3779B97F4A7C15)
_30, _27, _31, _11 = (np.uint64(bits) for bits in (30, 27, 31, 11))


def mix(*keys: ArrayLike) -> Keys:
    """Return 64 well-mixed bits of *keys*, broadcast (the finaliser of splitmix64)."""
    state = np.full((), _START)
    with np.errstate(over="ignore"):
        for key in keys:
            state = state ^ np.asarray(key).astype(np.uint64)
            state = (state ^ (state >> _30)) * _FIRST
            state = (state ^ (state >> _27)) * _SECOND
            state = (state ^ (state >> _31)) + _START
    return state


def unit(*keys: ArrayLike) -> Floats:
    """Return numbers from 0 to 1, the same ones for the same *keys*."""
    return (mix(*keys) >> _11) * 2.0**-53


def key_of(text: str) -> int:
    """Return bits of *text*; unlike :func:`hash`, the same in every process."""
    return crc32(text.encode())


def normal(uniforms: Floats) -> Floats:
    """Return the standard normal quantiles of *uniforms*."""
    return ndtri(np.clip(uniforms, 1e-12, 1 - 1e-12))
