"""Streams of recognisers that read an utterance only when it is whole."""

from collections.abc import Callable, Sequence

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Hypothesis, Partial, Samples, require_sound

LONGEST_S = 60.0
Decode = Callable[[Samples], Sequence[Hypothesis]]


class WholeStream:
    """Keeps the sound until the end; there is nothing to show before."""

    def __init__(self, decode: Decode) -> None:
        """Give everything to *decode* in the end."""
        self._decode = decode
        self._heard: list[Samples] = []
        self._length = 0
        self._done = False

    def accept(self, samples: Samples) -> Partial:
        """Keep *samples*.

        Raises:
            InputError: it gets longer than anybody speaks without a pause.
        """
        self._open()
        self._length += len(require_sound(samples))
        if self._length > LONGEST_S * RATE:
            raise InputError(f"This goes on for more than {LONGEST_S:g} s: part it at pauses.")
        self._heard.append(samples.copy())
        return Partial("")

    def finish(self) -> Sequence[Hypothesis]:
        """Return what was said."""
        self._open()
        self._done = True
        if not self._length:
            return ()
        return self._decode(np.concatenate(self._heard))

    def close(self) -> None:
        """Forget the sound."""
        self._done = True
        self._heard.clear()

    def _open(self) -> None:
        if self._done:
            raise InputError("This stream is finished: open another one.")
