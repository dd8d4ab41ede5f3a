"""A household that is served, from the first line in the terminal to the end."""

import asyncio
import os
import re
import signal
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient
from wyoming.handle import Handled

from gnothi.core.errors import InputError
from gnothi.serve.run import Doorways, picture, welcome

LIGHT = "turn on the kitchen light"


class _Terminal:
    """Remembers what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.changed = asyncio.Event()

    def say(self, line: str) -> None:
        self.lines.append(line)
        self.changed.set()

    async def wait_for(self, pattern: str) -> str:
        while True:
            for line in self.lines:
                if found := re.search(pattern, line):
                    return found[1]
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 60)


@asynccontextmanager
async def _running(household: Any, doorways: Doorways) -> AsyncIterator[_Terminal]:
    terminal = _Terminal()
    running = asyncio.create_task(welcome(household, doorways, terminal.say))
    try:
        await terminal.wait_for(r"(http://127\.0\.0\.1:\d+)")
        yield terminal
    finally:
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            running.cancel()  # it never came so far as to take signals: leave the tests alive
        else:
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(running, 60)


async def test_it_says_where_it_is_and_answers_there(household: Any) -> None:
    """The address in the terminal works, over HTTP and as WebSocket, and a signal ends it."""
    async with _running(household, Doorways(port=0)) as terminal:
        address = await terminal.wait_for(r"(http://127\.0\.0\.1:\d+)")
        async with (
            httpx.AsyncClient(base_url=address, trust_env=False) as client,
            connect(address.replace("http", "ws") + "/api/ws", proxy=None) as socket,
        ):
            answer = await client.post("/api/turn", json={"text": LIGHT})
            assert answer.json()["actions"][0]["status"] == "done"
            assert "hello" in str(await socket.recv())
            assert "light.kitchen" in str(await socket.recv())
            assert "server" not in answer.headers
    assert household.running is False


async def test_a_phone_on_the_network_pairs_with_the_code(household: Any) -> None:
    """With --lan there is TLS, and the picture's address lets one device in."""
    async with _running(household, Doorways(port=0, lan=True)) as terminal:
        link = await terminal.wait_for(r"(https://\S+/pair\?code=\S+)")
        port = re.search(r":(\d+)/", link)
        assert port
        trusting = ssl.create_default_context()
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        base = f"https://127.0.0.1:{port[1]}"
        async with httpx.AsyncClient(base_url=base, verify=trusting, trust_env=False) as phone:
            phone.headers["Host"] = f"192.168.1.5:{port[1]}"
            assert (await phone.get("/api/devices")).status_code == 401
            body = {"code": link.rpartition("=")[2], "name": "phone"}
            token = (await phone.post("/api/pair", json=body)).json()["token"]
            phone.headers["Authorization"] = f"Bearer {token}"
            assert (await phone.get("/api/devices")).status_code == 200


async def test_wyoming_is_served_beside_it(household: Any) -> None:
    """Home Assistant reaches the same household."""
    doorways = Doorways(port=0, wyoming="tcp://127.0.0.1:0")
    async with _running(household, doorways) as terminal:
        port = await terminal.wait_for(r"tcp://127\.0\.0\.1:(\d+)")
        async with AsyncTcpClient("127.0.0.1", int(port), read_timeout=60) as client:
            await client.write_event(Transcript(LIGHT).event())
            answer = await client.read_event()
    assert answer is not None
    assert Handled.from_event(answer).text == "On."


def test_the_picture_can_be_typed_too() -> None:
    """Who can't scan reads the address below the picture."""
    drawn = picture("https://192.168.1.5:8766/pair?code=abc")
    assert "█" in drawn
    assert drawn.splitlines()[-1] == "https://192.168.1.5:8766/pair?code=abc"


async def test_it_listens_at_the_satellites_that_it_is_told_of(household: Any) -> None:
    """Each is called while the household is served, and left when it ends."""
    nobody = "wyoming:tcp://127.0.0.1:1"  # who listens is of no matter here
    household.settings = replace(household.settings, recogniser=nobody)
    called, left = asyncio.Event(), asyncio.Event()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        await reader.read()
        left.set()
        writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    place = f"kitchen=tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with _running(household, Doorways(port=0, satellites=(place,))) as terminal:
        assert await terminal.wait_for(r"Listening at (\w+)") == "kitchen"
        await asyncio.wait_for(called.wait(), 60)
    await asyncio.wait_for(left.wait(), 60)
    server.close()


async def test_a_wrong_satellite_is_told_before_anything_is_served(household: Any) -> None:
    """A typing error in an address ends the start, in a sentence."""
    with pytest.raises(InputError, match="tcp://HOST"):
        await welcome(household, Doorways(port=0, satellites=("kitchen",)), print)
    with pytest.raises(InputError, match="wake word"):
        await welcome(household, Doorways(port=0, wake="alexa"), print)
