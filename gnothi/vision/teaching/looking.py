"""What the frozen network of the eyes sees in a picture, place by place.

The network (``eyes.onnx``) takes a picture (1, 3, height, width) from 0 to 1 and tells of each of
n places: ``boxes`` (1, n, 4) in pixels of its input, ``objectness`` (1, n), ``embeddings``
(1, n, d) and ``features`` (1, n, c). It is never changed by what people teach.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes, clipped
from gnothi.vision.networks import fitted
from gnothi.vision.pictures import read_picture

SIDE = 320
"""Pixels that the longer side of a picture is brought to."""
MOST = 300
"""Places of a picture that are kept: those where something seems to be, surest first."""
LONGEST = 1024
"""Pixels of the longer side of pictures that things are learned from."""
_STEP = 32
"""The sides of what goes in are multiples of this."""
Floats = NDArray[np.float32]


class SeeingNetwork(Protocol):
    """A network with the outputs named above; :class:`gnothi.vision.networks.Network` is one."""

    def run(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return every output by name, for the input ``picture``."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The places of one picture where something seems to be, surest first."""

    boxes: Boxes
    """Shape (n, 4), in pixels of the picture."""
    objectness: Floats
    """How surely something is there, shape (n,), from 0 to 1."""
    marks: Floats
    """What it looks like, shape (n, m): feature and embedding, each of unit length."""

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self.boxes)


def look(network: SeeingNetwork, pixels: Pixels, *, most: int = MOST) -> Look:
    """Return what *network* sees in *pixels*."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    sides = (max(_STEP, _STEP * round(side * scale / _STEP)) for side in (width, height))
    taken = fitted(pixels, *sides)
    told = network.run(picture=taken.tensor)
    boxes = np.asarray(told["boxes"][0], dtype=np.float64)
    corners = taken.back(boxes.reshape(-1, 2, 2)).reshape(-1, 4)
    sure = np.asarray(told["objectness"][0], dtype=np.float32)
    best = np.argsort(-sure, kind="stable")[:most]
    marks = np.concatenate([_unit(told[name][0][best]) for name in ("features", "embeddings")], 1)
    return Look(clipped(corners[best], width, height), sure[best], marks)


def opened(jpeg: bytes, width: int) -> tuple[Pixels, float]:
    """Return the picture in *jpeg*, no larger than is learned from, and its share of *width*.

    Boxes of the picture are multiplied by it.

    Raises:
        InputError: it can't be read.
    """
    pixels = read_picture(jpeg, longest=LONGEST)
    return pixels, pixels.shape[1] / width


def varied(pixels: Pixels) -> Sequence[tuple[Pixels, bool]]:
    """Return *pixels* as they are and in other lights, and whether left became right in each."""
    values = np.arange(256)
    tables = [np.clip(values * light, 0, 255).astype(np.uint8) for light in (0.7, 1.3)]
    darker, lighter = (table[pixels] for table in tables)
    mirrored: Pixels = np.ascontiguousarray(pixels[:, ::-1])
    return (pixels, False), (mirrored, True), (darker, False), (lighter, False)


def mirrored(boxes: Boxes, width: int) -> Boxes:
    """Return *boxes* in the mirror image of a picture of *width*."""
    left, top, right, bottom = boxes.T
    return np.stack([width - right, top, width - left, bottom], axis=1)


def _unit(rows: NDArray[Any]) -> Floats:
    values = np.asarray(rows, dtype=np.float32)
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9)
