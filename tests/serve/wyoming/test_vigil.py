"""Who says a wake word and goes on at once loses nothing of what they want."""

from collections.abc import Sequence

import numpy as np
import pytest

from gnothi.core.hearing import RATE, Samples
from gnothi.core.waking import Woken
from gnothi.serve.wyoming.vigil import Vigil


class Late:
    """Tells half a second late that a word ended after three seconds."""

    def __init__(self) -> None:
        self._samples = 0

    def accept(self, samples: Samples) -> Sequence[Woken]:
        before, self._samples = self._samples, self._samples + len(samples)
        told = int(3.5 * RATE)
        return [Woken("word", 3.0)] if before < told <= self._samples else []

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize("size", [160, 1_024, RATE, 10 * RATE])
def test_what_follows_the_word_is_handed_on(size: int) -> None:
    """All of it, whatever the pieces that sound comes in; as far as two seconds are enough."""
    sound = np.arange(5 * RATE, dtype=np.float32)
    vigil, found, at = Vigil(Late()), None, 0
    while found is None:
        found = vigil.accept(sound[at : at + size])
        at = min(len(sound), at + size)
    woken, since = found
    assert woken.word == "word"
    assert np.array_equal(since, sound[3 * RATE : at])
    vigil.close()
