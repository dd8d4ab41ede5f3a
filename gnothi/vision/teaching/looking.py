"""What the frozen networks of the eyes see in a picture, place by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes, suppressed
from gnothi.vision.finding.networks import SightNetworks
from gnothi.vision.pictures import read_picture

MOST = 300
"""Places of a picture that are looked at: those where something seems to be, surest first."""
_ALIKE = 0.8
"""Overlap above which two places tell the same, and the surer one is kept: about half are."""
LONGEST = 1024
"""Pixels of the longer side of pictures that things are learned from."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """The places of one picture where something seems to be, surest first."""

    boxes: Boxes
    """Shape (n, 4), in pixels of the picture."""
    objectness: Floats
    """How surely something is there, shape (n,), from 0 to 1."""
    marks: Floats
    """What is there, shape (n, m): its feature and its look, each of unit length."""

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self.boxes)


def look(networks: SightNetworks, pixels: Pixels, *, most: int = MOST) -> Look:
    """Return what *networks* see in *pixels*."""
    places = networks.places(pixels, most=most, enlarge=True)
    kept = suppressed(places.boxes, places.objectness.astype(np.float64), _ALIKE)
    boxes = places.boxes[kept]
    looks = networks.named(pixels, boxes).looks
    marks = np.concatenate([_unit(places.features[kept]), looks], axis=1)
    return Look(boxes, places.objectness[kept], marks)


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
