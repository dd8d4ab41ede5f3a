"""Homes and the people in them: what they own, call, prefer, and how they speak."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import numpy as np

from gnothi_lab.worlds.households.chance import Weighted, mix, zipf
from gnothi_lab.worlds.households.parameters import Parameters, Slot

_NAMED = ("room", "device", "robot")
"""Slots whose things may bear a name of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Home:
    """A household; ``things`` are what it has, ``own`` and ``dialect`` what it calls them."""

    number: int
    id: str
    robot: bool
    things: Mapping[str, tuple[str, ...]]
    own: Mapping[tuple[str, str], str]
    """(slot, value) → a name that nobody else need know."""
    dialect: Mapping[tuple[str, str], str]
    """(slot, value) → a synonym that understanding misses."""
    alias: Mapping[tuple[str, str], str]
    """(slot, value) → a synonym that understanding knows."""

    def has(self, slot: str, value: str) -> bool:
        """Whether *value* of *slot* is something that this home has, or needs no having."""
        return slot not in self.things or value in self.things[slot]


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody with habits."""

    number: int
    id: str
    home: Home
    seed: int
    requests: float
    """Fresh requests in a week, on average."""
    hours: tuple[float, ...]
    """Cumulative shares of the hours of a day."""
    groups: Weighted[str]
    accent: int
    mishaps: float
    """How much more often than others this person is misheard."""
    polite: float
    missed: float
    """How much more often than others this person speaks in words that understanding misses."""
    attacker: bool


def populate(parameters: Parameters, seed: int, attackers: float) -> tuple[Person, ...]:
    """Return the people of the world with *seed*; *attackers* is the share that colludes.

    Who attacks changes nothing about anybody else.
    """
    homes = [_home(parameters, seed, number) for number in range(parameters.size.homes)]
    people: list[Person] = []
    for home in homes:
        for id_ in _members(parameters, seed, home):
            people.append(_person(parameters, seed, len(people), id_, home, attackers))
    return tuple(people)


def _home(parameters: Parameters, seed: int, number: int) -> Home:
    rng = Random(f"home {seed} {number}")
    population, slots = parameters.population, parameters.slots
    things = {
        "room": _some(slots["room"], population.rooms, rng),
        "device": _some(slots["device"], population.devices, rng),
        "door": _some(slots["door"], population.doors, rng),
        "robot": ("vacuum",) if (robot := rng.random() < population.robot) else (),
    }
    return Home(
        number=number,
        id=f"{mix(seed, 11, number) >> 40:06x}",
        robot=robot,
        things=things,
        own=_own_names(parameters, things, rng),
        dialect=_synonyms(parameters, things, rng, known=False, share=population.dialect),
        alias=_synonyms(parameters, things, rng, known=True, share=population.alias),
    )


def _some(slot: Slot, bounds: tuple[int, int], rng: Random) -> tuple[str, ...]:
    """Draw different values, the usual ones more often; drawn first means used more."""
    ranked = sorted(slot.values, key=lambda value: -(rng.random() ** (1 / value.weight)))
    return tuple(value.say for value in ranked[: rng.randint(*bounds)])


def _own_names(
    parameters: Parameters, things: Mapping[str, tuple[str, ...]], rng: Random
) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for name in _NAMED:
        slot = parameters.slots[name]
        names = [*slot.own, *slot.own_proper]
        rng.shuffle(names)
        for value in things[name]:
            if rng.random() < parameters.population.own_names:
                found[name, value] = names.pop()
    return found


def _synonyms(
    parameters: Parameters,
    things: Mapping[str, tuple[str, ...]],
    rng: Random,
    *,
    known: bool,
    share: float,
) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for name, owned in things.items():
        for value in parameters.slots[name].values:
            synonyms = value.known if known else value.missed
            if value.say in owned and synonyms and rng.random() < share:
                found[name, value.say] = rng.choice(synonyms)
    return found


def _members(parameters: Parameters, seed: int, home: Home) -> list[str]:
    rng = Random(f"members {seed} {home.number}")
    shares = parameters.population.people
    size = 1 + Weighted(range(len(shares)), shares).pick(rng.random())
    return [f"{name}.{home.id}" for name in rng.sample(parameters.population.first_names, size)]


def _person(
    parameters: Parameters, seed: int, number: int, id_: str, home: Home, attackers: float
) -> Person:
    rng = np.random.default_rng([seed, 1, number])
    at_home = Random(f"accent {seed} {home.number}").random()
    population, hearing, taste = parameters.population, parameters.hearing, parameters.taste
    accents = Weighted(range(hearing.accents), zipf(hearing.accents, hearing.accent_zipf))
    own_accent = rng.random()
    same = rng.random() < hearing.same_accent
    return Person(
        number=number,
        id=id_,
        home=home,
        seed=mix(seed, 12, number),
        requests=float(
            population.requests_median * np.exp(population.requests_sigma * rng.normal())
        ),
        hours=_hours(parameters, rng),
        groups=Weighted(
            tuple(taste.groups),
            rng.gamma(_shares([g.weight for g in taste.groups.values()], taste.group_concentration))
            + 1e-3,
        ),
        accent=accents.pick(at_home if same else own_accent),
        mishaps=_around_one(hearing.person_spread, rng),
        polite=float(rng.beta(*population.polite)),
        missed=_around_one(parameters.wording.missed_spread, rng),
        attacker=rng.random() < attackers,
    )


def _hours(parameters: Parameters, rng: np.random.Generator) -> tuple[float, ...]:
    population = parameters.population
    shares = rng.gamma(_shares(population.hours, population.hours_concentration))
    return tuple(np.cumsum(shares / shares.sum()).tolist())


def _shares(weights: object, concentration: float) -> np.ndarray:
    """Return the shape parameters of a Dirichlet distribution around *weights*."""
    array = np.asarray(weights, dtype=np.float64)
    return array / array.mean() * concentration * 0.5


def _around_one(spread: float, rng: np.random.Generator) -> float:
    """Return a log-normal number with a mean of one."""
    return float(np.exp(spread * rng.normal() - spread**2 / 2))
