"""The one front end of training and serving: sound at 16 kHz to log-mel frames.

Windows of 25 ms every 10 ms, 64 mel bands, a causal running mean taken off each band, and three
frames stacked to one of 30 ms. All of it is incremental: whatever the size of the pieces that sound
comes in, the frames are those of the whole signal.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE, Samples

Floats = NDArray[np.float32]

BANDS = 64
WINDOW = RATE * 25 // 1000
HOP = RATE // 100
STACK = 3
"""Frames of 10 ms in one stacked frame."""
WIDTH = BANDS * STACK
FRAME_S = STACK * HOP / RATE

_FFT = 512
_LOWEST, _HIGHEST = 60.0, 7600.0
_FLOOR = 1e-7
"""About the power of the last bit of 16-bit sound in one band: digital silence is not minus
infinity."""
_PREEMPHASIS = np.float32(0.97)
_PRIOR = 60
"""Frames that the mean before any sound counts as; after that it adapts."""
_MEMORY = 400
"""Frames after which the running mean forgets."""
_TYPICAL = -9.0
"""Mean of a band before any sound was heard: about that of quiet speech."""
_SCALE = np.float32(1 / 3.0)
"""Brings the spread of bands near one."""


@cache
def mel_filters() -> Floats:
    """Return triangular filters of equal width on the mel scale; shape (257, 64)."""

    def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return 2595.0 * np.log10(1.0 + np.asarray(hertz) / 700.0)

    edges = np.linspace(mel(_LOWEST), mel(_HIGHEST), BANDS + 2)
    bins = mel(np.arange(_FFT // 2 + 1) * RATE / _FFT)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)


@cache
def _window() -> Floats:
    return np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def log_mel(samples: Samples) -> Floats:
    """Return the log-mel bands of every whole window in *samples*; shape (windows, 64).

    The first sample serves only as the past of the second (pre-emphasis).
    """
    emphasised = samples[1:] - _PREEMPHASIS * samples[:-1]
    if len(emphasised) < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(emphasised, WINDOW)[::HOP]
    spectrum = np.fft.rfft(windows * _window(), _FFT)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    return np.log(power @ mel_filters() + np.float32(_FLOOR))


class FrontEnd:
    """Turns a stream of sound into stacked frames."""

    def __init__(self) -> None:
        """Begin with no sound heard."""
        self._sound = np.zeros(1, np.float32)
        self._bands = np.zeros((0, BANDS), np.float32)
        self._mean = np.full(BANDS, _TYPICAL, np.float32)
        self._heard = 0

    def accept(self, samples: Samples) -> Floats:
        """Take in *samples* (float32, from -1 to 1); return the new frames, (frames, 192)."""
        self._sound = np.concatenate([self._sound, samples])
        bands = log_mel(self._sound)
        self._sound = self._sound[len(bands) * HOP :]
        self._bands = np.concatenate([self._bands, self._centred(bands)])
        whole = len(self._bands) // STACK * STACK
        frames, self._bands = self._bands[:whole], self._bands[whole:]
        return frames.reshape(-1, WIDTH)

    def _centred(self, bands: Floats) -> Floats:
        """Take the mean of what was heard so far off each frame, and learn from the frame."""
        centred = np.empty_like(bands)
        mean = self._mean
        for at, frame in enumerate(bands):
            weight = np.float32(1.0 / min(_PRIOR + self._heard + at + 1, _MEMORY))
            mean = mean + weight * (frame - mean)
            centred[at] = frame - mean
        self._heard += len(bands)
        self._mean = mean
        return centred * _SCALE


def features(samples: Samples) -> Floats:
    """Return the stacked frames of a whole piece of sound; shape (frames, 192)."""
    return FrontEnd().accept(samples)
