"""One connection: which role each event is for, and what is under way."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import Describe
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop

from gnothi.core.errors import GnothiError, InputError
from gnothi.serve.desk import Desk
from gnothi.serve.doors.limits import Places
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.failures import problem_of
from gnothi.serve.listening.equipment import Equipment
from gnothi.serve.sentences import sentence
from gnothi.serve.wyoming.agent import Agent
from gnothi.serve.wyoming.introduction import introduction
from gnothi.serve.wyoming.recogniser import Transcribing
from gnothi.serve.wyoming.sound import Form
from gnothi.serve.wyoming.speaker import Dictated, Saying

Send = Callable[[Event], Awaitable[None]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Roles:
    """What we are to those who connect."""

    agent: Agent
    equipment: Equipment
    microphones: Places = field(default_factory=partial(Places, most=8, most_of_one=4))
    voices: Places = field(default_factory=partial(Places, most=8, most_of_one=4))


def roles_of(desk: Desk) -> Roles:
    """Return our roles at *desk*."""
    agent = Agent(desk.household, desk.reception, desk.doors.admit)
    return Roles(agent, desk.equipment, desk.microphones)


class Call:
    """Answers the events of one connection, one after the other."""

    def __init__(self, roles: Roles, visitor: Visitor, send: Send) -> None:
        """Answer *visitor* by *send*."""
        self._roles = roles
        self._visitor = visitor
        self._send = send
        self._wish: Event | None = None
        self._transcribing: Transcribing | None = None
        self._dictated: Dictated | None = None

    async def take(self, event: Event) -> None:
        """Do what *event* asks for; what we don't serve is dropped, as the protocol wants it."""
        try:
            await self._take(event)
        except (ConnectionError, TimeoutError):
            raise
        except GnothiError as error:
            await self._fail(str(error), type(error).__name__)
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            _log.exception("A Wyoming event was not answered.")
            await self._fail(problem_of(error).message, "InternalError")

    async def close(self) -> None:
        """Give up what is under way; no place is kept, though this be cancelled as well."""
        try:
            await self._stop_hearing()
        finally:
            await self._stop_speaking()

    async def _fail(self, text: str, code: str) -> None:
        await self._stop_hearing()
        await self._stop_speaking()
        await self._send(Event("error", {"text": text, "code": code}))

    async def _take(self, event: Event) -> None:
        kind = event.type
        if AudioChunk.is_type(kind) or AudioStart.is_type(kind) or AudioStop.is_type(kind):
            await self._hear(event)
        elif Transcribe.is_type(kind):
            await self._stop_hearing()
            self._wish = event
        elif Describe.is_type(kind):
            info = await asyncio.to_thread(introduction, self._roles.equipment)
            await self._send(info.event())
        elif kind.startswith("synthesize"):
            await self._speak(event)
        else:
            for answer in await self._roles.agent.answer(event, self._visitor):
                await self._send(answer.event())

    async def _hear(self, event: Event) -> None:
        if self._wish is None:
            return
        if self._transcribing is None:
            if AudioStop.is_type(event.type):  # there was nothing to hear
                self._wish = None
                await self._send(Transcript("").event())
                return
            Form.of(event)
            self._enter(self._roles.microphones)
            try:
                self._transcribing = Transcribing(self._roles.equipment, self._wish, self._send)
            except GnothiError:
                self._roles.microphones.leave(self._visitor.key)
                raise
        if AudioChunk.is_type(event.type):
            await self._transcribing.hear(event)
        elif AudioStop.is_type(event.type):
            await self._transcribing.finish()
            await self._stop_hearing()

    async def _speak(self, event: Event) -> None:
        voice = self._roles.equipment.voice
        if SynthesizeStart.is_type(event.type):
            await self._stop_speaking()
            await asyncio.to_thread(lambda: voice.speaker)
            self._enter(self._roles.voices)
            try:
                self._dictated = Dictated(voice, self._send, event)
            except GnothiError:
                self._roles.voices.leave(self._visitor.key)
                raise
        elif SynthesizeChunk.is_type(event.type) and self._dictated:
            await self._dictated.write(event)
        elif SynthesizeStop.is_type(event.type) and self._dictated:
            await self._dictated.finish()
            await self._stop_speaking()
        elif Synthesize.is_type(event.type) and not self._dictated:
            await asyncio.to_thread(lambda: voice.speaker)
            self._enter(self._roles.voices)
            try:
                await Saying(voice, self._send).say(event)
            finally:
                self._roles.voices.leave(self._visitor.key)

    def _enter(self, places: Places) -> None:
        if not places.enter(self._visitor.key):
            raise InputError(sentence("wyoming-busy"))

    async def _stop_hearing(self) -> None:
        self._wish = None
        transcribing, self._transcribing = self._transcribing, None
        if transcribing:
            self._roles.microphones.leave(self._visitor.key)
            await transcribing.close()

    async def _stop_speaking(self) -> None:
        dictated, self._dictated = self._dictated, None
        if dictated:
            self._roles.voices.leave(self._visitor.key)
            await dictated.close()
