"""Boxes at any angle and convex polygons: their areas, how far they overlap, how to turn them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.core.seeing import Corners

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class RotatedBox:
    """A box by its centre, its size, and the direction in which it is read."""

    x: float
    y: float
    width: float
    """Along the direction of reading."""
    height: float
    angle: float
    """Degrees, clockwise as one sees it (y points down), above -180 up to 180: 0 is upright."""

    def corners(self) -> Corners:
        """Return its corners, shape (4, 2), clockwise from the one where reading begins."""
        half = np.array([self.width, self.height]) / 2
        signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        return (signs * half) @ turning(self.angle).T + [self.x, self.y]

    @classmethod
    def read(cls, corners: Corners) -> "RotatedBox":
        """Return the box of four *corners*, shape (4, 2), in the order of :meth:`corners`.

        Four corners that are no rectangle (a page seen from the side) become one with the mean
        lengths of opposite sides, around the same centre.
        """
        x, y = corners.mean(axis=0)
        along = (corners[1] - corners[0] + corners[2] - corners[3]) / 2
        across = (corners[3] - corners[0] + corners[2] - corners[1]) / 2
        return cls(
            float(x),
            float(y),
            float(np.hypot(*along)),
            float(np.hypot(*across)),
            math.degrees(math.atan2(along[1], along[0])),
        )


def turning(degrees: float) -> NDArray[np.float64]:
    """Return the matrix, shape (2, 2), that turns a column (x, y) clockwise, as one sees it."""
    turn = math.radians(degrees)
    return np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])


def area(corners: Corners) -> float:
    """Return the area of a simple polygon, shape (n, 2), whichever way round its corners go."""
    return abs(_signed_area(corners))


def overlap(one: Corners, other: Corners) -> float:
    """Return the intersection over union of two convex polygons, shapes (n, 2) and (m, 2)."""
    shared = area(intersection(one, other))
    together = area(one) + area(other) - shared
    return shared / together if together > _TINY else 0.0


def intersection(one: Corners, other: Corners) -> Corners:
    """Return what two convex polygons share, shape (k, 2); k is 0 where that is nothing.

    Sutherland and Hodgman, Reentrant polygon clipping (1974). The directions in which the corners
    go round do not matter; polygons that are not convex give a wrong answer.
    """
    shared, frame = _forwards(one), _forwards(other)
    for begin, end in zip(frame, np.roll(frame, -1, axis=0), strict=True):
        if not len(shared):
            break
        shared = _inside(shared, begin, end)
    return shared


def _inside(polygon: Corners, begin: Corners, end: Corners) -> Corners:
    """Return the part of *polygon* on the inner side of the line from *begin* to *end*."""
    edge = end - begin
    sides = edge[0] * (polygon[:, 1] - begin[1]) - edge[1] * (polygon[:, 0] - begin[0])
    kept: list[NDArray[np.float64]] = []
    for at, side in enumerate(sides):
        before = sides[at - 1]
        if (side >= 0) != (before >= 0):
            share = before / (before - side)
            kept.append(polygon[at - 1] + share * (polygon[at] - polygon[at - 1]))
        if side >= 0:
            kept.append(polygon[at])
    return np.array(kept).reshape(-1, 2)


def _forwards(corners: Corners) -> Corners:
    return corners[::-1] if _signed_area(corners) < 0 else corners


def _signed_area(corners: Corners) -> float:
    if len(corners) < 3:
        return 0.0
    x, y = corners[:, 0], corners[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
