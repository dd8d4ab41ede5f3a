"""``/api/hear``: sound in and answers out over a WebSocket.

The client says ``{"type": "begin", "rate": 16000, …}`` (:class:`.messages.Begin`), then sends
16-bit little-endian mono samples in binary messages of up to 64 KiB; or, with
``"codec": "ogg-opus"`` or ``"opus"`` in place of a rate, a stream of Ogg Opus, or a packet of Opus
in each message. The server says

- ``{"type": "hello", "recogniser", "speaks", "lacks"}`` once it listens; ``lacks`` tells in a
  sentence why nobody speaks,
- ``partial``, ``heard``, ``answer`` (a turn, as ``POST /api/turn`` answers it), ``unheard``,
  ``ignored`` (a nod while an answer was spoken), ``window`` (one may go on for so many seconds),
  ``closed`` (nobody did) and ``problem``,
- ``{"type": "speech", "turn", "rate"}``, then the sound of the answer in binary messages of
  16-bit samples, then ``spoken``; or ``hush`` as soon as somebody interrupts: what was sent is not
  to be played.

The client tells ``played`` when an answer was heard, ``hush`` when somebody stopped it by hand,
``hold`` and ``conclude`` when a button was pressed and let go, ``mute`` when no sound will come.
"""

import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

import anyio
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from gnothi.core.errors import GnothiError, InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.core.plain import Json
from gnothi.core.speaking import Block
from gnothi.serve.desk import AtDesk, ByVisitor, Desk
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.failures import problem_of
from gnothi.serve.listening.exchange import Exchange, Outlet, Surroundings
from gnothi.serve.listening.line import Line
from gnothi.serve.listening.messages import Begin, Conclude, read_begin, read_message
from gnothi.serve.listening.sound import sound_in
from gnothi.serve.problems import Code, Problem, Refusal
from gnothi.speech.resample import to_pcm16
from gnothi.speech.voice import STATEMENT

router = APIRouter()
_PATIENCE = 10.0
"""Seconds in which a client must take what it is sent."""
IDLE_S = 60.0
"""A microphone that neither sends sound nor says anything for so long is left."""
_MOST_MISTAKES = 20


@dataclass(slots=True)
class Pace:
    """Nobody speaks faster than time goes by; who sends faster is read more slowly."""

    ahead_s: float = 10.0
    """Seconds of sound that may come early, from a network that stuttered."""
    left_s: float = 10.0
    """So much may still come at once."""
    last: float = field(default_factory=perf_counter)

    def excess(self, seconds: float) -> float:
        """Count *seconds* of sound; return for how long to wait before more is read."""
        now = perf_counter()
        most = max(self.ahead_s, self.left_s)
        self.left_s = min(most, self.left_s + now - self.last) - seconds
        self.last = now
        return max(0.0, -self.left_s)

    def forgive(self, seconds: float) -> None:
        """Let sound come that had to wait for us."""
        self.left_s += seconds
        self.last += seconds


@router.websocket("/api/hear")
async def hear(socket: WebSocket, desk: AtDesk, visitor: ByVisitor) -> None:
    """Listen to one microphone until either side leaves."""
    if not desk.microphones.enter(visitor.key):
        await socket.close(1013, Code.BUSY.slug)
        return
    try:
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect, TimeoutError):
            await _begin(socket, desk, visitor)
    finally:
        desk.microphones.leave(visitor.key)


async def _begin(socket: WebSocket, desk: Desk, visitor: Visitor) -> None:
    with anyio.fail_after(_PATIENCE):
        first = await _receive(socket)
    try:
        if isinstance(first, bytes):
            raise Refusal(Code.BAD_SOUND)
        begin = read_begin(first)
    except Refusal as refusal:
        await _send(socket, refusal.problem.told())
        await socket.close(1008, refusal.problem.code.slug)
        return
    person = desk.reception.speaker(begin.user, visitor)
    line = Line(lambda: desk.equipment.ear(STATEMENT, person))
    try:
        await _serve(Microphone(socket, desk, visitor, begin, line))
    finally:
        with anyio.CancelScope(shield=True):
            await line.close()


class Microphone:
    """One connection."""

    def __init__(
        self, socket: WebSocket, desk: Desk, visitor: Visitor, begin: Begin, line: Line
    ) -> None:
        """Serve *visitor* at *socket*."""
        self.socket = socket
        self.desk = desk
        self.visitor = visitor
        self._begin = begin
        self._sound = sound_in(begin)
        self._pace = Pace()
        self._mistakes = 0
        self._is_told = False
        self._sending = anyio.Lock()
        around = Surroundings(desk.equipment, desk.reception, desk.recordings, desk.doors.admit)
        self.exchange = Exchange(around, visitor, begin, line, Outlet(self.tell, self.sound))

    async def tell(self, message: Mapping[str, Json]) -> None:
        """Send *message*; a client that does not take it in time is left."""
        async with self._sending:
            await _send(self.socket, message)

    async def sound(self, block: Block) -> None:
        """Send a piece of an answer."""
        async with self._sending:
            with anyio.fail_after(_PATIENCE):
                await self.socket.send_bytes(to_pcm16(block))

    async def listen(self) -> None:
        """Take in sound and messages until the client leaves, or falls silent."""
        while True:
            with anyio.fail_after(IDLE_S):
                received = await _receive(self.socket)
            if isinstance(received, bytes):
                try:
                    samples = await anyio.to_thread.run_sync(self._sound.take, received)
                except InputError as error:
                    await self._leave(error)
                    return
                await self._hear(samples)
            elif not await self._read(received):
                await self.socket.close(1008, Code.BAD_MESSAGE.slug)
                return

    async def _leave(self, error: InputError) -> None:
        """Say what is wrong with the sound: what comes after it can't be heard, either."""
        await self.tell(Problem(Code.BAD_SOUND, said=str(error)).told())
        await self.socket.close(1008, Code.BAD_SOUND.slug)

    async def _hear(self, samples: Samples) -> None:
        if (excess := self._pace.excess(len(samples) / RATE)) > 0:
            if not self._is_told:
                self._is_told = True
                await self.tell(Problem(Code.TOO_FAST).told())
            await anyio.sleep(excess)
        if len(samples):
            began = perf_counter()
            await self.exchange.hear(samples)
            self._pace.forgive(perf_counter() - began)

    async def _read(self, text: str) -> bool:
        """Do what a message says; false when there were too many that say nothing."""
        try:
            message = read_message(text)
            if isinstance(message, Conclude):
                await self._hear(self._sound.flush())
            await self.exchange.obey(message)
        except (Refusal, InputError) as error:
            self._mistakes += 1
            await self.tell(problem_of(error).told())
        return self._mistakes < _MOST_MISTAKES

    async def follow(self) -> None:
        """Say hello once somebody listens, then act upon what they hear."""
        equipment = self.desk.equipment
        await anyio.to_thread.run_sync(equipment.voice.warm)
        try:
            await self.exchange.ready()
        except GnothiError as error:
            problem = problem_of(error)
            await self.tell(problem.told())
            await self.socket.close(1011, problem.code.slug)
            return
        speaks = self._begin.speaks and equipment.voice.speaker is not None
        name = equipment.recogniser.name
        lacks = equipment.voice.lacks if self._begin.speaks else ""
        hello = {"type": "hello", "recogniser": name, "speaks": speaks, "lacks": lacks}
        await self.tell(hello)
        await anyio.to_thread.run_sync(equipment.note_use)
        await self.exchange.follow()

    async def watch(self) -> None:
        """Leave when the device may no longer come in."""
        device = self.visitor.device
        with self.desk.hub.listen() as listener:
            while True:
                news = await listener.next()
                if device and news.kind == "revoked" and news.body.get("device") == device.id:
                    await self.socket.close(1008, Code.NO_TOKEN.slug)
                    return


async def _serve(microphone: Microphone) -> None:
    """Listen, answer and watch side by side; when one ends, so do the others."""
    try:
        async with anyio.create_task_group() as together:

            async def do(part: Callable[[], Awaitable[None]]) -> None:
                with contextlib.suppress(WebSocketDisconnect, TimeoutError):
                    await part()
                together.cancel_scope.cancel()

            for part in (microphone.listen, microphone.follow, microphone.watch):
                together.start_soon(do, part)
    finally:
        with anyio.CancelScope(shield=True):
            await microphone.exchange.close()


async def _receive(socket: WebSocket) -> str | bytes:
    """Return the next message, whichever kind it is of.

    Raises:
        WebSocketDisconnect: there is none any more.
    """
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1000)
    text = message.get("text")
    return cast("str", text) if text is not None else cast("bytes", message.get("bytes") or b"")


async def _send(socket: WebSocket, message: Mapping[str, Json]) -> None:
    with anyio.fail_after(_PATIENCE):
        await socket.send_text(json.dumps(message))
