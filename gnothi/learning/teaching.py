"""What becomes of examples of a thing: a candidate, evidence against what was known, a verdict.

A thing that nobody knew is learned at once. When more is shown of one, or something is put right,
both versions are tried on each example from which neither learned. Of few pictures nobody can prove
a gain, so a candidate only must do no worse; one that is worse waits for more examples.

A network of its own goes on answering for a thing of which more is shown: only a network that was
trained anew takes its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from gnothi.core.acting import Act
from gnothi.core.seeing import Pixels
from gnothi.learning.evidence import Comparison, Evidence, Outcome
from gnothi.learning.gate import Limits, Ruling, Verdict, find_harm
from gnothi.vision.boxes import Boxes
from gnothi.vision.teaching.examples import Shown, corrected
from gnothi.vision.teaching.learner import (
    FAINT,
    NOWHERE,
    Elsewhere,
    Found,
    Learned,
    LeftOut,
    counted,
    each_tuned_on_the_others,
    is_right,
    learn,
    leave_out,
)
from gnothi.vision.teaching.own import OwnNetwork
from gnothi.vision.teaching.things import NAME, Thing

HOUSEHOLD = Limits(alpha=0.3, support=0, people=0, negative_flips=0.2, change=1.0)
"""What is never let in, however few the examples: something that is proven to break so much."""
_ONE, _NEW, _UNSURE = "sight-thing-one", "sight-thing-new", "sight-thing-unsure"
_BETTER, _WORSE, _FEWER = "sight-thing-better", "sight-thing-worse", "sight-thing-fewer"
_OWN_STAYS = "sight-thing-own-stays"
OWN_BETTER, OWN_WORSE = "sight-thing-own", "sight-thing-own-worse"
UNTRIED = "sight-thing-own-untried"
"""Sentences of the skill that sees."""
LEAST_HELD = 3
"""Pictures that must be held back from a network of its own: on one, luck is as good."""
CUTS = 6
"""Small pictures of a thing that are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Demonstration:
    """A picture that somebody shows, and what is in it."""

    name: str
    """As people call the picture; what it shows tells which one it is."""
    pixels: Pixels
    boxes: Boxes
    """Of the thing; without rows where it is not there."""
    wrong: Boxes
    """What was taken for the thing and is not."""
    whole: bool = True
    """Whether the thing is nowhere else in the picture; else nobody told of the rest."""
    teacher: str = ""
    """The person who shows it; empty for a guest."""


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """What came of teaching."""

    thing: Thing
    verdict: Verdict
    evidence: Evidence | None = None
    """Against what was known before; ``None`` of a thing that is new."""

    @property
    def is_used(self) -> bool:
        """Whether what was learned now answers."""
        return self.verdict.ruling is Ruling.APPROVE

    @property
    def told(self) -> Act:
        """What to say of it: how well it is known now, or why what was known stays."""
        act = self.verdict.reasons[-1]
        return Act(act.key, {"name": self.thing.name, **act.values})


@dataclass(frozen=True, slots=True)
class Tried:
    """How two ways to find a thing did in pictures that neither learned from."""

    evidence: Evidence
    live_score: int
    """Boxes found less alarms, over all pictures: what the live one is worth."""
    score: int
    """The same of the candidate."""


def taught_by(
    name: str,
    known: Thing | None,
    eyes: str,
    fresh: Sequence[Shown],
    cuts: tuple[bytes, ...],
    elsewhere: Elsewhere,
) -> Taught:
    """Return what becomes of *fresh* examples of a thing, which may be *known*."""
    if known is None or known.eyes != eyes:  # what other eyes saw can't be learned from
        learned = learn(fresh, elsewhere)
        cuts = (*(known.cuts if known else ()), *cuts)[-CUTS:]
        thing = Thing(name, eyes, tuple(fresh), learned, cuts=cuts)
        return Taught(thing, Verdict(Ruling.APPROVE, (Act(_sureness(learned), _told(learned)),)))
    fresh = _completed(known, fresh)
    kept = _without(known.shown, fresh)
    everything = (*kept, *_without(known.waiting, fresh), *fresh)
    left_out = leave_out(everything, elsewhere)
    candidate = learn(everything, elsewhere, left_out)
    tried = _compared(known, left_out, elsewhere)
    verdict = judged(tried, Act(_BETTER, _told(candidate)))
    cuts = (*known.cuts, *cuts)[-CUTS:]
    if verdict.ruling is Ruling.APPROVE:
        thing = replace(known, shown=everything, learned=candidate, waiting=(), cuts=cuts)
        if known.own:
            verdict = Verdict(Ruling.APPROVE, (Act(_OWN_STAYS),))
        return Taught(thing, verdict, tried.evidence)
    waiting = everything[len(kept) :]
    return Taught(replace(known, waiting=waiting, cuts=cuts), verdict, tried.evidence)


def _completed(known: Thing, fresh: Sequence[Shown]) -> Sequence[Shown]:
    """Return *fresh* with what is *known* of the same pictures, where they tell of a part only."""
    before = {one.name: one for one in (*known.shown, *known.waiting)}
    return tuple(
        one if one.whole or one.name not in before else corrected(before[one.name], one)
        for one in fresh
    )


def _compared(known: Thing, left_out: Sequence[LeftOut], elsewhere: Elsewhere) -> Tried:
    """Try both on every picture that neither learned from, and on which neither was tuned."""
    live = _answers(known, elsewhere)
    return _tried(
        (one.shown, answer, (one.found, one.threshold))
        for one in left_out
        if (answer := live(one.shown))
    )


def compared_with_own(
    thing: Thing, own: OwnNetwork, held: Mapping[str, Pixels], elsewhere: Elsewhere = NOWHERE
) -> Tried:
    """Try a network of its *own*, and what was learned lightly, on pictures that neither knows.

    *held* are pictures that were held back from the network, by their identity.
    """
    known = [one for one in (*thing.shown, *thing.waiting) if one.name in held]
    found = [[LeftOut(one, own.find(held[one.name], FAINT), 0.0)] for one in known]
    live = _answers(thing, elsewhere)
    return _tried(
        (one.shown, answer, (one.found, one.threshold))
        for one in each_tuned_on_the_others(found)  # its own threshold was chosen on these
        if (answer := live(one.shown))
    )


def judged(tried: Tried, better: Act, *, worse: str = _WORSE, fewer: str = _FEWER) -> Verdict:
    """Rule on a candidate: of few pictures nobody can prove a gain, so it must not do worse.

    Neither in pictures that are right as a whole, nor in what is found less what is taken for it.
    Whatever the ruling, examples are kept: with more of them the next candidate may be better.
    """
    evidence = tried.evidence
    values = {
        "pictures": evidence.turns,
        "before": evidence.live_right,
        "after": evidence.live_right + evidence.positive.hits - evidence.negative.hits,
    }
    if harm := find_harm(evidence, HOUSEHOLD):
        return Verdict(Ruling.REJECT, (harm, Act(worse, values)))
    if evidence.turns and evidence.gain < 0:
        return Verdict(Ruling.WAIT, (Act(worse, values),))
    if tried.score < tried.live_score:
        return Verdict(Ruling.WAIT, (Act(fewer, values),))
    return Verdict(Ruling.APPROVE, (Act(better.key, {**better.values, **values}),))


_Answer: TypeAlias = tuple[Found, float]
"""What was found in a picture, and the threshold from which on it is told."""


def _answers(known: Thing, elsewhere: Elsewhere) -> Callable[[Shown], _Answer | None]:
    """Return what tells how the light judge of a *known* thing does where it has not learned.

    ``None`` of a picture without which nothing could have been learned.
    """
    learned = known.learned
    seen = {one.name: None for one in known.shown} | {
        one.shown.name: (one.found, one.threshold) for one in leave_out(known.shown, elsewhere)
    }

    def answer(one: Shown) -> _Answer | None:
        if one.name in seen:
            return seen[one.name]
        return learned.judge.find(one.looks[0], learned.threshold), learned.threshold

    return answer


def _tried(answers: Iterable[tuple[Shown, _Answer, _Answer]]) -> Tried:
    """Return how the live one and the candidate did, each told of each picture."""
    comparison = Comparison(NAME, alpha=HOUSEHOLD.alpha)
    scores = np.zeros(2, dtype=np.int64)
    outcomes: list[Outcome] = []
    for shown, live, candidate in answers:
        outcomes.append(
            Outcome(
                live_right=is_right(shown, *live),
                candidate_right=is_right(shown, *candidate),
                session=shown.name,
            )
        )
        for at, one in enumerate((live, candidate)):
            hits, alarms = counted(shown, *one)
            scores[at] += hits - alarms
    comparison.add(outcomes)
    return Tried(comparison.evidence(), int(scores[0]), int(scores[1]))


def _without(known: Sequence[Shown], fresh: Sequence[Shown]) -> tuple[Shown, ...]:
    """Return what is *known* but for pictures that are shown again, with other boxes."""
    names = {one.name for one in fresh}
    return tuple(one for one in known if one.name not in names)


def _sureness(learned: Learned) -> str:
    """Return how to tell of a thing that is new: known, hardly known, or known from one picture."""
    told = learned.expectation
    if not told.pictures:
        return _ONE
    return _NEW if 2 * told.hits > told.there and told.alarms <= told.there else _UNSURE


def _told(learned: Learned) -> dict[str, object]:
    told = learned.expectation
    return {
        "tried": told.pictures,
        "hits": told.hits,
        "there": told.there,
        "alarms": told.alarms,
    }
