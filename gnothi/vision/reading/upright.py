"""Pictures that lie on their side, hang askew or stand on their head, turned before they are read.

Readers find lines at any angle, but read best what is level. So the lines of a first reading tell
how far the picture is turned; if it is, it is turned back and read once more, and the corners are
those of the picture as it was.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from gnothi.core.seeing import Corners, Pixels, TextReader, WrittenLine
from gnothi.vision.rotated import RotatedBox, turning

LEVEL = 10.0
"""Degrees that readers put up with: below, a second reading gains nothing for its time."""
ONE_WAY = 0.5
"""How far lines must agree about what is level, from 0 to 1; a scene with text all around stays."""
_WHITE = (255, 255, 255)


class Upright:
    """A reader for pictures at any angle, around one for pictures that are level."""

    def __init__(self, reader: TextReader) -> None:
        """Read with *reader*, a second time where a picture is turned."""
        self._reader = reader

    @property
    def name(self) -> str:
        """The name of the reader within."""
        return self._reader.name

    def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
        """Return the lines in *pixels*, at whichever angle they are written.

        Raises:
            InputError: this is no picture of the right kind.
        """
        first = self._reader.read(pixels)
        angle = tilt(first)
        if abs(angle) <= LEVEL:
            return first
        turned, back = turned_back(pixels, angle)
        second = [_moved(line, back) for line in self._reader.read(turned)]
        return tuple(second) if _worth(second) > _worth(first) else first


def tilt(lines: Sequence[WrittenLine]) -> float:
    """Return by how many degrees, clockwise, the picture with *lines* is turned; 0 for not at all.

    The mean direction of the lines, weighted by how long they are and how surely they were read.
    """
    if not lines:
        return 0.0
    boxes = [RotatedBox.read(line.corners) for line in lines]
    weights = np.array(
        [
            worth(line) * max(box.width - box.height, 0)
            for line, box in zip(lines, boxes, strict=True)
        ]
    )
    angles = np.radians([box.angle for box in boxes])
    whole = complex(np.sum(weights * np.exp(1j * angles)))
    if not weights.sum() or abs(whole) < ONE_WAY * float(weights.sum()):
        return 0.0
    return math.degrees(math.atan2(whole.imag, whole.real))


def turned_back(pixels: Pixels, angle: float) -> tuple[Pixels, np.ndarray]:
    """Return *pixels* turned counter-clockwise by *angle*, on white, and the way back.

    The way back is a matrix of shape (2, 3): it takes (x, y, 1) of what was turned.
    """
    height, width = pixels.shape[:2]
    forth = turning(-angle)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ forth.T
    low = corners.min(axis=0)
    size = np.maximum(1, np.ceil(corners.max(axis=0) - low)).astype(int)
    back = np.column_stack([turning(angle), turning(angle) @ low])
    turned = Image.fromarray(pixels).transform(
        (int(size[0]), int(size[1])),
        Image.Transform.AFFINE,
        tuple(back.ravel()),
        Image.Resampling.BICUBIC,
        fillcolor=_WHITE,
    )
    return np.asarray(turned), back


def worth(line: WrittenLine) -> float:
    """Return how much was read surely in *line*."""
    return line.confidence**2 * len(line.text)


def _worth(lines: Sequence[WrittenLine]) -> float:
    return sum(map(worth, lines))


def _moved(line: WrittenLine, back: np.ndarray) -> WrittenLine:
    words = tuple(replace(word, corners=_at(word.corners, back)) for word in line.words)
    return replace(line, corners=_at(line.corners, back), words=words)


def _at(corners: Corners, back: np.ndarray) -> Corners:
    return corners @ back[:, :2].T + back[:, 2]
