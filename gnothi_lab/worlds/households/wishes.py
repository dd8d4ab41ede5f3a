"""What each person wants in a week, and when: drawn before any policy has a say."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gnothi_lab.worlds.households.chance import Weighted, hash_of, mix, zipf
from gnothi_lab.worlds.households.goals import Goal, Goals
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.population import Person

HEAD = 12
"""Uniform numbers of a wish that are used up before the first attempt."""
STRIDE = 40
"""Uniform numbers that each attempt takes, whatever happens in it."""
FIRST = HEAD + STRIDE
"""Uniform numbers that most wishes never go beyond."""
_SCALE = 2.0**-64
_DAY, _HOUR, _MINUTE, _UNSUPPORTED, _GROUP, _EXPLORE, _RANK, _FRESH = range(8)
HELD, KNOWN, DEVICE, NOISE = 8, 9, 10, 11
"""Places of the numbers for the hold-out, for being recognised, for the room and for its noise."""


class Wish(NamedTuple):
    """One request to be: who, what, when, and all the chance that it will meet."""

    person: Person
    goal: Goal
    at: float
    """Seconds from the beginning of the week."""
    draws: list[float]
    """Uniform numbers up to the end of the first attempt."""
    rest: npt.NDArray[np.float64]
    """All uniform numbers of the wish."""


class Wishes:
    """Draws the wishes of people, week by week."""

    def __init__(self, parameters: Parameters, goals: Goals, seed: int, scale: float) -> None:
        """Prepare ranks of repertoires; *scale* is the world's noise scale."""
        self._parameters, self._goals, self._seed = parameters, goals, seed
        self._taste = parameters.taste
        self._unsupported = min(0.9, self._taste.unsupported * scale)
        self._ranks = {
            name: Weighted(range(group.repertoire), zipf(group.repertoire, group.zipf))
            for name, group in self._taste.groups.items()
        }
        self._habits: dict[tuple[int, str, int], tuple[int, int, Goal]] = {}
        self._width = HEAD + STRIDE * (parameters.reacting.attempts + 1)

    def of(self, person: Person, week: int) -> list[Wish]:
        """Return what *person* wants in *week*, in no order."""
        rng = np.random.default_rng([self._seed, 2, week, person.number])
        rows = rng.random((int(rng.poisson(person.requests)), self._width))
        return [
            Wish(person, self._goal(person, week, draws), _moment(person, draws), draws, row)
            for draws, row in zip(rows[:, :FIRST].tolist(), rows, strict=True)
        ]

    def other(self, person: Person, week: int, goal: Goal, uniform: float) -> Goal:
        """Return something else that *person* may want instead of *goal*, of the same kind."""
        group = goal.intent.group if goal.intent else person.groups.pick(uniform)
        rank = self._ranks[group].pick(uniform)
        found = self._habit(person, group, rank, week)
        return found if found is not goal else self._habit(person, group, rank + 1, week)

    def _goal(self, person: Person, week: int, draws: Sequence[float]) -> Goal:
        uniform = draws[_UNSUPPORTED]
        if uniform < self._unsupported:
            return self._nobody_can(person, uniform / self._unsupported, draws[_FRESH])
        name = person.groups.pick(draws[_GROUP])
        if draws[_EXPLORE] < self._taste.groups[name].explore:
            return self._goals.draw(name, person.home, week, int(draws[_FRESH] * 2**53))
        return self._habit(person, name, self._ranks[name].pick(draws[_RANK]), week)

    def _nobody_can(self, person: Person, uniform: float, fresh: float) -> Goal:
        if uniform < self._taste.unsupported_explore:
            return self._goals.nobody_can(fresh)
        slot = int(fresh * self._taste.unsupported_repertoire)
        return self._goals.nobody_can(mix(person.seed, 41, slot) * _SCALE)

    def _habit(self, person: Person, group: str, rank: int, week: int) -> Goal:
        """Return the goal at *rank* of a repertoire; after its life another takes its place."""
        place = person.number, group, rank
        found = self._habits.get(place)
        if found is None or not found[0] <= week < found[1]:
            found = self._habits[place] = self._habit_of(person, group, rank, week)
        return found[2]

    def _habit_of(self, person: Person, group: str, rank: int, week: int) -> tuple[int, int, Goal]:
        """Return from which week until which a goal lasts, and the goal."""
        kind = hash_of(group)
        bits = mix(person.seed, 42, kind, rank)
        if bits * _SCALE < self._taste.shared:
            bits = mix(person.home.number, self._seed, 43, kind, rank)
        low, high = self._taste.groups[group].life
        life = low + mix(bits, 1) % (high - low)
        lived = week + mix(bits, 2) % life
        began = week - lived % life
        goal = self._goals.draw(group, person.home, max(0, began), mix(bits, 3, lived // life))
        return began, began + life, goal


def _moment(person: Person, draws: Sequence[float]) -> float:
    hour = min(23, bisect_left(person.hours, draws[_HOUR]))
    return 86_400.0 * int(draws[_DAY] * 7) + 3_600.0 * hour + 3_600.0 * draws[_MINUTE]
