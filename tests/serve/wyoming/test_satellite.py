"""A satellite in the network, as wyoming-satellite behaves, and what the household does with it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from wyoming.asr import Transcript
from wyoming.audio import AudioChunk
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.pipeline import PipelineStage, RunPipeline
from wyoming.snd import Played
from wyoming.tts import Synthesize
from wyoming.wake import Detection

from gnothi.core.errors import InputError
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Partial, Samples
from gnothi.core.speaking import Block
from gnothi.core.waking import WakeStream, Woken
from gnothi.serve.api import build_app
from gnothi.serve.desk import Desk
from gnothi.serve.listening import exchange
from gnothi.serve.listening.equipment import Equipment
from gnothi.serve.listening.exchange import Surroundings
from gnothi.serve.wyoming.satellite import Place, Satellite
from gnothi.speech.resample import to_pcm16

LIGHT = "turn on the kitchen light"
LOCAL = RunPipeline(PipelineStage.ASR, PipelineStage.TTS)
ALWAYS = RunPipeline(PipelineStage.WAKE, PipelineStage.TTS, restart_on_end=True)
pytestmark = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="the program espeak-ng is not installed"
)


class Script:
    """A recogniser that hears one sentence in everything."""

    name = "script"

    def __init__(self, text: str = LIGHT) -> None:
        self._text = text

    def open(self, hints: Hints = NO_HINTS) -> "Script":
        return self

    def accept(self, samples: Samples) -> Partial:
        return Partial(self._text)

    def finish(self) -> list[Hypothesis]:
        return [Hypothesis(self._text, 0.0)]

    def close(self) -> None:
        """Nothing is held."""


class Whistle:
    """Wakes at a whistle, a tone of 3 kHz."""

    name = "whistle"
    words = ("whistle",)

    def open(self) -> WakeStream:
        return Listening()


class Listening:
    def __init__(self) -> None:
        self.samples = 0

    def accept(self, samples: Samples) -> Sequence[Woken]:
        self.samples += len(samples)
        power = np.abs(np.fft.rfft(samples)) ** 2
        at = np.fft.rfftfreq(len(samples), 1 / RATE)
        is_heard = power.sum() > 1 and power[np.abs(at - 3_000) < 50].sum() > 0.8 * power.sum()
        return [Woken("whistle", self.samples / RATE)] if is_heard else []

    def close(self) -> None:
        """Nothing is held."""


class Device:
    """A satellite: it waits for somebody to connect, and keeps what it is told."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[Event] = asyncio.Queue()
        self.connections = 0
        self._writer: asyncio.StreamWriter | None = None

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writer = writer
        while event := await async_read_event(reader):
            self.told.put_nowait(event)
        writer.close()

    async def until(self, last: str) -> list[Event]:
        """Return what is told until an event of the kind *last*."""
        events: list[Event] = []
        while not events or events[-1].type != last:
            events.append(await asyncio.wait_for(self.told.get(), 30))
        return events

    async def send(self, *events: Any) -> None:
        assert self._writer is not None
        for event in events:
            await async_write_event(event.event(), self._writer)

    async def hear(self, sound: Block) -> None:
        """Stream what its microphone hears."""
        for start in range(0, len(sound), 1_024):
            chunk = to_pcm16(sound[start : start + 1_024])
            await self.send(AudioChunk(RATE, 2, 1, chunk))

    async def garbage(self, content: bytes) -> None:
        assert self._writer is not None
        self._writer.write(content)
        await self._writer.drain()

    def hang_up(self) -> None:
        assert self._writer is not None
        self._writer.close()


@asynccontextmanager
async def _serving(household: Any, text: str = LIGHT, **more: Any) -> AsyncIterator[Device]:
    """Have *household* listen at a satellite called kitchen; *text* is what it hears."""
    desk: Desk = build_app(household).state.desk
    equipment = Equipment(household, recogniser=lambda: Script(text))
    around = Surroundings(equipment, desk.reception, desk.recordings, desk.doors.admit)
    device = Device()
    server = await asyncio.start_server(device.meet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    place = Place.read(f"kitchen=tcp://127.0.0.1:{port}")
    serving = asyncio.create_task(Satellite(place, around, again_s=0.05, **more).run())
    try:
        await device.until("run-satellite")
        yield device
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        server.close()


def _spoken() -> Block:
    """Return a sentence in a room, and the silence after it."""
    from gnothi.speech.resample import Resampler
    from gnothi.speech.speaking.composing import read_text
    from gnothi.speech.speaking.espeak import EspeakSpeaker

    said = np.concatenate(list(EspeakSpeaker().speak(read_text(LIGHT))))
    said = Resampler(22_050).take(said, is_last=True)
    sound = np.concatenate([np.zeros(RATE // 2), said, np.zeros(4 * RATE)])
    rng = np.random.default_rng(0)
    return (sound + 0.0005 * rng.standard_normal(len(sound))).astype(np.float32)


def _kinds(events: Sequence[Event]) -> list[str]:
    """Return the kinds of *events*, each row of the same kind once."""
    kinds = [one.type for one in events]
    return [kind for at, kind in enumerate(kinds) if kinds[at - 1 : at] != [kind]]


async def test_a_satellite_that_was_woken_is_answered(household: Any) -> None:
    """It streams a command; the lamp goes on, and the answer is said there."""
    async with _serving(household) as device:
        await device.send(Detection("ok_nabu"), LOCAL)
        await device.hear(_spoken())
        events = await device.until("audio-stop")
        await device.send(Played())
        assert _kinds(events) == [
            "transcribe",
            "voice-started",
            "voice-stopped",
            "transcript",
            "synthesize",
            "audio-start",
            "audio-chunk",
            "audio-stop",
        ]
        assert Transcript.from_event(events[3]).text == LIGHT
        assert Synthesize.from_event(events[4]).text == "On."
        assert household.house.state("light.kitchen").state == "on"
        utterance, _ = household.assistant.heard[0]
        assert utterance.device == "kitchen"


async def test_we_listen_for_the_wake_word_where_it_does_not(household: Any) -> None:
    """One that always streams is heard after the word alone, and again without it."""
    time = np.arange(RATE // 2) / RATE
    whistle = (0.3 * np.sin(2 * np.pi * 3_000 * time)).astype(np.float32)
    async with _serving(household, wake=Whistle()) as device:
        await device.send(ALWAYS)
        await device.until("detect")
        await device.hear(_spoken())
        await device.hear(whistle[: RATE // 4])
        first = await device.until("detection")
        await device.hear(_spoken())
        events = await device.until("audio-stop")
    assert _kinds(first) == ["detection"]
    assert _kinds(events)[:4] == ["transcribe", "voice-started", "voice-stopped", "transcript"]
    assert len(household.assistant.heard) == 1


async def test_without_a_wake_word_it_is_told(household: Any) -> None:
    """Who leaves listening to us, where nothing listens, learns what to do."""
    async with _serving(household) as device:
        await device.send(ALWAYS)
        (error,) = await device.until("error")
    assert "--wake" in error.data["text"]


async def test_where_nobody_speaks_it_goes_back_to_its_wake_word(
    household: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while of silence it is told so, and the next time works."""
    monkeypatch.setattr(exchange, "FIRST_S", 0.1)
    async with _serving(household) as device:
        await device.send(Detection("ok_nabu"), LOCAL)
        await device.hear(np.zeros(RATE // 4, np.float32))
        assert (await device.until("error"))[-1].data["code"] == "stt-no-text-recognized"
        monkeypatch.setattr(exchange, "FIRST_S", 10.0)
        await device.send(Detection("ok_nabu"), LOCAL)
        await device.hear(_spoken())
        await device.until("transcript")


async def test_the_wake_word_interrupts_an_answer(household: Any) -> None:
    """What is being said ends, and what is said next is heard."""
    async with _serving(household, text="what is this, " * 40) as device:
        await device.send(Detection("ok_nabu"), LOCAL)
        await device.hear(_spoken())
        await device.until("audio-start")
        await device.until("audio-chunk")
        await device.send(Detection("ok_nabu"), LOCAL)
        events = await device.until("transcribe")
        sent = sum(len(AudioChunk.from_event(one).audio) for one in events if one.payload)
        await device.hear(_spoken())
        rest = await device.until("transcript")
        for _ in range(200):
            signals = [one.name for turn in household.journal.recent() for one in turn.signals]
            if "barge-in" in signals:
                break
            await asyncio.sleep(0.02)
    assert _kinds(events)[-2:] == ["audio-stop", "transcribe"]
    assert sent / 2 / 22_050 < 10  # of half a minute
    assert "audio-chunk" not in _kinds(rest)
    assert "barge-in" in signals


@pytest.mark.parametrize(
    "content", [b"hello\n", b'{"type": "audio-chunk", "payload_length": -1}\n']
)
async def test_one_that_goes_away_or_talks_nonsense_is_met_again(
    household: Any, content: bytes
) -> None:
    """Whatever happens to a connection, the next one is served."""
    async with _serving(household) as device:
        await device.garbage(content)
        await device.until("run-satellite")
        device.hang_up()
        await device.until("run-satellite")
        await device.send(RunPipeline(PipelineStage.TTS, PipelineStage.TTS))
        assert (await device.until("error"))[-1].data["code"] == "not-supported"
        await device.send(Detection("ok_nabu"))
        await device.hear(_spoken())
        await device.until("audio-stop")
    assert device.connections == 3


class Broken(Whistle):
    """Fails the first time, in a way that nobody thought of."""

    def __init__(self) -> None:
        self._is_broken = True

    def open(self) -> WakeStream:
        if self._is_broken:
            self._is_broken = False
            raise ZeroDivisionError("a model that makes no sense")
        return super().open()


async def test_what_nobody_thought_of_is_logged_and_then_it_is_met_again(
    household: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A satellite is never left without a word."""
    async with _serving(household, wake=Broken()) as device:
        await device.send(ALWAYS)
        await device.until("run-satellite")
        await device.send(ALWAYS)
        await device.until("detect")
    assert "a model that makes no sense" in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "kitchen",
        "kitchen=http://x:1",
        "=tcp://x:1",
        "tcp://x",
        "kitchen=tcp://192.168.1..20:10700",
        f"{'k' * 201}=tcp://x:1",
    ],
)
def test_an_address_that_is_none_is_told(text: str) -> None:
    """Before anything is served."""
    with pytest.raises(InputError):
        Place.read(text)
