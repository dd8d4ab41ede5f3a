"""A tiny stand-in for the eyes: it sees coloured patches on grey, and what colour each has."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes
from gnothi.vision.finding.networks import SightNetworks

GREY = 114
RED, GREEN, BLUE, DARK_RED = (210, 40, 40), (40, 180, 60), (50, 60, 200), (150, 30, 90)


class PatchEyes(SightNetworks):
    """Tells of each patch its box, and as feature, meaning and look how it is coloured."""

    def __init__(self) -> None:
        super().__init__(self, self)

    def run(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return what either of its networks tells."""
        if "crops" in inputs:
            middle = inputs["crops"][:, :, 20:44, 20:44].mean(axis=(2, 3)) - GREY / 255
            looks = middle / np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-6)
            return {"meanings": looks, "looks": looks[:, ::-1]}
        picture = inputs["picture"][0].transpose(1, 2, 0)
        apart = np.abs(picture - GREY / 255).max(axis=2) > 0.09
        labels, count = ndimage.label(apart)
        boxes, colours = [], []
        for place in ndimage.find_objects(labels, count):
            rows, columns = place
            boxes.append([columns.start, rows.start, columns.stop, rows.stop])
            colours.append(picture[place].mean(axis=(0, 1)) - GREY / 255)
        features = np.asarray(colours, np.float32).reshape(1, -1, 3)
        return {
            "boxes": np.asarray(boxes, np.float32).reshape(1, -1, 4),
            "objectness": np.full((1, len(boxes)), 0.9, np.float32),
            "features": features,
        }


def painted(
    *patches: tuple[Sequence[int], tuple[int, int, int]], size: tuple[int, int] = (320, 240)
) -> Pixels:
    """Return a picture of *size* (width, height) with *patches*, each a box and its colour."""
    pixels = np.full((size[1], size[0], 3), GREY, np.uint8)
    for (left, top, right, bottom), colour in patches:
        pixels[top:bottom, left:right] = colour
    return pixels


def boxes(*rows: Sequence[float]) -> Boxes:
    """Return *rows* as boxes."""
    return np.asarray(rows, dtype=np.float64).reshape(-1, 4)
