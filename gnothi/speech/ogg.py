"""Pages of Ogg (RFC 3533): packets out of them as they come, and packets into them."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gnothi.core.errors import InputError

CAPTURE = b"OggS"
_HEADER = struct.Struct("<4sBBqIIIB")
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_FULL = 255
"""A segment so long is not the last one of its packet; a page has no more segments than this."""
_POLYNOMIAL, _TOP, _WORD = 0x04C11DB7, 0x80000000, 0xFFFFFFFF
_LONGEST_PACKET = 1 << 20


def _table() -> tuple[int, ...]:
    found: list[int] = []
    for value in range(256):
        left = value << 24
        for _ in range(8):
            left = (left << 1 ^ _POLYNOMIAL if left & _TOP else left << 1) & _WORD
        found.append(left)
    return tuple(found)


_TABLE = _table()


def checksum(page: bytes) -> int:
    """Return the sum of a *page* in which the place of the sum holds zeros."""
    left = 0
    for byte in page:
        left = (left << 8 & _WORD) ^ _TABLE[left >> 24 ^ byte]
    return left


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of a stream completes."""

    packets: Sequence[bytes]
    position: int
    """Where it ends, in a unit of the packets' own."""
    is_last: bool
    """Whether its stream ends with it."""


class PageReader:
    """Takes bytes of one Ogg stream as they come, and hands out whole packets."""

    def __init__(self) -> None:
        """Begin with no byte."""
        self._waiting = b""
        self._packet = b""
        self._serial: int | None = None

    def take(self, data: bytes) -> Iterator[Page]:
        """Yield the pages that *data* completes.

        Raises:
            InputError: this is no Ogg, or a page is damaged.
        """
        self._waiting += data
        while page := self._page():
            yield page

    def finish(self) -> None:
        """Check that nothing is left.

        Raises:
            InputError: the stream ends within a page or a packet.
        """
        if self._waiting or self._packet:
            raise InputError("The Ogg stream ends in the middle of a page: it was cut off.")

    def _page(self) -> Page | None:
        """Return the next page, once it is whole."""
        waiting = self._waiting
        if not CAPTURE.startswith(waiting[: len(CAPTURE)]):
            raise InputError("This is no Ogg stream: no page begins where one should.")
        if len(waiting) < _HEADER.size:
            return None
        _, version, kind, position, serial, _, told, count = _HEADER.unpack_from(waiting)
        begin = _HEADER.size + count
        segments = waiting[_HEADER.size : begin]
        end = begin + sum(segments)
        if version:
            raise InputError(f"Ogg of version {version} can't be read.")
        if len(segments) < count or len(waiting) < end:
            return None
        if checksum(waiting[:22] + bytes(4) + waiting[26:end]) != told:
            raise InputError("The Ogg stream is damaged: a page has another sum than it says.")
        if self._serial not in (None, serial) and not kind & _FIRST:
            raise InputError("There are several streams in this Ogg: send sound alone.")
        self._serial, self._waiting = serial, waiting[end:]
        if not kind & _CONTINUED:
            self._packet = b""  # the rest of one that was lost
        packets = list(self._packets(segments, waiting[begin:end]))
        return Page(packets, position, bool(kind & _LAST))

    def _packets(self, segments: Sequence[int], body: bytes) -> Iterator[bytes]:
        at = 0
        for size in segments:
            self._packet += body[at : at + size]
            at += size
            if len(self._packet) > _LONGEST_PACKET:
                raise InputError("A packet in this Ogg stream is longer than any sound.")
            if size < _FULL:
                yield self._packet
                self._packet = b""


def write(packets: Sequence[tuple[bytes, int]], heads: Sequence[bytes]) -> bytes:
    """Return a whole stream: a page for each of *heads*, then *packets* with their positions."""
    pages = [_written([head], 0, at, _FIRST if at == 0 else 0) for at, head in enumerate(heads)]
    waiting: list[bytes] = []
    room, position = _FULL, 0
    for packet, until in packets:
        needed = len(packet) // _FULL + 1
        if needed > room and waiting:
            pages.append(_written(waiting, position, len(pages), 0))
            waiting, room = [], _FULL
        waiting.append(packet)
        room, position = room - needed, until
    pages.append(_written(waiting, position, len(pages), _LAST))
    return b"".join(pages)


def _written(packets: Sequence[bytes], position: int, number: int, kind: int) -> bytes:
    segments = b"".join(
        bytes([_FULL]) * (len(packet) // _FULL) + bytes([len(packet) % _FULL]) for packet in packets
    )

    def headed(total: int) -> bytes:
        return _HEADER.pack(CAPTURE, 0, kind, position, 1, number, total, len(segments))

    body = segments + b"".join(packets)
    return headed(checksum(headed(0) + body)) + body
