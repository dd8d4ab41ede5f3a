"""A thing cut out of a picture, as the network that names it looks at it.

The detector looks at the picture as a whole, brought to a few hundred pixels; what it finds is cut
out of the picture at full resolution, so that a thing fills the view whatever its size was.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes

SIDE = 64
"""Pixels of a side of a cut-out."""
MARGIN = 1.25
"""How much more than the longer side of a thing is cut out."""


def cut(picture: Image.Image, box: ArrayLike, *, margin: float = MARGIN) -> Pixels:
    """Return the square around *box* (left, top, right, bottom), shape (SIDE, SIDE, 3).

    It is *margin* times as long as the longer side of the box; what lies beyond the picture is
    black.
    """
    left, top, right, bottom = np.asarray(box, dtype=np.float64)
    half = max(1.0, margin * max(right - left, bottom - top) / 2)
    x, y = (left + right) / 2, (top + bottom) / 2
    corners = (round(x - half), round(y - half), round(x + half), round(y + half))
    taken = picture.crop(corners)
    return np.asarray(taken.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0))


def cut_out(pixels: Pixels, boxes: Boxes) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what *boxes* (things, 4) are around in *pixels*, as the network takes it.

    Red, green, blue from 0 to 1, shape (things, 3, SIDE, SIDE), and the longer side of each box as
    a share of the picture's, shape (things,).
    """
    picture = Image.fromarray(pixels)
    cuts = np.array([cut(picture, box) for box in boxes], np.float32).reshape(-1, SIDE, SIDE, 3)
    longer = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    shares = (longer / max(picture.size)).astype(np.float32)
    return cuts.transpose(0, 3, 1, 2) / np.float32(255), shares
