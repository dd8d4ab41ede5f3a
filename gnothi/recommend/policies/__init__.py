"""Who decides what to ask: rules, expected information, what was learned; all behind one Protocol.

A policy gives every candidate of a menu a chance; one is drawn, and all chances are kept with the
choice, to be logged as propensities. Modules of this folder hold one policy each.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gnothi.policy.matching import FLOOR, match
from gnothi.recommend.acts import Prompt
from gnothi.recommend.noise import Floats
from gnothi.recommend.prompts import Menu


@dataclass(frozen=True, eq=False)
class Choice:
    """A prompt, and how probably each candidate was to be chosen."""

    menu: Menu
    place: int
    """Of the chosen candidate."""
    chances: Floats
    """Of all candidates, as they were used; they add to 1."""

    @property
    def prompt(self) -> Prompt:
        """What is asked or played."""
        return self.menu.candidates[self.place].prompt

    @property
    def propensity(self) -> float:
        """How probably it was chosen."""
        return float(self.chances[self.place])

    @property
    def candidates(self) -> tuple[Prompt, ...]:
        """All that could have been chosen."""
        return tuple(one.prompt for one in self.menu.candidates)

    @property
    def features(self) -> Floats:
        """Of all candidates."""
        return self.menu.features


class Policy(Protocol):
    """Decides what comes next."""

    def chances(self, menu: Menu) -> Floats:
        """Return how probably each candidate is to be chosen; they add to 1."""
        ...

    def choose(self, menu: Menu, rng: np.random.Generator) -> Choice:
        """Choose a candidate."""
        ...


class Chooser:
    """A policy by its chances alone."""

    def chances(self, menu: Menu) -> Floats:
        """Return how probably each candidate is to be chosen; they add to 1."""
        raise NotImplementedError

    def choose(self, menu: Menu, rng: np.random.Generator) -> Choice:
        """Choose a candidate."""
        return drawn(menu, self.chances(menu), rng, floor=0.0)


@dataclass(frozen=True, eq=False)
class Exploring(Chooser):
    """A policy, and now and then something else: nothing has less than a floor of chance."""

    policy: Policy
    floor: float = FLOOR
    """The least chance of any candidate; less, where there are too many for it."""
    share: float = 1.0
    """Share of the room for chance that floors may take at most, from 0 to 1."""

    def chances(self, menu: Menu) -> Floats:
        """Return the policy's chances above the floor, in their proportions."""
        from gnothi.policy.matching import with_floor

        floor = min(self.floor, self.share / len(menu.candidates))
        return with_floor(self.policy.chances(menu), floor=floor)


@dataclass(frozen=True, eq=False)
class Uniform(Chooser):
    """Anything, all alike: the baseline that ought to lose, and the widest log."""

    def chances(self, menu: Menu) -> Floats:
        """Return the same chance for each."""
        count = len(menu.candidates)
        return np.full(count, 1 / count)


def drawn(menu: Menu, chances: Floats, rng: np.random.Generator, *, floor: float = 0.0) -> Choice:
    """Draw a candidate by its chance, at least *floor*."""
    found = match(chances, rng, floor=floor)
    return Choice(menu, found.action, np.array(found.probabilities))


def only(menu: Menu, place: int) -> Floats:
    """Return chances that leave no choice."""
    chances = np.zeros(len(menu.candidates))
    chances[place] = 1.0
    return chances
