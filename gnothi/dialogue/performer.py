"""Carries requests out: fills them, asks for what is missing, confirms, acts, takes back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from gnothi.core.acting import Act, Action, Call, Outcome, Status
from gnothi.core.errors import GnothiError
from gnothi.core.risk import Risk
from gnothi.core.understanding import Alternative, Interpretation
from gnothi.dialogue.progress import Progress, shifted
from gnothi.dialogue.session import Awaited, Done, Pending
from gnothi.dialogue.wording import Wording
from gnothi.skills.format import Api
from gnothi.skills.skillset import Skill, SkillSet
from gnothi.skills.turn import Proposal, Services, Turn

PATIENCE = 8.0
"""Seconds after which an action is no longer waited for."""
NO_SKILL = "dialogue-no-skill"

T = TypeVar("T")
_log = logging.getLogger(__name__)


UNSURE = 0.6
"""Below this score, other intents are considered by what they lead to."""
SURE_OF_IT = 0.85
"""The same where the words point back, which says more than the network knows."""
POINTED_AT = 4.0
"""Weight of votes for the skill that the words point back to."""
WORTHY = 0.1
"""Intents with fewer votes than this are not considered."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something to be carried out, with what it takes from earlier turns."""

    interpretation: Interpretation
    text: str
    carried: Call | None = None
    answers: str | None = None
    place: int = 0
    """Where the text that was understood begins in the utterance."""
    about: Interpretation | None = None
    """The request before, when the words point back to it ("turn it off")."""


@dataclass(slots=True)
class _Votes:
    """What speaks for one call."""

    weight: float = 0.0
    options: list[Alternative] = field(default_factory=list[Alternative])


class Performer:
    """Knows the skills, and how far to go without asking."""

    def __init__(
        self, skills: SkillSet, services: Callable[[str], Services], wording: Wording
    ) -> None:
        """Use *skills*; *services* gives each skill, by name, what it may use."""
        self._skills = skills
        self._services = services
        self._wording = wording

    async def propose(self, request: Request, progress: Progress) -> Proposal | None:
        """Fill the call that *request* asks for; ``None`` when no skill serves its intent."""
        found = self._find(request)
        if not found:
            return None
        skill, api = found
        turn = self._turn(skill, request, progress)
        proposal = await _watched(skill.name, skill.propose(turn, api))
        if isinstance(proposal, Act):
            return Proposal(Call(skill.name, api.name), api.risk, problem=(proposal,))
        return proposal

    def serves(self, intent: str, call: Call) -> bool:
        """Whether *intent* is served by the same API as *call*."""
        found = self._skills.for_intent(intent)
        return found is not None and (found[0].name, found[1].name) == (call.skill, call.api)

    async def pursue(self, request: Request, progress: Progress) -> None:
        """Go with *request* as far as is right: act, or ask, or say why not."""
        with progress.stage("propose") as note:
            request, proposal = await self._best(request, progress)
            note.note = _described(proposal)
        progress.requests.append(shifted(request.interpretation, request.place))
        await self.conclude(proposal, request, progress)

    async def conclude(
        self, proposal: Proposal | None, request: Request, progress: Progress
    ) -> None:
        """Act on *proposal*, or ask for what it lacks."""
        if proposal is None:
            topic = request.interpretation.intent.replace("_", " ")
            progress.acts.append(Act(NO_SKILL, {"topic": topic}))
        elif proposal.problem:
            self._report(proposal, Status.FAILED, proposal.problem, progress)
        elif proposal.question:
            self._ask(proposal, request, progress)
        elif proposal.risk is Risk.GUARDED and not progress.confirmed:
            self._ask_confirmation(proposal, request, progress)
        else:
            await self.act(proposal.call, proposal.risk, request, progress)

    async def act(self, call: Call, risk: Risk, request: Request, progress: Progress) -> Outcome:
        """Carry out *call* and note what became of it."""
        skill = self._skills.get(call.skill)
        with progress.stage("act") as note:
            outcome = await self._act(skill, self._turn(skill, request, progress), call)
            note.note = f"{call.skill}.{call.api} {outcome.status.value}"
        if outcome.question:
            proposal = Proposal(call, outcome.risk or risk, outcome.question)
            self._ask(proposal, request, progress)
            return outcome
        self._note(call, outcome, outcome.risk or risk, progress)
        if outcome.status is Status.DONE and (call.arguments or outcome.undo):
            progress.session.remember(
                Done(
                    request.interpretation,
                    request.text,
                    call,
                    outcome,
                    progress.now,
                    progress.session.turns,
                )
            )
        return outcome

    async def undo(self, done: list[Done], progress: Progress) -> bool:
        """Take back *done*, the newest first; whether all of it could be taken back."""
        undoable = [one for one in done if one.outcome.undo]
        for one in reversed(undoable):
            call = one.outcome.undo
            assert call is not None
            skill = self._skills.get(call.skill)
            request = Request(one.interpretation, one.text)
            with progress.stage("undo") as note:
                outcome = await self._act(skill, self._turn(skill, request, progress), call)
                note.note = f"{call.skill}.{call.api} {outcome.status.value}"
            if outcome.status is Status.FAILED:
                self._note(call, outcome, Risk.REVERSIBLE, progress)
                return False
        progress.session.forget(undoable)
        return len(undoable) == len(done)

    async def _best(self, request: Request, progress: Progress) -> tuple[Request, Proposal | None]:
        """Propose what is most probable among what can be done.

        Where understanding is unsure, the intents that lead to the same call vote together, and
        the first call that lacks nothing wins.
        """
        first: tuple[Request, Proposal | None] | None = None
        for intent in self._candidates(request):
            candidate = replace(request, interpretation=intent)
            proposal = await self.propose(candidate, progress)
            if proposal and not proposal.problem and not proposal.question:
                return candidate, proposal
            first = first or (candidate, proposal)
        return first or (request, None)

    def _candidates(self, request: Request) -> list[Interpretation]:
        """Return the intents to consider, those of the call with most votes first."""
        heard, about = request.interpretation, request.about
        if heard.score >= (SURE_OF_IT if about else UNSURE) or request.carried:
            return [heard]
        options = [_alternative(heard), *heard.alternatives]
        if about:
            options.append(replace(_alternative(about), score=heard.score))
        ballot = self._ballot(options, about)
        ranked = sorted(ballot.values(), key=lambda votes: -votes.weight)
        worthy = [votes for votes in ranked if votes.weight >= WORTHY]
        return [_as(heard, option) for votes in worthy for option in votes.options] or [heard]

    def _ballot(
        self, options: list[Alternative], about: Interpretation | None
    ) -> dict[tuple[str, str], "_Votes"]:
        """Let *options* that lead to the same call vote together."""
        pointed = self._skills.for_intent(about.intent) if about else None
        ballot: dict[tuple[str, str], _Votes] = {}
        for option in options:
            if found := self._skills.for_intent(option.intent):
                votes = ballot.setdefault((found[0].name, found[1].name), _Votes())
                weight = POINTED_AT if pointed and found[0] is pointed[0] else 1.0
                votes.weight += option.score * weight
                votes.options.append(option)
        return ballot

    def _find(self, request: Request) -> tuple[Skill, Api] | None:
        if request.carried:
            skill = self._skills.get(request.carried.skill)
            return skill, skill.api(request.carried.api)
        return self._skills.for_intent(request.interpretation.intent)

    def _turn(self, skill: Skill, request: Request, progress: Progress) -> Turn:
        return Turn(
            text=request.text,
            interpretation=request.interpretation,
            utterance=progress.utterance,
            now=progress.now,
            services=self._services(skill.name),
            session=progress.session.id,
            user=progress.utterance.speaker,
            carried=request.carried,
            focus=progress.session.focus,
            answers=request.answers,
        )

    async def _act(self, skill: Skill, turn: Turn, call: Call) -> Outcome:
        outcome = await _watched(skill.name, skill.act(turn, call))
        return Outcome(Status.FAILED, (outcome,)) if isinstance(outcome, Act) else outcome

    def _ask(self, proposal: Proposal, request: Request, progress: Progress) -> None:
        question = proposal.question
        assert question is not None
        progress.session.pending.append(
            Pending(
                Awaited.VALUE,
                request.interpretation,
                request.text,
                proposal.call,
                proposal.risk,
                progress.now,
                question.act,
                question.argument,
                question.choices,
            )
        )
        self._asked(proposal, Status.NEEDS_VALUE, question.act, progress)

    def _ask_confirmation(self, proposal: Proposal, request: Request, progress: Progress) -> None:
        act = proposal.confirmation or Act("dialogue-confirm")
        progress.session.drop(proposal.call)
        progress.session.pending.append(
            Pending(
                Awaited.CONFIRMATION,
                request.interpretation,
                request.text,
                proposal.call,
                proposal.risk,
                progress.now,
                act,
            )
        )
        self._asked(proposal, Status.NEEDS_CONFIRMATION, act, progress)

    def _asked(self, proposal: Proposal, status: Status, act: Act, progress: Progress) -> None:
        message = self._wording.say(act, progress.now)
        progress.actions.append(Action(proposal.call, status, proposal.risk, message))
        if len(progress.session.pending) == 1:
            progress.acts.append(act)
            progress.asked = True

    def _report(
        self, proposal: Proposal, status: Status, acts: tuple[Act, ...], progress: Progress
    ) -> None:
        progress.acts.extend(acts)
        message = self._wording.say_all(acts, progress.now)
        progress.actions.append(Action(proposal.call, status, proposal.risk, message))

    def _note(self, call: Call, outcome: Outcome, risk: Risk, progress: Progress) -> None:
        progress.acts.extend(outcome.acts)
        if outcome.display:
            progress.display.append(outcome.display)
        message = self._wording.say_all(outcome.acts, progress.now)
        progress.actions.append(Action(call, outcome.status, risk, message))


async def _watched(skill: str, work: Awaitable[T]) -> T | Act:
    """Wait for *work* of a skill; what goes wrong there becomes a sentence here."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await work
    except TimeoutError:
        return Act("dialogue-timeout")
    except GnothiError as error:
        return Act("dialogue-failed", {"reason": str(error)})
    except Exception:  # noqa: BLE001 - skills are strangers' code; this is their one boundary
        _log.exception("The skill %s failed", skill)
        return Act("dialogue-broken-skill", {"skill": skill})


def _as(heard: Interpretation, option: Alternative) -> Interpretation:
    """Return *heard* with the intent *option*; what was heard becomes an alternative."""
    if option.intent == heard.intent:
        return heard
    others = [_alternative(heard), *heard.alternatives]
    return replace(
        heard,
        domain=option.domain,
        intent=option.intent,
        score=option.score,
        alternatives=tuple(other for other in others if other.intent != option.intent),
    )


def _alternative(heard: Interpretation) -> Alternative:
    return Alternative(heard.intent, heard.score, heard.domain)


def _described(proposal: Proposal | None) -> str:
    if proposal is None:
        return "no skill"
    call = proposal.call
    if proposal.problem:
        return f"{call.skill}.{call.api}: {proposal.problem[0].key}"
    if proposal.question:
        return f"{call.skill}.{call.api} lacks {proposal.question.argument}"
    return f"{call.skill}.{call.api}, {proposal.risk.value}"
