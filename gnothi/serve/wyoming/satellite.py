"""Microphones of the network that speak Wyoming: we call them, and they ask us to listen.

A satellite is a server that waits for somebody to run its pipeline. We connect, say
``run-satellite``, and do what it asks for: listen from a wake word on (which it hears itself, or
leaves to us), answer, and say the answer there. Everything in between is an exchange like that of
the page's microphone. The protocol has no way to take sound back: little is sent ahead, so that an
answer that is interrupted ends soon.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any, cast

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStop
from wyoming.event import Event, async_write_event
from wyoming.info import Describe
from wyoming.ping import Ping, Pong
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.satellite import PauseSatellite, RunSatellite, StreamingStopped
from wyoming.snd import Played as SoundPlayed
from wyoming.tts import Synthesize
from wyoming.vad import VoiceStarted, VoiceStopped
from wyoming.wake import Detect, Detection

from gnothi.core.errors import GnothiError, InputError
from gnothi.core.plain import Json
from gnothi.core.speaking import Block
from gnothi.core.waking import WakeWord
from gnothi.serve.doors.visitor import Visitor
from gnothi.serve.listening.exchange import Exchange, Outlet, Surroundings
from gnothi.serve.listening.line import Line
from gnothi.serve.listening.messages import Begin, Conclude, Hush, Mute, Played
from gnothi.serve.sentences import sentence
from gnothi.serve.wyoming.frames import FrameError, FrameLimits, read_frame
from gnothi.serve.wyoming.sound import SoundIn, SoundOut
from gnothi.serve.wyoming.vigil import Vigil
from gnothi.speech.voice import STATEMENT
from gnothi.speech.wyoming import host_and_port

AHEAD_S = 0.5
"""Seconds of an answer that are sent before they are heard."""
_PING_S, _IDLE_S = 5.0, 20.0
_PATIENCE_S = 10.0
_AGAIN_S = 5.0
_LONGEST_NAME = 200
"""As of a device that a microphone may name."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a satellite is."""

    name: str
    """The device that hears, for the house: its area is context."""
    address: str
    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> "Place":
        """Read ``NAME=tcp://HOST:PORT``; without a name, it is called by its host.

        Raises:
            InputError: it is something else.
        """
        name, is_named, address = text.rpartition("=")
        host, port = host_and_port(address)
        if is_named and not name.strip():
            raise InputError(sentence("run-satellite-name", address=text))
        name = name.strip() or host
        if len(name) > _LONGEST_NAME:
            raise InputError(sentence("run-satellite-long", address=text[:60]))
        return cls(name, address, host, port)


class Satellite:
    """Serves one satellite for as long as we run, however often it goes away."""

    def __init__(
        self,
        place: Place,
        around: Surroundings,
        wake: WakeWord | None = None,
        *,
        again_s: float = _AGAIN_S,
    ) -> None:
        """Serve the satellite at *place*; *wake* listens where it leaves that to us."""
        self._place = place
        self._around = around
        self._wake = wake
        self._again_s = again_s
        self._was_told = False
        self._reason = ""
        """Why it was not served the last time, so that each reason is logged once."""

    async def run(self) -> None:
        """Connect, serve, and connect again, until cancelled."""
        task = asyncio.current_task()
        while True:
            try:
                await self._meet()
            except (OSError, TimeoutError, FrameError, GnothiError) as error:
                if not self._was_told:
                    _log.warning("The satellite at %s is away: %s", self._place.address, error)
                self._was_told = True
            except Exception as error:  # noqa: BLE001 - logged
                # Whatever it is, nobody else would say so, and the next meeting may go well.
                if (reason := repr(_first(error))) != self._reason:
                    _log.exception("The satellite at %s is not served.", self._place.address)
                self._reason = reason
            if task and task.cancelling():
                return  # What fails while it is cancelled hides that it was.
            await asyncio.sleep(self._again_s)

    async def _meet(self) -> None:
        limits = FrameLimits(idle_seconds=_IDLE_S)
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await asyncio.open_connection(
                self._place.host, self._place.port, limit=limits.header
            )
        _log.info("Connected to the satellite at %s.", self._place.address)
        self._was_told = False
        turn = asyncio.Lock()

        async def send(event: Event) -> None:
            async with turn, asyncio.timeout(_PATIENCE_S):
                await async_write_event(event, writer)

        pipeline = Pipeline(self._place, self._around, self._wake, send)
        try:
            async with asyncio.TaskGroup() as together:
                follower = together.create_task(pipeline.follow())
                pinger = together.create_task(_ping(send))
                while event := await read_frame(reader, limits):
                    await pipeline.take(event)
                follower.cancel()
                pinger.cancel()
        except* (OSError, TimeoutError, FrameError, GnothiError) as errors:
            raise OSError(str(_first(errors))) from errors
        finally:
            await pipeline.close()
            with suppress(OSError, TimeoutError):
                await send(PauseSatellite().event())
            writer.close()


class Pipeline:
    """What goes on between one satellite and the household, while it is connected."""

    def __init__(
        self,
        place: Place,
        around: Surroundings,
        wake: WakeWord | None,
        send: Callable[[Event], Awaitable[None]],
    ) -> None:
        """Tell the satellite things by *send*."""
        self._send = send
        self._wake = wake
        self._sound = SoundIn()
        self._run: RunPipeline | None = None
        """What it asked for; ``None`` while it asks for nothing."""
        self._waking: Vigil | None = None
        self._is_listening = self._is_voice_told = self._is_awake = False
        self._out: SoundOut | None = None
        self._out_turn, self._out_began = "", 0.0
        self._acts = {
            "partial": self._partly_heard,
            "heard": self._heard,
            "answer": self._answered,
            "speech": self._speech,
            "spoken": self._spoken,
            "hush": self._spoken,
            "closed": self._closed,
            "problem": self._problem,
        }
        begin = Begin(type="begin", rate=16_000, device=place.name, session=place.name[:64])
        self._line = Line(lambda: around.equipment.ear(STATEMENT))
        visitor = Visitor(place.host, local=True)
        self._exchange = Exchange(around, visitor, begin, self._line, Outlet(self._tell, self._say))

    async def follow(self) -> None:
        """Get ready, ask the satellite to begin, and act upon what is heard, until cancelled."""
        await self._exchange.ready()
        if not self._is_listening:
            await self._exchange.obey(Mute(type="mute", on=True))
        await self._send(Describe().event())
        await self._send(RunSatellite().event())
        await self._exchange.follow()

    async def close(self) -> None:
        """End what is going on."""
        if self._waking:
            self._waking.close()
        await self._exchange.close()
        await self._line.close()

    async def take(self, event: Event) -> None:
        """Do what the satellite says.

        Raises:
            GnothiError: what listens for the wake word is away.
        """
        kind = event.type
        if Ping.is_type(kind):
            text = event.data.get("text")
            await self._send(Pong(text if isinstance(text, str) else None).event())
        elif RunPipeline.is_type(kind):
            await self._begin(event)
        elif Detection.is_type(kind):
            self._is_awake = True
            await self._hush()
        elif AudioChunk.is_type(kind):
            await self._hear(event)
        elif AudioStop.is_type(kind) or StreamingStopped.is_type(kind):
            if self._is_listening:
                await self._exchange.obey(Conclude(type="conclude"))
        elif SoundPlayed.is_type(kind):
            await self._played()

    async def _begin(self, event: Event) -> None:
        """Begin the pipeline that it asks for."""
        try:
            run = RunPipeline.from_event(event)
        except (KeyError, ValueError, TypeError):
            run = None
        if run is None or run.start_stage not in (PipelineStage.WAKE, PipelineStage.ASR):
            await self._fail(sentence("wyoming-no-stage"), "not-supported")
            return
        self._run = run
        if run.start_stage is PipelineStage.ASR:
            await self._listen()
        else:
            await self._await_word()

    async def _await_word(self) -> None:
        if self._wake is None:
            self._run = None
            await self._fail(sentence("wyoming-no-wake"), "wake-engine-missing")
            return
        self._waking = self._waking or Vigil(await asyncio.to_thread(self._wake.open))
        await self._send(Detect(list(self._wake.words) or None).event())

    async def _listen(self) -> None:
        """Listen from here on; whoever is spoken to is left alone."""
        await self._hush()
        self._is_awake = False
        self._is_listening, self._is_voice_told = True, False
        await self._exchange.obey(Mute(type="mute", on=False))
        await self._send(Transcribe(language="en").event())

    async def _hear(self, event: Event) -> None:
        if self._run is None and self._is_awake:
            # Some tell that they heard the wake word, and send what follows without asking.
            self._run = RunPipeline(PipelineStage.ASR, PipelineStage.TTS)
            await self._listen()
        if self._run is None:
            return
        try:
            samples = self._sound.take(event)
        except InputError as error:
            await self._end()
            await self._fail(str(error), "stt-stream-failed")
            return
        if self._is_listening:
            await self._exchange.hear(samples)
        elif self._waking and (found := await asyncio.to_thread(self._waking.accept, samples)):
            woken, since = found
            await self._send(Detection(woken.word, int(1000 * woken.end_s)).event())
            await self._listen()
            await self._exchange.hear(since)

    async def _end(self) -> None:
        """Listen no more; one that streams on goes back to its wake word."""
        is_over = self._is_listening
        self._is_listening = False
        await self._exchange.obey(Mute(type="mute", on=True))
        if not (self._run and self._run.restart_on_end):
            self._run = None
        elif is_over and self._run.start_stage is PipelineStage.WAKE:
            await self._await_word()
        elif is_over:
            await self._listen()

    async def _fail(self, text: str, code: str) -> None:
        await self._send(Event("error", {"text": text, "code": code}))

    async def _tell(self, message: Mapping[str, Json]) -> None:
        """Tell the satellite what the exchange tells."""
        if act := self._acts.get(str(message["type"])):
            await act(message)

    async def _partly_heard(self, _message: Mapping[str, Json]) -> None:
        if not self._is_voice_told:
            self._is_voice_told = True
            await self._send(VoiceStarted().event())

    async def _heard(self, message: Mapping[str, Json]) -> None:
        self._is_voice_told = False
        await self._send(VoiceStopped().event())
        await self._send(Transcript(str(message["text"]), language="en").event())
        if self._run and not self._run.restart_on_end:
            await self._end()

    async def _answered(self, message: Mapping[str, Json]) -> None:
        answer = cast("Mapping[str, Json]", message["answer"])
        if text := str(answer.get("reply") or ""):
            await self._send(Synthesize(text).event())

    async def _speech(self, message: Mapping[str, Json]) -> None:
        self._out = SoundOut(int(cast("int", message["rate"])))
        self._out_turn, self._out_began = str(message["turn"]), perf_counter()
        await self._send(self._out.start())

    async def _spoken(self, _message: Mapping[str, Json]) -> None:
        if self._out:
            await self._send(self._out.stop())

    async def _closed(self, _message: Mapping[str, Json]) -> None:
        if not self._is_listening:
            return
        if not (self._run and self._run.restart_on_end):
            await self._fail(sentence("wyoming-unheard"), "stt-no-text-recognized")
        await self._end()

    async def _problem(self, message: Mapping[str, Json]) -> None:
        await self._fail(str(message["message"]), str(message["code"]))
        if self._is_listening:
            await self._end()

    async def _say(self, block: Block) -> None:
        """Send *block*, not long before it is heard."""
        if self._out is None:
            return
        await self._send(self._out.chunk(block))
        ahead = self._out.samples / self._out.rate - (perf_counter() - self._out_began)
        if ahead > AHEAD_S:
            await asyncio.sleep(ahead - AHEAD_S)

    async def _played(self) -> None:
        if self._out:
            turn, heard_s = self._out_turn, self._out.samples / self._out.rate
            self._out = None
            await self._exchange.obey(Played(type="played", turn=turn, heard_s=heard_s))

    async def _hush(self) -> None:
        """Somebody said the wake word: what is being said there ends."""
        out, self._out = self._out, None
        if out is None:
            return
        heard_s = min(out.samples / out.rate, perf_counter() - self._out_began)
        await self._exchange.obey(Hush(type="hush", turn=self._out_turn, heard_s=heard_s))
        await self._send(out.stop())


async def _ping(send: Callable[[Event], Awaitable[None]]) -> None:
    """See whether it is still there; who does not answer falls silent, and is left."""
    while True:
        await asyncio.sleep(_PING_S)
        await send(Ping().event())


def _first(error: Any) -> Exception:  # noqa: ANN401 - groups of groups have no type that helps
    """Return the first of the errors in a group, or the one that is alone."""
    return _first(error.exceptions[0]) if hasattr(error, "exceptions") else error
