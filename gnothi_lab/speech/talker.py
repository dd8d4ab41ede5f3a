"""Somebody who talks to a running household as a page does, and looks at the clock.

The household is served as the product serves it, by a process of its own: its doors, its
end-pointer, its journal on disk. Sound is sent in real time over a WebSocket, 20 ms at a time.
"""

import asyncio
import json
import multiprocessing
import socket
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from gnothi.core.hearing import RATE, Samples
from gnothi.core.settings import Settings
from gnothi.speech.resample import from_pcm16, to_pcm16

FRAME_S = 0.02
AUDIBLE = 0.01
"""Of full scale: softer samples at the beginning of an answer are not heard."""
PATIENCE_S = 20.0
_READY_S = 180.0


@dataclass(frozen=True, slots=True)
class Said:
    """Something that is said, in a room; when it ends is known."""

    text: str
    kind: str
    samples: Samples
    end_s: float
    """Seconds from the first sample to the end of speech."""


@dataclass(slots=True)
class Answered:
    """When it was answered, in seconds by the clock of who talks."""

    end: float = np.inf
    """When the last of what was said was spoken."""
    at: dict[str, float] = field(default_factory=dict[str, float])
    """When the first message of each kind came."""
    text: str = ""
    endpoint_ms: float = 0.0
    """The silence that the household waited for, by its own account."""
    transcript_ms: float = 0.0
    """What it then took to say what was said, by its own account."""

    @property
    def is_whole(self) -> bool:
        """Whether an answer was heard, to something that was not cut off before its end."""
        return {"heard", "answer", "sound"} <= self.at.keys() and self.at["heard"] >= self.end

    def ms(self, first: str, last: str) -> float:
        """Return milliseconds from the one to the other; ``end`` is the end of speech."""
        begin = self.end if first == "end" else self.at[first]
        return (self.at[last] - begin) * 1000


@contextmanager
def served(settings: Settings, *, judges: bool = True) -> Generator[int]:
    """Serve the household of *settings* in a process of its own; yield its port.

    Without *judges*, it knows nothing but pauses.
    """
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(settings, port, judges), daemon=True)
    process.start()
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.join(10)


@asynccontextmanager
async def talking(port: int) -> AsyncGenerator[ClientConnection]:
    """Open a microphone that is ready to listen."""
    async with connect(f"ws://127.0.0.1:{port}/api/hear", open_timeout=_READY_S) as line:
        begin = {"type": "begin", "rate": RATE, "session": f"talk-{time.time_ns()}"}
        await line.send(json.dumps(begin))
        async with asyncio.timeout(_READY_S):
            while json.loads(await line.recv())["type"] != "hello":
                pass
        yield line


async def talk(port: int, said: Said, tone: Samples) -> Answered:
    """Say *said*, followed by *tone* for as long as it takes, and wait for the answer."""
    async with talking(port) as line:
        told = Answered()
        listening = asyncio.create_task(_listen(line, told))
        sending = asyncio.create_task(_send(line, said, tone, told))
        with suppress(TimeoutError):
            await asyncio.wait_for(listening, said.end_s + PATIENCE_S)
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        return told


async def _send(line: ClientConnection, said: Said, tone: Samples, told: Answered) -> None:
    """Send sound in real time; note when the end of speech went out."""
    size = int(FRAME_S * RATE)
    began, at, end = time.perf_counter(), 0, int(said.end_s * RATE)
    while True:
        piece = said.samples[at : at + size]
        if len(piece) < size:
            piece = np.concatenate([piece, np.resize(tone, size - len(piece))])
        await line.send(to_pcm16(piece))
        if at <= end < at + size:
            # A microphone hands a frame out when it is full: its first sample is old by then.
            told.end = time.perf_counter() - (at + size - end) / RATE
        at += size
        await asyncio.sleep(max(0.0, began + at / RATE - time.perf_counter()))


async def _listen(line: ClientConnection, told: Answered) -> None:
    """Note when each thing comes, until the answer is audible."""
    rate, heard = RATE, 0
    async for message in line:
        now = time.perf_counter()
        if isinstance(message, bytes):
            sound = from_pcm16(message)
            audible = np.flatnonzero(np.abs(sound) >= AUDIBLE)
            if len(audible):
                told.at["sound"] = now + (heard + int(audible[0])) / rate
                return
            heard += len(sound)
            continue
        found: Mapping[str, Any] = json.loads(message)
        told.at.setdefault(found["type"], now)
        if found["type"] == "speech":
            rate = found["rate"]
        elif found["type"] == "answer":
            told.text = found["answer"]["text"]
            stages = {one["stage"]: one["ms"] for one in found["answer"]["trace"]}
            told.endpoint_ms, told.transcript_ms = stages["endpoint"], stages["transcript"]
        elif found["type"] in ("unheard", "problem"):
            return


def _serve(settings: Settings, port: int, judges: bool) -> None:
    asyncio.run(_live(settings, port, judges=judges))


async def _live(settings: Settings, port: int, *, judges: bool) -> None:
    from dataclasses import replace

    from gnothi.serve.api import build_app
    from gnothi.serve.household import Household
    from gnothi.serve.listening.equipment import Equipment

    household = Household.open(settings)
    await household.start()
    app = build_app(household)
    if not judges:
        equipment = Equipment(household, judges=False)
        app.state.desk = replace(app.state.desk, equipment=equipment)
    config = uvicorn.Config(
        app, port=port, lifespan="off", log_level="error", ws="websockets-sansio"
    )
    try:
        await uvicorn.Server(config).serve()
    finally:
        await household.stop()


def _await(port: int) -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError("The household did not open its doors.")


def in_folder(folder: Path, recogniser: str) -> Settings:
    """Return the settings of a fresh household that listens with *recogniser*."""
    found = {"GNOTHI_FOLDER": str(folder / recogniser), "GNOTHI_RECOGNISER": recogniser}
    return Settings.from_environment(found)
