"""The Wyoming server, seen by the package's own client."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from wyoming.asr import Transcript
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.handle import Handled, NotHandled
from wyoming.info import Describe, Info
from wyoming.intent import Intent, IntentsStart, IntentsStop, NotRecognized, Recognize
from wyoming.ping import Ping, Pong

from gnothi.core.errors import InputError
from gnothi.serve.api import build_app
from gnothi.serve.desk import Desk
from gnothi.serve.doors.limits import Rate
from gnothi.serve.wyoming.call import roles_of
from gnothi.serve.wyoming.frames import FrameLimits
from gnothi.serve.wyoming.server import WyomingDoor, WyomingServer

LIGHT = "turn on the kitchen light"


@asynccontextmanager
async def _served(household: Any, **more: Any) -> AsyncIterator[int]:
    desk: Desk = build_app(household).state.desk
    door = WyomingDoor.read("tcp://127.0.0.1:0")
    server = WyomingServer(roles_of(desk), door, **more)
    address = await server.start()
    try:
        yield int(address.rpartition(":")[2])
    finally:
        await server.stop()


async def _ask(port: int, event: Event) -> Event:
    async with AsyncTcpClient("127.0.0.1", port, read_timeout=60) as client:
        await client.write_event(event)
        answer = await client.read_event()
        assert answer is not None
        return answer


async def test_it_introduces_itself(household: Any) -> None:
    """Home Assistant learns that it can converse and control the home."""
    async with _served(household) as port:
        info = Info.from_event(await _ask(port, Describe().event()))
    assert info.handle[0].supports_home_control
    assert info.handle[0].installed
    assert info.handle[0].models[0].languages == ["en"]
    assert info.intent[0].models[0].installed


async def test_what_was_said_is_done(household: Any) -> None:
    """A transcript is a turn like any other, in the conversation that Home Assistant names."""
    context = {"conversation_id": "c1", "satellite_id": "assist_satellite.kitchen"}
    async with _served(household) as port:
        answer = await _ask(port, Transcript(LIGHT, context=context).event())
    handled = Handled.from_event(answer)
    assert Handled.is_type(answer.type)
    assert handled.text == "On."
    assert handled.context == context
    assert household.house.state("light.kitchen").state == "on"
    utterance, session = household.assistant.heard[0]
    assert utterance.device == "assist_satellite.kitchen"
    assert session.endswith("c1")


async def test_half_a_character_spoils_no_journal(household: Any) -> None:
    """It is replaced where it comes in: nobody could write it down, or show the journal."""
    told = {
        "text": f"{LIGHT} \udfff",
        "context": {"conversation_id": "a\udfff", "device_id": "\udfff"},
    }
    async with _served(household) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(json.dumps({"type": "transcript", "data": told}).encode() + b"\n")
        answer = json.loads(await asyncio.wait_for(reader.readline(), 60))
        writer.close()
    assert answer["type"] in ("handled", "not-handled")
    utterance, session = household.assistant.heard[0]
    assert f"{utterance.text}{utterance.device}{session}".isascii()


async def test_who_asks_too_often_has_to_wait(household: Any) -> None:
    """As at every other door."""
    desk: Desk = build_app(household).state.desk
    slow = replace(desk.doors.limits, local=Rate(1.0, 2))
    desk = replace(desk, doors=replace(desk.doors, limits=slow))
    server = WyomingServer(roles_of(desk), WyomingDoor.read("tcp://127.0.0.1:0"))
    port = int((await server.start()).rpartition(":")[2])
    try:
        kinds = [(await _ask(port, Transcript(LIGHT).event())).type for _ in range(4)]
    finally:
        await server.stop()
    assert kinds[:2] == ["handled"] * 2 and kinds[-1] == "error"
    assert len(household.assistant.heard) < 4


async def test_what_nobody_understands_is_not_handled(household: Any) -> None:
    """Home Assistant is told so, and may ask another agent."""
    async with _served(household) as port:
        answer = await _ask(port, Transcript("blah").event())
    assert NotHandled.is_type(answer.type)


async def test_recognising_does_nothing(household: Any) -> None:
    """Asking what was meant gives the intent, and changes nothing."""
    async with _served(household) as port:
        answer = await _ask(port, Recognize(LIGHT).event())
        nothing = await _ask(port, Recognize("blah").event())
    intent = Intent.from_event(answer)
    assert intent.name == "iot_hue_lighton"
    assert [(entity.name, entity.value) for entity in intent.entities] == [
        ("house_place", "kitchen")
    ]
    assert NotRecognized.is_type(nothing.type)
    assert household.house.state("light.kitchen").state == "off"


async def test_several_intents_come_as_a_series(household: Any) -> None:
    """Two requests in one sentence are framed by start and stop."""
    async with (
        _served(household) as port,
        AsyncTcpClient("127.0.0.1", port, read_timeout=60) as client,
    ):
        await client.write_event(Recognize(f"{LIGHT} and {LIGHT}").event())
        kinds = [event.type for _ in range(4) if (event := await client.read_event())]
    assert IntentsStart.is_type(kinds[0])
    assert all(Intent.is_type(kind) for kind in kinds[1:3])
    assert IntentsStop.is_type(kinds[3])


async def test_what_it_does_not_know_is_dropped(household: Any) -> None:
    """An unknown event is skipped, and the connection goes on."""
    async with (
        _served(household) as port,
        AsyncTcpClient("127.0.0.1", port, read_timeout=60) as client,
    ):
        await client.write_event(Event("audio-chunk", {"rate": 1}, b"x" * 3_200))
        await client.write_event(Ping("still there?").event())
        answer = await client.read_event()
    assert answer is not None
    assert Pong.from_event(answer).text == "still there?"


_LINES = some.binary(max_size=60) | some.builds(
    lambda header: json.dumps(header).encode(),
    some.fixed_dictionaries(
        {"type": some.sampled_from(["transcript", "recognize", "describe", "ping", "x"])},
        optional={
            "data": some.dictionaries(
                some.sampled_from(["text", "context", "language"]),
                some.text(max_size=5) | some.integers() | some.none() | some.lists(some.none()),
            )
            | some.integers(),
            "data_length": some.integers(-5, 2**70),
            "payload_length": some.integers(-5, 2**70),
        },
    ),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=some.lists(_LINES, max_size=4))
def test_nothing_that_arrives_takes_the_server_down(household: Any, lines: list[bytes]) -> None:
    """After any garbage the next client is answered."""

    async def bother() -> None:
        async with _served(household) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"\n".join(lines) + b"\n")
            writer.write_eof()
            await writer.drain()
            answer = await _ask(port, Describe().event())
            assert Info.is_type(answer.type)
            writer.close()

    asyncio.run(bother())


async def test_who_says_nothing_is_hung_up_on(household: Any) -> None:
    """Idle connections do not pile up."""
    async with _served(household, limits=FrameLimits(idle_seconds=0.01)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()


def test_strangers_are_kept_out() -> None:
    """Beyond this machine somebody must say who may come: the protocol has no passwords."""
    with pytest.raises(InputError, match="wyoming-from"):
        WyomingDoor.read("tcp://0.0.0.0:10500")
    door = WyomingDoor.read("tcp://0.0.0.0:10500", ["192.168.1.10", "10.1.0.0/16"])
    assert [door.lets_in(one) for one in ("192.168.1.10", "10.1.2.3", "127.0.0.1")] == [True] * 3
    assert not door.lets_in("192.168.1.11")


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1:10500", "http://x:1", "tcp://x", "tcp://[::1", "tcp://a..b:1"]
)
def test_a_wrong_address_is_named(address: str) -> None:
    """A typing error in the address is answered with how to write it."""
    with pytest.raises(InputError, match="tcp://127"):
        WyomingDoor.read(address)
