"""Carries requests out: fills them, asks for what is missing, confirms, acts, takes back."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from gnothi.core.acting import Act, Action, Call, Outcome, Status
from gnothi.core.errors import GnothiError
from gnothi.core.risk import Risk
from gnothi.core.understanding import Alternative, Interpretation
from gnothi.dialogue.calls import alike
from gnothi.dialogue.election import Candidate, candidates, pointed
from gnothi.dialogue.progress import Progress
from gnothi.dialogue.reading import Said
from gnothi.dialogue.session import Awaited, Done, Pending, Talking
from gnothi.dialogue.wording import Wording
from gnothi.skills.format import Api
from gnothi.skills.skillset import Skill, SkillSet
from gnothi.skills.turn import Proposal, Reading, Services, Turn

PATIENCE = 8.0
"""Seconds after which an action is no longer waited for."""
NO_SKILL = "dialogue-no-skill"
UNAVAILABLE = "unavailable"
"""The skill that says what is not there yet."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


LIKELY = 0.25
"""An intent must be as probable as this for a skill to claim its request by the words."""
ENOUGH = 0.5
"""A call that lacks nothing goes before one that lacks something with this share of its votes."""
LEAST = 0.3
"""What is understood with less than this, and points back to nothing, may be asked about, and
is never acted on."""


@dataclass(frozen=True, slots=True)
class Request:
    """Something to be carried out, with what it takes from earlier turns."""

    interpretation: Interpretation
    text: str
    carried: Call | None = None
    answers: str | None = None
    about: Interpretation | None = None
    """The request before, when the words point back to it ("turn it off")."""
    claimed: bool = False
    """Whether a skill claimed it by its words: nothing else is considered then."""


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

    def can_serve(self, intent: str) -> bool:
        """Whether a skill serves *intent*, other than to say that none does."""
        found = self._skills.for_intent(intent)
        return found is not None and found[0].name != UNAVAILABLE

    def is_bare(self, request: Interpretation) -> bool:
        """Whether *request* is for what takes no values and is served at once: "next"."""
        found = self._skills.for_intent(request.intent)
        if found is None or found[0].name == UNAVAILABLE or found[1].idle:
            return False
        return not (request.slots or found[1].arguments or found[1].reads)

    def asks_for(self, proposal: Proposal, role: str | None) -> bool:
        """Whether the question of *proposal* may be about *role* rather than about another one."""
        api = self._skills.get(proposal.call.skill).api(proposal.call.api)
        asked = proposal.question.argument if proposal.question else ""
        others = {slot for one in api.arguments if one.name != asked for slot in one.slots}
        own = api.argument(asked)
        return role not in others or bool(own and role in own.slots)

    def claims(self, said: Said) -> bool:
        """Whether a skill claims what is *said* by its words, whatever else it may be."""
        return bool(said.request and self._claimant(said.request, said.text))

    def begins(self, said: Said) -> Api | None:
        """Return what leads the talk that what is *said* asks for by its words, if it does."""
        found = self._claimant(said.request, said.text) if said.request else None
        return next((api for api in found[0].apis if api.reads), None) if found else None

    async def take_at_once(self, progress: Progress) -> bool:
        """Carry out what the whole utterance asks for whatever was asked; whether it does.

        What its skill can't do now is understood like anything else: "stop" where nothing rings.
        """
        text = progress.utterance.text
        if not (found := self._skills.claims_always(text)):
            return False
        skill, api = found
        heard = Interpretation(skill.name, api.intents[0], 1.0, end=len(text))
        request = Request(heard, text, claimed=True)
        proposal = await self.propose(request, progress)
        if proposal is None or proposal.problem:
            return False
        await self.pursue(request, proposal, progress)
        return True

    def rivals(self, said: Said, talking: Talking) -> bool:
        """Whether what is *said* may be for another skill, once the talk asks nothing."""
        if said.request is None:
            return False
        leads = self._skills.get(talking.skill).api(talking.talk.api)
        return said.request.intent in leads.yields or self.digresses(said.request, talking)

    def is_idle(self, said: Said) -> bool:
        """Whether what is *said* would only be talked about: "I'm bored, suggest a film"."""
        found = self._skills.for_intent(said.request.intent) if said.request else None
        return bool(found and found[1].idle and not self.claims(said))

    def digresses(self, request: Interpretation, talking: Talking, *, anyway: bool = False) -> bool:
        """Whether another skill serves *request*, and the talk's own would not keep it to itself.

        *anyway*, also what it would keep: it can make nothing of it.
        """
        found = self._skills.for_intent(request.intent)
        if found is None or found[0].name == UNAVAILABLE:
            return False
        if anyway or found[1].idle:
            return anyway
        leads = self._skills.get(talking.skill).api(talking.talk.api)
        return request.intent not in leads.keeps

    async def read(self, talking: Talking, text: str, progress: Progress) -> Reading:
        """Return what *text* means in a talk; nothing where its skill can't say."""
        skill = self._skills.get(talking.skill)
        turn = self._turn(skill, Request(talking.interpretation, text), progress)
        turn = replace(turn, talk=talking.talk.state)
        found = await _watched(skill.name, skill.read(turn, talking.talk.api))
        return Reading(0.0) if isinstance(found, Act) else found

    async def talk_on(
        self, talking: Talking, reading: Reading, text: str, progress: Progress
    ) -> None:
        """Let the skill that leads a talk take what was said, and lead on."""
        skill = self._skills.get(talking.skill)
        call = Call(talking.skill, talking.talk.api, reading.arguments)
        request = Request(talking.interpretation, text)
        progress.session.talking = None
        progress.continue_with(talking.interpretation)
        with progress.stage("act") as note:
            turn = replace(self._turn(skill, request, progress), talk=talking.talk.state)
            outcome = await self._act(skill, turn, call)
            note.note = f"{call.skill}.{call.api} {outcome.status.value}"
        self._note(call, outcome, skill.api(call.api).risk, progress)
        self._lead(call, outcome, request, progress)

    def spoken(self, call: Call) -> frozenset[str]:
        """Return the arguments of *call* that hold words as they were said."""
        api = self._skills.get(call.skill).api(call.api)
        return frozenset(argument.name for argument in api.arguments if argument.spoken)

    def serves_like(self, intent: str, call: Call) -> bool:
        """Whether *intent* is served by the same skill as *call*."""
        found = self._skills.for_intent(intent)
        return found is not None and found[0].name == call.skill

    async def choose(
        self, request: Request, progress: Progress, *, changes: Sequence[Said] = ()
    ) -> tuple[Request, Proposal | None]:
        """Propose the best of what *request* may mean, with what was changed in the same breath."""
        with progress.stage("propose") as note:
            request, proposal = await self._best(self._as_claimed(request), progress)
            if proposal:
                request, proposal = await self.amend(request, proposal, changes, progress)
            note.note = _described(proposal)
        return request, proposal

    async def pursue(self, request: Request, proposal: Proposal | None, progress: Progress) -> None:
        """Go with a new *request* as far as is right: act, or ask, or say why not."""
        progress.requests.append(request.interpretation)
        if proposal and progress.allowed and proposal.risk.exceeds(progress.allowed):
            progress.acts.append(Act("dialogue-unclear"))
        elif not (proposal and progress.agreed and alike(proposal.call, progress.agreed)):
            await self.conclude(proposal, request, progress)

    async def amend(
        self, request: Request, proposal: Proposal, changes: Sequence[Said], progress: Progress
    ) -> tuple[Request, Proposal]:
        """Return *proposal* with what was changed before the sentence ended."""
        for said in changes:
            changed = carrying(request.interpretation, proposal.call, said)
            if proposal.question:
                changed = replace(changed, answers=proposal.question.argument)
            amended = await self.propose(changed, progress)
            if amended and not amended.problem:
                request, proposal = changed, amended
        return request, proposal

    async def conclude(
        self, proposal: Proposal | None, request: Request, progress: Progress
    ) -> None:
        """Act on *proposal*, or ask for what it lacks."""
        if proposal is None and not self.can_serve(request.interpretation.intent):
            topic = request.interpretation.intent.replace("_", " ")
            progress.acts.append(Act(NO_SKILL, {"topic": topic}))
        elif proposal is None:
            progress.acts.append(Act("dialogue-unclear"))
        elif proposal.problem:
            self._report(proposal, Status.FAILED, proposal.problem, progress)
        elif proposal.question:
            self._ask(proposal, request, progress)
        elif proposal.risk is Risk.GUARDED and not progress.confirmed:
            self._ask_confirmation(proposal, request, progress)
        else:
            await self.act(proposal.call, proposal.risk, request, progress)

    async def go_on(
        self, proposal: Proposal, request: Request, changes: Sequence[Said], progress: Progress
    ) -> None:
        """Conclude what goes on with an earlier request, with what was changed meanwhile."""
        request, proposal = await self.amend(request, proposal, changes, progress)
        progress.continue_with(request.interpretation)
        await self.conclude(proposal, request, progress)

    async def confirm(self, asked: Pending, progress: Progress) -> None:
        """Carry out what was *asked*, now that it is confirmed."""
        request = Request(asked.interpretation, asked.text)
        progress.agreed = asked.call
        outcome = await self.act(
            asked.call, asked.risk, request, progress, remember=asked.undoes is None
        )
        if asked.undoes and outcome.status is Status.DONE:
            progress.session.forget([asked.undoes])

    async def act(
        self,
        call: Call,
        risk: Risk,
        request: Request,
        progress: Progress,
        *,
        remember: bool = True,
    ) -> Outcome:
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
        self._lead(call, outcome, request, progress)
        if remember and outcome.status is Status.DONE and (call.arguments or outcome.undo):
            progress.session.remember(
                Done(
                    request.interpretation,
                    request.text,
                    call,
                    outcome.risk or risk,
                    outcome,
                    progress.now,
                    progress.session.turns,
                )
            )
        return outcome

    def ask_undo(self, done: Done, progress: Progress) -> None:
        """Ask for a yes before *done* is taken back, where that is a guarded action."""
        assert done.outcome.undo is not None
        proposal = Proposal(done.outcome.undo, Risk.GUARDED, confirmation=done.outcome.undo_asks)
        request = Request(done.interpretation, done.text)
        self._ask_confirmation(proposal, request, progress, undoes=done)

    async def undo(self, done: list[Done], progress: Progress) -> bool:
        """Take back *done*, the newest first; whether all of it could be taken back."""
        undoable = [one for one in done if one.outcome.undo and not one.outcome.undo_asks]
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

        Where understanding is unsure, calls stand for election (``election.py``); one that lacks
        nothing goes before one that lacks a value or can't be done, if it has votes enough.
        """
        first: tuple[Request, Proposal | None] | None = None
        needed = 0.0
        pointed = request.about or request.carried or request.claimed
        heard = request.interpretation.score >= LEAST or pointed
        for candidate in self._candidates(request):
            tried = replace(request, interpretation=candidate.interpretation)
            proposal = await self.propose(tried, progress)
            complete = proposal and not proposal.problem and not proposal.question
            if complete and not heard:
                continue
            if complete and candidate.votes >= needed:
                return tried, proposal
            first = first or (tried, proposal)
            needed = needed or (ENOUGH * candidate.votes if proposal and proposal.question else 0.0)
        first = first or (request, None)
        if first[1] and first[1].problem and request.about:
            return await self._pointed(request, progress) or first
        return first

    async def _pointed(
        self, request: Request, progress: Progress
    ) -> tuple[Request, Proposal] | None:
        """Propose what the skill spoken of before makes of it: "take them off again"."""
        assert request.about is not None
        for intent in pointed(request.interpretation, request.about, self._skills):
            tried = replace(request, interpretation=intent)
            proposal = await self.propose(tried, progress)
            if proposal and not proposal.problem and not proposal.question:
                return tried, proposal
        return None

    def _candidates(self, request: Request) -> list[Candidate]:
        heard = request.interpretation
        if request.carried or request.claimed:
            return [Candidate(heard, heard.score)]
        return candidates(heard, request.about, self._skills)

    def _as_claimed(self, request: Request) -> Request:
        """Return *request* as one for the skill that claims it by its words, if one does."""
        heard = request.interpretation
        before = request.about.intent if request.about else ""
        if request.carried or not (api := self._claimant(heard, request.text, before)):
            return request
        others = (Alternative(heard.intent, heard.score, heard.domain), *heard.alternatives)
        skill, claimed = api
        return replace(
            request,
            about=None,
            claimed=True,
            interpretation=replace(
                heard,
                domain=skill.name,
                intent=claimed.intents[0],
                alternatives=others,
            ),
        )

    def _claimant(
        self, heard: Interpretation, text: str, before: str = ""
    ) -> tuple[Skill, Api] | None:
        likely = [one.intent for one in heard.alternatives if one.score >= LIKELY]
        return self._skills.claimed((heard.intent, *likely), text, before)

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
            is_asked=progress.session.is_asked,
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

    def _ask_confirmation(
        self,
        proposal: Proposal,
        request: Request,
        progress: Progress,
        *,
        undoes: Done | None = None,
    ) -> None:
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
                undoes=undoes,
            )
        )
        self._asked(proposal, Status.NEEDS_CONFIRMATION, act, progress)

    def _asked(self, proposal: Proposal, status: Status, act: Act, progress: Progress) -> None:
        progress.session.focus.update(proposal.entities)
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
        progress.decisions.extend(outcome.decided)
        progress.warmth = outcome.warmth if outcome.warmth is not None else progress.warmth
        if outcome.display:
            progress.display.append(outcome.display)
        message = self._wording.say_all(outcome.acts, progress.now)
        progress.actions.append(Action(call, outcome.status, risk, message))

    def _lead(self, call: Call, outcome: Outcome, request: Request, progress: Progress) -> None:
        """Keep the talk that begins, or goes on, with what was done."""
        if outcome.talk:
            progress.session.talking = Talking(
                call.skill, outcome.talk, request.interpretation, request.text
            )
            progress.asked = progress.asked or outcome.talk.question is not None


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


def carrying(interpretation: Interpretation, call: Call, said: Said) -> Request:
    """Return the request of an earlier turn, with the slots of what is *said* now.

    A fragment is often taken for another intent; its slots are then not to be trusted, and the
    skill finds its values in the words.
    """
    heard = said.request
    alike = heard is not None and heard.intent == interpretation.intent
    slots = heard.slots if heard and alike else ()
    return Request(replace(interpretation, slots=slots), said.text, carried=call)


def _described(proposal: Proposal | None) -> str:
    if proposal is None:
        return "no skill"
    call = proposal.call
    if proposal.problem:
        return f"{call.skill}.{call.api}: {proposal.problem[0].key}"
    if proposal.question:
        return f"{call.skill}.{call.api} lacks {proposal.question.argument}"
    return f"{call.skill}.{call.api}, {proposal.risk.value}"
