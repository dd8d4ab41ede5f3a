"""One microphone's part in a conversation: it listens, asks, says the answer, and lets go on.

At any moment somebody speaks, or an answer is on its way, or an answer is spoken, or a window is
open in which one may go on without a wake word. Who speaks while an answer is spoken interrupts it,
unless they only nod.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from starlette.websockets import WebSocketDisconnect

from gnothi.core.errors import GnothiError, StorageError
from gnothi.core.hearing import Hypothesis, Samples
from gnothi.core.interaction import Interaction
from gnothi.core.plain import Json
from gnothi.core.speaking import Block
from gnothi.core.understanding import Heard
from gnothi.serve.answer import choices
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.failures import problem_of
from gnothi.serve.listening.equipment import ANYTHING, Awaited, Equipment
from gnothi.serve.listening.interruption import interrupts
from gnothi.serve.listening.line import Event, Failed, Line, Obeyed, Told
from gnothi.serve.listening.memory import Memory
from gnothi.serve.listening.messages import Begin, Conclude, Hold, Hush, Message, Mute, Played
from gnothi.serve.listening.patience import FIRST_S, HELD, expected, patience, window_s
from gnothi.serve.listening.playback import Playback
from gnothi.serve.listening.recordings import Recordings
from gnothi.serve.problems import Problem, Refusal
from gnothi.serve.reception import Reception, Request
from gnothi.serve.witness import BARGE_IN, SPOKEN
from gnothi.speech.ear import Ear, Listening, Utterance
from gnothi.speech.voice import BLOCK, BLOCK_S

MOST_HYPOTHESES = 10
_REMEMBERED = 4
"""Answers that were spoken last: a client tells late how much of them was heard."""
_LATE_S = 5.0
"""A client that does not say when an answer was played is not waited for any longer."""
_GONE = (WebSocketDisconnect, TimeoutError, RuntimeError)
"""How a client that has left shows while it is told something."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outlet:
    """How a microphone's page is told things."""

    tell: Callable[[Mapping[str, Json]], Awaitable[None]]
    sound: Callable[[Block], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an exchange works with."""

    equipment: Equipment
    reception: Reception
    recordings: Recordings
    admit: Callable[[Visitor], Problem | None]
    """Counts a turn; the problem says when there were too many."""


class Exchange:
    """Everything between one microphone and the household. Belongs to one event loop."""

    def __init__(
        self, around: Surroundings, visitor: Visitor, begin: Begin, line: Line, outlet: Outlet
    ) -> None:
        """Take part for *visitor*, who began so."""
        self._around = around
        self._visitor = visitor
        self._begin = begin
        self._line = line
        self._outlet = outlet
        self._person = around.reception.speaker(begin.user, visitor)
        self._memory: Memory | None = Memory()
        """From the first sound on, as the ear counts; gone once nobody turns out to want it."""
        self._playback: Playback | None = None
        self._spoken: OrderedDict[str, Playback] = OrderedDict()
        self._latest: Interaction | None = None
        self._expects: str | None = None
        self._shown: str | None = None
        """What is shown of what somebody says; ``None`` while nobody speaks."""
        self._muted: float | None = None
        """Since when, by the clock; ``None`` while the microphone is on."""
        self._is_held = self._was_heard = False
        """Whether something was told since the button was pressed."""
        self._advice: list[str] = []
        self._window: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writing: set[asyncio.Task[None]] = set()
        """Those that are not cancelled when somebody leaves."""

    async def ready(self) -> None:
        """Wait until the ear listens, which takes a while at first.

        Raises:
            GnothiError: nobody can listen here.
        """
        recordings = self._around.recordings
        if not await asyncio.to_thread(recordings.is_wanted, self._person):
            self._memory = None
        await self._line.order("ready", lambda _: None)
        while (event := await self._line.next()) != Obeyed("ready"):
            if isinstance(event, Failed):
                raise event.error
            await self._react(event)

    async def close(self) -> None:
        """End what is going on; what is being written down is written to its end."""
        if self._playback:
            self._playback.stop()
        for task in self._tasks - self._writing:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def hear(self, samples: Samples) -> None:
        """Take in sound; waits while it can't be heard so fast. Nothing is heard while muted."""
        if self._muted is not None:
            return
        if self._memory:
            self._memory.hear(samples)
        await self._line.hear(samples)

    async def obey(self, message: Message) -> None:
        """Do what the page says."""
        match message:
            case Hold():
                self._is_held, self._was_heard = True, False
                self._close_window()
                await self._line.order("hold", lambda ear: ear.expect(None, HELD))
            case Conclude():
                self._is_held = False
                await self._line.order("conclude", Ear.conclude)
                patient = patience(self._expects)
                await self._line.order("rest", lambda ear: ear.expect(None, patient))
            case Mute(on=is_muted):
                await self._mute(is_muted=is_muted)
            case Played(turn=turn, heard_s=heard_s):
                await self._played(turn, heard_s)
            case Hush(turn=turn, heard_s=heard_s):
                if self._playback and self._playback.turn.id == turn:
                    self._interrupt(by="hand")
                    self._note_spoken(turn, heard_s)
                    self._open_window(window_s(self._expects))
            case _:
                await self._outlet.tell({"type": "pong"})

    async def follow(self) -> None:
        """Act upon what the ear says, until cancelled; the first window opens."""
        self._open_window(FIRST_S)
        while True:
            await self._react(await self._line.next())

    async def _mute(self, *, is_muted: bool) -> None:
        """Forget what is being said, or listen anew for a while: time went by meanwhile."""
        since, self._muted = self._muted, perf_counter() if is_muted else None
        if is_muted:
            self._muted = self._muted if since is None else since
            self._close_window()
            await self._line.order("forget", Ear.close)
            return
        if since is not None:
            blocks = round((perf_counter() - since) / BLOCK_S)
            if self._memory:
                self._memory.skip(blocks * BLOCK)
            await self._line.order("skip", lambda ear: ear.skip(blocks))
        if not self._playback:
            self._open_window(FIRST_S)

    async def _react(self, event: Event) -> None:
        match event:
            case Told(sound=Listening(partial=partial)):
                await self._partial(partial.text)
            case Told(sound=Utterance() as utterance):
                await self._uttered(utterance, event)
            case Obeyed("conclude") if not self._was_heard:
                await self._outlet.tell({"type": "unheard"})
                if not self._playback:
                    self._open_window(window_s(self._expects))
            case Obeyed("forget"):
                self._shown = None
            case Obeyed("advise") if self._window:
                self._window = None
                advice: list[Json] = [*self._advice]
                await self._outlet.tell({"type": "closed", "advice": advice})
            case Failed(error):
                self._shown = None
                await self._complain(error)
            case _:
                pass

    async def _partial(self, text: str) -> None:
        self._close_window()
        if self._playback:
            if not self._means_to_interrupt(text, is_whole=False):
                return
            await self._hush()
        if text != self._shown:
            self._shown = text
            await self._outlet.tell({"type": "partial", "text": text})

    async def _uttered(self, utterance: Utterance, told: Told) -> None:
        self._was_heard, self._shown = True, None
        best = utterance.hypotheses[0].text if utterance.hypotheses else ""
        if self._playback:
            if not self._means_to_interrupt(best, is_whole=True):
                await self._outlet.tell({"type": "ignored"})
                return
            await self._hush()
        if not best:
            await self._outlet.tell({"type": "unheard"})
            self._open_window(window_s(self._expects))
            return
        try:
            await self._take(best, utterance, told)
        except (GnothiError, Refusal) as error:
            await self._complain(error)
            self._open_window(window_s(self._expects))

    def _means_to_interrupt(self, text: str, *, is_whole: bool) -> bool:
        assert self._playback is not None
        reply, language = self._playback.turn.reply, self._begin.language
        return interrupts(
            text, reply.text, asks=bool(reply.expects), is_whole=is_whole, language=language
        )

    async def _take(self, text: str, utterance: Utterance, told: Told) -> None:
        """Let what was said be answered, as if it had been typed."""
        if problem := self._around.admit(self._visitor):
            await self._outlet.tell(problem.told())
            self._open_window(window_s(self._expects))
            return
        await self._outlet.tell({"type": "heard", "text": text})
        began = self._begin
        request = Request(
            text,
            user=began.user,
            session=began.session,
            device=began.device,
            language=began.language,
            hypotheses=_scored(utterance.hypotheses),
            heard=self._heard(utterance, told),
        )
        answered = await self._around.reception.take(request, self._visitor)
        turn = self._latest = answered.interaction
        self._expects = turn.reply.expects
        await self._outlet.tell({"type": "answer", "answer": answered.json()})
        self._do(self._expect(turn))
        if self._memory:
            sound = self._memory.between(utterance.begin_s, utterance.end_s)
            self._writing.add(self._do(self._keep(turn, sound)))
        self._do(self._answer(turn))

    def _heard(self, utterance: Utterance, told: Told) -> Heard:
        stages = {
            "endpoint": round(max(0.0, utterance.decided_s - utterance.end_s) * 1000, 1),
            "transcript": round(told.ms, 1),
        }
        seconds = round(utterance.end_s - utterance.begin_s, 3)
        name = self._around.equipment.recogniser.name
        return Heard(name, seconds, utterance.ending.value, stages, broke_off=utterance.broke_off)

    async def _expect(self, turn: Interaction) -> None:
        """Tell the ear what the conversation awaits, once a language model is made of it."""
        reply = turn.reply
        awaited = ANYTHING
        if reply.expects == "confirmation":
            awaited = Awaited(expected(reply.expects))
        elif reply.expects == "value":
            offered = tuple(str(choice) for choice in choices(reply))
            awaited = Awaited(expected(reply.expects), offered)
        try:
            told = await self._around.equipment.prepare(awaited)
        except GnothiError as error:
            _log.warning("Nobody can be told what is awaited: %s", error)
            return
        patient = HELD if self._is_held else patience(reply.expects)
        if self._latest is turn:
            await self._line.order("expect", lambda ear: ear.expect(told, patient))

    async def _keep(self, turn: Interaction, sound: Samples) -> None:
        try:
            await asyncio.to_thread(self._around.recordings.keep, turn.user, turn.id, sound)
        except StorageError as error:
            _log.error("A recording could not be kept: %s", error)

    async def _answer(self, turn: Interaction) -> None:
        """Say the answer, or let go on at once where nobody speaks."""
        began, voice = perf_counter(), self._around.equipment.voice
        speaker = await asyncio.to_thread(lambda: voice.speaker) if self._begin.speaks else None
        if self._latest is not turn:
            return
        if speaker is None or not turn.reply.text.strip():
            self._open_window(window_s(turn.reply.expects))
            return
        if self._playback:
            self._playback.stop()
        self._close_window()
        self._playback = playback = Playback(turn, speaker.rate, began=began)
        self._spoken[turn.id] = playback
        while len(self._spoken) > _REMEMBERED:
            self._spoken.popitem(last=False)
        await self._outlet.tell({"type": "speech", "turn": turn.id, "rate": speaker.rate})
        try:
            await playback.play(voice, self._outlet.sound)
        except GnothiError as error:
            await self._complain(error)
        if not playback.is_stopped:
            await self._outlet.tell(
                {"type": "spoken", "turn": turn.id, "seconds": round(playback.seconds, 3)}
            )
            await asyncio.sleep(playback.left_s + _LATE_S)
            if self._playback is playback:
                await self._played(turn.id, playback.seconds)

    async def _played(self, turn: str, heard_s: float) -> None:
        self._note_spoken(turn, heard_s)
        if self._playback and self._playback.turn.id == turn:
            self._playback.stop()
            self._playback = None
            self._open_window(window_s(self._expects))

    async def _hush(self) -> None:
        """Somebody speaks while the answer is spoken: be silent, first of all there."""
        assert self._playback is not None
        turn = self._playback.turn.id
        self._interrupt(by="voice")
        await self._outlet.tell({"type": "hush", "turn": turn})

    def _interrupt(self, *, by: str) -> None:
        assert self._playback is not None
        self._playback.stop()
        turn, after_s = self._playback.turn.id, self._playback.heard_s
        self._around.reception.witness.note(turn, BARGE_IN, by=by, after_s=round(after_s, 2))
        self._playback = None

    def _note_spoken(self, turn: str, heard_s: float) -> None:
        playback = self._spoken.pop(turn, None)
        if playback and playback.first_ms is not None:
            self._around.reception.witness.note(
                turn,
                SPOKEN,
                first_ms=round(playback.first_ms, 1),
                heard_s=round(min(heard_s, playback.seconds), 2),
                of_s=round(playback.seconds, 2) if playback.is_whole else None,
            )

    def _open_window(self, seconds: float) -> None:
        """Let somebody go on for a while; nothing closes under who speaks or holds a button."""
        self._close_window()
        is_on = self._muted is None
        is_closing = is_on and not (self._is_held or self._begin.stays)
        if is_closing and self._shown is None:
            self._window = self._do(self._wait(seconds))

    def _close_window(self) -> None:
        if self._window:
            self._window.cancel()
            self._window = None

    async def _wait(self, seconds: float) -> None:
        asks = bool(self._expects)
        await self._outlet.tell({"type": "window", "seconds": seconds, "asks": asks})
        await asyncio.sleep(seconds)
        await self._line.order("advise", self._ask_advice)

    def _ask_advice(self, ear: Ear) -> None:
        """Run in the ear's thread: see whether the microphone works at all."""
        self._advice = list(ear.meter.complaints())

    async def _complain(self, error: Exception) -> None:
        problem = problem_of(error)
        if not isinstance(error, GnothiError | Refusal):
            _log.error("Listening failed.", exc_info=error)
        await self._outlet.tell(problem.told())

    def _do(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._writing.discard(task)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, _GONE):
            _log.error("A microphone was not served to the end.", exc_info=error)


def _scored(hypotheses: Sequence[Hypothesis]) -> tuple[tuple[str, float], ...]:
    return tuple((one.text, one.score) for one in hypotheses[:MOST_HYPOTHESES])
