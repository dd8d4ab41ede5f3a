"""Whether a yes is one: it may open a door, so that being nearly sure is not enough."""

from collections.abc import Sequence

from gnothi.core.acting import Act
from gnothi.core.risk import Risk
from gnothi.core.understanding import Kind
from gnothi.dialogue.calls import about_same, alike
from gnothi.dialogue.lexicon import Lexicon
from gnothi.dialogue.performer import Performer, Request, carrying
from gnothi.dialogue.progress import Progress
from gnothi.dialogue.reading import Said, Step
from gnothi.dialogue.session import Pending

AGREED = 0.6
"""A yes must be read as surely as this."""
NAMED = 0.5
"""Words in a yes that are understood with this score say what it agrees to."""
_FREE = frozenset({Kind.YES, Kind.REQUEST, Kind.AGAIN})
"""Moves that may stand beside a yes without taking any of it back."""


async def agrees(
    steps: Sequence[Step],
    asked: Pending,
    progress: Progress,
    performer: Performer,
    lexicon: Lexicon,
) -> bool:
    """Whether the yes among *steps* agrees to all of what is *asked*, and to nothing else.

    It must be read surely, and to what is guarded its words themselves must agree: "make toast" may
    be read as a yes. No word of the utterance may make a condition, name another time or mean the
    contrary ("yes, but keep it locked"); and what it names must be what was asked: "yes, unlock the
    back door" does not open the front door.
    """
    if lexicon.has_reservation(progress.utterance.text):
        return False
    guarded = asked.risk is Risk.GUARDED
    if guarded and not lexicon.says_yes(progress.utterance.text, asked.text):
        return False
    if any(step.said.kind not in _FREE for step in steps):
        return False
    yes = next(step.said for step in steps if step.said.kind is Kind.YES)
    if yes.score < AGREED:
        return False
    named = [_named(yes, progress), *(s.said for s in steps if s.said.kind is not Kind.YES)]
    for said in named:
        if said.request and not await _fits(said, asked, progress, performer):
            return False
    return True


def _named(yes: Said, progress: Progress) -> Said:
    """Return the words of *yes* with what they ask for, if they surely ask for anything."""
    found = progress.understander.understand(yes.text).requests
    sure = found[0] if found and found[0].score >= NAMED else None
    return Said(Kind.REQUEST, yes.text, sure)


def _names_something(problem: Act) -> bool:
    """Whether a *problem* tells what was named: "I know no garage in this home"."""
    return any(problem.values.get(name) for name in ("words", "devices"))


async def _fits(said: Said, asked: Pending, progress: Progress, performer: Performer) -> bool:
    """Whether what is *said* is what was *asked* itself, or has nothing to do with it."""
    assert said.request is not None
    carried = carrying(asked.interpretation, asked.call, said)
    again = await performer.propose(carried, progress)
    if again and not again.problem and alike(again.call, asked.call):
        return True
    proposal = await performer.propose(Request(said.request, said.text), progress)
    if proposal and any(_names_something(act) for act in proposal.problem):
        return False
    if proposal and proposal.problem:
        proposal = again
    if proposal is None or proposal.problem or alike(proposal.call, asked.call):
        return True
    guarded = proposal.risk is Risk.GUARDED and said.kind is Kind.REQUEST
    return not (guarded or about_same(proposal.call, asked.call))
