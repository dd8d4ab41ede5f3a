"""Whether sound broke off while somebody spoke: a button released too early, a stream that ended.

Who has finished gets softer: the last 20 ms of a sentence lie far below its loud parts, even where
the sound ends with it. Sound that ends as loud as speech, and well above what the room sounds like,
was cut. Found by measuring (docs/decisions/0027).
"""

from collections import deque

import numpy as np

from gnothi.core.hearing import RATE, Samples

FRAME_S = 0.01
_FRAME = round(RATE * FRAME_S)
_LAST = 2
"""Frames at the end of the sound that are looked at: more would see into the last vowel."""
_LOUD, _QUIET = 95, 5
"""Percentiles of levels that stand for loud speech, and for the room."""
NEAR_DB = 20.0
"""So near to loud speech does sound end that was cut (docs/decisions/0027)."""
ABOVE_DB = 15.0
"""… and so far above the room."""
_LONGEST_S = 30.0
_LEAST_S = 0.3
"""Less sound says nothing."""


class Trail:
    """The levels of the last half a minute of a stream: 3000 numbers at most."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._levels = deque[float](maxlen=round(_LONGEST_S / FRAME_S))
        self._rest = np.zeros(0, np.float32)

    def accept(self, samples: Samples) -> None:
        """Take in *samples*, any number of them."""
        sound = np.concatenate([self._rest, samples])
        whole = len(sound) // _FRAME
        frames = sound[: whole * _FRAME].reshape(whole, _FRAME)
        self._levels.extend((10 * np.log10((frames**2).mean(1) + 1e-12)).tolist())
        self._rest = sound[whole * _FRAME :]

    def breaks_off(self, last_s: float = _LONGEST_S) -> bool:
        """Return whether the sound ends while somebody speaks, who began *last_s* ago."""
        levels = np.array(self._levels)[-max(1, round(last_s / FRAME_S)) :]
        if len(levels) * FRAME_S < _LEAST_S:
            return False
        loud, room = np.percentile(levels, [_LOUD, _QUIET])
        end = float(levels[-_LAST:].mean())
        return bool(end > max(loud - NEAR_DB, room + ABOVE_DB))
