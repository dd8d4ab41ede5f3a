"""What a randomised talk does: half of the time as ever, else what is likely to be best."""

from dataclasses import dataclass

from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Chooser, Policy
from gnothi.recommend.policies.matching import Matching, Valuing
from gnothi.recommend.prompts import Menu

FLOOR = 0.04
"""Least chance of anything, in the half that tries; with many candidates it is lower."""
SPREAD = 0.8
"""How much of that half the floors may take."""
USUAL = 0.5
"""Share of decisions that are made as ever: no talk becomes a quiz."""


@dataclass(frozen=True, eq=False)
class Trying(Chooser):
    """The usual policy, mixed with probability matching.

    What the usual policy does has a chance of ``USUAL`` times its own at least, so that its
    weights in a log are never above ``1 / USUAL``: it is judged well, and so is what differs.
    """

    usual: Policy
    valuing: Valuing
    """Knows what candidates are worth."""
    deviation: float
    """How far that may be off."""

    def chances(self, menu: Menu) -> Floats:
        """Return the mixture's chances."""
        tried = Matching(self.valuing, self.deviation, floor=FLOOR, share=SPREAD).chances(menu)
        return USUAL * self.usual.chances(menu) + (1 - USUAL) * tried
