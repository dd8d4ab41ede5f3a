"""Simulated people who hesitate more or less often, and what learned patience does for them.

What they say are recorded pauses and ends; simulated is how often a person pauses. Nobody tells the
bandit who they are: it sees whether they went on, as an ear does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from gnothi.speech.endpoint.arbitrator import Arbitrator
from gnothi.speech.endpoint.habit import EARLY_S, Habit, Level
from gnothi.speech.voice import STATEMENT
from gnothi_lab.speech.ends import Heard, asked, outcome, told
from gnothi_train.endpoint.outcome import Floats

UTTERANCES = 200
"""Of one person; the second half counts."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who pauses in the middle of this share of what they say."""

    name: str
    hesitates: float


PEOPLE = (Person("brisk", 0.02), Person("usual", 0.25), Person("hesitant", 0.9))


@dataclass(frozen=True, slots=True)
class Fared:
    """How somebody fared in an utterance, on average."""

    cut_off: float
    waited_s: float

    @property
    def cost_s(self) -> float:
        """Both in seconds."""
        return EARLY_S * self.cut_off + self.waited_s


class Life:
    """Pauses and ends, and when each level of patience takes them for an end."""

    def __init__(
        self,
        heard: Sequence[Heard],
        told: Sequence[Floats],
        levels: Sequence[Level],
        sure: float,
    ) -> None:
        """Replay *levels*; *told* are the probabilities that were found in what was *heard*."""
        by_pause = {id(one): chances for one, chances in zip(heard, told, strict=True)}
        odds = np.log(sure / (1 - sure))
        weights = np.ones(len(heard))
        self._levels = levels
        self._at_s = np.array(
            [
                outcome(
                    asked(lambda one: by_pause[id(one)], 1 / (1 + np.exp(-odds - level.shift))),
                    heard,
                    weights,
                ).at_s
                for level in levels
            ]
        )
        self._goes_on = np.array([one.goes_on_s for one in heard])
        is_end = np.array([one.is_end for one in heard])
        self._ends, self._pauses = np.flatnonzero(is_end), np.flatnonzero(~is_end)

    def fixed(self, person: Person, level: int, rng: np.random.Generator) -> Fared:
        """Return how *person* fares where patience stays as it is."""
        return self._lived(person, rng, lambda: level, None)

    def learned(self, person: Person, rng: np.random.Generator) -> Fared:
        """Return how *person* fares where patience is learned."""
        habit = Habit(self._levels, rng)
        return self._lived(person, rng, habit.choose, habit)

    def _lived(
        self,
        person: Person,
        rng: np.random.Generator,
        choose: Callable[[], int],
        habit: Habit | None,
    ) -> Fared:
        rows: list[tuple[bool, float]] = []
        for _ in range(UTTERANCES):
            level = choose()
            was_early, waited_s = self._utterance(person, level, rng)
            rows.append((was_early, waited_s))
            if habit:
                habit.learn(level, was_early=was_early, waited_s=waited_s)
        late = rows[UTTERANCES // 2 :]
        waits = [waited_s for was_early, waited_s in late if not was_early] or [0.0]
        return Fared(float(np.mean([early for early, _ in late])), float(np.mean(waits)))

    def _utterance(
        self, person: Person, level: int, rng: np.random.Generator
    ) -> tuple[bool, float]:
        if rng.random() < person.hesitates:
            at = rng.choice(self._pauses)
            decided: NDArray[np.float64] = self._at_s[level]
            if decided[at] < self._goes_on[at]:
                return True, float(decided[at])
        return False, float(self._at_s[level][rng.choice(self._ends)])


def lives(arbitrator: Arbitrator, heard: Sequence[Heard], seed: int) -> dict[str, float]:
    """Return what simulated people gain in seconds from patience that is learned."""
    chances = [told(arbitrator, one) for one in heard]
    life = Life(heard, chances, arbitrator.full_levels, STATEMENT.sure)
    usual = [level.shift for level in arbitrator.full_levels].index(0.0)
    found: dict[str, float] = {}
    for number, person in enumerate(PEOPLE):
        fixed, learned = (
            [run(np.random.default_rng((seed, number, at))) for at in range(20)]
            for run in (partial(life.fixed, person, usual), partial(life.learned, person))
        )
        for name, fared in (("fixed", fixed), ("learned", learned)):
            key = f"simulated_{person.name}_{name}"
            found[f"{key}_cutoffs"] = float(np.mean([one.cut_off for one in fared]))
            found[f"{key}_cost_s"] = float(np.mean([one.cost_s for one in fared]))
    return found
