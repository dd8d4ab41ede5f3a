"""A household with a microphone: real doors, and an ear and a voice that tests can foresee.

Whatever is loud is speech. Who listens understands every utterance as the next sentence of a
script, a word for each quarter of a second; who speaks hums.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession

from gnothi.core.acting import Reply
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Partial, Samples
from gnothi.core.settings import Settings
from gnothi.core.speaking import Ability, Block, Speech, Voice
from gnothi.serve.listening.equipment import Equipment
from gnothi.serve.voice import HouseVoice
from gnothi.speech.resample import to_pcm16
from tests.speech.loud import Detector

PATIENCE = 20.0
"""Seconds until a test gives up waiting; nothing is measured by it."""
LIGHT = "turn on the kitchen light"


class Script:
    """A recogniser that hears what is in its script."""

    name = "script"

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.hints: list[Hints] = []
        self.open_streams = 0

    def open(self, hints: Hints = NO_HINTS) -> "Reading":
        self.open_streams += 1
        self.hints.append(hints)
        return Reading(self)


class Reading:
    """One utterance of it."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._heard = 0

    @property
    def _words(self) -> list[str]:
        return self._script.lines[0].split() if self._script.lines else []

    def accept(self, samples: Samples) -> Partial:
        self._heard += len(samples)
        return Partial(" ".join(self._words[: self._heard * 4 // RATE]))

    def finish(self) -> Sequence[Hypothesis]:
        words = " ".join(self._words)
        self._script.lines[:1] = []
        return (Hypothesis(words, -1.0), Hypothesis(f"{words} now", -2.0)) if words else ()

    def close(self) -> None:
        self._script.open_streams -= 1


class Hum:
    """A speaker that hums for a while, whatever is to be said."""

    name = "hum"
    rate = 8_000
    abilities: frozenset[Ability] = frozenset()

    def __init__(self) -> None:
        self.seconds = 0.3
        self.closed = 0

    def voices(self) -> Sequence[Voice]:
        return (Voice("hum", "en"),)

    def speak(self, speech: Speech, *, voice: str | None = None) -> "Humming":
        return Humming(self)


class Humming:
    """Blocks of a tenth of a second."""

    def __init__(self, owner: Hum) -> None:
        self._owner = owner
        self._left = round(owner.seconds * 10)
        self._is_open = True

    def __iter__(self) -> "Humming":
        return self

    def __next__(self) -> Block:
        if not self._left or not self._is_open:
            raise StopIteration
        self._left -= 1
        return np.full(self._owner.rate // 10, 0.1, np.float32)

    def close(self) -> None:
        if self._is_open:
            self._owner.closed += 1
        self._is_open = False


class Humbly(HouseVoice):
    """The voice of a household whose speaker hums."""

    def __init__(self, settings: Settings, speaker: Hum | None) -> None:
        super().__init__(settings)
        self._hum = speaker

    @property
    def speaker(self) -> Hum | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._hum

    @property
    def lacks(self) -> str:
        return "" if self._hum else "Nobody can speak."

    def say(self, reply: Reply | str, *, voice: str | None = None, language: str = "en") -> Any:
        assert self._hum is not None
        return self._hum.speak(Speech(()))


class Microphone:
    """A page with a microphone, as a test uses it."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self.socket = socket
        self.sound = b""
        self._waiting = ThreadPoolExecutor(1)

    def begin(self, **values: object) -> dict[str, Any]:
        """Begin; return the greeting."""
        self.tell("begin", **{"rate": RATE, **values})
        return self.until("hello")

    def tell(self, kind: str, **values: object) -> None:
        """Say something beside the sound."""
        self.socket.send_text(json.dumps({"type": kind, **values}))

    def speak(self, seconds: float = 1.5) -> None:
        """Send sound of somebody who speaks."""
        self._send(0.3 * np.random.default_rng(0).uniform(-1, 1, int(seconds * RATE)))

    def rest(self, seconds: float = 1.2) -> None:
        """Send sound of nobody."""
        self._send(0.0005 * np.random.default_rng(1).uniform(-1, 1, int(seconds * RATE)))

    def _send(self, samples: Any) -> None:
        for at in range(0, len(samples), RATE // 25):
            self.socket.send_bytes(to_pcm16(samples[at : at + RATE // 25].astype(np.float32)))

    def next(self) -> dict[str, Any]:
        """Return the next message; sound is kept beside."""
        while True:
            received = self._waiting.submit(self.socket.receive).result(PATIENCE)
            if received["type"] == "websocket.close":
                return {"type": "left", "code": received["code"], "reason": received["reason"]}
            if received.get("bytes") is not None:
                self.sound += received["bytes"]
            else:
                return json.loads(received["text"])

    def until(self, kind: str) -> dict[str, Any]:
        """Return the next message of that kind; every other one is passed over."""
        while (message := self.next())["type"] not in (kind, "left", "problem"):
            pass
        assert message["type"] == kind, message
        return message


@pytest.fixture
def script() -> Script:
    """What will be said."""
    return Script()


@pytest.fixture
def hum() -> Hum:
    """Who answers."""
    return Hum()


@pytest.fixture
def hearing(app: FastAPI, household: Any, script: Script, hum: Hum) -> FastAPI:
    """The household's application with such an ear and such a voice."""
    equipment = Equipment(
        household,
        recogniser=lambda: script,
        detector=Detector(),
        voice=Humbly(household.settings, hum),
        judges=False,
    )
    app.state.desk = replace(app.state.desk, equipment=equipment)
    return app


@pytest.fixture
def microphone(hearing: FastAPI, here: TestClient) -> Iterator[Microphone]:
    """A microphone of the machine itself."""
    with connected(here) as one:
        yield one


@contextmanager
def connected(client: TestClient) -> Iterator[Microphone]:
    """Connect another microphone."""
    with client.websocket_connect("ws://127.0.0.1:8765/api/hear") as socket:
        yield Microphone(socket)
