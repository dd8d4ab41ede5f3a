"""What nobody should be asked or offered, whichever policy chooses.

Filters of the menu, so that chances are those of what was really to be chosen from.
"""

from dataclasses import dataclass

import numpy as np

from gnothi.recommend.acts import Ask, Prompt
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Choice, Policy
from gnothi.recommend.prompts import Menu


@dataclass(frozen=True, eq=False)
class Fresh:
    """A policy that puts two values to people once.

    A menu has no prompt twice. But "rather rock, or pop?" and "may I suggest rock? or pop?" are
    two prompts, and to people one question.
    """

    policy: Policy

    def chances(self, menu: Menu) -> Floats:
        """Return how probably each candidate is to be chosen, 0 for what is left out."""
        places = self._fresh(menu)
        chances = np.zeros(len(menu.candidates))
        chances[places] = self.policy.chances(_only(menu, places))
        return chances

    def choose(self, menu: Menu, rng: np.random.Generator) -> Choice:
        """Choose among the others."""
        return self.policy.choose(_only(menu, self._fresh(menu)), rng)

    def _fresh(self, menu: Menu) -> list[int]:
        every = range(len(menu.candidates))
        fresh = [at for at in every if not _is_stale(menu.candidates[at].prompt, menu)]
        return fresh or list(every)


def _only(menu: Menu, places: list[int]) -> Menu:
    return Menu(menu.moment, tuple(menu.candidates[at] for at in places))


def _is_stale(prompt: Prompt, menu: Menu) -> bool:
    if len(prompt.values) < 2:
        return False
    asked = menu.moment.course.asked
    return any(Prompt(ask, prompt.values).key in asked for ask in (Ask.CHOICE, Ask.SUGGEST))
