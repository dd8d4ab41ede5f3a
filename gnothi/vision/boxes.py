"""Upright boxes, and masks: areas, overlaps, and which of many boxes to keep.

A box is ``(left, top, right, bottom)`` in pixels, in the system of
:data:`gnothi.core.seeing.Corners`; boxes are a float array of shape (n, 4).
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from gnothi.core.seeing import Corners

Boxes: TypeAlias = NDArray[np.float64]
"""Shape (n, 4): left, top, right, bottom."""
Mask: TypeAlias = NDArray[np.bool_]
"""Shape (height, width): which pixels belong to a thing."""


def areas(boxes: Boxes) -> NDArray[np.float64]:
    """Return the area of each box, shape (n,); 0 where it is turned inside out."""
    sides = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None)
    return sides.prod(axis=1)


def overlaps(some: Boxes, others: Boxes) -> NDArray[np.float64]:
    """Return the intersection over union of each of *some* with each of *others*: (n, m)."""
    low = np.maximum(some[:, None, :2], others[None, :, :2])
    high = np.minimum(some[:, None, 2:], others[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    together = areas(some)[:, None] + areas(others)[None] - shared
    return np.divide(shared, together, out=np.zeros_like(shared), where=together > 0)


def suppressed(boxes: Boxes, scores: NDArray[np.float64], limit: float = 0.5) -> NDArray[np.intp]:
    """Return the indices of the boxes to keep, best first: greedy non-maximum suppression.

    *scores* have shape (n,). A box goes that overlaps a better one by more than *limit*.
    """
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(int(best))
        order = rest[overlaps(boxes[best][None], boxes[rest])[0] <= limit]
    return np.asarray(kept, dtype=np.intp)


def clipped(boxes: Boxes, width: int, height: int) -> Boxes:
    """Return the parts of *boxes* inside a picture of *width* and *height*."""
    return np.clip(boxes, 0, [width, height, width, height])


def around(corners: Corners) -> NDArray[np.float64]:
    """Return the upright box, shape (4,), around *corners* of shape (n, 2)."""
    return np.concatenate([corners.min(axis=0), corners.max(axis=0)])


def box_of(mask: Mask) -> NDArray[np.float64] | None:
    """Return the box, shape (4,), around what is set in *mask*; ``None`` where nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], dtype=np.float64)


def mask_of(corners: Corners, width: int, height: int) -> Mask:
    """Return the mask, shape (height, width), of the polygon *corners* of shape (n, 2)."""
    drawn = Image.new("1", (width, height))
    points = [(float(x) - 0.5, float(y) - 0.5) for x, y in corners]
    ImageDraw.Draw(drawn).polygon(points, fill=1)
    return np.asarray(drawn, dtype=np.bool_)


def mask_overlap(one: Mask, other: Mask) -> float:
    """Return the intersection over union of two masks of one shape; 0 where both are empty."""
    together = int(np.logical_or(one, other).sum())
    return int(np.logical_and(one, other).sum()) / together if together else 0.0
