"""What hears and speaks for others over Wyoming, seen by the package's own client."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from wyoming.asr import Transcribe, Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

from gnothi.core.hearing import NO_HINTS, Hints, Hypothesis, Partial, Recogniser, Samples
from gnothi.core.speaking import Block
from gnothi.serve.api import build_app
from gnothi.serve.desk import Desk
from gnothi.serve.listening.equipment import Equipment
from gnothi.serve.voice import HouseVoice
from gnothi.serve.wyoming.call import Roles, roles_of
from gnothi.serve.wyoming.server import WyomingDoor, WyomingServer
from gnothi.speech.backends import open_recogniser
from gnothi.speech.resample import from_pcm16, to_pcm16

LIGHT = "turn on the kitchen light"
pytestmark = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="the program espeak-ng is not installed"
)


class Loud:
    """Hears "loud" in each block that is loud, and is sure of it at once."""

    name = "loud"

    def open(self, hints: Hints = NO_HINTS) -> "LoudStream":
        return LoudStream()


class LoudStream:
    def __init__(self) -> None:
        self.words: list[str] = []

    def accept(self, samples: Samples) -> Partial:
        if len(samples) and float(np.abs(samples).max()) > 0.2:
            self.words.append("loud")
        return Partial(" ".join(self.words), " ".join(self.words[:-1]))

    def finish(self) -> list[Hypothesis]:
        return [Hypothesis(" ".join(self.words), 0.0)] if self.words else []

    def close(self) -> None:
        """Nothing is held."""


def _roles(household: Any, *, recogniser: Callable[[], Recogniser] = Loud, **changed: Any) -> Roles:
    """Return the roles of *household*, with another recogniser and other settings."""
    desk: Desk = build_app(household).state.desk
    voice = HouseVoice(replace(household.settings, **changed))
    equipment = Equipment(household, recogniser=recogniser, voice=voice)
    return replace(roles_of(desk), equipment=equipment)


@asynccontextmanager
async def _client(roles: Roles) -> AsyncIterator[AsyncTcpClient]:
    server = WyomingServer(roles, WyomingDoor.read("tcp://127.0.0.1:0"))
    port = int((await server.start()).rpartition(":")[2])
    try:
        async with AsyncTcpClient("127.0.0.1", port, read_timeout=60) as client:
            yield client
    finally:
        await server.stop()


async def _events(client: AsyncTcpClient, last: str) -> list[Event]:
    """Return what comes until an event of the kind *last*, or an error."""
    events: list[Event] = []
    while not events or events[-1].type not in (last, "error"):
        event = await client.read_event()
        assert event is not None
        events.append(event)
    return events


def _sound(events: Sequence[Event]) -> Block:
    chunks = [AudioChunk.from_event(one).audio for one in events if AudioChunk.is_type(one.type)]
    return from_pcm16(b"".join(chunks))


async def _hear(client: AsyncTcpClient, chunks: Sequence[AudioChunk], **wish: Any) -> list[Event]:
    await client.write_event(Transcribe(**wish).event())
    first = chunks[0]
    await client.write_event(AudioStart(first.rate, first.width, first.channels).event())
    for chunk in chunks:
        await client.write_event(chunk.event())
    await client.write_event(AudioStop().event())
    return await _events(client, "transcript")


def _chunks(
    text: str, *, rate: int = 22_050, width: int = 2, channels: int = 1
) -> list[AudioChunk]:
    """Return *text* as somebody says it, with a noisy room around it."""
    from gnothi.speech.speaking.composing import read_text
    from gnothi.speech.speaking.espeak import EspeakSpeaker

    said = np.concatenate(list(EspeakSpeaker("en-us+f3").speak(read_text(text))))
    rng = np.random.default_rng(0)
    sound = np.concatenate([np.zeros(8_000), said, np.zeros(8_000)])
    sound = (0.7 * sound + 0.001 * rng.standard_normal(len(sound))).astype(np.float32)
    if rate != 22_050:
        sound = np.interp(np.arange(0, len(sound), 22_050 / rate), np.arange(len(sound)), sound)
    pcm = np.repeat(sound.astype(np.float32), channels)
    data = to_pcm16(pcm)
    if width == 4:
        data = (np.frombuffer(data, "<i2").astype("<i4") << 16).tobytes()
    size = 2_400 * width * channels
    return [
        AudioChunk(rate, width, channels, data[start : start + size])
        for start in range(0, len(data), size)
    ]


async def test_it_tells_what_hears_and_speaks(household: Any) -> None:
    """Home Assistant finds a recogniser and a voice, both streaming."""
    async with _client(_roles(household)) as client:
        await client.write_event(Describe().event())
        info = Info.from_event((await _events(client, "info"))[-1])
    assert info.asr[0].supports_transcript_streaming
    assert info.asr[0].models[0].languages == ["en"]
    assert info.tts[0].supports_synthesize_streaming
    assert info.tts[0].voices[0].name == "en-us"
    assert len({voice.name for voice in info.tts[0].voices}) == len(info.tts[0].voices)


async def test_a_mute_household_offers_no_voice(household: Any) -> None:
    """Where nobody speaks, none is offered, and who asks nevertheless is told."""
    async with _client(_roles(household, speaker="none")) as client:
        await client.write_event(Describe().event())
        assert Info.from_event((await _events(client, "info"))[-1]).tts == []
        await client.write_event(Synthesize("hello").event())
        assert Error.is_type((await _events(client, "audio-stop"))[-1].type)


async def test_a_person_is_written_down(household: Any, data: Path) -> None:
    """A real recording is recognised, with the words that the client says to expect."""
    household.skills = []  # their samples would take seconds
    samples, rate = soundfile.read(data / "speech/fsdd/audio/7_george_4.opus")
    room = np.random.default_rng(0).normal(0, 0.0007, len(samples) + 2 * rate)
    room[rate:-rate] += samples
    chunks = [
        AudioChunk(rate, 2, 1, to_pcm16(room[at : at + rate // 10]))
        for at in range(0, len(room), rate // 10)
    ]
    roles = _roles(household, recogniser=lambda: open_recogniser("gnothi"))
    async with _client(roles) as client:
        terms = ["seven"] * 40
        events = await _hear(client, chunks, language="en-US", transcript_terms=terms)
    assert Transcript.from_event(events[-1]).text == "seven"


@pytest.mark.parametrize(("rate", "width", "channels"), [(8_000, 2, 2), (48_000, 4, 1)])
async def test_sound_of_any_kind_is_heard(
    household: Any, rate: int, width: int, channels: int
) -> None:
    """Rates, widths and channels that microphones have are all heard."""
    chunks = _chunks(LIGHT, rate=rate, width=width, channels=channels)
    async with _client(_roles(household)) as client:
        assert "loud" in Transcript.from_event((await _hear(client, chunks))[-1]).text


class Broken(Loud):
    """Fails in a way that nobody thought of."""

    def open(self, hints: Hints = NO_HINTS) -> LoudStream:
        raise ZeroDivisionError("a model that makes no sense")


async def test_a_recogniser_that_breaks_is_told(
    household: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever waits for a transcript learns that none comes, and may ask for something else."""
    async with _client(_roles(household, recogniser=Broken)) as client:
        events = await _hear(client, _chunks(LIGHT))
        await client.write_event(Ping().event())
        assert Pong.is_type((await _events(client, "pong"))[-1].type)
    assert "went wrong" in Error.from_event(events[-1]).text
    assert "a model that makes no sense" in caplog.text


async def test_the_beginning_is_told_while_somebody_speaks(household: Any) -> None:
    """What was streamed, put together, is the beginning of the transcript, which comes whole."""
    async with _client(_roles(household)) as client:
        events = await _hear(client, _chunks(LIGHT), transcript_names=["Zoobo"])
        assert TranscriptStop.is_type((await _events(client, "transcript-stop"))[-1].type)
        again = await _hear(client, _chunks(LIGHT))
    assert TranscriptStart.is_type(events[0].type)
    streamed = "".join(
        TranscriptChunk.from_event(one).text for one in events if TranscriptChunk.is_type(one.type)
    )
    text = Transcript.from_event(events[-1]).text
    assert streamed.startswith("loud loud")
    assert text.startswith(streamed)
    assert Transcript.from_event(again[-1]).text == text


async def test_who_stops_before_anything_was_heard_is_answered(household: Any) -> None:
    """With nothing; a stray end that nobody asked for is dropped."""
    async with _client(_roles(household)) as client:
        await client.write_event(AudioStop().event())
        await client.write_event(Transcribe().event())
        await client.write_event(AudioStop().event())
        [told] = await _events(client, "transcript")
        assert Transcript.from_event(told).text == ""


async def test_silence_is_nothing(household: Any) -> None:
    """No sound, and a quiet room, have an empty transcript."""
    quiet = [AudioChunk(16_000, 2, 1, bytes(3_200))] * 5
    async with _client(_roles(household)) as client:
        assert Transcript.from_event((await _hear(client, quiet))[-1]).text == ""
        await client.write_event(Transcribe().event())
        await client.write_event(AudioStart(16_000, 2, 1).event())
        await client.write_event(AudioStop().event())
        assert Transcript.from_event((await _events(client, "transcript"))[-1]).text == ""


@pytest.mark.parametrize(
    "bad",
    [
        {"rate": 1, "width": 2, "channels": 1},
        {"rate": 16_000, "width": 3, "channels": 1},
        {"rate": 16_000, "width": 2, "channels": 0},
        {"rate": "fast", "width": 2, "channels": 1},
        {"rate": 16_000, "width": 2, "channels": 10**6},
    ],
)
async def test_wrong_sound_is_told(household: Any, bad: dict[str, Any]) -> None:
    """An impossible rate or width is an error; the connection goes on."""
    async with _client(_roles(household)) as client:
        await client.write_event(Transcribe().event())
        await client.write_event(Event("audio-chunk", bad, bytes(320)))
        assert Error.is_type((await _events(client, "transcript"))[-1].type)
        await client.write_event(Ping("there?").event())
        assert Pong.is_type((await _events(client, "pong"))[-1].type)


async def test_an_unknown_language_is_told(household: Any) -> None:
    """Nobody is told nonsense in a language that is not understood."""
    async with _client(_roles(household)) as client:
        events = await _hear(client, [AudioChunk(16_000, 2, 1, bytes(320))], language="fi")
    assert "fi" in Error.from_event(events[-1]).text


async def test_a_text_is_said(household: Any) -> None:
    """Text and SSML become sound between its start and its stop, with a chosen voice."""
    async with _client(_roles(household)) as client:
        await client.write_event(Synthesize("It is 7:30.").event())
        plain = await _events(client, "audio-stop")
        ssml = "<speak>It is <break time='1s'/> 7:30.</speak>"
        await client.write_event(Synthesize(ssml, SynthesizeVoice("en-gb")).event())
        paused = await _events(client, "audio-stop")
    assert AudioStart.from_event(plain[0]).rate == 22_050
    assert 0.5 < len(_sound(plain)) / 22_050 < 4
    assert len(_sound(paused)) > len(_sound(plain)) + 0.8 * 22_050
    assert float(np.abs(_sound(plain)).max()) > 0.1


@pytest.mark.parametrize(
    "event",
    [
        Synthesize("hello", SynthesizeVoice("nobody")).event(),
        Synthesize("hello", SynthesizeVoice(language="xx")).event(),
        Synthesize("<speak>&boom;</speak>").event(),
        Synthesize("word " * 10_000).event(),
        Event("synthesize", {"text": 7}),
        Event("synthesize", {}),
    ],
)
async def test_what_cannot_be_said_is_told(household: Any, event: Event) -> None:
    """A voice that nobody has, broken SSML, a novel and no text are errors, and no sound."""
    async with _client(_roles(household)) as client:
        await client.write_event(event)
        events = await _events(client, "audio-stop")
    assert [one.type for one in events] == ["error"]


async def test_a_text_is_said_while_it_is_written(household: Any) -> None:
    """The first sentence is heard before the second is written; its copy is not said again."""
    async with _client(_roles(household)) as client:
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeChunk("The light is ").event())
        await client.write_event(SynthesizeChunk("on. And the").event())
        first = await _events(client, "audio-stop")
        await client.write_event(SynthesizeChunk(" door is shut.").event())
        await client.write_event(Synthesize("The light is on. And the door is shut.").event())
        await client.write_event(SynthesizeStop().event())
        rest = await _events(client, "synthesize-stopped")
    assert len(_sound(first)) > 11_000
    assert [one.type for one in rest].count("audio-start") == 1
    assert SynthesizeStopped.is_type(rest[-1].type)


async def test_who_hangs_up_leaves_nothing_behind(household: Any) -> None:
    """A client that leaves while it is spoken to, or listened to, frees its place."""
    roles = _roles(household)
    server = WyomingServer(roles, WyomingDoor.read("tcp://127.0.0.1:0"))
    port = int((await server.start()).rpartition(":")[2])
    try:
        for _ in range(6):
            async with AsyncTcpClient("127.0.0.1", port) as client:
                await client.write_event(Synthesize("The light is on. " * 200).event())
                assert await client.read_event() is not None
            async with AsyncTcpClient("127.0.0.1", port) as client:
                await client.write_event(Transcribe().event())
                await client.write_event(AudioChunk(16_000, 2, 1, bytes(3_200)).event())
        for _ in range(200):
            if roles.voices.enter("somebody") and roles.microphones.enter("somebody"):
                break
            await asyncio.sleep(0.02)
        async with AsyncTcpClient("127.0.0.1", port, read_timeout=60) as client:
            await client.write_event(Synthesize("Done.").event())
            assert (await _events(client, "audio-stop"))[-1].type == "audio-stop"
    finally:
        await server.stop()


async def test_a_huge_payload_ends_the_connection(household: Any) -> None:
    """Sound of more than a few seconds in one frame is not taken, whatever it is."""
    async with _client(_roles(household)) as client:
        await client.write_event(Transcribe().event())
        header = {"type": "audio-chunk", "payload_length": 2**30, "data": {"rate": 16_000}}
        assert client._writer is not None
        client._writer.write(json.dumps(header).encode() + b"\n")
        assert await client.read_event() is None


_VALUES = some.text(max_size=5) | some.integers(-(2**33), 2**33) | some.none() | some.booleans()
_FRAMES = some.fixed_dictionaries(
    {
        "type": some.sampled_from(
            "transcribe audio-start audio-chunk audio-stop synthesize synthesize-start "
            "synthesize-chunk synthesize-stop".split()
        )
    },
    optional={
        "data": some.dictionaries(
            some.sampled_from(
                ["rate", "width", "channels", "text", "voice", "language", "transcript_names"]
            ),
            _VALUES | some.lists(_VALUES, max_size=2) | some.dictionaries(some.text(), _VALUES),
            max_size=3,
        ),
        "payload_length": some.sampled_from([0, 0, 0, 1, 2**40]),
    },
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(frames=some.lists(_FRAMES, max_size=6))
def test_no_order_of_events_takes_the_server_down(
    household: Any, frames: list[dict[str, Any]]
) -> None:
    """Whatever is said in whatever order, the next client is spoken to, and no place is lost."""

    async def bother() -> None:
        roles = _roles(household)
        server = WyomingServer(roles, WyomingDoor.read("tcp://127.0.0.1:0"))
        port = int((await server.start()).rpartition(":")[2])
        try:
            for _ in range(3):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"".join(json.dumps(one).encode() + b"\n" for one in frames))
                writer.write_eof()
                await writer.drain()
                writer.close()
            async with AsyncTcpClient("127.0.0.1", port, read_timeout=60) as client:
                await client.write_event(Synthesize("Yes.").event())
                assert (await _events(client, "audio-stop"))[-1].type == "audio-stop"
        finally:
            await server.stop()
        assert all(roles.voices.enter("127.0.0.1") for _ in range(4))

    asyncio.run(bother())
