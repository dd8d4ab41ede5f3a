"""From a goal to words: habits of style, own names, synonyms, fashions, politeness."""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from gnothi_lab.worlds.households.catalogue import Catalogue
from gnothi_lab.worlds.households.chance import Weighted, hash_of, normal, unit
from gnothi_lab.worlds.households.goals import Goal
from gnothi_lab.worlds.households.parameters import Intent, Parameters
from gnothi_lab.worlds.households.population import Person

DRAWS = 8
"""Uniform numbers that one wording takes."""
_MISSED, _PATTERN, _SLOT, _ARTIST, _FILLER, _WHICH = 0, 1, 2, 4, 5, 6
_WORDING, _NAME, _AMBIGUITY = "wording", "name", "ambiguity"


class Said(NamedTuple):
    """Words, and what about them is known to go wrong when they are heard well."""

    text: str
    cause: str = ""


class Wording:
    """How the people of a world put things.

    *scale* raises everything that goes wrong by choice of words, and is the world's noise scale.
    """

    def __init__(
        self, parameters: Parameters, catalogue: Catalogue, scale: float, seed: int
    ) -> None:
        """Prepare fillers and the shares that depend on *scale*."""
        self._parameters, self._catalogue = parameters, catalogue
        self._numbers, self._seed = parameters.wording, seed
        self._before = Weighted(*_columns(self._numbers.fillers_before))
        self._after = Weighted(*_columns(self._numbers.fillers_after))
        self._proper = {name: frozenset(s.own_proper) for name, s in parameters.slots.items()}
        self._styles: dict[tuple[int, str], Weighted[str]] = {}
        self._gaps: dict[tuple[int, str, int], Weighted[str]] = {}
        self._trends: dict[tuple[str, int], float] = {}
        most, population = self._numbers.most, parameters.population
        self._missed = self._numbers.missed * scale
        self._own_use = min(most, population.own_name_use * scale)
        self._dialect_use = min(most, population.dialect_use * scale)
        self._bare = min(most, parameters.catalogue.bare * scale)

    def say(self, person: Person, goal: Goal, week: int, draws: Sequence[float]) -> Said:
        """Return what *person* says first; *draws* are uniform."""
        intent = goal.intent
        if intent is None:
            return Said(self._fill_up(person, goal.text, draws))
        trend = self._trends.get((intent.name, week))
        if trend is None:
            trend = self._trends[intent.name, week] = self._trend(intent, week)
        share = min(self._numbers.most, self._missed * person.missed) + trend
        missed = draws[_MISSED] < share
        patterns = self._gap(person, intent, week) if missed else self._style(person, intent)
        text, own = self._named(person, patterns.pick(draws[_PATTERN]), goal, draws)
        cause = _WORDING if missed else _NAME if own else ""
        if goal.song is not None and not missed:
            text, cause = self._with_artist(text, goal, week, draws[_ARTIST])
        return Said(self._fill_up(person, text, draws), cause)

    def clear(self, person: Person, goal: Goal, draws: Sequence[float], *, names: bool) -> Said:
        """Return plain words for *goal*; with *names*, everybody's names too."""
        if goal.intent is None:
            return Said(goal.text)
        pattern = Weighted(*_columns(goal.intent.known)).pick(draws[_PATTERN])
        if goal.song is not None:
            return Said(pattern.replace("{song}", goal.song.value))
        if names:
            return Said(_filled(pattern, goal.intent.slots, goal.values))
        text, own = self._named(person, pattern, goal, draws)
        return Said(text, _NAME if own else "")

    def canonical(self, goal: Goal, week: int) -> str:
        """Return the shortest way to say *goal* that understanding gets right, if there is one."""
        if goal.intent is None:
            return goal.text
        pattern = str(goal.intent.known[0][0])
        if goal.song is None:
            return _filled(pattern, goal.intent.slots, goal.values)
        alone = self._catalogue.top(goal.song.title, week) is goal.song
        return pattern.replace("{song}", goal.song.title if alone else goal.song.value)

    def _trend(self, intent: Intent, week: int) -> float:
        """Return the extra share that fashions of *intent* have reached in *week*."""
        starts = [row[2] for row in intent.missed if len(row) > 2]
        numbers = self._numbers
        spread = sum(_risen(week - start, numbers.fashion_ramp) for start in starts)
        return numbers.fashion_strength * spread * self._missed / numbers.missed

    def _style(self, person: Person, intent: Intent) -> Weighted[str]:
        """Return the wordings that *person* uses, each as often as the person's habit is."""
        place = person.number, intent.name
        found = self._styles.get(place)
        if found is None:
            weights = [w * self._liking(person, text) for text, w in intent.known]
            found = Weighted([text for text, _ in intent.known], weights)
            self._styles[place] = found
        return found

    def _gap(self, person: Person, intent: Intent, week: int) -> Weighted[str]:
        place = person.number, intent.name, week
        found = self._gaps.get(place)
        if found is None:
            rows = [(row[0], row[1] * self._age(row, week)) for row in intent.missed]
            weights = [w * self._liking(person, text) + 1e-9 for text, w in rows]
            found = self._gaps[place] = Weighted([text for text, _ in rows], weights)
        return found

    def _age(self, row: tuple[object, ...], week: int) -> float:
        return _risen(week - int(str(row[2])), self._numbers.fashion_ramp) if len(row) > 2 else 1.0

    def _liking(self, person: Person, text: str) -> float:
        bits = unit(self._seed, 21, person.number, hash_of(text))
        return exp(self._numbers.style_spread * normal(bits))

    def _named(
        self, person: Person, pattern: str, goal: Goal, draws: Sequence[float]
    ) -> tuple[str, bool]:
        """Fill *pattern* with the names of *person*'s home; tell whether they are its own."""
        assert goal.intent is not None
        text, own = pattern, False
        for place, (slot, value) in enumerate(zip(goal.intent.slots, goal.values, strict=True)):
            said, special = self._name(person, slot, value, draws[_SLOT + place])
            own = own or special
            if said in self._proper.get(slot, ()):
                text = text.replace(f"the {{{slot}}}", said)
            text = text.replace(f"{{{slot}}}", said)
        return text, own

    def _name(self, person: Person, slot: str, value: str, uniform: float) -> tuple[str, bool]:
        home, thing = person.home, (slot, value)
        if thing in home.own and uniform < self._own_use:
            return home.own[thing], True
        if thing in home.dialect and uniform < self._dialect_use:
            return home.dialect[thing], True
        return home.alias.get(thing, value), False

    def _with_artist(self, text: str, goal: Goal, week: int, uniform: float) -> tuple[str, str]:
        """Say whose song it is, more often where the title alone would bring another."""
        song = goal.song
        assert song is not None
        alone = self._catalogue.top(song.title, week) is song
        bare = 1 - self._parameters.catalogue.with_artist if alone else self._bare
        if uniform < bare:
            return text, "" if alone else _AMBIGUITY
        return text.replace(song.title, song.value), ""

    def _fill_up(self, person: Person, text: str, draws: Sequence[float]) -> str:
        uniform = draws[_FILLER]
        if uniform >= person.polite:
            return text
        if uniform < person.polite * self._numbers.after:
            return f"{text} {self._after.pick(draws[_WHICH])}"
        return f"{self._before.pick(draws[_WHICH])} {text}"


def _filled(pattern: str, slots: tuple[str, ...], values: tuple[str, ...]) -> str:
    for slot, value in zip(slots, values, strict=True):
        pattern = pattern.replace(f"{{{slot}}}", value)
    return pattern


def _risen(weeks: float, ramp: float) -> float:
    """Return how far a fashion has spread *weeks* after it came up: 0 before, then to 1."""
    return 0.0 if weeks < 0 else 1 - exp(-(weeks + 1) / ramp)


def _columns(rows: Sequence[tuple[str, float]]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    texts, weights = zip(*rows, strict=True)
    return texts, weights
