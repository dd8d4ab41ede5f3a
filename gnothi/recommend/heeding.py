"""What was asked for goes on counting, until something else takes its place or it is given up.

A belief weighs answers and never strikes anything out, which is right for learning what somebody
would like. But a vegetarian is no likelihood ratio. Here, answers become *demands*, which items
meet or not: what was asked for in any answer of the talk, unless it was refused or replaced since.

Diets, what is for children, and all that was refused by name are *firm*: they go before anything
else, and nobody but the person gives them up. Where demands leave nothing that was not offered
yet, the :class:`Conflict` says between which two the person has to choose.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from gnothi.recommend.acts import Ask, Prompt
from gnothi.recommend.belief import chosen_of
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.course import Turn, course
from gnothi.recommend.moment import Mask

_FIRM_FACETS = frozenset({"diet"})
_FIRM_VALUES = frozenset({("genre", "family")})
"""Who asks for a family film has somebody beside them whom another would frighten."""
_ADDED_FACETS = frozenset({"diet", "ingredient"})
"""Rice does not take the place of chicken, as jazz takes that of rock."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that items must have, or must not."""

    values: tuple[int, ...]
    """Attributes of one facet, of which an item has to have at least one."""
    is_refused: bool = False
    """Whether it must have none of them instead."""
    is_firm: bool = False

    def met(self, catalogue: Catalogue) -> Mask:
        """Return which items meet it; shape ``(items,)``."""
        has = np.zeros(len(catalogue), np.bool_)
        for value in self.values:
            has[catalogue.items_with(value)] = True
        return ~has if self.is_refused else has


@dataclass(frozen=True, slots=True)
class Conflict:
    """A demand that leaves nothing new together with the others."""

    lost: Demand
    other: Demand | None
    """The other one of which either has to go; ``None`` if *lost* has nothing new by itself, or
    more than one other stands in its way."""

    @property
    def prompt(self) -> Prompt:
        """What puts it to the person: which of two, or what they refused after all."""
        if self.lost.is_refused:
            return Prompt(Ask.SUGGEST, self.lost.values[:1])
        if self.other is None:
            return Prompt(Ask.OPEN)
        if self.other.is_refused:
            return Prompt(Ask.SUGGEST, self.other.values[:1])
        return Prompt(Ask.CHOICE, tuple(sorted((self.lost.values[0], self.other.values[0]))))


@dataclass(frozen=True, eq=False)
class Heeded:
    """What a talk has come to demand."""

    allowed: Mask
    """Which items meet all that can be met together; shape ``(items,)``."""
    conflicts: tuple[Conflict, ...] = ()
    """What can't, firm ones first."""
    asked: frozenset[str] = field(default=frozenset())
    """Keys of the prompts so far."""

    @property
    def pressing(self) -> Conflict | None:
        """What the person has to be asked: any that is firm, others once."""
        for one in self.conflicts:
            if one.lost.is_firm or (one.other and one.prompt.key not in self.asked):
                return one
        return None


def heed(turns: Sequence[Turn], catalogue: Catalogue) -> Heeded:
    """Return what *turns* demand of an item.

    Firm demands come first, later ones before earlier ones; each counts that leaves something
    which is still to be had: it was sampled at most, and not refused. Whom somebody only goes by
    ("something like Queen") is nothing new, and what they passed over ("seen it") does not come
    back.
    """
    known = course(turns, catalogue)
    played = {turn.prompt.item for turn in turns if turn.prompt.ask is Ask.PLAY}
    left = {*_gone_by(turns), *known.passed}
    fresh = np.ones(len(catalogue), np.bool_)
    fresh[[*left, *known.refused, *(item for item in played if item is not None)]] = False
    allowed = np.ones(len(catalogue), np.bool_)
    if fresh.any():
        allowed[[*left]] = False
    else:  # everything was offered, and comes again
        fresh[:] = True
    kept: list[Demand] = []
    lost: list[Demand] = []
    for one in sorted(demands(turns, catalogue), key=lambda one: not one.is_firm):
        met = one.met(catalogue)
        if (allowed & met & fresh).any():
            allowed &= met
            kept.append(one)
        else:
            lost.append(one)
    conflicts = (Conflict(one, _in_its_way(one, kept, fresh, catalogue)) for one in lost)
    return Heeded(allowed, tuple(conflicts), known.asked)


def demands(turns: Iterable[Turn], catalogue: Catalogue) -> tuple[Demand, ...]:
    """Return what was asked for or refused by name and still counts, the last one first."""
    found: list[Demand] = []
    for turn in turns:
        found = _after(found, turn, catalogue)
    return tuple(reversed(found))


def _in_its_way(
    lost: Demand, kept: Sequence[Demand], fresh: Mask, catalogue: Catalogue
) -> Demand | None:
    """Return the demand without which *lost* could be met: not a firm one, if there is another."""
    for other in sorted(kept, key=lambda one: one.is_firm):
        left = fresh & lost.met(catalogue)
        for one in kept:
            if one is not other:
                left &= one.met(catalogue)
        if left.any():
            return other
    return None


def _after(found: list[Demand], turn: Turn, catalogue: Catalogue) -> list[Demand]:
    """Return the demands after one more turn, the first one first."""
    prompt, answer = turn.prompt, turn.answer
    offered, wanted = set(prompt.values), _wanted(turn)
    refused = set(answer.dislikes) - {*answer.likes}
    dropped, pardoned = (offered if turn.is_refused else set[int]()), set[int]()
    if prompt.ask is Ask.CHOICE and offered <= _of(found, is_refused=False):
        # They were asked which of two demands to give up: a mere "no" gives up neither.
        taken = offered & set(wanted)
        dropped = offered - taken if taken else offered & refused
        refused -= offered
    elif prompt.ask is Ask.SUGGEST and offered <= _of(found, is_refused=True):
        # They were asked whether what they refused is all right after all; nobody wants it.
        pardoned = offered & set(wanted)
        wanted = tuple(one for one in wanted if one not in pardoned or one in answer.likes)
    gone = {*wanted, *refused, *dropped}
    kept = [
        one
        for one in found
        if set(one.values).isdisjoint({*wanted, *refused, *pardoned} if one.is_refused else gone)
    ]
    new = list(_demanded(wanted, catalogue))
    facets = {_facet(one, catalogue) for one in new if not one.is_firm} - _ADDED_FACETS
    kept = [
        one for one in kept if one.is_refused or one.is_firm or _facet(one, catalogue) not in facets
    ]
    return [
        *kept,
        *(Demand((one,), is_refused=True, is_firm=True) for one in sorted(refused)),
        *new,
    ]


def _wanted(turn: Turn) -> tuple[int, ...]:
    """Return the attributes that a turn asks for or agrees to."""
    answer, chosen = turn.answer, chosen_of(turn.prompt, turn.answer)
    agreed = turn.prompt.values if chosen is None and turn.is_liked else ()
    taken = () if chosen is None else (chosen,)
    return tuple(dict.fromkeys((*agreed, *answer.likes, *taken)))


def _demanded(wanted: Sequence[int], catalogue: Catalogue) -> Iterable[Demand]:
    """Yield what was asked for at once: of a facet any, but of what adds up all, if that is met."""
    facets: dict[str, list[int]] = {}
    for value in wanted:
        if _is_firm(value, catalogue):
            yield Demand((value,), is_firm=True)
        else:
            facets.setdefault(catalogue.attributes[value].facet, []).append(value)
    for facet, values in facets.items():
        each = [Demand((value,)) for value in values]
        met = np.all([one.met(catalogue) for one in each], axis=0)
        if facet in _ADDED_FACETS and met.any():
            yield from each
        else:
            yield Demand(tuple(values))


def _is_firm(value: int, catalogue: Catalogue) -> bool:
    one = catalogue.attributes[value]
    return one.facet in _FIRM_FACETS or (one.facet, one.value) in _FIRM_VALUES


def _facet(demand: Demand, catalogue: Catalogue) -> str:
    return catalogue.attributes[demand.values[0]].facet


def _of(found: Iterable[Demand], *, is_refused: bool) -> set[int]:
    return {value for one in found if one.is_refused is is_refused for value in one.values}


def _gone_by(turns: Sequence[Turn]) -> set[int]:
    found: set[int] = set()
    for turn in turns:
        found = (found | {*turn.answer.similar}) - {*turn.answer.items}
    return found
