"""What a prompt was good for, from the transcript and the catalogue alone: nobody judges anything.

Once something was played to its end, it can be told which prompts brought it about: those after
which the belief came closer to it (:mod:`gnothi.recommend.closeness`). The number of turns is not
in the reward; what is long past is worth less.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from gnothi.recommend.acts import Ask
from gnothi.recommend.belief import Belief
from gnothi.recommend.closeness import usefulness
from gnothi.recommend.course import Turn


@dataclass(frozen=True, slots=True)
class Reward:
    """How prompts are rewarded."""

    decay: float = 0.8
    """What a prompt one turn earlier is worth beside a later one."""
    scale: float = 0.5
    """Rise of the logarithm of closeness at which a prompt gets 63 % of what it can get."""
    asked: float = 0.3
    """Share that every prompt of a conversation that ended well gets."""

    def of(self, start: Belief, turns: Sequence[Turn], played: int | None) -> list[float]:
        """Return one reward a turn, from 0 to 1.

        *played* is what was played to its end; ``None`` where nothing was, and nothing was of use.

            reward_t = decay ** (last - t) * (asked + (1 - asked) * (1 - exp(-rise_t / scale)))

        with ``rise_t`` what the turn added to the logarithm of the closeness to what was played,
        if anything; to play it is worth 1.
        """
        if played is None or not turns:
            return [0.0] * len(turns)
        last = len(turns) - 1
        rises = usefulness(start, turns, played)
        return [
            self.decay ** (last - at) * self._brought(turn, rise, played)
            for at, (turn, rise) in enumerate(zip(turns, rises, strict=True))
        ]

    def _brought(self, turn: Turn, rise: float, played: int) -> float:
        if turn.prompt.item == played and turn.prompt.ask is Ask.PLAY:
            return 1.0
        if turn.prompt.item == played and turn.is_liked:
            return 1.0
        return self.asked + (1 - self.asked) * (1 - exp(-max(rise, 0.0) / self.scale))


def playback(turns: Sequence[Turn], played: int | None) -> list[float]:
    """Return the plainer reward: 1 for every turn of a conversation that ended with a play."""
    return [float(played is not None)] * len(turns)
