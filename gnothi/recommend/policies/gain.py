"""Expected information: ask what is likely to tell most; offer what is likely to be liked."""

from dataclasses import dataclass

import numpy as np

from gnothi.recommend.acts import Ask
from gnothi.recommend.moment import Candidate
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Chooser, only
from gnothi.recommend.prompts import Menu


@dataclass(frozen=True)
class InformationGain(Chooser):
    """What information and success are worth, in nats; to be tuned.

    The information is that of :mod:`gnothi.recommend.information`, with answers that may be wrong
    or missing.
    """

    sample: float = 0.5
    """Worth of a sample that is liked, beyond what it tells."""
    play: float = 2.0
    """Worth of playing what is liked, above the bar."""
    bar: float = 0.55
    """Chance of being liked from which on playing is worth something."""
    hurry: float = 0.03
    """How much the bar sinks with each turn."""
    company: float = 1.0
    """Worth of knowing who is there, times how much it would change."""
    open: float = 1.0
    """How much the information of the open question counts."""

    def chances(self, menu: Menu) -> Floats:
        """Return 1 for what is worth most."""
        return only(menu, int(np.argmax(self.worth(menu))))

    def worth(self, menu: Menu) -> Floats:
        """Return what each candidate is worth, in nats."""
        return np.array([self._worth(menu, one) for one in menu.candidates])

    def _worth(self, menu: Menu, one: Candidate) -> float:
        turns = menu.moment.course.turns
        match one.prompt.ask:
            case Ask.SAMPLE:
                return one.gain + self.sample * one.success
            case Ask.PLAY:
                return self.play * (one.success - self.bar + self.hurry * turns)
            case Ask.COMPANY:
                return self.company * menu.moment.company
            case Ask.OPEN:
                return self.open * one.gain
            case _:
                return one.gain
