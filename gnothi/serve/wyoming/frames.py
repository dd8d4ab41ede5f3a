"""Reading Wyoming frames from somebody who can't be trusted.

The protocol announces how many bytes follow, and the package reads and keeps as many. Here sizes
are checked before anything is read, and everything is parsed strictly.
"""

import asyncio
import json
from asyncio import IncompleteReadError, StreamReader
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from wyoming.audio import AudioChunk
from wyoming.event import Event


class FrameError(Exception):
    """What arrived is no frame; the connection can't go on, as nobody knows where the next is."""


@dataclass(frozen=True, slots=True)
class FrameLimits:
    """How much of a frame is read, and for how long it may take."""

    header: int = 32 * 1024
    data: int = 64 * 1024
    payload: int = 256 * 1024
    """Sound: several seconds of it in one frame. Payloads of other kinds are skipped, not kept."""
    idle_seconds: float = 300
    frame_seconds: float = 10


_SKIP = 16 * 1024


async def read_frame(reader: StreamReader, limits: FrameLimits) -> Event | None:
    """Return the next event, ``None`` at the end of the connection; only sound has a payload.

    Raises:
        FrameError: the frame is malformed, too large or too slow.
    """
    try:
        async with asyncio.timeout(limits.idle_seconds):
            first = await reader.read(1)
        if not first:
            return None
        async with asyncio.timeout(limits.frame_seconds):
            return await _rest(first, reader, limits)
    except (TimeoutError, IncompleteReadError) as error:
        raise FrameError("incomplete") from error


async def _rest(first: bytes, reader: StreamReader, limits: FrameLimits) -> Event:
    header = _object(first + await _line(reader, limits.header))
    data = header.get("data")
    if data is not None and not isinstance(data, dict):
        raise FrameError("data is no object")
    more = await reader.readexactly(_size(header, "data_length", limits.data))
    size = _size(header, "payload_length", limits.payload)
    kind = header.get("type")
    if not isinstance(kind, str):
        raise FrameError("no type")
    payload: bytes | None = None
    if AudioChunk.is_type(kind):
        payload = await reader.readexactly(size)
    else:
        await _skip(reader, size)
    inline = cast("Mapping[str, object]", data or {})
    return Event(kind, {**inline, **(_object(more) if more else {})}, payload)


async def _line(reader: StreamReader, limit: int) -> bytes:
    """Return the rest of the line. The stream's own limit bounds what is buffered meanwhile."""
    try:
        line = await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError as error:
        raise FrameError("header too long") from error
    if len(line) > limit:
        raise FrameError("header too long")
    return line


def _size(header: Mapping[str, object], name: str, limit: int) -> int:
    size = header.get(name)
    if size is None:
        return 0
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= limit:
        raise FrameError(f"{name} is out of bounds")
    return size


async def _skip(reader: StreamReader, size: int) -> None:
    while size > 0:
        chunk = await reader.readexactly(min(size, _SKIP))
        size -= len(chunk)


def _object(text: bytes) -> dict[str, object]:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FrameError("no JSON") from error
    if not isinstance(found, dict):
        raise FrameError("no object")
    return cast("dict[str, object]", found)
