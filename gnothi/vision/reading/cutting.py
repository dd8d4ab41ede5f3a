"""Words at any angle, cut upright from the whole picture, as networks read them.

Training and serving cut with these functions.
"""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gnothi.core.seeing import Corners, Pixels

HEIGHT, WIDTH = 32, 160
"""Pixels of a word that is cut out, whatever its size and shape."""
ROWS, COLUMNS = 8, 40
"""Places of the map of features of a word."""
MARGIN = 0.1
"""Share of its height that is cut around a word on every side."""
_SHRINK = 1.6
"""A word so many times as high as ``HEIGHT`` is cut from a picture of half the size."""
_GREY = (114, 114, 114)

Boxes: TypeAlias = NDArray[np.float64]
"""Words at any angle, shape (n, 5): middle x and y, width along the direction of reading, height,
and the direction in radians, clockwise as one sees it."""


def boxes_of(corners: Corners) -> Boxes:
    """Return the boxes of words with four *corners* each, shape (n, 4, 2).

    What is no rectangle becomes one with the mean lengths of opposite sides.
    """
    along = (corners[:, 1] - corners[:, 0] + corners[:, 2] - corners[:, 3]) / 2
    across = (corners[:, 3] - corners[:, 0] + corners[:, 2] - corners[:, 1]) / 2
    return np.column_stack(
        [
            corners.mean(axis=1),
            np.hypot(*along.T),
            np.hypot(*across.T),
            np.arctan2(along[:, 1], along[:, 0]),
        ]
    )


def corners_of(boxes: Boxes, margin: float = 0.0) -> Corners:
    """Return the corners of *boxes*, shape (n, 4, 2), clockwise from where reading begins.

    *margin* is added on every side, as a share of the height.
    """
    return _points(boxes, np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2, margin)


def grid_of(boxes: Boxes, width: float, height: float) -> NDArray[np.float32]:
    """Return where the map of a picture is sampled for each of *boxes*: (n, ROWS, COLUMNS, 2).

    x and y from -1 to 1 over the *width* and *height* of the picture, as ``GridSample`` takes them.
    """
    across = (np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5
    down = (np.arange(ROWS) + 0.5) / ROWS - 0.5
    places = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    points = _points(boxes, places, MARGIN) / [width, height] * 2 - 1
    return points.reshape(len(boxes), ROWS, COLUMNS, 2).astype(np.float32)


def cut(pixels: Pixels, boxes: Boxes) -> NDArray[np.uint8]:
    """Return each of *boxes* in *pixels*, level: shape (n, HEIGHT, WIDTH, 3)."""
    pieces = list(_pieces(Image.fromarray(pixels), boxes))
    return np.stack(pieces) if pieces else np.zeros((0, HEIGHT, WIDTH, 3), np.uint8)


def _pieces(picture: Image.Image, boxes: Boxes) -> Iterator[NDArray[np.uint8]]:
    halves = [picture]
    for corners, height in zip(corners_of(boxes, MARGIN), boxes[:, 3], strict=True):
        level = 0
        while height / 2**level > _SHRINK * HEIGHT and min(halves[level].size) > 2:
            level += 1
            if level == len(halves):
                halves.append(halves[-1].reduce(2))
        quad = corners[[0, 3, 2, 1]] / 2**level  # Pillow goes the other way round
        yield np.asarray(
            halves[level].transform(
                (WIDTH, HEIGHT),
                Image.Transform.QUAD,
                tuple(quad.ravel()),
                Image.Resampling.BILINEAR,
                fillcolor=_GREY,
            )
        )


def _points(boxes: Boxes, places: NDArray[np.float64], margin: float) -> NDArray[np.float64]:
    """Return *places* (p, 2) from -1/2 to 1/2 of every box, in pixels: (n, p, 2)."""
    middle, angle = boxes[:, None, :2], boxes[:, 4]
    sides = (boxes[:, 2:4] + 2 * margin * boxes[:, 3:4])[:, None] * places
    along = np.stack([np.cos(angle), np.sin(angle)], axis=-1)[:, None]
    across = np.stack([-np.sin(angle), np.cos(angle)], axis=-1)[:, None]
    return middle + sides[..., :1] * along + sides[..., 1:] * across
