"""The world: homes that live week after week with whatever rewrites they are given."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from typing import Any

from gnothi_lab.worlds.households.attack import Attack, Target
from gnothi_lab.worlds.households.catalogue import make_catalogue
from gnothi_lab.worlds.households.goals import Goals
from gnothi_lab.worlds.households.hearing import Hearing
from gnothi_lab.worlds.households.log import Serving, Writer
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.population import Person, populate
from gnothi_lab.worlds.households.reacting import Reacting, Rewrite, Turn, done
from gnothi_lab.worlds.households.understanding import Interpretation, Understanding
from gnothi_lab.worlds.households.wishes import Wishes
from gnothi_lab.worlds.households.wording import Wording


@dataclass(frozen=True, slots=True)
class Week:
    """A week that was lived."""

    number: int
    log: Any
    """What a deployment would have: the journal's export, a ``pyarrow.Table``."""
    truth: Any
    """What only the lab knows, row by row. Never show it to what is measured."""


class World:
    """Simulated households. The same seed and week bring the same wishes under any policy."""

    def __init__(
        self,
        parameters: Parameters,
        *,
        seed: int,
        family: str = "first",
        defect_rate: float = 0.10,
        attackers: float = 0.0,
    ) -> None:
        """Make the world with *seed* in which a share of *defect_rate* of all requests fails.

        The rate is that of the first week without rewrites, over all requests, including those
        that nobody could serve. *family* says how people behave: ``first`` to build with,
        ``second`` to test with.
        """
        self.parameters, self.seed, self.family = parameters, seed, family
        self._catalogue = make_catalogue(parameters, seed)
        self._people = populate(parameters, seed, attackers)
        self._goals = Goals(parameters, self._catalogue)
        self._understanding = Understanding(parameters, self._catalogue)
        self._hearing = Hearing(parameters, self._catalogue, 1.0, seed)
        self._attack = Attack(parameters, self._catalogue, self._understanding, self._people, seed)
        with _no_collection():
            self.scale = self._calibrated(defect_rate)
        """Noise scale that brings the wanted rate of defects."""
        self._behaviour = self._at_scale(self.scale)
        self._writer = Writer(parameters, seed)

    def play(
        self,
        week: int,
        rewrite: Rewrite | None = None,
        *,
        holdout: float = 0.0,
        version: str = "1",
        staged: bool = True,
    ) -> Week:
        """Live through *week* with *rewrite* between hearing and understanding.

        A share of *holdout* of all wishes, with the rephrases they lead to, goes without.
        *version* is the journal's name for the live table of rewrites. Colluding accounts
        remember what they saw in the weeks before: play weeks in order, in one world a policy;
        without *staged* they only live their ordinary lives.
        """
        with _no_collection():
            turns = self._live(self._people, week, rewrite, holdout)
            if staged:
                turns += self._attack.stage(week, rewrite)
            serving = Serving(version if rewrite else None, holdout)
            tables = self._writer.tables(turns, week, serving)
        return Week(week, tables.log, tables.truth)

    def household(self, person: str) -> str:
        """Return the household of *person*, as ``rewrite`` is given it."""
        return person.rpartition(".")[2]

    def understood(self, text: str, week: int) -> str:
        """Return the key of what *text* is taken for in *week*, for judging only."""
        self._understanding.begin(week)
        return self._understanding.read(text).key

    def reading(self, household: str, text: str, week: int) -> tuple[Interpretation, bool]:
        """Return what *text* is taken for in *week*, and whether *household* can do that.

        The log tells as much of every turn; policies may ask before they change words.
        """
        self._understanding.begin(week)
        found = self._understanding.read(text)
        return found, done(found, self._inhabitants[household])

    def words_for(self, key: str, week: int) -> str | None:
        """Return words that are understood as *key* in *week*, for the oracle only.

        ``None`` where there are none, and for guarded actions, which no rewrite may lead to.
        """
        goal = self._goals.get(key)
        if goal is None or goal.intent is None or goal.intent.risk == "guarded":
            return None
        self._understanding.begin(week)
        text = self._behaviour.wording.canonical(goal, week)
        return text if self._understanding.read(text).key == key else None

    def attacked(self, week: int) -> tuple[Target, ...]:
        """Return what the colluding accounts push in *week*."""
        return self._attack.targets(week)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The ids of all people, attackers among them."""
        return tuple(person.id for person in self._people)

    @cached_property
    def _inhabitants(self) -> Mapping[str, Person]:
        """Somebody of each household."""
        return {person.home.id: person for person in self._people}

    def _live(
        self, people: Iterable[Person], week: int, rewrite: Rewrite | None, holdout: float
    ) -> list[Turn]:
        self._understanding.begin(week)
        behaviour = self._behaviour
        turns: list[Turn] = []
        for person in people:
            for wish in behaviour.wishes.of(person, week):
                behaviour.reacting.play(wish, week, rewrite, holdout, turns)
        return turns

    def _calibrated(self, wanted: float) -> float:
        """Find the noise scale by regula falsi over logarithms, on a sample of homes."""
        numbers = self.parameters.calibration
        low, high = numbers.lowest, numbers.highest
        rates = {scale: self._rate(scale) for scale in (low, high)}
        scale = low
        for _ in range(numbers.rounds):
            below, above = log(rates[low]), log(rates[high])
            share = min(0.95, max(0.05, (log(wanted) - below) / (above - below)))
            scale = exp(log(low) + share * (log(high) - log(low)))
            rates[scale] = rate = self._rate(scale)
            if abs(rate / wanted - 1) < numbers.tolerance:
                break
            low, high = (scale, high) if rate < wanted else (low, scale)
        return scale

    def _rate(self, scale: float) -> float:
        """Return the share of requests that fail in the first week at *scale*."""
        homes = self.parameters.size.sample_homes
        step = self.parameters.size.homes / homes
        chosen = {int(place * step) for place in range(homes)}
        self._behaviour = self._at_scale(scale)
        sample = [person for person in self._people if person.home.number in chosen]
        requests = [turn for turn in self._live(sample, 0, None, 0.0) if not turn.control]
        return sum(not turn.right for turn in requests) / len(requests)

    def _at_scale(self, scale: float) -> "_Behaviour":
        wishes = Wishes(self.parameters, self._goals, self.seed, scale)
        wording = Wording(self.parameters, self._catalogue, scale, self.seed)
        hearing = self._hearing.rescaled(scale)
        reacting = Reacting(
            self.parameters, self.family, wishes, wording, hearing, self._understanding
        )
        return _Behaviour(wishes, wording, reacting)


@dataclass(frozen=True, slots=True)
class _Behaviour:
    """The parts that depend on the noise scale."""

    wishes: Wishes
    wording: Wording
    reacting: Reacting


@contextmanager
def _no_collection() -> Iterator[None]:
    """Put off the search for cycles: a week makes millions of objects and not one cycle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
