"""Sound from files and pipes, in blocks of bounded size, as recognisers take it.

Files of any kind that libsndfile knows (WAV, FLAC, Ogg Vorbis, Ogg Opus, MP3 …) are read with the
package ``soundfile``, which brings the library along for every platform; Python's ``wave`` knows
neither Opus nor floats, and ffmpeg would be a program to install. From a pipe, WAV and Ogg Opus
are read as they come, because a microphone's have no end; other kinds must be whole before they can
be read.
"""

import struct
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE, Samples
from gnothi.speech import ogg, opus
from gnothi.speech.resample import Resampler

BLOCK_S = 0.1
"""Seconds of sound in a block."""
_MOST_PIPED = 256 * 1024 * 1024
_PIECE = 65_536
_HEAD = 4
_OPUS_HEAD = 36
"""Bytes of a page with one segment, and of the name that it begins with."""
_LONGEST_PAGE, _LAST_PAGE = 65_307, 4
_LONGEST_CHUNK = 1024 * 1024
_ENDLESS = 0x7FFF0000
"""Lengths from here on, and 0, are what programs write while they do not know how long they will
record: what is left where a recorder was killed."""
_WAVES = frozenset({"WAV", "WAVEX"})
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_TYPES = {
    (_PCM, 8): "u1",
    (_PCM, 16): "<i2",
    (_PCM, 32): "<i4",
    (_FLOAT, 32): "<f4",
    (_FLOAT, 64): "<f8",
}


@dataclass(frozen=True, slots=True)
class Raw:
    """What samples without a header are: a rate, channels, and 16 bits each unless said else."""

    rate: int
    channels: int = 1
    dtype: str = "<i2"


def read_file(path: Path) -> Iterator[Samples]:
    """Yield the sound in the file at *path*, in blocks.

    Raises:
        InputError: there is no such file, it holds no sound, or it ends before it should.
    """
    with checked(path).open("rb") as file:
        yield from _decoded(file, path.name, path.stat().st_size)


def checked(path: Path) -> Path:
    """Return *path*.

    Raises:
        InputError: it is no file.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a recording in it.")
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    return path


def read_pipe(pipe: BinaryIO, raw: Raw | None = None) -> Iterator[Samples]:
    """Yield the sound that comes through a *pipe*; *raw* says what it is when it has no header.

    Raises:
        InputError: nothing came, it is no sound, or it ends before it should.
    """
    if pipe.isatty():
        raise InputError(
            "Nothing is piped in: name a recording, or pipe a microphone in: arecord -q -f S16_LE "
            "-r 16000 | gnothi hear -"
        )
    if raw:
        yield from _samples(pipe, raw, None, "The pipe")
        return
    head = _exactly(pipe, _HEAD)
    if not head:
        raise InputError("Nothing came through the pipe: send it a recording.")
    if head == b"RIFF":
        yield from _wave(pipe, "What came through the pipe")
        return
    with tempfile.TemporaryFile() as file:
        if head == ogg.CAPTURE:
            head += _exactly(pipe, _OPUS_HEAD - _HEAD)
            if head.endswith(opus.HEAD):
                yield from _opus(pipe, head)
                return
        file.write(head)
        while piece := pipe.read(1024 * 1024):
            file.write(piece)
            if file.tell() > _MOST_PIPED:
                raise InputError("More came through the pipe than can be kept: send WAV or PCM.")
        size = file.tell()
        file.seek(0)
        yield from _decoded(cast("BinaryIO", file), "What came through the pipe", size)


def _opus(pipe: BinaryIO, begun: bytes) -> Iterator[Samples]:
    """Yield the sound of a stream of Ogg Opus, as it comes."""
    decoder, piece, seconds = opus.OggDecoder(), begun, 0.0
    try:
        while piece:
            if len(samples := decoder.take(piece)):
                seconds += len(samples) / RATE
                yield samples
            piece = _some(pipe)
        if len(samples := decoder.finish()):
            yield samples
    except InputError as error:
        raise InputError(f"{error} That is {seconds:.1f} s after its beginning.") from error


def _some(pipe: BinaryIO) -> bytes:
    """Return what has come; waits while nothing has. Empty at the end."""
    read: Callable[[int], bytes] = getattr(pipe, "read1", pipe.read)
    return read(_PIECE)


def _decoded(file: BinaryIO, name: str, size: int) -> Iterator[Samples]:
    if not size:
        raise InputError(f"{name} is empty.")
    with _opened(file, name) as sound:
        if sound.format in _WAVES and not sound.frames:
            # It declares nothing, or there is nothing: libsndfile does not look.
            file.seek(_HEAD)
            yield from _wave(file, name)
            return
        rate, channels = int(sound.samplerate), int(sound.channels)
        resampler, read = Resampler(rate, channels), 0
        while True:
            block = _read(sound, max(1, int(BLOCK_S * rate)), name, read / rate)
            if not len(block):
                break
            read += len(block)
            if len(samples := resampler.take(block)):
                yield samples
        if len(rest := resampler.take(np.zeros((0, channels), np.float32), is_last=True)):
            yield rest
        _check_length(sound, name, read, size, is_whole=_ends_well(file))


@contextmanager
def _opened(file: BinaryIO, name: str) -> Generator[Any]:
    import soundfile  # pyright: ignore[reportMissingTypeStubs] - it has none

    try:
        sound: Any = soundfile.SoundFile(file)
    except (RuntimeError, TypeError) as error:
        raise InputError(
            f"{name} is no sound that can be read. WAV, FLAC, Ogg Vorbis, Ogg Opus and MP3 can be; "
            "for samples without a header, say their rate (--raw 16000)."
        ) from error
    with sound:
        yield sound


def _read(sound: Any, frames: int, name: str, at_s: float) -> NDArray[np.float32]:  # noqa: ANN401 - untyped
    try:
        return cast("NDArray[np.float32]", sound.read(frames, dtype="float32", always_2d=True))
    except RuntimeError as error:
        raise InputError(f"{name} is damaged {at_s:.1f} s after its beginning.") from error


def _check_length(sound: Any, name: str, read: int, size: int, *, is_whole: bool) -> None:  # noqa: ANN401 - untyped
    """Refuse a file that holds less than its header says.

    libsndfile quietly shortens WAV files to what is there, and says so only in its log.
    """
    told = str(sound.extra_info)
    if not read:
        raise InputError(f"{name} holds no sound.")
    promised = int(sound.frames)
    is_known = 0 < promised < 2**62
    cut = "(should be" in told and "data :" in told and sound.format in _WAVES
    if cut and _is_endless(_declared(told)):
        return
    if cut or (is_known and read < promised * 0.98) or (sound.format == "OGG" and not is_whole):
        raise InputError(
            f"{name} ends too early, after {read / sound.samplerate:.1f} s: it was cut off when "
            f"it was written or copied ({size} bytes are there)."
        )


def _ends_well(file: BinaryIO) -> bool:
    """Whether the last page of an Ogg file says that it is the last; no header has the length."""
    start, page = file.seek(0, 2), b""
    # Some write zeros after the last page.
    while start and not page.rstrip(b"\0"):
        start = max(0, start - _LONGEST_PAGE)
        file.seek(start)
        page = file.read(_LONGEST_PAGE)
    file.seek(max(0, start - _LONGEST_PAGE))
    tail = file.read(2 * _LONGEST_PAGE)
    at = tail.rfind(b"OggS")
    return 0 <= at < len(tail) - 5 and bool(tail[at + 5] & _LAST_PAGE)


def _declared(told: str) -> int:
    line = next(line for line in told.splitlines() if "data :" in line)
    digits = line.split("data :")[1].split("(")[0].strip()
    return int(digits) if digits.isdigit() else 0


def _is_endless(length: int) -> bool:
    return not length or length >= _ENDLESS


def _wave(pipe: BinaryIO, name: str) -> Iterator[Samples]:
    """Read a WAV file from behind its first four bytes."""
    if _exactly(pipe, 8)[4:] != b"WAVE":
        raise InputError(f"{name} begins like a WAV file, but is none.")
    raw: Raw | None = None
    while len(header := _exactly(pipe, 8)) == 8:
        chunk, length = header[:4], int.from_bytes(header[4:], "little")
        if chunk == b"data":
            if raw is None:
                break
            yield from _samples(pipe, raw, None if _is_endless(length) else length, name)
            return
        if length > _LONGEST_CHUNK:
            break
        body = _exactly(pipe, length + length % 2)
        raw = _format(body) if chunk == b"fmt " else raw
    raise InputError(f"{name} has no sound, or says not what kind.")


def _format(body: bytes) -> Raw:
    if len(body) < 16:
        raise InputError("The WAV file is cut off in its header.")
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
    if kind == _EXTENSIBLE and len(body) >= 26:
        kind = int.from_bytes(body[24:26], "little")
    if (kind, bits) not in _TYPES:
        raise InputError(
            f"WAV of kind {kind} with {bits} bits can't be read as it comes: it needs a whole file."
        )
    return Raw(rate, channels, _TYPES[kind, bits])


def _samples(pipe: BinaryIO, raw: Raw, length: int | None, name: str) -> Iterator[Samples]:
    """Yield samples of a known type; *length* in bytes where it is known."""
    resampler = Resampler(raw.rate, raw.channels)
    frame = np.dtype(raw.dtype).itemsize * raw.channels
    size, taken = max(1, int(BLOCK_S * raw.rate)) * frame, 0
    while piece := _exactly(pipe, size if length is None else min(size, length - taken)):
        taken += len(piece)
        whole = piece[: len(piece) // frame * frame]
        block = _floats(np.frombuffer(whole, dtype=raw.dtype)).reshape(-1, raw.channels)
        if len(samples := resampler.take(block)):
            yield samples
    if taken < frame:
        raise InputError(f"{name} holds no sound.")
    if len(rest := resampler.take(np.zeros((0, raw.channels), np.float32), is_last=True)):
        yield rest
    if length is not None and taken < length:
        raise InputError(f"{name} ends too early: {taken} of {length} bytes came.")


def _floats(values: NDArray[Any]) -> NDArray[np.float32]:
    if values.dtype == np.uint8:
        return ((values.astype(np.float32) - 128) / 128).astype(np.float32)
    if values.dtype.kind == "i":
        return (values / float(2 ** (8 * values.dtype.itemsize - 1))).astype(np.float32)
    return np.nan_to_num(values).astype(np.float32)


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    """Return *size* bytes, fewer only at the end: a pipe hands out what it has."""
    pieces: list[bytes] = []
    while size > 0 and (piece := pipe.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
