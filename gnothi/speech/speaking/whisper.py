"""A voice without its chords: the vocal tract stays, noise takes the place of the buzz.

Linear prediction (Makhoul, 1975) parts speech into a filter, the tract, and what excites it. White
noise of the same power through the same filter is what a whisper is, up to its tilt.
"""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.core.speaking import Block

_FRAME_S, _STEP_S = 0.025, 0.010
_TILT = 0.9
"""Whispers have little energy below 1 kHz: a first difference of this weight takes it away."""
_SEED = 0
"""Of the noise: the same words whisper the same."""


def whispered(sound: Block, rate: int) -> Block:
    """Return *sound* as a whisper, as loud as it was."""
    linalg: Any = import_module("scipy.linalg")
    signal: Any = import_module("scipy.signal")
    size, step, order = int(_FRAME_S * rate), int(_STEP_S * rate), 2 + rate // 1000
    if len(sound) < size:
        return sound
    window = np.hanning(size)
    emphasised = np.append(sound[0], sound[1:] - _TILT * sound[:-1]).astype(np.float64)
    noise = np.random.default_rng(_SEED).standard_normal(len(sound) + size)
    made, weight = np.zeros(len(sound)), np.full(len(sound), 1e-3)
    for start in range(0, len(sound) - size + 1, step):
        frame = emphasised[start : start + size] * window
        powers = np.correlate(frame, frame, "full")[size - 1 : size + order]
        if powers[0] <= 1e-9:
            continue
        powers[0] *= 1 + 1e-4
        filtering: NDArray[np.float64] = linalg.solve_toeplitz(powers[:-1], powers[1:])
        error = max(powers[0] - float(filtering @ powers[1:]), 0.0)
        scale = np.sqrt(error / float(np.sum(window**2)))
        said = signal.lfilter([scale], np.append(1, -filtering), noise[start : start + size])
        made[start : start + size] += said * window
        weight[start : start + size] += window
    made /= weight
    power, wanted = np.sqrt(np.mean(made**2)), np.sqrt(np.mean(np.square(sound)))
    return (made * wanted / max(float(power), 1e-9)).astype(np.float32)
