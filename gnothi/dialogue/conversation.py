"""What an utterance does to the conversation: answers, corrections, follow-ups, new requests."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from gnothi.core.acting import Act, Call
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation, Understanding
from gnothi.dialogue.choices import choice
from gnothi.dialogue.lexicon import Lexicon, words
from gnothi.dialogue.performer import Performer, Request
from gnothi.dialogue.progress import Progress
from gnothi.dialogue.reading import Context, Reading, Relation, read
from gnothi.dialogue.session import TRIES, Awaited, Done, Pending
from gnothi.dialogue.swapping import swap
from gnothi.dialogue.wording import Wording
from gnothi.skills.turn import SAID, Proposal

SURE = 0.6
"""A fragment understood with at least this score is a request of its own."""
ASKING = 0.3
"""The same for what begins with a question word while we ask something."""
VERY_SURE = 0.85
"""The same for "make it …", which more often changes what was just done."""
CONFIRMED_REST = "and "
"""Begins what is asked for besides a yes: "yes, and turn on the light"."""

_Move = Callable[[Reading, Progress], Awaitable[None]]


class Conversation:
    """Moves a session forward by one utterance."""

    def __init__(
        self,
        performer: Performer,
        wording: Wording,
        lexicon: Lexicon,
    ) -> None:
        """Join the parts; *lexicon* has the steering words of the language."""
        self._performer = performer
        self._wording = wording
        self._lexicon = lexicon
        self._moves: dict[Relation, _Move] = {
            Relation.FRESH: self._request,
            Relation.YES: self._yes,
            Relation.NO: self._no,
            Relation.CANCEL: self._cancel,
            Relation.UNDO: self._undo,
            Relation.REPEAT: self._repeat,
            Relation.CORRECTION: self._correction,
            Relation.RESTATEMENT: self._restatement,
            Relation.FOLLOW_UP: self._continuation,
            Relation.FRAGMENT: self._continuation,
        }

    async def advance(self, progress: Progress) -> None:
        """Carry the turn of *progress* out, up to the words of the answer."""
        text = progress.utterance.text
        if not words(text):
            empty = not text.strip()
            progress.out_of_scope = not empty
            progress.acts.append(Act("dialogue-empty" if empty else "dialogue-unclear"))
            return
        with progress.stage("read") as note:
            reading = read(text, _context(progress), self._lexicon)
            note.note = reading.relation.value
        await self._moves[reading.relation](reading, progress)
        self._ask_next(progress)

    async def _request(self, reading: Reading, progress: Progress) -> None:
        """A new request; while something is asked, perhaps the answer to it."""
        asked = progress.session.asked
        if asked and asked.awaited is not Awaited.CONFIRMATION:
            await self._answer_or_digress(reading, asked, progress)
            return
        understanding = self._understand(reading, progress)
        await self._carry_out(understanding, reading, progress)

    async def _yes(self, reading: Reading, progress: Progress) -> None:
        pending = progress.session.pending.pop(0)
        self._continue_with(pending.interpretation, pending.text, progress)
        await self._performer.act(
            pending.call, pending.risk, Request(pending.interpretation, pending.text), progress
        )
        if reading.text.lower().startswith(CONFIRMED_REST):
            rest = Reading(Relation.FRESH, reading.text[4:], reading.start + 4)
            await self._carry_out(self._understand(rest, progress), rest, progress)

    async def _no(self, reading: Reading, progress: Progress) -> None:
        session = progress.session
        if session.asked:
            awaited = session.pending.pop(0).awaited
            declined = awaited is Awaited.CONFIRMATION
            progress.acts.append(Act("dialogue-declined" if declined else "dialogue-cancelled"))
            return
        last = session.last_turn(progress.now)[-1]
        session.pending.append(_what_instead(last, progress))
        progress.acts.append(session.pending[0].question)
        progress.asked = True

    async def _cancel(self, reading: Reading, progress: Progress) -> None:
        progress.session.pending.clear()
        progress.acts.append(Act("dialogue-cancelled"))

    async def _undo(self, reading: Reading, progress: Progress) -> None:
        last = progress.session.last_turn(progress.now)
        if not last:
            progress.acts.append(Act("dialogue-nothing-to-undo"))
            return
        undone = await self._performer.undo(last, progress)
        progress.acts.append(Act("dialogue-undone" if undone else "dialogue-not-undoable"))

    async def _repeat(self, reading: Reading, progress: Progress) -> None:
        said = progress.session.focus.get(SAID)
        act = Act("dialogue-said", {"said": said}) if said else Act("dialogue-nothing-to-repeat")
        progress.acts.append(act)

    async def _correction(self, reading: Reading, progress: Progress) -> None:
        """Part of what was asked or done is replaced: "no, the bedroom"."""
        session = progress.session
        if session.asked and session.asked.awaited is not Awaited.CORRECTION:
            await self._correct_pending(reading, progress)
            return
        session.pending.clear()
        last = session.last_turn(progress.now)
        understanding = self._understand(reading, progress)
        if not last or self._stands_alone(reading, last[-1], progress):
            whole = _whole(progress) if reading.weak else reading
            await self._carry_out(self._understand(whole, progress), whole, progress)
            return
        await self._replace(last[-1], reading, understanding, progress)

    async def _replace(
        self, done: Done, reading: Reading, understanding: Understanding, progress: Progress
    ) -> None:
        """Take *done* back and do it again with what *reading* gives instead.

        What gives nothing instead ("no, not in this weather") only takes it back.
        """
        request = _carrying(done.interpretation, done.call, reading, understanding)
        proposal = await self._performer.propose(request, progress)
        if proposal and (swapped := swap(done.call, reading)):
            proposal = replace(proposal, call=swapped, question=None, problem=())
        if proposal and _same(proposal.call, done.call) and done.outcome.undo:
            await self._undo(reading, progress)
        elif proposal and not proposal.problem and not _same(proposal.call, done.call):
            await self._performer.undo([done], progress)
            self._continue_with(request.interpretation, request.text, progress)
            await self._performer.conclude(proposal, request, progress)
        else:
            await self._carry_out(understanding, reading, progress, else_=proposal)

    async def _correct_pending(self, reading: Reading, progress: Progress) -> None:
        """The request that waits is changed: "no, the back door", "make it ten minutes"."""
        pending = progress.session.pending.pop(0)
        understanding = self._understand(reading, progress)
        request = _carrying(pending.interpretation, pending.call, reading, understanding)
        if pending.awaited is Awaited.VALUE:
            request = replace(request, answers=pending.argument)
        proposal = await self._performer.propose(request, progress)
        if proposal is None or proposal.problem or _same(proposal.call, pending.call):
            progress.acts.append(Act("dialogue-declined"))
            return
        self._continue_with(request.interpretation, request.text, progress)
        await self._performer.conclude(proposal, request, progress)

    async def _restatement(self, reading: Reading, progress: Progress) -> None:
        """A whole request replaces the one before: "no, turn on the fan"."""
        progress.session.pending.clear()
        understanding = self._understand(reading, progress)
        last = progress.session.last_turn(progress.now)
        if last and understanding.requests and not self._is_question(understanding):
            await self._performer.undo([done for done in last if done.outcome.undo], progress)
        await self._carry_out(understanding, reading, progress)

    async def _continuation(self, reading: Reading, progress: Progress) -> None:
        """An answer, the same again ("and the kitchen"), or a request without a verb."""
        asked = progress.session.asked
        if asked:
            await self._answer_or_digress(reading, asked, progress)
            return
        last = progress.session.last_turn(progress.now)
        understanding = self._understand(reading, progress)
        alone = reading.relation is Relation.FRAGMENT and _is_sure(understanding)
        if last and alone:
            intent = understanding.requests[0].intent
            alone = not self._performer.serves(intent, last[-1].call)
        if last and not alone and await self._again(last[-1], reading, understanding, progress):
            return
        await self._carry_out(understanding, reading, progress)

    async def _again(
        self, done: Done, reading: Reading, understanding: Understanding, progress: Progress
    ) -> bool:
        """Do *done* again with what *reading* gives instead, if that makes sense."""
        request = _carrying(done.interpretation, done.call, reading, understanding)
        heard = understanding.requests[0] if _is_sure(understanding) else None
        if heard and self._performer.serves(heard.intent, done.call):
            request = replace(request, interpretation=heard)
        proposal = await self._performer.propose(request, progress)
        if proposal is None or proposal.problem or _same(proposal.call, done.call):
            return False
        self._continue_with(request.interpretation, request.text, progress)
        await self._performer.conclude(proposal, request, progress)
        return True

    async def _answer_or_digress(
        self, reading: Reading, asked: Pending, progress: Progress
    ) -> None:
        """Take the words as the answer that is awaited, unless they are a request of their own."""
        if asked.awaited is Awaited.CORRECTION:
            await self._what_was_meant(reading, progress)
            return
        understanding = self._understand(reading, progress)
        asks_back = self._lexicon.questions.opening(words(reading.text))
        chosen = None if asks_back else choice(reading.text, asked.choices)
        alone = self._is_request(reading, understanding) and not chosen
        request = replace(
            _carrying(asked.interpretation, asked.call, reading, understanding),
            answers=asked.argument,
            text=chosen or reading.text,
        )
        silent = alone or (self._lexicon.yes.cover(words(reading.text)) and not chosen)
        proposal = None if silent else await self._performer.propose(request, progress)
        if proposal and _answered(proposal, asked):
            progress.session.pending.remove(asked)
            self._continue_with(request.interpretation, asked.text, progress)
            await self._performer.conclude(proposal, request, progress)
        elif alone or _is_sure(understanding):
            await self._carry_out(understanding, reading, progress)
        else:
            self._not_answered(asked, progress)

    async def _what_was_meant(self, reading: Reading, progress: Progress) -> None:
        """Take what follows a bare "no" and our "what did you mean?"."""
        whole = self._lexicon.has_verb(words(reading.text))
        await (self._restatement if whole else self._correction)(reading, progress)

    def _not_answered(self, asked: Pending, progress: Progress) -> None:
        progress.acts.append(Act("dialogue-unclear"))
        asked.tries += 1
        if asked.tries > TRIES:
            progress.session.pending.remove(asked)
            progress.acts.append(Act("dialogue-cancelled"))

    async def _carry_out(
        self,
        understanding: Understanding,
        reading: Reading,
        progress: Progress,
        *,
        else_: Proposal | None = None,
    ) -> None:
        """Do everything that was understood, in order; say so when nothing was."""
        if not understanding.requests:
            progress.out_of_scope = True
            unclear = (Act("dialogue-unclear"),)
            progress.acts.extend(else_.problem if else_ and else_.problem else unclear)
            return
        for request in understanding.requests:
            text = understanding.text_of(request) or understanding.text
            pursued = Request(
                request, text, place=reading.start, about=self._pointed_at(text, progress)
            )
            await self._performer.pursue(pursued, progress)

    def _understand(self, reading: Reading, progress: Progress) -> Understanding:
        """Understand the content of *reading*, by itself."""
        with progress.stage("understand") as stage:
            understanding = progress.understander.understand(reading.text)
            stage.artifact = understanding.artifact
            stage.note = ", ".join(
                f"{request.intent} {request.score:.2f}" for request in understanding.requests
            )
        progress.artifact = understanding.artifact
        return understanding

    def _continue_with(self, interpretation: Interpretation, text: str, progress: Progress) -> None:
        """Note that this turn goes on with an earlier *interpretation*."""
        whole = replace(interpretation, start=0, end=len(progress.utterance.text))
        progress.requests.append(whole)

    def _pointed_at(self, text: str, progress: Progress) -> Interpretation | None:
        """Return the request of the turn before when *text* has an "it" or "them"."""
        last = progress.session.last_turn(progress.now)
        points = last and self._lexicon.has_pronoun(words(text))
        return last[-1].interpretation if points else None

    def _is_request(self, reading: Reading, understanding: Understanding) -> bool:
        """Whether *reading* is surely a request of its own, verb and all.

        Nobody answers a question with "what …", so less is asked of what begins so.
        """
        spoken = words(reading.text)
        if understanding.requests and self._lexicon.questions.opening(spoken):
            return understanding.requests[0].score >= ASKING
        return self._lexicon.has_verb(spoken) and _is_sure(understanding)

    def _stands_alone(self, reading: Reading, last: Done, progress: Progress) -> bool:
        """Whether "make it …" begins a request of another kind than the one before."""
        if not reading.weak or not self._lexicon.has_verb(words(progress.utterance.text)):
            return False
        whole = progress.understander.understand(progress.utterance.text)
        another = whole.requests and whole.requests[0].intent != last.interpretation.intent
        return bool(another) and whole.requests[0].score >= VERY_SURE

    def _is_question(self, understanding: Understanding) -> bool:
        return all(request.intent.endswith("_query") for request in understanding.requests)

    def _ask_next(self, progress: Progress) -> None:
        """End the turn with the question that still waits, if any."""
        asked = progress.session.asked
        if not asked or progress.asked:
            return
        if asked.since == progress.now and asked.question not in progress.acts:
            progress.acts.append(asked.question)
        elif asked.question not in progress.acts:
            self._return_to(asked, progress)

    def _return_to(self, asked: Pending, progress: Progress) -> None:
        """Ask again what waits; after some digressions it is let go."""
        asked.tries += 1
        if asked.tries > TRIES:
            progress.session.pending.remove(asked)
            return
        question = self._wording.say(asked.question, progress.now)
        progress.acts.append(Act("dialogue-return", {"question": question}))


def _context(progress: Progress) -> Context:
    session = progress.session
    awaited = session.asked.awaited if session.asked else None
    return Context(
        confirming=awaited is Awaited.CONFIRMATION,
        asking=awaited in {Awaited.VALUE, Awaited.CORRECTION},
        recent=bool(session.last_turn(progress.now)),
    )


def _whole(progress: Progress) -> Reading:
    return Reading(Relation.FRESH, progress.utterance.text)


def _is_sure(understanding: Understanding) -> bool:
    return bool(understanding.requests) and understanding.requests[0].score >= SURE


def _answered(proposal: Proposal, asked: Pending) -> bool:
    """Whether *proposal* no longer lacks what was *asked* for."""
    if proposal.problem:
        return False
    return proposal.question is None or proposal.question.argument != asked.argument


def _same(one: Call, other: Call) -> bool:
    return one.skill == other.skill and one.api == other.api and one.arguments == other.arguments


def _carrying(
    interpretation: Interpretation, call: Call, reading: Reading, understanding: Understanding
) -> Request:
    """Return the request of an earlier turn, with the slots that were heard now.

    A fragment is often taken for another intent; its slots are then not to be trusted, and the
    skill finds its values in the words.
    """
    slots = tuple(
        slot
        for request in understanding.requests
        if request.intent == interpretation.intent
        for slot in request.slots
    )
    heard = replace(interpretation, slots=slots, start=0, end=len(reading.text))
    return Request(heard, reading.text, carried=call)


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
