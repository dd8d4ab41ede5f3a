"""What somebody wants in a session: a mood, and a set of artists of whom any would do.

It hangs on (seed, listener, session) only. Artists come from what the listener is known to play
but no assistant was told of (the held-out pairs), from artists that they have not met and their
taste speaks for, and from favourites that they want to hear again.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import exp
from statistics import NormalDist
from typing import Any

import numpy as np

from gnothi_lab.worlds.listeners.chance import Floats, Keys, normal, unit
from gnothi_lab.worlds.listeners.people import People
from gnothi_lab.worlds.listeners.records import Ints

_COMPANY, _FRIEND, _SEED, _MOODS, _UNSEEN, _DISLIKES, _IMPOSSIBLE, _REPEAT = range(8)
_MOOD, _DISLIKE, _DRAWS = 8, 12, 16
"""From here on, several draws each; and how many there are altogether."""
_NORMAL = NormalDist()
_GOLDEN = 0.6180339887498949
"""Spreads one draw over items: the part behind the point of item · this + draw."""


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """One wish; numbers are the world's own."""

    listener: int
    mood: tuple[int, ...]
    """Attributes, the one that matters most first."""
    disliked: tuple[int, ...]
    items: Ints
    """Acceptable items in ascending order; empty where nobody could help."""
    weights: Floats
    """How welcome each of them is; they add up to 1."""
    unheard: str
    """Whom they want where nobody can help: an artist that is in no catalogue."""
    is_company: bool
    taste: Floats
    """The listener's factors today."""

    @property
    def best(self) -> int | None:
        """The item that is most welcome."""
        return int(self.items[np.argmax(self.weights)]) if len(self.items) else None


class Goals:
    """Makes goals."""

    def __init__(
        self,
        people: People,
        rules: Any,  # noqa: ANN401 - part of a JSON file
        unheard: Sequence[str],
    ) -> None:
        """Make them for *people*, by the section ``goal`` of the parameters.

        *unheard* names artists that no catalogue has, for wishes that nobody can grant.
        """
        self._people, self._rules, self._unheard = people, rules, unheard
        self._gamma = rules["plays_exponent"]
        self._fame = people.tag_taggers
        self._fame_order = np.argsort(-self._fame)[: rules["dislike_pool"]]
        self._by_tag = np.ascontiguousarray(people.strength.T)
        self._counts = (people.strength > 0).sum(axis=0)
        self._scratch = np.zeros(len(people.records.titles), np.bool_)
        self._famous = np.ascontiguousarray(people.strength[:, self._fame_order])
        self._with = cache(self.items_with)

    def make(self, bases: Keys, listeners: Sequence[int]) -> list[Goal]:
        """Return the goals of *listeners* in sessions whose chance hangs on *bases*."""
        draws = unit(bases[:, None], 100, np.arange(_DRAWS)).tolist()
        today = _today(bases, self._rules["today"], self._people.listening.shape[1])
        return [self._make(*each) for each in zip(listeners, draws, today, strict=True)]

    def _make(self, listener: int, draws: list[float], today: Floats) -> Goal:
        rules, people = self._rules, self._people
        owner, company = self._owner(listener, draws)
        held, plays = people.held_out.of(owner)
        seed = int(held[_pick(plays**self._gamma, draws[_SEED])])
        mood = self._mood(owner, seed, draws)
        taste = people.listening[owner] * today
        items, weights = self._welcome(owner, seed, mood, taste, draws)
        disliked = self._dislikes(items, weights, mood, draws)
        if disliked:
            strongest = np.max([self._by_tag[tag][items] for tag in disliked], axis=0)
            kept = (strongest < 0.5) | (items == seed)
            items, weights = items[kept], weights[kept]
        if draws[_IMPOSSIBLE] < rules["impossible"]:
            items, weights = items[:0], weights[:0]
        total = weights.sum()
        return Goal(
            listener=owner,
            mood=mood,
            disliked=disliked,
            items=items,
            weights=weights / total if total else weights,
            unheard="" if len(items) else self._unheard[int(draws[_FRIEND] * len(self._unheard))],
            is_company=company,
            taste=taste,
        )

    def _owner(self, listener: int, draws: list[float]) -> tuple[int, bool]:
        """Return whose taste counts: with company, it is a friend's."""
        friends = self._people.records.friends[listener]
        if draws[_COMPANY] >= self._rules["company"] or not friends:
            return listener, False
        return friends[int(draws[_FRIEND] * len(friends))], True

    def _mood(self, owner: int, seed: int, draws: list[float]) -> tuple[int, ...]:
        """Return one to three tags of the artist that came to mind, the listener's own first."""
        rules, people = self._rules, self._people
        row = people.strength[seed]
        tags = np.flatnonzero(row)
        if not len(tags):
            return (int(self._fame_order[0]),)
        own = np.where(people.records.own_tags[owner, tags], rules["own_tag"], 1.0)
        weights = row[tags] ** rules["certainty"] * own / self._counts[tags] ** rules["specificity"]
        number = min(_count(rules["moods"], draws[_MOODS]) + 1, len(tags))
        chosen: list[int] = []
        for one in range(number):
            place = _pick(weights, draws[_MOOD + one])
            weights[place] = 0
            chosen.append(int(tags[place]))
        return tuple(chosen)

    def _welcome(
        self, owner: int, seed: int, mood: tuple[int, ...], taste: Floats, draws: list[float]
    ) -> tuple[Ints, Floats]:
        rules, people = self._rules, self._people
        held, held_plays = people.held_out.of(owner)
        past, past_plays = people.past.of(owner)
        fit = self.fit(held, mood)
        wanted = (fit >= rules["fits"]) | (held == seed)
        first, first_weights = held[wanted], held_plays[wanted] ** self._gamma
        fitting = self.fit(past, mood) >= rules["fits"]
        known, loud = past[fitting], past_plays[fitting] ** self._gamma
        chance = (known * _GOLDEN + draws[_REPEAT]) % 1.0
        again = chance < rules["repeat"] * loud / (past_plays.max() ** self._gamma)
        unseen, unseen_weights = self._unseen(owner, mood, taste, draws)
        rest = 1 - rules["unseen_share"] - (rules["repeat_share"] if again.any() else 0)
        parts = (
            (first, first_weights, rest),
            (unseen, unseen_weights, rules["unseen_share"]),
            (known[again], loud[again], rules["repeat_share"]),
        )
        items = np.concatenate([part[0] for part in parts])
        weights = np.concatenate([_shared(part[1], part[2]) for part in parts])
        order = np.argsort(items, kind="stable")
        return items[order], weights[order]

    def _unseen(
        self, owner: int, mood: tuple[int, ...], taste: Floats, draws: list[float]
    ) -> tuple[Ints, Floats]:
        """Return what the listener never played and would love, as the latent model has it."""
        rules = self._rules
        items, traits = self._with(mood[0])
        fit = self.fit(items, mood)
        scores = (taste @ traits) ** rules["taste_exponent"] * fit ** rules["mood_exponent"]
        scores[self._is_heard(owner, items)] = 0
        spread = rules["unseen_sigma"] * _NORMAL.inv_cdf(max(draws[_UNSEEN], 1e-12))
        number = max(1, round(rules["unseen_median"] * exp(spread)))
        number = min(number, int((scores > 0).sum()))
        best = np.argpartition(-scores, max(number - 1, 0))[:number] if number else items[:0]
        return items[best], scores[best].astype(np.float64)

    def _dislikes(
        self, items: Ints, weights: Floats, mood: tuple[int, ...], draws: list[float]
    ) -> tuple[int, ...]:
        """Return common tags that what is wanted has nothing of."""
        rules = self._rules
        number = _count(rules["dislikes"], draws[_DISLIKES])
        if not number or not len(items):
            return ()
        fits = (weights / weights.sum()) @ self._famous[items]
        far = self._fame_order[fits < rules["dislike_fit"]]
        far = far[[tag not in mood for tag in far.tolist()]]
        if not len(far):
            return ()
        places = {int(draws[_DISLIKE + one] * len(far)) for one in range(number)}
        return tuple(int(far[place]) for place in sorted(places))

    def fit(self, items: Ints, mood: tuple[int, ...]) -> Floats:
        """Return how well items fit a mood: the first tag counts, the others may spoil it."""
        fit = self._by_tag[mood[0]][items]
        least = self._rules["second_least"]
        for tag in mood[1:]:
            fit = fit * (least + (1 - least) * self._by_tag[tag][items])
        return fit

    def fit_of(self, row: Floats, mood: Sequence[int]) -> float:
        """Return how well one item, by its *row* of strengths, fits a mood."""
        fit, least = float(row[mood[0]]), self._rules["second_least"]
        for tag in mood[1:]:
            fit *= least + (1 - least) * float(row[tag])
        return fit

    def items_with(self, tag: int) -> tuple[Ints, Floats]:
        """Return the items that a tag fits, and their factors."""
        items = np.flatnonzero(self._by_tag[tag] >= self._rules["fits"])
        return items, np.ascontiguousarray(self._people.traits[:, items])

    def _is_heard(self, owner: int, items: Ints) -> Any:  # noqa: ANN401 - flags
        parts = self._people.past.of(owner)[0], self._people.held_out.of(owner)[0]
        for part in parts:
            self._scratch[part] = True
        found = self._scratch[items]
        for part in parts:
            self._scratch[part] = False
        return found


def _shared(weights: Floats, share: float) -> Floats:
    total = weights.sum()
    return weights * (share / total) if total else weights


def _pick(weights: Floats, uniform: float) -> int:
    cumulative = np.cumsum(weights)
    return min(int(np.searchsorted(cumulative, uniform * cumulative[-1])), len(weights) - 1)


def _count(shares: Sequence[float], uniform: float) -> int:
    """Return which of *shares*, that add up to 1, *uniform* falls into."""
    return min(bisect_right(list(accumulate(shares)), uniform), len(shares) - 1)


def _today(bases: Keys, sigma: float, size: int) -> Floats:
    """Return how much each side of a taste counts today: log-normal."""
    return np.exp(sigma * normal(unit(bases[:, None], 101, np.arange(size))))
