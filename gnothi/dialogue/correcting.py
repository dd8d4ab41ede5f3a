"""Takes back what was done, wholly or in part, and does it again as it was meant."""

from collections.abc import Sequence

from gnothi.core.acting import Act
from gnothi.core.understanding import Interpretation
from gnothi.dialogue.calls import same
from gnothi.dialogue.lexicon import words
from gnothi.dialogue.performer import Performer, Request, carrying
from gnothi.dialogue.progress import Progress
from gnothi.dialogue.reading import Said, Step
from gnothi.dialogue.session import Done
from gnothi.dialogue.swapping import swap, without
from gnothi.skills.turn import Proposal

_SHORTEST = 3
"""Words of at most so many letters name nothing."""


class Corrector:
    """Corrects the calls of a session; what can't be done otherwise is never undone."""

    def __init__(self, performer: Performer) -> None:
        """Correct with *performer*."""
        self._performer = performer

    async def correct(self, step: Step, progress: Progress) -> bool:
        """Do again what was done, with what is said now instead; the newest that this fits."""
        recent = self._by_relevance(step.said, progress)
        for done in recent:
            if await self.replace(done, step, progress):
                return True
        if not recent or step.said.is_sure:
            return False
        request = carrying(recent[0].interpretation, recent[0].call, step.said)
        proposal = await self._performer.propose(request, progress)
        progress.acts.extend(proposal.problem if proposal else ())
        return bool(proposal and proposal.problem)

    async def replace(self, done: Done, step: Step, progress: Progress) -> bool:
        """Take *done* back and do it again as *step* says; whether that is possible.

        The new call is asked for again where it is guarded, as any other.
        """
        request = carrying(done.interpretation, done.call, step.said)
        proposal = await self._otherwise(done, request, step, progress)
        if proposal is None or proposal.problem or same(proposal.call, done.call):
            return False
        await self._performer.undo([done], progress)
        await self._performer.go_on(proposal, request, step.changes, progress)
        return True

    async def take_off(self, step: Step, progress: Progress) -> bool:
        """Take back what is named, with nothing in its place: "not the yeast"."""
        for done in progress.session.correctable(progress.now):
            spoken = self._performer.spoken(done.call)
            if call := without(done.call, step.said.text, spoken):
                request = Request(done.interpretation, done.text, carried=done.call)
                await self._performer.undo([done], progress)
                await self._performer.conclude(Proposal(call, done.risk), request, progress)
                return True
            if mentions(done, step.said.text) and done.outcome.undo:
                await self.take_back([done], progress)
                return True
        return False

    async def take_back(self, last: Sequence[Done], progress: Progress) -> None:
        """Take back *last*; what would be guarded (to unlock a door again) is asked for first."""
        if not last:
            progress.acts.append(Act("dialogue-nothing-to-undo"))
            return
        guarded = [one for one in last if one.outcome.undo_asks]
        rest = [one for one in last if one not in guarded]
        if rest:
            undone = await self._performer.undo(rest, progress)
            progress.acts.append(Act("dialogue-undone" if undone else "dialogue-not-undoable"))
        for one in guarded:
            self._performer.ask_undo(one, progress)

    async def _otherwise(
        self, done: Done, request: Request, step: Step, progress: Progress
    ) -> Proposal | None:
        """Propose *done* with what is said now: one thing for another, or other values."""
        if swapped := swap(done.call, step.said, self._performer.spoken(done.call)):
            return Proposal(swapped, done.risk)
        return await self._performer.propose(request, progress)

    def _by_relevance(self, said: Said, progress: Progress) -> list[Done]:
        """Return what can be corrected: first what is named, or of the same kind; else the newest.

        "No, the lamp, not the fan" may be about the turn before last.
        """

        def fits(done: Done) -> tuple[bool, int, bool]:
            named = bool(said.old) and mentions(done, said.old)
            return not named, -_shared(done, said.text), not self._is_alike(said.request, done)

        return sorted(progress.session.correctable(progress.now), key=fits)

    def _is_alike(self, request: Interpretation | None, done: Done) -> bool:
        return request is not None and self._performer.serves(request.intent, done.call)


def mentions(done: Done, text: str) -> bool:
    """Whether what was *done* was asked for in the words of *text*, or was about them."""
    spoken = {word for word in words(text) if len(word) > _SHORTEST}
    return bool(spoken) and spoken <= set(words(f"{done.text} {done.call.arguments}"))


def _shared(done: Done, text: str) -> int:
    """Return how many words of some length *text* shares with what asked for *done*."""
    return len({word for word in words(text) if len(word) > _SHORTEST} & set(words(done.text)))
