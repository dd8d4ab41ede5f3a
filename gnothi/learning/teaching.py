"""What becomes of examples of a thing: a candidate, evidence against what was known, a verdict.

A thing that nobody knew is learned at once. When more is shown of one, or something is put right,
both versions are tried on each example as if they had never seen it. Of few pictures nobody can
prove a gain, so a candidate only must do no worse; one that is worse waits for more examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gnothi.core.acting import Act
from gnothi.core.seeing import Pixels
from gnothi.learning.evidence import Comparison, Evidence, Outcome
from gnothi.learning.gate import Limits, Ruling, Verdict, find_harm
from gnothi.vision.boxes import Boxes
from gnothi.vision.teaching.examples import Shown
from gnothi.vision.teaching.learner import Learned, is_right, learn, leave_out
from gnothi.vision.teaching.looking import Look
from gnothi.vision.teaching.own import OwnNetwork
from gnothi.vision.teaching.things import NAME, Thing

HOUSEHOLD = Limits(alpha=0.3, support=0, people=0, negative_flips=0.2, change=1.0)
"""What is never let in, however few the examples: something that is proven to break so much."""
_ONE, _NEW, _UNSURE = "sight-thing-one", "sight-thing-new", "sight-thing-unsure"
_BETTER, _WORSE = "sight-thing-better", "sight-thing-worse"
"""Sentences of the skill that sees."""
CUTS = 6
"""Small pictures of a thing that are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A picture, and what is in it."""

    name: str
    pixels: Pixels
    boxes: Boxes
    """Of the thing; without rows where it is not there."""
    wrong: Boxes
    """What was taken for the thing and is not."""


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


def taught_by(
    name: str,
    known: Thing | None,
    eyes: str,
    fresh: Sequence[Shown],
    cuts: tuple[bytes, ...],
    elsewhere: Sequence[Look],
) -> Taught:
    """Return what becomes of *fresh* examples of a thing, which may be *known*."""
    if known is None or known.eyes != eyes:  # what other eyes saw can't be learned from
        learned = learn(fresh, elsewhere)
        thing = Thing(name, eyes, tuple(fresh), learned, cuts=cuts)
        return Taught(
            thing,
            Verdict(
                Ruling.APPROVE,
                (Act(_sureness(learned), _told(learned)),),
            ),
        )
    kept = _without(known.shown, fresh)
    everything = (*kept, *_without(known.waiting, fresh), *fresh)
    candidate = learn(everything, elsewhere)
    evidence = _compared(known, kept, everything, candidate, elsewhere)
    verdict = judged(evidence, candidate)
    cuts = (*known.cuts, *cuts)[-CUTS:]
    if verdict.ruling is Ruling.APPROVE:
        thing = Thing(known.name, eyes, everything, candidate, cuts=cuts)
        return Taught(thing, verdict, evidence)
    waiting = everything[len(kept) :]
    return Taught(replace(known, waiting=waiting, cuts=cuts), verdict, evidence)


def _compared(
    known: Thing,
    kept: Sequence[Shown],
    everything: Sequence[Shown],
    candidate: Learned,
    elsewhere: Sequence[Look],
) -> Evidence:
    """Try both on every example, as if neither had seen it."""
    old = known.learned
    before = {one.shown.name: one.found for one in leave_out(kept, elsewhere)}
    comparison = Comparison(NAME)
    outcomes: list[Outcome] = []
    for tried in leave_out(everything, elsewhere):
        one = tried.shown
        live = before.get(one.name) or old.judge.find(one.looks[0], old.threshold)
        outcomes.append(
            Outcome(
                live_right=is_right(one, live, old.threshold),
                candidate_right=is_right(one, tried.found, candidate.threshold),
                session=one.name,
            )
        )
    comparison.add(outcomes)
    return comparison.evidence()


def compared_with_own(thing: Thing, own: OwnNetwork, tried: Sequence[Example]) -> Evidence:
    """Try a network of its own, and what was learned lightly, on pictures that neither knows."""
    light = {one.shown.name: one for one in leave_out(thing.shown)}
    comparison = Comparison(NAME)
    comparison.add(
        Outcome(
            live_right=is_right(
                light[one.name].shown, light[one.name].found, thing.learned.threshold
            ),
            candidate_right=is_right(light[one.name].shown, own.find(one.pixels), own.threshold),
            session=one.name,
        )
        for one in tried
        if one.name in light
    )
    return comparison.evidence()


def judged(evidence: Evidence, candidate: Learned) -> Verdict:
    """Rule on a candidate: of few pictures nobody can prove a gain, so it must not do worse."""
    values = {
        "pictures": evidence.turns,
        "before": evidence.live_right,
        "after": evidence.live_right + evidence.positive.hits - evidence.negative.hits,
    }
    if harm := find_harm(evidence, HOUSEHOLD):
        return Verdict(Ruling.REJECT, (harm, Act(_WORSE, values)))
    if evidence.turns and evidence.gain < 0:
        return Verdict(Ruling.WAIT, (Act(_WORSE, values),))
    return Verdict(Ruling.APPROVE, (Act(_BETTER, {**_told(candidate), **values}),))


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
