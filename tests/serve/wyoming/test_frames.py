"""Reading frames from somebody who can't be trusted."""

import asyncio
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as some
from wyoming.event import Event

from gnothi.serve.wyoming.frames import FrameError, FrameLimits, read_frame

LIMITS = FrameLimits(idle_seconds=1, frame_seconds=1)


async def _read(content: bytes) -> list[Event]:
    """Read frames until the end."""
    reader = asyncio.StreamReader(limit=LIMITS.header)
    reader.feed_data(content)
    reader.feed_eof()
    events: list[Event] = []
    while event := await read_frame(reader, LIMITS):
        events.append(event)
    return events


def _frame(header: object, rest: bytes = b"") -> bytes:
    return json.dumps(header).encode() + b"\n" + rest


async def test_a_frame_is_read_whole() -> None:
    """Data inside and behind the header are joined; payloads are skipped."""
    data = b'{"text": "hello"}'
    header = {"type": "transcript", "data": {"language": "en"}, "data_length": len(data)}
    content = _frame(header | {"payload_length": 3}, data + b"abc") + _frame({"type": "describe"})
    assert await _read(content) == [
        Event("transcript", {"language": "en", "text": "hello"}),
        Event("describe", {}),
    ]


@pytest.mark.parametrize(
    "header",
    [
        [],
        "transcript",
        7,
        None,
        {},
        {"type": 3},
        {"type": "x", "data": []},
        {"type": "x", "data_length": -1},
        {"type": "x", "data_length": "9"},
        {"type": "x", "data_length": True},
        {"type": "x", "data_length": 1.5},
        {"type": "x", "data_length": 10**12},
        {"type": "x", "payload_length": 10**300},
        {"type": "x", "payload_length": -5},
        {"type": "x", "data_length": 10},
    ],
)
async def test_a_bad_frame_ends_the_connection(header: object) -> None:
    """Wrong kinds, wrong sizes and missing bytes are all refused alike."""
    with pytest.raises(FrameError):
        await _read(_frame(header))


@pytest.mark.parametrize(
    "content",
    [b"\n", b"{", b"\xff\xfe\n", b"[" * 20_000 + b"\n", b"a" * 100_000, b"9" * 5_000 + b"\n"],
)
async def test_a_bad_line_ends_the_connection(content: bytes) -> None:
    """What is no JSON line is refused, whatever it is."""
    with pytest.raises(FrameError):
        await _read(content)


@given(some.binary(max_size=300))
def test_random_bytes_do_no_harm(content: bytes) -> None:
    """Whatever bytes arrive, reading ends with events or a refusal."""
    try:
        events = asyncio.run(_read(content))
    except FrameError:
        return
    assert all(isinstance(event.type, str) for event in events)


NUMBERS = some.integers() | some.floats() | some.text(max_size=3) | some.none() | some.booleans()


@given(
    some.fixed_dictionaries(
        {},
        optional={
            "type": some.text(max_size=5) | some.none(),
            "data": some.dictionaries(some.text(max_size=3), some.integers(), max_size=2)
            | some.none(),
            "data_length": NUMBERS,
            "payload_length": NUMBERS,
            "version": some.text(max_size=3),
        },
    ),
    some.binary(max_size=50),
)
def test_random_headers_do_no_harm(header: dict[str, object], rest: bytes) -> None:
    """Whatever a header announces, reading ends with events or a refusal."""
    try:
        asyncio.run(_read(_frame(header, rest)))
    except FrameError:
        return


async def test_an_announced_size_costs_no_memory() -> None:
    """Announcing gigabytes makes nobody keep them ready."""
    tracemalloc.start()
    with pytest.raises(FrameError):
        await _read(_frame({"type": "audio-chunk", "payload_length": 2**33}))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


async def test_a_slow_frame_is_given_up() -> None:
    """Who begins a frame and never ends it is hung up on."""
    reader = asyncio.StreamReader()
    reader.feed_data(b'{"type"')
    with pytest.raises(FrameError):
        await read_frame(reader, FrameLimits(idle_seconds=5, frame_seconds=0.01))
