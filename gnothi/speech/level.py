"""How loud it is: a meter that knows a bad recording, and a gain that makes voices alike."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gnothi.core.hearing import RATE, Samples

_CLIPPED = 0.999
"""Samples beyond this were cut off, or nearly."""
_SILENT = 10 ** (-75 / 20)
_FAINT = 10 ** (-55 / 20)
_CLIPPED_SHARE = 0.002
"""Speech that just touches the end of the scale is well understood; this much is not."""


@dataclass(slots=True)
class Meter:
    """Watches a recording go by."""

    samples: int = 0
    peak: float = 0.0
    clipped: int = 0
    loudest: float = 0.0
    """Root mean square of the loudest block."""

    def watch(self, block: Samples) -> Samples:
        """Take note of *block* and hand it on."""
        if not len(block):
            return block
        sizes = np.abs(block)
        self.samples += len(block)
        self.peak = max(self.peak, float(sizes.max()))
        self.clipped += int((sizes >= _CLIPPED).sum())
        self.loudest = max(self.loudest, float(np.sqrt(np.mean(block**2))))
        return block

    @property
    def seconds(self) -> float:
        """How much went by."""
        return self.samples / RATE

    def complaints(self) -> Iterator[str]:
        """Yield what is wrong with the recording, and what to do, in sentences."""
        if self.peak < _SILENT:
            yield "The recording is silent: is the microphone on, and not muted?"
        elif self.loudest < _FAINT:
            yield "The recording is very faint: turn the microphone up, or speak closer to it."
        if self.samples and self.clipped > _CLIPPED_SHARE * self.samples:
            share = 100 * self.clipped / self.samples
            yield f"The recording is clipped ({share:.1f} % of it): turn the microphone down."


class Gain:
    """Brings speech to one level, whoever speaks from wherever.

    The level of speech is followed as the root mean square of blocks of 32 ms: at once when it
    gets louder, by halves in ``halving_s`` when it gets softer, and only in blocks that stand out
    from the background, so that silence is not pumped up. The gain changes by at most 6 dB a
    second upwards and never takes the peak of a block beyond 0.99. It looks at the past alone: a
    block is as loud whether more follows or not.
    """

    _TARGET = 10 ** (-23 / 20)
    """Near the level of read speech in LibriSpeech."""
    _BLOCK = 512
    _MOST, _LEAST = 31.6, 0.1
    _SHIFTED = 0.01
    """A microphone whose silence lies so far from zero is brought back to it; others stay as they
    are."""
    _FOLLOWS = 0.06
    _SLOPE = 10 ** (6 / 20 * 512 / RATE)

    def __init__(self, *, halving_s: float = 3.0) -> None:
        """Begin with nothing known: the first block is taken as it is."""
        self._fade = 0.5 ** (self._BLOCK / RATE / halving_s)
        self._level = 0.0
        self._floor = 1.0
        self._gain = 1.0
        self._shift: float | None = None
        self._removed = 0.0
        self._kept = np.zeros(0, np.float32)

    def take(self, samples: Samples, *, is_last: bool = False) -> Samples:
        """Return *samples* at the common level; less than a block is kept until more comes."""
        sound = np.concatenate([self._kept, samples])
        whole = len(sound) if is_last else len(sound) // self._BLOCK * self._BLOCK
        self._kept = sound[whole:]
        blocks = [
            self._block(sound[start : start + self._BLOCK])
            for start in range(0, whole, self._BLOCK)
        ]
        return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)

    def _centred(self, block: Samples) -> Samples:
        """Return *block* around zero: a shift would be taken for loudness."""
        mean = float(block.mean()) if len(block) else 0.0
        shift = mean if self._shift is None else self._shift
        self._shift = shift + self._FOLLOWS * (mean - shift)
        before = self._removed
        self._removed = self._shift if abs(self._shift) > self._SHIFTED else 0.0
        if not before and not self._removed:
            return block
        return block - np.linspace(before, self._removed, len(block), dtype=np.float32)

    def _block(self, block: Samples) -> Samples:
        block = self._centred(block)
        loud = float(np.sqrt(np.mean(block**2))) + 1e-9
        # What is digitally silent says nothing of the room: a microphone that starts, a gate.
        if loud > _SILENT:
            self._floor = min(self._floor * 1.002, loud)
            if loud > 3 * self._floor:
                self._level = max(loud, self._level * self._fade)
        wanted = self._TARGET / self._level if self._level else 1.0
        wanted = min(max(wanted, self._LEAST), self._MOST)
        most = max(1.0, 0.99 / (float(np.abs(block).max()) + 1e-9))
        before = min(self._gain, most)
        self._gain = min(wanted, self._gain * self._SLOPE, most)
        ramp = np.linspace(before, self._gain, len(block), dtype=np.float32)
        return np.clip(block * ramp, -1, 1).astype(np.float32)
