"""What an utterance does to the conversation: answers, corrections, follow-ups, new requests."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from gnothi.core.acting import Act, Status
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Kind, Situation, Understanding
from gnothi.dialogue.agreement import agrees
from gnothi.dialogue.calls import about_same, same, things
from gnothi.dialogue.choices import choice
from gnothi.dialogue.correcting import Corrector
from gnothi.dialogue.lexicon import Lexicon, words
from gnothi.dialogue.performer import Performer, Request, carrying
from gnothi.dialogue.progress import Progress
from gnothi.dialogue.reading import Said, Step, read_steps
from gnothi.dialogue.refraining import forbidden, reads_as_request, without
from gnothi.dialogue.remarks import SURELY, Remarks
from gnothi.dialogue.repairing import Repairs
from gnothi.dialogue.session import TRIES, Awaited, Done, Pending, Talking
from gnothi.dialogue.talking import Talks, returning
from gnothi.dialogue.wording import Wording
from gnothi.language.heads import ADJUSTED
from gnothi.skills.turn import SAID, Proposal

SURE_OF_MORE = 0.8
"""After a call that takes any words, as a list does, what is read as "the same again" is a request
of its own if it is understood as surely as this."""
LEAST_ALONE = 0.3
"""A fragment that continues nothing must be understood as surely as this to be acted on."""
CANCEL = "general_cancel"
"""With a pronoun it takes back what "it" was: "could you cancel it"."""
FOLLOWED = 3
"""So many calls back "and the kitchen" may refer."""

_TAKING_BACK = frozenset({Kind.CANCEL, Kind.UNDO, Kind.REPEAT})
"""Moves that stand for themselves beside what is forbidden; a mere no or yes does not."""

_Move = Callable[[Step, Progress], Awaitable[None]]


class Conversation:
    """Moves a session forward by one utterance."""

    def __init__(
        self,
        performer: Performer,
        wording: Wording,
        lexicon: Lexicon,
        repairs: Repairs | None = None,
    ) -> None:
        """Join the parts; *lexicon* has a few words of the language.

        Without *repairs* what was cut off is taken as it is.
        """
        self._performer = performer
        self._corrector = Corrector(performer)
        self._talks = Talks(performer, lexicon, self._read_alone)
        self._wording = wording
        self._lexicon = lexicon
        self._remarks = Remarks(performer, lexicon)
        self._repairs = repairs
        self._moves: dict[Kind, _Move] = {
            Kind.REQUEST: self._request,
            Kind.INSTEAD: self._instead,
            Kind.CHANGE: self._change,
            Kind.OLD: self._take_off,
            Kind.AGAIN: self._again,
            Kind.VALUE: self._value,
            Kind.YES: self._yes,
            Kind.NO: self._no,
            Kind.CANCEL: self._cancel,
            Kind.UNDO: self._undo,
            Kind.REPEAT: self._repeat,
        }

    async def advance(self, progress: Progress) -> None:
        """Carry the turn of *progress* out, up to the words of the answer."""
        if self._repairs and await self._repairs.splice(progress):
            return
        text = progress.utterance.text
        if not words(text):
            empty = not text.strip()
            progress.out_of_scope = not empty
            progress.acts.append(Act("dialogue-empty" if empty else "dialogue-unclear"))
            return
        if await self._performer.take_at_once(progress):
            if not progress.session.is_asked:
                progress.session.talking = None
            return
        progress.situation = situation_of(progress)
        progress.steps = self._talks.opening(self._steps(text, progress), progress.meant or text)
        progress.awaited = progress.session.asked
        if progress.session.talking and not progress.session.asked:
            await self._talk(progress.session.talking, progress)
        else:
            await self._advance(progress)
        self._ask_next(progress)

    def _steps(self, text: str, progress: Progress) -> list[Step]:
        """Return what *text* asks to be done, in order, but for what it forbids."""
        points = self._lexicon.has_pronoun
        understanding = self._understand(text, progress)
        steps = read_steps(understanding, progress.situation, points)
        spans = forbidden(text, self._lexicon)
        if not reads_as_request(understanding, spans) or self._takes_any_words(progress):
            return steps
        progress.meant = without(text, spans)
        if words(progress.meant):
            understanding = self._understand(progress.meant, progress)
            steps = read_steps(understanding, progress.situation, points)
            steps = [one for one in steps if one.said.request or one.said.kind in _TAKING_BACK]
        else:
            steps = []
        progress.left = not steps
        return steps

    def _takes_any_words(self, progress: Progress) -> bool:
        """Whether a text is awaited, such as that of a reminder, which may forbid things."""
        asked = progress.session.asked
        if asked is None or asked.awaited is not Awaited.VALUE:
            return False
        return asked.argument in self._performer.spoken(asked.call)

    def _leave(self, progress: Progress) -> None:
        """Something is forbidden, and nothing asked for: what waits for an answer is dropped."""
        pending = progress.session.pending
        if not pending:
            progress.acts.append(Act("dialogue-left"))
            return
        declined = pending.pop(0).awaited is Awaited.CONFIRMATION
        progress.acts.append(Act("dialogue-declined" if declined else "dialogue-left"))

    def _read_alone(self, progress: Progress) -> list[Step]:
        """Return the steps of an utterance, read as if nothing were asked."""
        text = progress.meant or progress.utterance.text
        understanding = progress.understander.understand(text)
        return read_steps(understanding, Situation.IDLE, self._lexicon.has_pronoun)

    async def _advance(self, progress: Progress) -> None:
        if progress.left:
            self._leave(progress)
        elif not progress.steps:
            await self._aside(progress)
        claimed = any(self._performer.claims(step.said) for step in progress.steps)
        for step in progress.steps:
            if not (claimed and self._performer.is_idle(step.said)):
                await self._moves[step.said.kind](step, progress)

    async def _talk(self, talking: Talking, progress: Progress) -> None:
        """Carry out what is a digression from a talk; the rest is for the skill that leads it."""
        shared = await self._talks.share(talking, progress.steps, progress)
        quiet = talking.talk.question is None
        if quiet and not self._talks.is_reaction(talking, shared, progress.steps):
            progress.session.talking = None
            await self._advance(progress)
            return
        if shared.is_unclear and any(one.said.kind is Kind.CANCEL for one in progress.steps):
            progress.session.talking = None
            progress.acts.append(Act("dialogue-cancelled"))
            return
        progress.steps = list(shared.digressions)
        for step in progress.steps:
            await self._moves[step.said.kind](step, progress)
        undisturbed = progress.session.talking is talking and not progress.session.asked
        if shared.is_for_talk and undisturbed:
            await self._talks.go_on(talking, shared, progress)

    def _understand(self, text: str, progress: Progress) -> Understanding:
        with progress.stage("understand") as stage:
            understanding = progress.understander.understand(text, progress.situation)
            stage.artifact = understanding.artifact
            stage.note = ", ".join(_described(understanding)) or "nothing to act on"
        progress.artifact = understanding.artifact
        progress.adjusted = ADJUSTED in understanding.notes
        progress.moves = tuple(replace(move, request=None) for move in understanding.moves)
        return understanding

    async def _aside(self, progress: Progress) -> None:
        """Nothing was asked for: a remark, or what can't be understood."""
        asked = progress.session.asked
        if asked:
            await self._not_answered(asked, progress)
            return
        heard = progress.utterance.text
        if self._repairs and await self._repairs.mend(heard, None, None, progress):
            return
        progress.out_of_scope = True
        progress.acts.append(Act("dialogue-aside"))

    async def _request(self, step: Step, progress: Progress) -> None:
        """A request of its own; while something is asked, perhaps the answer to it."""
        asked = progress.session.asked
        if asked is None or asked.awaited is Awaited.CONFIRMATION:
            await self._carry_out(step, progress)
        elif asked.awaited is Awaited.CORRECTION:
            await self._instead(step, progress)
        else:
            may = self._may_answer(step.said, asked, progress)
            if not (may and await self._answer(step, asked, progress)):
                await self._besides(asked, step, progress)

    def _may_answer(self, said: Said, asked: Pending, progress: Progress) -> bool:
        """Whether a whole request may be the answer: "set it to ten", or a task to be noted.

        What takes any words (the text of a reminder) takes a request too, unless it is sure.
        """
        request = said.request
        if request is None or request.intent == asked.interpretation.intent:
            return True
        asks_back = progress.utterance.text.rstrip().endswith("?")
        return not (said.is_sure or asked.choices or asks_back)

    async def _besides(self, asked: Pending, step: Step, progress: Progress) -> None:
        """Carry out what is said besides; a question about the same things is settled by it."""
        await self._carry_out(step, progress)
        done = [one.call for one in progress.actions if one.status is Status.DONE]
        if asked in progress.session.pending and any(about_same(one, asked.call) for one in done):
            progress.session.pending.remove(asked)

    async def _instead(self, step: Step, progress: Progress) -> None:
        """A whole request replaces what was asked or done: "no, turn on the fan"."""
        session, request = progress.session, step.said.request
        asked = session.asked
        session.pending.clear()
        replaces = asked is None or asked.awaited is Awaited.CORRECTION
        if replaces and request and not request.intent.endswith("_query"):
            last = await self._other_things(step, progress)
            await self._performer.undo(last, progress)
        await self._carry_out(step, progress)

    async def _other_things(self, step: Step, progress: Progress) -> list[Done]:
        """Return what was done last, but for what *step* is about itself.

        After "turn it down", "no, pause it" leaves the volume: the new state takes its place.
        """
        assert step.said.request is not None
        last = progress.session.last_turn(progress.now)
        if self._pointed_at(step.said.text, progress):
            return []
        request = Request(step.said.request, step.said.text)
        _, proposal = await self._performer.choose(request, progress)
        if proposal is None or proposal.problem:
            return []
        return [done for done in last if not about_same(proposal.call, done.call)]

    async def _change(self, step: Step, progress: Progress) -> None:
        """Part of what was asked or done is replaced: "no, the bedroom"."""
        session = progress.session
        asked = session.asked
        if asked and asked.awaited is Awaited.VALUE:
            answered = await self._answer(step, asked, progress)
            if not (answered or await self._corrector.correct(step, progress)):
                await self._not_answered(asked, progress)
        elif asked and asked.awaited is Awaited.CONFIRMATION:
            session.pending.remove(asked)
            if not await self._ask_otherwise(asked, step, progress):
                await self._carry_out(step, progress)
        elif asked is None and await self._is_further(step, progress):
            await self._continue(step, progress)
        else:
            session.pending.clear()
            if not await self._corrector.correct(step, progress):
                await self._carry_out(step, progress)

    async def _is_further(self, step: Step, progress: Progress) -> bool:
        """Whether words that nothing announces as a correction add rather than replace.

        "Pears" after "add apples", "reading lamp twenty" after "kitchen light to fifty percent".
        """
        last = progress.session.last_turn(progress.now)
        whole = words(step.said.text) == words(progress.utterance.text) and not step.said.old
        if not last or not whole:
            return False
        if self._performer.spoken(last[-1].call):
            return True
        request = carrying(last[-1].interpretation, last[-1].call, step.said)
        proposal = await self._performer.propose(request, progress)
        if proposal is None or proposal.problem or proposal.question:
            return False
        return bool(things(proposal.call)) and not about_same(proposal.call, last[-1].call)

    async def _ask_otherwise(self, asked: Pending, step: Step, progress: Progress) -> bool:
        """Change the request that waited for a yes: "no, the back door"."""
        request = carrying(asked.interpretation, asked.call, step.said)
        proposal = await self._performer.propose(request, progress)
        if proposal is None or proposal.problem:
            request = replace(request, carried=None)  # the same to a thing of another kind
            proposal = await self._performer.propose(request, progress)
        if proposal is None or proposal.problem:
            return False
        if same(proposal.call, asked.call):
            progress.session.pending.insert(0, asked)
            return True
        await self._performer.go_on(proposal, request, step.changes, progress)
        return True

    async def _take_off(self, step: Step, progress: Progress) -> None:
        """Something is taken back by name, and nothing put in its place: "not the yeast"."""
        if not await self._corrector.take_off(step, progress):
            await self._no(step, progress)

    async def _again(self, step: Step, progress: Progress) -> None:
        """The same once more for something else ("and the kitchen")."""
        asked = progress.session.asked
        if asked and asked.awaited is Awaited.VALUE and await self._answer(step, asked, progress):
            return
        await self._continue(step, progress)

    async def _value(self, step: Step, progress: Progress) -> None:
        """A bare answer; where nothing was asked, a follow-up or a request without a verb."""
        asked = progress.session.asked
        if asked is None:
            await self._continue(step, progress)
        elif asked.awaited is not Awaited.VALUE:
            await self._change(step, progress)
        elif not await self._answer(step, asked, progress):
            if step.said.is_sure:
                await self._besides(asked, step, progress)
            else:
                await self._not_answered(asked, progress)

    async def _continue(self, step: Step, progress: Progress) -> None:
        """Go on from what was done last, unless the words are a request of another kind."""
        recent = progress.session.correctable(progress.now)
        if not (recent and self._is_alone(step, recent[0])):
            for done in recent[:FOLLOWED]:
                if await self._once_more(done, step, progress):
                    return
        await self._carry_out(step, progress)

    def _is_alone(self, step: Step, last: Done) -> bool:
        """Whether the words stand for themselves, whatever was done before."""
        request = step.said.request
        if self._performer.claims(step.said):
            return True
        if request is None or self._performer.serves(request.intent, last.call):
            return False
        if request.score >= SURE_OF_MORE and self._performer.is_bare(request):
            return True
        if step.said.kind is Kind.AGAIN:
            takes_any = bool(self._performer.spoken(last.call))
            surely = request.score >= SURE_OF_MORE and self._performer.can_serve(request.intent)
            return surely and (takes_any or self._is_whole(request, last))
        return step.said.is_sure

    def _is_whole(self, request: Interpretation, last: Done) -> bool:
        """Whether *request* names several things of which the one before had none: "bedroom red".

        After a question for the calendar, that is no other day of it.
        """
        named = {slot.name for slot in request.slots}
        before = {slot.name for slot in last.interpretation.slots}
        elsewhere = not self._performer.serves_like(request.intent, last.call)
        return elsewhere and request.score >= SURELY and len(named) > 1 and not named & before

    async def _once_more(self, done: Done, step: Step, progress: Progress) -> bool:
        """Do *done* again with what is said now instead, if that makes sense."""
        request = carrying(done.interpretation, done.call, step.said)
        heard = step.said.request if step.said.is_sure else None
        if heard and self._performer.serves(heard.intent, done.call):
            request = replace(request, interpretation=heard)
        proposal = await self._performer.propose(request, progress)
        if proposal is None or proposal.problem or same(proposal.call, done.call):
            return False
        await self._performer.go_on(proposal, request, step.changes, progress)
        return True

    async def _answer(self, step: Step, asked: Pending, progress: Progress) -> bool:
        """Take the words as the answer that is awaited; whether they are one."""
        said = step.said
        request = carrying(asked.interpretation, asked.call, said)
        request = replace(request, answers=asked.argument)
        proposal = await self._performer.propose(request, progress)
        chosen = choice(said.text, asked.choices)
        if chosen and not (proposal and _answered(proposal, asked)):
            request = replace(request, text=chosen)
            proposal = await self._performer.propose(request, progress)
        if proposal and proposal.refuses:
            progress.acts.extend(proposal.problem)
            return True
        if proposal is None or not _answered(proposal, asked):
            return False
        request, proposal = await self._performer.amend(request, proposal, step.changes, progress)
        progress.session.pending.remove(asked)
        progress.continue_with(request.interpretation)
        await self._performer.conclude(proposal, replace(request, text=asked.text), progress)
        return True

    async def _yes(self, step: Step, progress: Progress) -> None:
        """Agreement; it counts for what was asked before this utterance, and for nothing else."""
        asked = progress.session.asked
        if asked is None:
            progress.acts.append(Act("dialogue-aside"))
        elif asked is not progress.awaited:
            return
        elif asked.awaited is not Awaited.CONFIRMATION or not await agrees(
            progress.steps, asked, progress, self._performer, self._lexicon
        ):
            await self._not_answered(asked, progress)
        else:
            for agreed in self._agreed_with(asked, progress):
                progress.session.pending.remove(agreed)
                progress.continue_with(agreed.interpretation)
                await self._performer.confirm(agreed, progress)

    def _agreed_with(self, asked: Pending, progress: Progress) -> list[Pending]:
        """Return what a yes to *asked* is meant for: "yes, both" is for all of one request."""
        if not self._lexicon.means_everything(progress.utterance.text):
            return [asked]
        together = [one for one in progress.session.pending if one.since == asked.since]
        return [one for one in together if one.awaited is Awaited.CONFIRMATION]

    async def _no(self, step: Step, progress: Progress) -> None:
        """A refusal; where nothing is asked, what was done last was wrong."""
        session = progress.session
        if session.asked:
            awaited = session.pending.pop(0).awaited
            declined = awaited is Awaited.CONFIRMATION
            progress.acts.append(Act("dialogue-declined" if declined else "dialogue-cancelled"))
            return
        last = session.last_turn(progress.now)
        if not last or self._lexicon.is_polite(progress.utterance.text):
            progress.acts.append(Act("dialogue-aside"))
            return
        session.pending.append(_what_instead(last[-1], progress))
        progress.acts.append(session.pending[0].question)
        progress.asked = True

    async def _cancel(self, step: Step, progress: Progress) -> None:
        progress.session.pending.clear()
        progress.acts.append(Act("dialogue-cancelled"))

    async def _undo(self, step: Step, progress: Progress) -> None:
        session = progress.session
        last = session.last_deed(progress.now)
        if session.asked and (not last or last[-1].at < session.asked.since):
            await self._cancel(step, progress)
        else:
            await self._corrector.take_back(last, progress)

    async def _repeat(self, step: Step, progress: Progress) -> None:
        said = progress.session.focus.get(SAID)
        act = Act("dialogue-said", {"said": said}) if said else Act("dialogue-nothing-to-repeat")
        progress.acts.append(act)

    async def _carry_out(self, step: Step, progress: Progress) -> None:
        """Do what a step asks for by itself; say so when nothing was understood."""
        said = step.said
        fragment = said.kind not in {Kind.REQUEST, Kind.INSTEAD}
        if said.request is None or (fragment and said.request.score < LEAST_ALONE):
            if not (await self._resumes(progress) or await self._mend(step, None, None, progress)):
                progress.out_of_scope = not progress.requests
                progress.acts.append(Act("dialogue-unclear"))
            return
        about = self._pointed_at(said.text, progress)
        if about and said.request.intent == CANCEL:
            await self._corrector.take_back(progress.session.last_deed(progress.now), progress)
            return
        if about and not said.is_sure and await self._change_pointed(step, progress):
            return
        pursued = self._remarks.after(Request(said.request, said.text, about=about), progress)
        request, proposal = await self._performer.choose(pursued, progress, changes=step.changes)
        if proposal and proposal.problem:
            request, proposal = await self._remarks.without(request, proposal, progress)
        complete = proposal and not proposal.problem and not proposal.question
        if about and not complete and not said.is_sure:
            last = progress.session.last_turn(progress.now)[-1]
            if await self._corrector.replace(last, step, progress):
                return
        if about and proposal and proposal.problem and self._lexicon.goes_back(said.text):
            await self._corrector.take_back(progress.session.last_turn(progress.now), progress)
        elif not await self._mend(step, request, proposal, progress):
            await self._performer.pursue(request, proposal, progress)

    async def _mend(
        self, step: Step, request: Request | None, proposal: Proposal | None, progress: Progress
    ) -> bool:
        """Complete what the last *step* lacks, or ask for it, if the utterance was cut off."""
        if self._repairs is None or step is not progress.steps[-1] or step.changes:
            return False
        whole = progress.meant or progress.utterance.text
        at = whole.rfind(step.said.text)
        text = whole[at:] if at >= 0 else step.said.text
        return await self._repairs.mend(text, request, proposal, progress)

    async def _change_pointed(self, step: Step, progress: Progress) -> bool:
        """Take "move it to six" as a change of what was done, if nothing else serves it."""
        request = step.said.request
        assert request is not None
        last = progress.session.last_turn(progress.now)[-1]
        intents = [request.intent, *(other.intent for other in request.alternatives)]
        if any(self._performer.serves_like(intent, last.call) for intent in intents):
            return False
        return await self._corrector.replace(last, step, progress)

    async def _not_answered(self, asked: Pending, progress: Progress) -> None:
        if await self._resumes(progress):
            progress.session.pending.remove(asked)
            return
        progress.out_of_scope = not progress.requests
        progress.acts.append(Act("dialogue-unclear"))
        asked.tries += 1
        if asked.tries > TRIES:
            progress.session.pending.remove(asked)
            progress.acts.append(Act("dialogue-cancelled"))

    async def _resumes(self, progress: Progress) -> bool:
        """Whether a talk that was interrupted takes what no question since can make use of."""
        talking = progress.session.talking
        is_one = len(progress.steps) <= 1
        return talking is not None and is_one and await self._talks.resume(talking, progress)

    def _pointed_at(self, text: str, progress: Progress) -> Interpretation | None:
        """Return the request of the turn before when *text* has an "it" or "them"."""
        last = progress.session.last_turn(progress.now)
        points = last and self._lexicon.has_pronoun(text)
        return last[-1].interpretation if points else None

    def _ask_next(self, progress: Progress) -> None:
        """End the turn with the question that still waits, if any."""
        asked = progress.session.asked
        if progress.asked:
            return
        if not asked:
            self._return_to_talk(progress)
        elif asked.since == progress.now and asked.question not in progress.acts:
            progress.acts.append(asked.question)
        elif asked.question not in progress.acts:
            self._return_to(asked, progress)

    def _return_to_talk(self, progress: Progress) -> None:
        """Ask again what was asked in a talk, after something else."""
        talking = progress.session.talking
        repeats = [step.said.kind is Kind.REPEAT for step in progress.steps]
        if not talking or any(repeats):
            return
        progress.session.talking, question = returning(talking)
        if question:
            text = self._wording.say(question, progress.now)
            progress.acts.append(Act("dialogue-back", {"question": text}))

    def _return_to(self, asked: Pending, progress: Progress) -> None:
        """Ask again what waits; after some digressions it is let go."""
        asked.tries += 1
        if asked.tries > TRIES:
            progress.session.pending.remove(asked)
            return
        question = self._wording.say(asked.question, progress.now)
        progress.acts.append(Act("dialogue-return", {"question": question}))


def situation_of(progress: Progress) -> Situation:
    """Return where the conversation stands before this turn."""
    session = progress.session
    if session.talking and session.talking.talk.question and not session.asked:
        return Situation.ASKED
    if session.asked:
        confirming = session.asked.awaited is Awaited.CONFIRMATION
        return Situation.CONFIRM if confirming else Situation.ASKED
    return Situation.DONE if session.last_turn(progress.now) else Situation.IDLE


def _described(understanding: Understanding) -> list[str]:
    """Return a few words on each move, for the trace."""
    return [
        f"{move.kind.value}: {move.request.intent} {move.request.score:.2f}"
        if move.request
        else move.kind.value
        for move in understanding.moves
    ]


def _answered(proposal: Proposal, asked: Pending) -> bool:
    """Whether *proposal* no longer lacks what was *asked* for."""
    if proposal.problem:
        return False
    return proposal.question is None or proposal.question.argument != asked.argument


def _what_instead(last: Done, progress: Progress) -> Pending:
    return Pending(
        Awaited.CORRECTION,
        last.interpretation,
        last.text,
        last.call,
        Risk.FREE,
        progress.now,
        Act("dialogue-sorry-what"),
    )
