"""Never the same two things twice: neither to choose from, nor as suggestions."""

from dataclasses import dataclass

import numpy as np

from gnothi.recommend.acts import Ask, Prompt
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Choice, Policy
from gnothi.recommend.prompts import Menu


@dataclass(frozen=True, eq=False)
class Fresh:
    """A policy that is not offered pairs of values which were put to them in other words before.

    A menu has no prompt twice. But "rather rock, or pop?" and "may I suggest rock? or pop?" are
    two prompts, and to people one question.
    """

    policy: Policy

    def chances(self, menu: Menu) -> Floats:
        """Return how probably each candidate is to be chosen, 0 for what is stale."""
        fresh = [at for at, one in enumerate(menu.candidates) if not _is_stale(one.prompt, menu)]
        chances = np.zeros(len(menu.candidates))
        chances[fresh] = self.policy.chances(_only(menu, fresh))
        return chances

    def choose(self, menu: Menu, rng: np.random.Generator) -> Choice:
        """Choose among what is fresh."""
        fresh = [at for at, one in enumerate(menu.candidates) if not _is_stale(one.prompt, menu)]
        return self.policy.choose(_only(menu, fresh), rng)


def _only(menu: Menu, places: list[int]) -> Menu:
    return Menu(menu.moment, tuple(menu.candidates[at] for at in places))


def _is_stale(prompt: Prompt, menu: Menu) -> bool:
    if len(prompt.values) < 2:
        return False
    asked = menu.moment.course.asked
    return any(Prompt(ask, prompt.values).key in asked for ask in (Ask.CHOICE, Ask.SUGGEST))
