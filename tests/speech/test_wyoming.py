"""Any Wyoming service recognises for us, and one that misbehaves is told in a sentence."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from wyoming.asr import Transcribe, Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.audio import AudioChunk, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info
from wyoming.server import AsyncEventHandler

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.hearing import RATE, Hints, Samples
from gnothi.core.protocols import Name
from gnothi.speech.wyoming import Waits, WyomingRecogniser
from gnothi.testing.hearing import recogniser_complaints
from tests.speech.wyoming_service import served

SOUND = (0.3 * np.sin(np.arange(RATE) / 5)).astype(np.float32)
HINTS = Hints(names=(Name("Zoobo Lamp", "x", "device"),))
BY = Attribution("nobody", "https://example.org")


class Service(AsyncEventHandler):
    """Hears names where it is loud, and nothing in silence."""

    loud = 0
    told: Transcribe

    async def handle_event(self, event: Event) -> bool:
        if Describe.is_type(event.type):
            model = AsrModel("tiny", BY, True, None, None, ["en"])
            program = AsrProgram("test", BY, True, None, None, [model])
            await self.write_event(Info(asr=[program]).event())
        elif Transcribe.is_type(event.type):
            self.told = Transcribe.from_event(event)
        elif AudioChunk.is_type(event.type):
            values = np.frombuffer(AudioChunk.from_event(event).audio, "<i2")
            if not self.loud and np.abs(values).max(initial=0) > 1000:
                await self.write_event(TranscriptStart().event())
                await self.write_event(TranscriptChunk("Turn on the ").event())
            self.loud += int((np.abs(values) > 1000).sum())
        elif AudioStop.is_type(event.type):
            if self.told.language == "xx":
                await self.write_event(Error("no such language").event())
                return False
            names = ", ".join(self.told.transcript_names or ())
            text = f"Turn on the {names} {self.loud}." if self.loud else ""
            await self.write_event(Transcript(text).event())
            await self.write_event(TranscriptStop().event())
            return False
        return True


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run a service."""
    with served(Service) as address:
        yield address


def test_a_service_is_a_recogniser(address: str) -> None:
    """It keeps the contract of recognisers."""
    assert list(recogniser_complaints(WyomingRecogniser(address), SOUND, hints=HINTS)) == []


def test_a_service_is_told_the_names_and_heard_while_it_listens(address: str) -> None:
    """Names go out, partial text comes in before the end."""
    stream = WyomingRecogniser(address).open(HINTS)
    partial = stream.accept(SOUND)
    for _ in range(200):
        if partial.text:
            break
        threading.Event().wait(0.02)
        partial = stream.accept(SOUND[:0])
    assert partial.text.strip() == "Turn on the"
    (found,) = stream.finish()
    stream.close()
    assert found.text.startswith("Turn on the Zoobo Lamp")


def test_a_service_names_its_models(address: str) -> None:
    """So that people can choose."""
    assert [model.name for model in WyomingRecogniser(address).models()] == ["tiny"]


def test_what_fails_at_the_service_is_told(address: str) -> None:
    """Its own words reach the person."""
    stream = WyomingRecogniser(address).open(Hints(language="xx"))
    stream.accept(SOUND)
    with pytest.raises(ProviderError, match="no such language"):
        stream.finish()
    stream.close()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"hello\n", "does not speak Wyoming"),
        (b'{"type": 3}\n', "does not speak Wyoming"),
        (b'{"type": "transcript", "data_length": 999999999999}\n', "does not speak Wyoming"),
        (b'{"type": "transcript", "data_length": -1}\n', "does not speak Wyoming"),
        (b"x" * 100_000, "does not speak Wyoming"),
        (b"", "hung up"),
        (None, "did not answer"),
    ],
)
def test_what_misbehaves_is_told(reply: bytes | None, told: str) -> None:
    """Nonsense, endless lines, hanging up and silence become sentences, in bounded time."""
    with _talking(reply) as address:
        stream = WyomingRecogniser(address, waits=Waits(2.0, 0.3)).open()
        try:
            with pytest.raises(ProviderError, match=told):
                _hear(stream.accept, stream.finish)
        finally:
            stream.close()


def test_a_service_that_ends_early_and_hangs_up_is_heard() -> None:
    """Its transcript stays, whatever is said after it."""
    reply = b'{"type": "transcript", "data": {"text": "Turn on the lamp."}}\n'
    with _talking(reply, is_rude=True) as address:
        stream = WyomingRecogniser(address, waits=Waits(2.0, 0.3)).open()
        threading.Event().wait(0.1)
        texts = [stream.accept(SOUND).text for _ in range(5)]
        (found,) = stream.finish()
        stream.close()
    assert texts == ["Turn on the lamp."] * 5
    assert found.text == "Turn on the lamp."


def test_a_transcript_that_is_there_when_the_sound_ends_is_taken() -> None:
    """Even if nobody takes the last message any more."""
    reply = b'{"type": "transcript", "data": {"text": "Turn on the lamp."}}\n'
    with _talking(reply, is_rude=True, after=len(SOUND)) as address:
        stream = WyomingRecogniser(address, waits=Waits(2.0, 0.3)).open()
        stream.accept(SOUND)
        threading.Event().wait(0.2)
        (found,) = stream.finish()
        stream.close()
    assert found.text == "Turn on the lamp."


def test_a_connection_that_breaks_at_once_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left open where nobody listens."""
    links: list[socket.socket] = []
    connect = socket.create_connection

    def broken(*arguments: object) -> socket.socket:
        link = connect(*arguments)  # pyright: ignore[reportArgumentType]
        link.shutdown(socket.SHUT_WR)
        links.append(link)
        return link

    monkeypatch.setattr(socket, "create_connection", broken)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(ProviderError, match="hung up"),
    ):
        WyomingRecogniser(f"tcp://127.0.0.1:{listener.getsockname()[1]}").open()
    assert [link.fileno() for link in links] == [-1]


def test_nobody_there_is_told() -> None:
    """The address is in the sentence."""
    port = _free_port()
    with pytest.raises(ProviderError, match=f"127.0.0.1:{port}"):
        WyomingRecogniser(f"tcp://127.0.0.1:{port}").open()


@pytest.mark.parametrize(
    "address", ["", "http://a:1", "tcp://a", "tcp://:1", "tcp://a:x", "tcp://a..b:1"]
)
def test_addresses_are_checked(address: str) -> None:
    """What is no address of a service is refused at once."""
    with pytest.raises(InputError, match="address"):
        WyomingRecogniser(address)


def _hear(accept: Callable[[Samples], object], finish: Callable[[], object]) -> None:
    accept(SOUND)
    finish()


@contextmanager
def _talking(reply: bytes | None, *, after: int = 1, is_rude: bool = False) -> Iterator[str]:
    """Serve one connection: read a little, say *reply*, and hang up unless it is ``None``.

    At least *after* bytes are read. Who *is_rude* hears nothing more afterwards.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        link, _ = listener.accept()
        with link:
            heard = 0
            while heard < after:
                heard += len(link.recv(100))
            if reply is None:
                over.wait(10)
                return
            link.sendall(reply)
            if is_rude:
                return
            link.shutdown(socket.SHUT_WR)
            over.wait(10)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        listener.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
