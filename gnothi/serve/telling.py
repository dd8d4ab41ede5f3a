"""What there is to say of one rewrite or phrase: acts for sentences, and figures for drawings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from gnothi.core.acting import Act
from gnothi.language.rewrites import Rewrite
from gnothi.learning.survey import Week, likely

SURE = 0.999
"""Nothing that was learned from a few turns is told to be more certain."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How often something worked, and how sure that is."""

    name: str
    """``said``: the words as they are; ``meant``: the other words, before; ``so``: how often a
    phrase was meant so; ``used``: in use."""
    rate: float
    low: float
    high: float
    """95 %."""
    turns: int


def told(rewrite: Rewrite) -> Mapping[str, object]:
    """Return what there is to say of *rewrite*, for sentences."""
    evidence = rewrite.evidence
    return {
        "id": rewrite.id,
        "kind": kind_of(rewrite),
        "said": rewrite.source,
        "becomes": rewrite.target,
        "person": rewrite.person or "",
        "turns": evidence.get("turns", 0),
        "people": evidence.get("people", 0),
        "days": evidence.get("days", 0),
        "certainty": min(cast("float", evidence.get("certainty", 0.0)), SURE),
        "after": cast("float", evidence.get("score", 0.0)),
        "before": cast("float", evidence.get("own_score", 0.0)),
        "times": evidence.get("times", 0),
        "of": evidence.get("of", 0),
    }


def kind_of(rewrite: Rewrite) -> str:
    """Return ``whole`` for a request, ``part`` for a phrase, ``left-out`` for one that goes."""
    if not rewrite.part:
        return "whole"
    return "part" if rewrite.target else "left-out"


def why(one: Rewrite) -> tuple[Act, ...]:
    """Return why *one* was learned."""
    values = told(one)
    if one.part:
        often = Act("learning-phrase-own", values) if one.person else Act("learning-phrase", values)
        return Act("learning-phrase-means", values), often
    if not values["turns"]:
        return ()
    return Act("learning-why", values), Act("learning-certain", values)


def use(weeks: Sequence[Week]) -> Act:
    """Return how often something was needed, and how that went."""
    wins, losses = sum(one.wins for one in weeks), sum(one.losses for one in weeks)
    if not wins + losses:
        return Act("learning-unused")
    return Act("learning-use", {"uses": wins + losses, "wins": wins, "losses": losses})


def measures(one: Rewrite, weeks: Sequence[Week]) -> tuple[Measure, ...]:
    """Return how often the words worked before, the others elsewhere, and the rewrite in use."""
    wins, uses = sum(one.wins for one in weeks), sum(one.wins + one.losses for one in weeks)
    before = _meant_so(one) if one.part else _worked(one)
    if not uses:
        return before
    return (*before, Measure("used", wins / uses, *likely(wins, uses), uses))


def _worked(one: Rewrite) -> tuple[Measure, ...]:
    turns = _count(one, "turns")
    if not turns:
        return ()
    rates = [
        (name, float(cast("float", one.evidence.get(key, 0.0))))
        for name, key in (("said", "own_score"), ("meant", "score"))
    ]
    return tuple(
        Measure(name, rate, *likely(round(rate * turns), turns), turns) for name, rate in rates
    )


def _meant_so(one: Rewrite) -> tuple[Measure, ...]:
    of = _count(one, "of")
    if not of:
        return ()
    times = min(_count(one, "times"), of)
    return (Measure("so", times / of, *likely(times, of), of),)


def _count(one: Rewrite, name: str) -> int:
    return int(cast("int", one.evidence.get(name, 0)))
