"""The agent among Wyoming's roles: what was said is done, or only understood."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from wyoming.asr import Transcript
from wyoming.event import Event, Eventable
from wyoming.handle import Handled, NotHandled
from wyoming.intent import Entity, Intent, IntentsStart, IntentsStop, NotRecognized, Recognize
from wyoming.ping import Ping, Pong

from gnothi.core.errors import InputError
from gnothi.core.understanding import Interpretation
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.premises import Premises
from gnothi.serve.problems import Problem
from gnothi.serve.reception import Reception, Request

Admit: TypeAlias = Callable[[Visitor], Problem | None]
_LONGEST = 10_000
_LONGEST_NAME = 200


class Agent:
    """Answers events, one connection like the other."""

    def __init__(self, household: Premises, reception: Reception, admit: Admit) -> None:
        """Answer for *household*; turns go through *reception* as from any other door.

        *admit* says why somebody has to wait, if they ask too often.
        """
        self._household = household
        self._reception, self._admit = reception, admit

    async def answer(self, event: Event, visitor: Visitor) -> Sequence[Eventable]:
        """Return the answers to *event*; none to what we don't serve, as the protocol wants it."""
        if Ping.is_type(event.type):
            return [Pong(text=_text(event.data.get("text")) or None)]
        text = _text(event.data.get("text"))
        context = _context(event.data.get("context"))
        if Transcript.is_type(event.type):
            return [await self._handle(text, context, event, visitor)]
        if Recognize.is_type(event.type):
            return self._recognise(text, context)
        return []

    async def _handle(
        self, text: str, context: Mapping[str, str], event: Event, visitor: Visitor
    ) -> Handled | NotHandled:
        """Take a turn. Home Assistant names the conversation and the device that heard it.

        Raises:
            InputError: they ask too often.
        """
        if problem := self._admit(visitor):
            raise InputError(problem.message)
        session = context.get("conversation_id") or secrets.token_hex(8)
        request = Request(
            text,
            session=session,
            device=context.get("satellite_id") or context.get("device_id"),
            language=_text(event.data.get("language"))[:20] or "en",
        )
        turn = (await self._reception.take(request, visitor)).interaction
        later = {**context, "conversation_id": session}
        if turn.understanding.out_of_scope and not turn.actions:
            return NotHandled(turn.reply.text, later)
        return Handled(turn.reply.text, later)

    def _recognise(self, text: str, context: Mapping[str, str]) -> Sequence[Eventable]:
        """Understand without acting."""
        understood = self._household.understander.understand(text)
        told = dict(context) or None
        intents = [_intent(request, told) for request in understood.requests]
        if not intents:
            return [NotRecognized(context=told)]
        return intents if len(intents) == 1 else [IntentsStart(told), *intents, IntentsStop(told)]


def _intent(request: Interpretation, context: dict[str, str] | None) -> Intent:
    entities = [Entity(slot.name, slot.value) for slot in request.slots]
    return Intent(request.intent, entities, context=context)


def _text(value: object) -> str:
    """Return *value* when it is text, cut to a length that somebody could say."""
    return _written(value[:_LONGEST]) if isinstance(value, str) else ""


def _context(value: object) -> dict[str, str]:
    """Keep the short texts of a context; we give back what we were given, and no more."""
    if not isinstance(value, dict):
        return {}
    pairs = cast("Mapping[object, object]", value).items()
    return {
        _written(str(key)): _written(text)
        for key, text in list(pairs)[:16]
        if isinstance(text, str) and len(text) <= _LONGEST_NAME and len(str(key)) <= _LONGEST_NAME
    }


def _written(text: str) -> str:
    """Return *text* as it can be written down: half a character is none."""
    return text.encode("utf-8", "replace").decode()
