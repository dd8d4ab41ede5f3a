"""Waiting for a wake word, with what was just heard at hand: who goes on at once is understood."""

import numpy as np

from gnothi.core.hearing import RATE, Samples
from gnothi.core.waking import WakeStream, Woken

_KEPT_S = 2.0


class Vigil:
    """Listens for a word in one stream, and remembers its last two seconds."""

    def __init__(self, stream: WakeStream) -> None:
        """Listen with *stream*, which has heard nothing yet."""
        self._stream = stream
        self._recent = np.zeros(0, np.float32)
        self._samples = 0

    def accept(self, samples: Samples) -> tuple[Woken, Samples] | None:
        """Take in *samples*; return the word that was said in them, and what followed it so far.

        Raises:
            ProviderError: what listens is elsewhere, and is away.
        """
        self._samples += len(samples)
        self._recent = np.concatenate([self._recent, samples])[-int(_KEPT_S * RATE) :]
        woken = self._stream.accept(samples)
        if not woken:
            return None
        since = self._samples - int(woken[-1].end_s * RATE)
        return woken[-1], self._recent[max(0, len(self._recent) - since) :]

    def close(self) -> None:
        """Stop to listen."""
        self._stream.close()
