"""What may be asked, offered or played now: a short menu, each entry with what to expect of it.

Nothing is ever asked twice. A bound on the number of candidates keeps it quick, and keeps what is
explored at random within reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.acts import Ask, Prompt
from gnothi.recommend.catalogue import Numbers, gather
from gnothi.recommend.features import features
from gnothi.recommend.information import of_open, of_pairs, of_samples, of_suggestions
from gnothi.recommend.moment import Candidate, Mask, Moment
from gnothi.recommend.noise import Floats

Places: TypeAlias = NDArray[np.int64]

_PAIRED = 24
"""How many values, the most telling ones alone, are tried in pairs."""
_SHORTLIST = 16
"""How many of the likeliest items are judged for samples."""
_LEAST_MASS = 0.002
_LIKED = 0.7
"""How much of the doubt in an item is gone once its sample was liked."""
_VAGUE = 0.5
"""How often the open question is answered without naming anything."""
_SINGLE = frozenset({"decade", "country", "language", "cuisine", "effort"})
"""Facets of which people want one value at a time, even where an item has several."""
_COMPANY = 0.05
"""From which difference on it matters who else is there."""


@dataclass(frozen=True, eq=False)
class Menu:
    """What may be chosen at a moment, at least one candidate."""

    moment: Moment
    candidates: tuple[Candidate, ...]

    @cached_property
    def features(self) -> Floats:
        """See :mod:`gnothi.recommend.features`; shape ``(candidates, features)``."""
        return features(self.moment, self.candidates)

    def of(self, ask: Ask) -> list[int]:
        """Return the places of the candidates of one kind, the best first."""
        return [at for at, one in enumerate(self.candidates) if one.prompt.ask is ask]


def menu(moment: Moment) -> Menu:
    """Return what may be chosen at a *moment*."""
    plays = list(_plays(moment)) or list(_again(moment))
    if moment.is_last:
        return Menu(moment, tuple(plays))
    asked = moment.course.asked
    found = [*_general(moment), *_questions(moment), *_samples(moment)]
    fresh = [one for one in found if one.prompt.key not in asked]
    return Menu(moment, (*fresh, *plays))


def _general(moment: Moment) -> Iterator[Candidate]:
    gain = of_open(moment.belief.jury) * (1 - _VAGUE)
    yield Candidate(Prompt(Ask.OPEN), "open", gain, 1 - _VAGUE)
    if moment.company >= _COMPANY:
        yield Candidate(Prompt(Ask.COMPANY), "company", 0.0, 1.0)


def _questions(moment: Moment) -> Iterator[Candidate]:
    belief = moment.belief
    chances, catalogue = belief.values, belief.catalogue
    shrugs = belief.noise.shrugs(catalogue.counts / len(catalogue))
    gain, yes = of_suggestions(chances, shrugs, belief.noise)
    order = _telling(moment, gain)
    for place, value in enumerate(_varied(moment, order), 1):
        yield Candidate(
            Prompt(Ask.SUGGEST, (value,)),
            f"suggest.{place}",
            float(gain[value]),
            float(yes[value]),
            mass=float(chances[value]),
            least=float(chances[value]),
            shrug=float(shrugs[value]),
        )
    yield from _pairs(moment, order[:_PAIRED], shrugs)


def _telling(moment: Moment, gain: Floats) -> Numbers:
    """Return the values that may be asked, the most telling first."""
    chances = moment.belief.values
    may = (chances > _LEAST_MASS) & (chances < 1 - _LEAST_MASS)
    may[list(moment.course.settled)] = False
    may[_answered(moment)] = False
    if moment.allowed is not None:
        may &= _is_open(moment, moment.allowed)
    found = np.flatnonzero(may)
    return found[np.lexsort((found, -gain[found]))].astype(np.int32)


def _is_open(moment: Moment, allowed: Mask) -> Mask:
    """Return which values some of the items that may be offered have, and some have not."""
    catalogue, items = moment.belief.catalogue, np.flatnonzero(allowed).astype(np.int32)
    members = gather(catalogue.starts, catalogue.members, items)
    counts = np.bincount(members, minlength=len(catalogue.attributes))
    return np.asarray((counts > 0) & (counts < len(items)), np.bool_)


def _answered(moment: Moment) -> list[int]:
    """Return the values of facets of which one was asked for, where another says nothing new.

    Who wants the eighties has said when. Of what was asked for itself, some may still be put.
    """
    catalogue, wanted = moment.belief.catalogue, moment.course.wanted
    facets = {catalogue.attributes[value].facet for value in wanted} & _SINGLE
    values = (value for facet in facets for value in catalogue.facet(facet).tolist())
    return [value for value in values if value not in wanted]


def _varied(moment: Moment, order: Numbers) -> list[int]:
    """Return the first values of *order*, not too many of one facet."""
    attributes, breadth = moment.belief.catalogue.attributes, moment.breadth
    counts: dict[str, int] = {}
    found: list[int] = []
    ordered: list[int] = order.tolist()
    for value in ordered:
        facet = attributes[value].facet
        if len(found) >= breadth.suggestions:
            break
        if counts.get(facet, 0) < breadth.of_a_facet:
            counts[facet] = counts.get(facet, 0) + 1
            found.append(value)
    return found


def _pairs(moment: Moment, values: Numbers, shrugs: Floats) -> Iterator[Candidate]:
    """Yield choices, the most telling first, then suggestions of two, the likeliest first."""
    attributes = moment.belief.catalogue.attributes
    facets = [attributes[int(value)].facet for value in values]
    every = combinations(range(len(values)), 2)
    pairs = [(one, other) for one, other in every if facets[one] == facets[other]]
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    if not pairs:
        return
    joint = _joint(moment, values)
    chances = np.diagonal(joint)
    shrug = (shrugs[values[one]] + shrugs[values[other]]) / 2
    gain, yes = of_pairs(
        chances[one], chances[other], joint[one, other], shrug, moment.belief.noise
    )
    tables = ((Ask.CHOICE, gain, moment.breadth.choices), (Ask.SUGGEST, yes, moment.breadth.pairs))
    for ask, worth, count in tables:
        for place, at in enumerate(_apart(worth, one, other, count), 1):
            pair = sorted((int(values[one[at]]), int(values[other[at]])))
            masses = chances[one[at]], chances[other[at]]
            yield Candidate(
                Prompt(ask, tuple(pair)),
                f"{'choice' if ask is Ask.CHOICE else 'either'}.{place}",
                float(gain[at]),
                float(yes[at]),
                mass=float(sum(masses)),
                least=float(min(masses)),
                shrug=float(shrug[at]),
            )


def _joint(moment: Moment, values: Numbers) -> Floats:
    """Return the chances of having two of *values* together; each alone on the diagonal."""
    jury = moment.belief.jury
    has = jury.facts[:, values].toarray()
    return np.asarray((has * jury.weights[:, None]).T @ has, np.float64)


def _apart(worth: Floats, one: Places, other: Places, count: int) -> list[int]:
    """Return the places of the best pairs of which none shares a value with a better one."""
    used: set[int] = set()
    found: list[int] = []
    for at in np.argsort(-worth, kind="stable").tolist():
        pair = {int(one[at]), int(other[at])}
        if len(found) >= count:
            break
        if not pair & used:
            used |= pair
            found.append(at)
    return found


def _samples(moment: Moment) -> Iterator[Candidate]:
    heard = moment.course.heard
    found = _likeliest(moment, heard)
    return _of_items(moment, found, Ask.SAMPLE, moment.breadth.samples)


def _plays(moment: Moment) -> Iterator[Candidate]:
    course = moment.course
    played = {item for item in course.heard if Prompt(Ask.PLAY, item=item).key in course.asked}
    gone = course.refused_items | course.passed | played
    allowed = moment.allowed
    liked = [
        item
        for item in course.liked
        if item not in gone and (allowed is None or bool(allowed[item]))
    ]
    found = [*liked, *(one for one in _likeliest(moment, gone) if one not in liked)]
    return _of_items(moment, found, Ask.PLAY, moment.breadth.plays)


def _again(moment: Moment) -> Iterator[Candidate]:
    """Yield what was played and not refused; everything was heard."""
    refused = moment.course.refused_items
    found = _likeliest(moment, refused) or _likeliest(moment, frozenset())
    return _of_items(moment, found, Ask.PLAY, 1)


def _likeliest(moment: Moment, without: "frozenset[int]") -> list[int]:
    count = _SHORTLIST + len(without)
    if moment.allowed is None:
        best: list[int] = moment.belief.best(count).tolist()
    else:
        chances, items = moment.belief.chances, np.flatnonzero(moment.allowed)
        best = items[np.argsort(-chances[items], kind="stable")[:count]].tolist()
    return [item for item in best if item not in without][:_SHORTLIST]


def _of_items(moment: Moment, items: Sequence[int], ask: Ask, count: int) -> Iterator[Candidate]:
    if not items:
        return
    belief = moment.belief
    numbers = np.array(items, np.int32)
    likes = belief.noise.likes(belief.alike(numbers))
    gain, success = (
        of_samples(likes, belief.jury)
        if ask is Ask.SAMPLE
        else (np.zeros(len(items)), belief.jury.mass(likes))
    )
    liked = np.array([item in moment.course.liked for item in items])
    success = np.where(liked, success + (1 - success) * _LIKED, success)
    worth = _worth(moment, numbers, success, liked)
    order: list[int] = np.argsort(-worth, kind="stable")[:count].tolist()
    for place, at in enumerate(order, 1):
        yield Candidate(
            Prompt(ask, item=items[at]),
            f"{ask.value}.{place}",
            float(gain[at]),
            float(success[at]),
            success=float(success[at]),
            mass=float(belief.chances[items[at]]),
            least=float(belief.chances[items[at]]),
        )


def _worth(moment: Moment, items: Numbers, success: Floats, liked: Mask) -> Floats:
    """Return what items are put in order by.

    Who named somebody wants them, or the nearest to them, rather than what lies in the middle of
    all that is like them; what was liked comes first.
    """
    if not (moment.breadth.by_chance and moment.course.named):
        return success
    return np.asarray(moment.belief.chances[items] + liked, np.float64)
