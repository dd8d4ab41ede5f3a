"""One level for all voices, and no silence where none was asked for."""

from collections.abc import Iterable, Iterator

import numpy as np

from gnothi.core.speaking import Block

TARGET = 10 ** (-20 / 20)
"""Root mean square of speech, pauses left out; near what radio and podcasts have."""
_SILENT = 10 ** (-50 / 20)
"""Peak of what counts as silence at the ends of speech."""
_EDGE_S = 0.02
"""What is left of silence at the ends, so that no sound is cut into."""
_FRAME_S = 0.02
_KNEE, _CEILING = 0.7, 0.98
_MOST, _LEAST = 8.0, 0.05


def level(sound: Block, rate: int) -> float:
    """Return the root mean square of *sound* where somebody speaks; 0 where nobody does.

    Frames of 20 ms that are more than 25 dB below the loudest are pauses.
    """
    size = int(_FRAME_S * rate)
    whole = sound[: len(sound) // size * size].reshape(-1, size)
    if not len(whole):
        return 0.0
    power = np.mean(whole.astype(np.float64) ** 2, axis=1)
    active = power[power > power.max() * 10**-2.5]
    return float(np.sqrt(active.mean())) if len(active) else 0.0


def levelling(sound: Block, rate: int) -> float:
    """Return what *sound* is multiplied by to have the common level."""
    found = level(sound, rate)
    return float(np.clip(TARGET / found, _LEAST, _MOST)) if found else 1.0


def limited(sound: Block) -> Block:
    """Return *sound* bent below full scale: what is quieter than 0.7 stays as it is."""
    size = np.abs(sound)
    if float(size.max(initial=0.0)) <= _KNEE:
        return sound
    room = _CEILING - _KNEE
    bent = _KNEE + room * np.tanh((size - _KNEE) / room)
    return np.where(size > _KNEE, np.sign(sound) * bent, sound).astype(np.float32)


class Shaped:
    """Brings the sound of one voice to its level, and takes the silence off both ends."""

    def __init__(self, rate: int, gain: float, volume: float) -> None:
        """Multiply by *gain*, and by *volume* in decibels."""
        self._edge = int(_EDGE_S * rate)
        self._factor = np.float32(gain * 10 ** (volume / 20))

    def blocks(self, raw: Iterable[Block]) -> Iterator[Block]:
        """Yield the sound in *raw*; silence is held back until it is known whether more comes."""
        held = np.zeros(0, np.float32)
        has_begun = False
        for block in raw:
            sound = np.concatenate([held, block])
            loud = np.flatnonzero(np.abs(sound) > _SILENT)
            if not len(loud):
                held = sound if has_begun else sound[max(0, len(sound) - self._edge) :]
                continue
            first = 0 if has_begun else max(0, int(loud[0]) - self._edge)
            last = int(loud[-1]) + 1
            has_begun = True
            held = sound[last:]
            yield limited(sound[first:last] * self._factor)
        if has_begun and len(held):
            yield limited(_faded(held[: self._edge]) * self._factor)


def _faded(sound: Block) -> Block:
    return (sound * np.linspace(1, 0, len(sound), dtype=np.float32)).astype(np.float32)
