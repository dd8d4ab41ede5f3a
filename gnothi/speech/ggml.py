"""Whisper's weights in the format ggml: looked through before whisper.cpp loads them.

whisper.cpp trusts its files. What is cut off becomes a null pointer, what has a wrong type ends the
whole process, and a made-up number of dimensions once wrote beyond a buffer. Hence every header
in a file is read here first, and nothing is loaded that is not what whisper.cpp expects. The
weights themselves are not read: a file of hundreds of megabytes takes some milliseconds.

A file is a magic number, eleven sizes, the filters of the mel bands, the vocabulary and tensors
(``convert-pt-to-ggml.py`` of whisper.cpp writes it; its quantised files have the same layout).
"""

import math
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gnothi.core.errors import ArtifactError

MAGIC = 0x67676D6C
_FLOAT, _HALF = 0, 1
_BYTES_OF = {
    _FLOAT: (4, 1),
    _HALF: (2, 1),
    2: (18, 32),
    3: (20, 32),
    6: (22, 32),
    7: (24, 32),
    8: (34, 32),
}
"""Type of a tensor to how many bytes hold how many weights."""
_TYPE_OF = {1: _HALF, 2: 2, 3: 3, 7: 8, 8: 6, 9: 7}
"""Kind of a file to the type of its matrices; with matrices in floats whisper.cpp gives up."""
_VERSIONED = 1000
"""A quantised file's kind carries the version of the format in its thousands."""
_MOST = 1 << 20
"""No size in a header is larger than this: Whisper's largest vocabulary has 51,866 tokens."""
_ENGLISH_TOKENS = 51_864
_LEAST_TOKENS = 51_000
"""whisper.cpp counts its special tokens from the end of Whisper's own vocabulary."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the header says."""

    tokens: int
    audio_context: int
    audio_width: int
    audio_heads: int
    audio_layers: int
    text_context: int
    text_width: int
    text_heads: int
    text_layers: int
    bands: int
    kind: int

    @property
    def is_english(self) -> bool:
        """Whether it knows English alone."""
        return self.tokens <= _ENGLISH_TOKENS


def read_sizes(path: Path) -> Sizes:
    """Return what the file at *path* says of itself, when all of it is what whisper.cpp expects.

    Raises:
        ArtifactError: it is another kind of file, damaged, cut off, or not for whisper.cpp.
    """
    try:
        with path.open("rb") as file:
            return _checked(file, os.fstat(file.fileno()).st_size)
    except (_DamagedError, struct.error) as error:
        raise ArtifactError(f"{path} is no whole model of whisper.cpp: {error}.") from error
    except OSError as error:
        raise ArtifactError(f"{path} can't be read: {error.strerror}.") from error


class _DamagedError(Exception):
    """What is wrong with the file."""


def _checked(file: BinaryIO, size: int) -> Sizes:
    if _numbers(file, 1) != (MAGIC,):
        raise _DamagedError("it does not begin as one (ggml)")
    sizes = Sizes(*_numbers(file, 11))
    _require_sane(sizes)
    _skip_filters(file, sizes)
    _skip_words(file, sizes)
    wanted = dict(_tensors(sizes))
    while file.tell() < size:
        _skip_tensor(file, size, wanted, sizes)
    if wanted:
        raise _DamagedError(f"{len(wanted)} tensors are missing, such as {min(wanted)}")
    return sizes


def _require_sane(sizes: Sizes) -> None:
    plain = (
        *(sizes.audio_context, sizes.audio_width, sizes.audio_heads, sizes.audio_layers),
        *(sizes.text_context, sizes.text_width, sizes.text_heads, sizes.text_layers),
    )
    if not all(0 < one < _MOST for one in plain) or not _LEAST_TOKENS < sizes.tokens < _MOST:
        raise _DamagedError("its sizes can't be those of Whisper")
    if sizes.audio_width % sizes.audio_heads or sizes.text_width % sizes.text_heads:
        raise _DamagedError("its width can't be parted among its heads")
    if sizes.audio_width != sizes.text_width or sizes.bands not in (80, 128):
        raise _DamagedError("its sizes can't be those of Whisper")
    if sizes.kind % _VERSIONED not in _TYPE_OF:
        raise _DamagedError(f"its weights are of kind {sizes.kind}, which is not served")


def _skip_filters(file: BinaryIO, sizes: Sizes) -> None:
    bands, bins = _numbers(file, 2)
    if bands != sizes.bands or not 0 < bins < _MOST:
        raise _DamagedError("its filters are not those of its bands")
    file.seek(4 * bands * bins, os.SEEK_CUR)


def _skip_words(file: BinaryIO, sizes: Sizes) -> None:
    (count,) = _numbers(file, 1)
    if not 0 < count <= sizes.tokens:
        raise _DamagedError("its vocabulary is larger than it says")
    for _ in range(count):
        (length,) = _numbers(file, 1)
        if not 0 <= length < _MOST:
            raise _DamagedError("its vocabulary is damaged")
        file.seek(length, os.SEEK_CUR)


def _skip_tensor(
    file: BinaryIO, size: int, wanted: dict[str, tuple[int, ...]], sizes: Sizes
) -> None:
    dimensions, length, kind = _numbers(file, 3)
    if not 0 < dimensions <= 4 or not 0 < length < 256:
        raise _DamagedError("a tensor has impossible dimensions")
    shape = _numbers(file, dimensions)[::-1]
    name = file.read(length).decode("utf-8", "replace")
    if name not in wanted:
        raise _DamagedError(f"it holds {name!r} twice, or needlessly")
    if _plain(shape) != _plain(wanted.pop(name)):
        raise _DamagedError(f"{name} has the shape {shape}")
    if kind != _type(name, len(shape), sizes):
        raise _DamagedError(f"{name} holds numbers of another type")
    width, count = _BYTES_OF[kind]
    if shape[-1] % count:
        raise _DamagedError(f"{name} has the shape {shape}")
    if file.seek(math.prod(shape) * width // count, os.SEEK_CUR) > size:
        raise _DamagedError("it is cut off")


def _type(name: str, dimensions: int, sizes: Sizes) -> int:
    """Return in which type whisper.cpp wants a tensor: matrices as the file says, others plain."""
    if dimensions == 3:
        return _HALF
    is_matrix = dimensions == 2 and name.endswith(".weight")
    return _TYPE_OF[sizes.kind % _VERSIONED] if is_matrix else _FLOAT


def _plain(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return *shape* without ones at its end: the biases of convolutions are columns."""
    return _plain(shape[:-1]) if len(shape) > 1 and shape[-1] == 1 else shape


def _numbers(file: BinaryIO, count: int) -> tuple[int, ...]:
    return struct.unpack(f"<{count}i", file.read(4 * count))


def _tensors(sizes: Sizes) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the name and the shape of every tensor."""
    width, text = sizes.audio_width, sizes.text_width
    yield from _named("encoder", {"positional_embedding": (sizes.audio_context, width)})
    yield from _named("encoder.conv1", {"weight": (width, sizes.bands, 3), "bias": (width,)})
    yield from _named("encoder.conv2", {"weight": (width, width, 3), "bias": (width,)})
    yield from _named("encoder.ln_post", _norm(width))
    yield from _named("decoder", {"positional_embedding": (sizes.text_context, text)})
    yield from _named("decoder.token_embedding", {"weight": (sizes.tokens, text)})
    yield from _named("decoder.ln", _norm(text))
    for layer in range(sizes.audio_layers):
        yield from _block(f"encoder.blocks.{layer}", width)
    for layer in range(sizes.text_layers):
        block = f"decoder.blocks.{layer}"
        yield from _block(block, text)
        yield from _named(f"{block}.cross_attn_ln", _norm(text))
        yield from _attention(f"{block}.cross_attn", text)


def _block(block: str, width: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield from _named(f"{block}.mlp_ln", _norm(width))
    yield from _named(f"{block}.mlp.0", {"weight": (4 * width, width), "bias": (4 * width,)})
    yield from _named(f"{block}.mlp.2", {"weight": (width, 4 * width), "bias": (width,)})
    yield from _named(f"{block}.attn_ln", _norm(width))
    yield from _attention(f"{block}.attn", width)


def _attention(place: str, width: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    for part in ("query", "key", "value", "out"):
        bias = {} if part == "key" else {"bias": (width,)}
        yield from _named(f"{place}.{part}", {"weight": (width, width), **bias})


def _norm(width: int) -> dict[str, tuple[int, ...]]:
    return {"weight": (width,), "bias": (width,)}


def _named(
    place: str, shapes: Mapping[str, tuple[int, ...]]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    return ((f"{place}.{name}", shape) for name, shape in shapes.items())
