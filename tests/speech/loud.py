"""A voice detector that needs no network: what is loud is speech."""

import numpy as np

from gnothi.core.hearing import Samples
from gnothi.speech.voice import BLOCK, VoiceDetector, VoiceStream

LOUD = 0.02
"""Room tone of the tests stays below."""


class Loud(VoiceStream):
    """Takes what is loud for speech."""

    def __init__(self) -> None:
        self._left = np.zeros(0, np.float32)

    def accept(self, samples: Samples) -> list[float]:
        self._left = np.concatenate([self._left, samples])
        whole = len(self._left) // BLOCK * BLOCK
        blocks, self._left = self._left[:whole].reshape(-1, BLOCK), self._left[whole:]
        return [float(np.abs(block).max() > LOUD) for block in blocks]


class Detector(VoiceDetector):
    """Opens such streams."""

    def open(self) -> VoiceStream:
        return Loud()
