"""Opus as it comes: in pages of Ogg, or packet by packet, decoded while it is sent.

libsndfile, which the package ``soundfile`` brings along for every platform, reads whole Ogg files.
Packages that decode single packets need a library of the system, or have no wheels for all the
machines we serve. So packets are put into small files of their own, behind the last few before
them: a decoder has found its way after 80 ms (RFC 7845, section 4.6), and what it says of these is
dropped. After 160 ms what differs from decoding the whole is 31 dB below speech, after 80 it is 20.
"""

import contextlib
import io
import math
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech import ogg

HEAD, TAGS = b"OpusHead", b"OpusTags"
_HEAD = struct.Struct("<8sBBHIhB")
_OPUS_RATE = 48_000
"""Positions and lengths are told in samples of this rate, whatever was recorded."""
_AGAIN = _OPUS_RATE * 160 // 1000
_AT_ONCE = _OPUS_RATE * 60 // 1000
"""So much is decoded at once: a file for each packet would cost more."""
_LONGEST = _OPUS_RATE * 120 // 1000
_LONGEST_PACKET = 61_440
_SILK, _HYBRID, _CELT = (480, 960, 1920, 2880), (480, 960), (120, 240, 480, 960)
_NOTHING = np.zeros(0, np.float32)


def duration(packet: bytes) -> int:
    """Return how long a *packet* is, in samples at 48 kHz (RFC 6716, section 3.1).

    Raises:
        InputError: it is no packet of Opus.
    """
    if not 0 < len(packet) <= _LONGEST_PACKET:
        raise InputError("This is no Opus: a packet is empty or too long.")
    kind, code = packet[0] >> 3, packet[0] & 3
    sizes = _SILK if kind < 12 else _HYBRID if kind < 16 else _CELT
    frame = sizes[kind % len(sizes)]
    if code == 3 and len(packet) < 2:
        raise InputError("This is no Opus: a packet is cut off.")
    count = packet[1] & 63 if code == 3 else min(code + 1, 2)
    if not 0 < frame * count <= _LONGEST:
        raise InputError("This is no Opus: a packet has no length.")
    return frame * count


class PacketDecoder:
    """Decodes packets of one stream, in order, to mono sound at 16 kHz."""

    def __init__(self, skip: int = 0) -> None:
        """Begin; the first *skip* samples at 48 kHz are none of the sound."""
        self._before: deque[tuple[bytes, int]] = deque()
        self._waiting: list[tuple[bytes, int]] = []
        self._waits = 0
        self._skip = skip // (_OPUS_RATE // RATE)
        self.length = 0
        """Samples at 48 kHz of all packets."""

    def take(self, packet: bytes) -> Samples:
        """Return the sound that *packet* completes; often nothing, for several are decoded at once.

        Raises:
            InputError: it is no packet of Opus.
        """
        length = duration(packet)
        self._waiting.append((packet, length))
        self._waits += length
        self.length += length
        return self._decoded() if self._waits >= _AT_ONCE else _NOTHING

    def flush(self) -> Samples:
        """Return what waits for more.

        Raises:
            InputError: what waits is no Opus.
        """
        return self._decoded() if self._waiting else _NOTHING

    def _decoded(self) -> Samples:
        again = sum(length for _, length in self._before)
        sound = _decode([*self._before, *self._waiting])[again // (_OPUS_RATE // RATE) :]
        self._remember()
        dropped = min(self._skip, len(sound))
        self._skip -= dropped
        return sound[dropped:]

    def _remember(self) -> None:
        self._before.extend(self._waiting)
        self._waiting, self._waits = [], 0
        kept = sum(length for _, length in self._before)
        while self._before and kept - self._before[0][1] >= _AGAIN:
            kept -= self._before.popleft()[1]


class OggDecoder:
    """Decodes a stream of Ogg Opus as it comes, in pieces of any size."""

    def __init__(self, most_s: float = math.inf) -> None:
        """Begin with no byte; *most_s* seconds of sound may come in one piece."""
        self._reader = ogg.PageReader()
        self._packets: PacketDecoder | None = None
        self._has_tags = False
        self._most = most_s * _OPUS_RATE

    def take(self, data: bytes) -> Samples:
        """Return the sound that *data* completes.

        Raises:
            InputError: this is no Ogg Opus, it is damaged, or it is longer than may come at once.
        """
        pages = list(self._reader.take(data))
        if sum(_lengths(pages)) > self._most:
            raise InputError("So much sound can't be taken at once: send it in smaller pieces.")
        return _joined([self._heard(page) for page in pages])

    def flush(self) -> Samples:
        """Return what waits for more, as far as its page has come.

        Raises:
            InputError: what waits is no Opus.
        """
        return self._packets.flush() if self._packets else _NOTHING

    def finish(self) -> Samples:
        """Return what waits when the stream has ended.

        Raises:
            InputError: it ended in the middle of a page, or before any sound.
        """
        self._reader.finish()
        if self._packets is None:
            raise InputError("The Ogg stream holds no sound.")
        return self._packets.flush()

    def _heard(self, page: ogg.Page) -> Samples:
        sound = _joined([self._read(packet) for packet in page.packets])
        if self._packets is None or not page.is_last:
            return sound
        # The last packet is longer than the sound; its page says where that ends.
        whole = _joined([sound, self._packets.flush()])
        excess = (self._packets.length - page.position) // (_OPUS_RATE // RATE)
        return whole[: len(whole) - excess] if 0 < excess < RATE else whole

    def _read(self, packet: bytes) -> Samples:
        if packet.startswith(HEAD):
            rest = self._packets.flush() if self._packets else _NOTHING
            self._packets, self._has_tags = PacketDecoder(_skip(packet)), False
            return rest
        if self._packets is None:
            raise InputError("There is no Opus in this Ogg stream: send Opus, or PCM.")
        if not self._has_tags:
            self._has_tags = True
            if packet.startswith(TAGS):
                return _NOTHING
        return self._packets.take(packet)


def _lengths(pages: Sequence[ogg.Page]) -> Iterator[int]:
    """Yield how long packets are, in samples at 48 kHz, as far as they are sound."""
    for page in pages:
        for packet in page.packets:
            with contextlib.suppress(InputError):  # told where it is decoded
                yield 0 if packet.startswith((HEAD, TAGS)) else duration(packet)


def _skip(head: bytes) -> int:
    """Return how many samples at 48 kHz come before the sound.

    Raises:
        InputError: it is a stream that no microphone sends.
    """
    if len(head) < _HEAD.size:
        raise InputError("The head of the Opus stream is cut off.")
    _, version, channels, skip, _, _, family = _HEAD.unpack_from(head)
    if version >> 4 or family or channels not in (1, 2):
        raise InputError("This kind of Opus can't be read: send one channel or two.")
    return skip


def _decode(packets: Sequence[tuple[bytes, int]]) -> Samples:
    """Return the sound of *packets* with their lengths, decoded from the first on."""
    batch: list[tuple[bytes, int]] = []
    until = 0
    for packet, length in packets:
        until += length
        batch.append((packet, until))
    return _read_file(ogg.write(batch, (_head(), _tags())), until // (_OPUS_RATE // RATE))


def _read_file(content: bytes, length: int) -> Samples:
    import soundfile  # pyright: ignore[reportMissingTypeStubs] - it has none

    try:
        sound: Any
        sound, rate = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
    except (RuntimeError, TypeError) as error:
        raise InputError("The Opus packets can't be decoded.") from error
    assert rate == RATE
    mono = np.ascontiguousarray(sound[:length, 0], np.float32)
    return np.pad(mono, (0, length - len(mono)))


def _head() -> bytes:
    """Return the head of a stream with one channel at the rate of recognisers.

    A decoder mixes two channels down to one by itself.
    """
    return _HEAD.pack(HEAD, 1, 1, 0, RATE, 0, 0)


def _tags() -> bytes:
    return TAGS + struct.pack("<I", 0) + struct.pack("<I", 0)


def _joined(pieces: Sequence[Samples]) -> Samples:
    return np.concatenate([_NOTHING, *pieces])
