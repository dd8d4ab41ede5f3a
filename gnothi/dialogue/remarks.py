"""Commands in the same breath as a remark: "we have guests add wine"."""

from dataclasses import replace

from gnothi.dialogue.lexicon import Lexicon
from gnothi.dialogue.performer import Performer, Request
from gnothi.dialogue.progress import Progress
from gnothi.skills.turn import Proposal

SURELY = 0.9
"""A command behind a remark, or without a verb, must be understood as surely as this to stand by
itself."""
_SURE = 0.8
"""The same where the whole can't be done."""


class Remarks:
    """Parts requests from what is merely told."""

    def __init__(self, performer: Performer, lexicon: Lexicon) -> None:
        """Try with *performer* what the words of *lexicon* part."""
        self._performer = performer
        self._lexicon = lexicon

    def after(self, request: Request, progress: Progress) -> Request:
        """Return *request* without a remark that was read with it: "we have guests add wine"."""
        for tail in self._lexicon.after_remark(request.text):
            found = progress.understander.understand(tail).requests
            if len(found) == 1 and found[0].score >= SURELY:
                return replace(request, interpretation=found[0], text=tail)
        return request

    async def without(
        self, request: Request, proposal: Proposal, progress: Progress
    ) -> tuple[Request, Proposal]:
        """Return what a part of the words leads to, if it can be done and the whole can't.

        Mends what was read with a remark before it ("that's enough turn the sprinkler off") or
        behind it ("turn the sprinkler on the lawn is dry"). A place that the home has not is no
        remark: "turn off the lights in the sauna" means no other lights.
        """
        for tail in self._lexicon.commands_in(request.text):
            found = progress.understander.understand(tail).requests
            if len(found) == 1 and found[0].score >= _SURE:
                tried, other = await self._performer.choose(
                    replace(request, interpretation=found[0], text=tail), progress
                )
                if other and not other.problem:
                    return tried, other
        named = [slot.value for slot in request.interpretation.slots]
        for head in self._lexicon.before_remark(request.text, named):
            tried = replace(request, text=head)
            other = await self._performer.propose(tried, progress)
            if other and not (other.problem or other.question):
                return tried, other
        return request, proposal
