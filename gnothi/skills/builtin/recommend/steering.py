"""Where a talk goes by itself, whatever a policy would choose: what has to be asked now.

Somebody who wants what there is not is asked which of it matters more; who refused one thing after
another is asked what they do feel like. Nothing of this is logged as a choice: there was none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gnothi.core.acting import Act
from gnothi.recommend.acts import Answer, Ask, Prompt, Wish
from gnothi.recommend.conversation import Conversation
from gnothi.recommend.course import Turn, course
from gnothi.recommend.heeding import Conflict, Demand, Heeded, heed
from gnothi.skills.builtin.recommend.saying import Voice

REFUSALS = 3
"""After so many refusals in a row, that name nothing, they are asked what they would like."""
_LED = (Wish.LEAVE, Wish.BACK, Wish.PLAY)
"""Wishes that say where to go."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where to go, and what to say on the way."""

    acts: tuple[Act, ...] = ()
    """What is left out from now on, told once."""
    prompt: Prompt | None = None
    """What has to be asked; ``None`` to let the policy choose."""
    question: Act | None = None
    """Its words, where they are other than those of the prompt as such."""
    is_answered: bool = False
    """Whether what is said on the way is all there is to say to the answer."""


def steer(talk: Conversation, voice: Voice, answer: Answer) -> Heading:
    """Return where *answer*, which the talk has not taken in yet, makes it go."""
    turn = Turn(talk.prompt or Prompt(Ask.OPEN), answer)
    if answer.wish in _LED or talk.is_content(turn):
        return Heading()
    catalogue, turns = talk.recommender.catalogue, [*talk.turns, turn]
    heeded = heed(turns, catalogue)
    acts = tuple(_left_out(heeded, heed(talk.turns, catalogue), turn, voice))
    if conflict := heeded.pressing:
        return Heading(acts, conflict.prompt, _put(conflict, voice))
    is_bare = not (answer.is_named or answer.wish)
    if is_bare and course(turns, catalogue).refusals >= REFUSALS:
        return Heading(acts, Prompt(Ask.OPEN))
    gone = {value for one in heeded.conflicts for value in one.lost.values}
    is_news = answer.is_named and not {*answer.likes} & {*gone, *turn.prompt.values}
    return Heading(acts, is_answered=bool(acts) and not is_news)


def _left_out(now: Heeded, before: Heeded, turn: Turn, voice: Voice) -> Iterator[Act]:
    """Yield what is told of demands that are given up, none of them firm."""
    known = [one.lost for one in before.conflicts]
    for one in now.conflicts:
        was_asked = one.other is not None and one.prompt.key == turn.prompt.key
        is_news = one.other is None and one.lost not in known
        is_wanted_again = {*one.lost.values} <= {*turn.answer.likes} and one is not now.pressing
        if not one.lost.is_firm and (was_asked or is_news or is_wanted_again):
            yield voice.say("left-out", value=_said(one.lost, voice))


def _put(conflict: Conflict, voice: Voice) -> Act:
    """Return the question what to give up."""
    lost, other = conflict.lost, conflict.other
    if other is None:
        return voice.say("none-left", value=_said(lost, voice))
    catalogue = voice.shelf.catalogue
    known = bool((lost.met(catalogue) & other.met(catalogue)).any())
    both = {"first": _said(other, voice), "second": _said(lost, voice), "known": known}
    if conflict.prompt.ask is Ask.CHOICE:
        return voice.say("conflict", **both)
    return voice.say("conflict-refused", **both, value=voice.value(conflict.prompt.values[0]))


def _said(demand: Demand, voice: Voice) -> Act:
    return voice.demand(demand.values, is_refused=demand.is_refused)
