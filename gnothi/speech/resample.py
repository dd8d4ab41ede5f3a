"""Any rate and any number of channels to mono at 16 kHz, block by block.

soxr rather than scipy: ``scipy.signal.resample_poly`` is for whole signals, and cut into blocks
it clicks at every seam. ``soxr.ResampleStream`` carries its filter from block to block, so that
an hour needs as much memory as a second.
"""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples

_LOWEST, _HIGHEST = 4_000, 768_000
_MOST_CHANNELS = 64


class Resampler:
    """Turns sound of one format into what recognisers take."""

    def __init__(self, rate: int, channels: int = 1) -> None:
        """Take sound of *rate* samples a second in each of *channels*.

        Raises:
            InputError: no microphone records like that.
        """
        import soxr  # pyright: ignore[reportMissingTypeStubs] - it has none

        if not _LOWEST <= rate <= _HIGHEST:
            raise InputError(
                f"A rate of {rate} Hz is no rate for speech: it is between {_LOWEST} and "
                f"{_HIGHEST} Hz. 8000 to 48000 are usual."
            )
        if not 1 <= channels <= _MOST_CHANNELS:
            raise InputError(f"{channels} channels are too many, or none: give 1 or 2.")
        self._channels = channels
        self._stream: Any = None
        if rate != RATE:
            self._stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")

    def take(self, block: NDArray[np.float32], *, is_last: bool = False) -> Samples:
        """Return the sound in *block*, whose shape is (samples, channels) or (samples,).

        What the filter still holds comes with the next block, or with the last.
        """
        sane = np.clip(np.nan_to_num(block), -1, 1)
        mono = sane.mean(axis=1, dtype=np.float32) if sane.ndim == 2 else sane
        if self._stream is None:
            return np.ascontiguousarray(mono, dtype=np.float32)
        return cast("Samples", self._stream.resample_chunk(mono, last=is_last))


def from_pcm16(sound: bytes) -> Samples:
    """Return 16-bit little-endian *sound* as floats; half a sample at the end is left out."""
    whole = sound[: len(sound) // 2 * 2]
    return np.frombuffer(whole, dtype="<i2").astype(np.float32) / np.float32(32768)


def to_pcm16(samples: Samples) -> bytes:
    """Return *samples* as 16-bit little-endian; what is louder than 1 is cut off."""
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()
