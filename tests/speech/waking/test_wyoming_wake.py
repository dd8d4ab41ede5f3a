"""A wake word service listens for us, and one that misbehaves is told in a sentence."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from wyoming.audio import AudioChunk
from wyoming.event import Event
from wyoming.info import Attribution, Describe, Info, WakeModel, WakeProgram
from wyoming.server import AsyncEventHandler
from wyoming.wake import Detect, Detection

from gnothi.core.errors import InputError, ProviderError
from gnothi.core.hearing import RATE, Samples
from gnothi.core.waking import Woken
from gnothi.speech.waking.wakers import open_wake_word
from gnothi.speech.waking.wyoming import WyomingWake, WyomingWakeStream
from gnothi.testing.waking import wake_word_complaints
from tests.speech.wyoming_service import served

BY = Attribution("nobody", "https://example.org")
LOUD = (0.5 * np.sin(np.arange(RATE // 2) / 5)).astype(np.float32)
QUIET = np.zeros(RATE, np.float32)


class Service(AsyncEventHandler):
    """Wakes at what is loud, and tells it again for every chunk, as services do."""

    heard = 0
    """Samples, on all connections together."""
    names: list[str] | None = None

    async def handle_event(self, event: Event) -> bool:
        if Describe.is_type(event.type):
            model = WakeModel("ok_test", BY, True, None, None, ["en"], "okay test")
            await self.write_event(
                Info(wake=[WakeProgram("x", BY, True, None, None, [model])]).event()
            )
        elif Detect.is_type(event.type):
            self.names = Detect.from_event(event).names
        elif AudioChunk.is_type(event.type):
            chunk = AudioChunk.from_event(event)
            if np.abs(np.frombuffer(chunk.audio, "<i2").astype(int)).max(initial=0) > 5_000:
                word = (self.names or ["ok_test"])[0]
                await self.write_event(Detection(word, chunk.timestamp).event())
            Service.heard += chunk.samples
        return True


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run a service."""
    with served(Service) as address:
        yield address


class Patient(WyomingWake):
    """Waits until the service has heard each piece of sound, as a microphone would."""

    def open(self) -> "PatientStream":
        return PatientStream(super().open())


class PatientStream:
    def __init__(self, stream: WyomingWakeStream) -> None:
        self._stream = stream
        self.close = stream.close

    def accept(self, samples: Samples) -> list[Woken]:
        until = Service.heard + len(samples)
        told = [*self._stream.accept(samples)]
        for _ in range(5_000):
            if Service.heard >= until:
                break
            threading.Event().wait(0.001)
        return [*told, *self._stream.accept(samples[:0])]


def test_a_service_listens(address: str) -> None:
    """It keeps the contract of what wakes us: once for each time that it is said."""
    clip = np.concatenate([QUIET, LOUD, QUIET])
    assert list(wake_word_complaints(Patient(address), clip)) == []


def test_words_are_chosen_by_their_names(address: str) -> None:
    """Those behind the address go to the service, which knows others."""
    wake = open_wake_word(f"wyoming:{address}/one,two")
    assert isinstance(wake, WyomingWake)
    assert wake.known() == ["ok_test"]
    stream = wake.open()
    found = [*stream.accept(LOUD)]
    for _ in range(200):
        if found:
            break
        threading.Event().wait(0.01)
        found += stream.accept(LOUD[:0])
    stream.close()
    assert [one.word for one in found] == ["one"]


def test_a_service_that_is_away_is_told() -> None:
    """So is a wrong choice; no choice is nobody."""
    with pytest.raises(ProviderError, match="Nobody answers"):
        WyomingWake("tcp://127.0.0.1:1").open()
    with pytest.raises(InputError, match="There are: wyoming"):
        open_wake_word("alexa")
    with pytest.raises(InputError, match="Write it as wyoming:tcp"):
        open_wake_word("wyoming")
    assert open_wake_word("") is None
