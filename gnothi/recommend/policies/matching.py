"""Exploring by probability matching: what is 5 % likely to be best is asked 5 % of the time."""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from gnothi.policy.matching import FLOOR, best_of_draws, with_floor
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Chooser
from gnothi.recommend.prompts import Menu

_DRAWS = 500


class Valuing(Protocol):
    """Anything that knows what candidates are worth."""

    def worth(self, menu: Menu) -> Floats:
        """Return what each candidate is worth."""
        ...


@dataclass(frozen=True, eq=False)
class Matching(Chooser):
    """Takes each candidate as often as it is likely to be best, and none below a floor.

    The draws are the same at every moment: what is logged as a propensity is exactly what was
    used, and can be worked out again.
    """

    policy: Valuing
    deviation: float
    """How far the worth of a candidate may be off, as a standard deviation."""
    floor: float = FLOOR
    share: float = 0.5
    """Share of all chance that floors may take: with many candidates the floor is lower."""

    def chances(self, menu: Menu) -> Floats:
        """Return how probably each candidate is best, at least the floor."""
        count = len(menu.candidates)
        draws = self.policy.worth(menu) + self.deviation * _normal(count)
        floor = min(self.floor, self.share / count)
        return with_floor(best_of_draws(draws), floor=floor)


@cache
def _normal(count: int) -> Floats:
    return np.random.default_rng([0, count]).standard_normal((_DRAWS, count))
