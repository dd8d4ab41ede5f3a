"""Pieces of rendered pages, turned and zoomed: what the finder alone learns from.

A page is looked at again and again, each time another piece of it from another side: to render one
lasts longer than to learn from it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gnothi.core.seeing import Corners, Pixels
from gnothi.vision.reading.cutting import Boxes, boxes_of
from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.text.ahead import ahead
from gnothi_train.vision.text.batches import LEAST, REDUCED, groups
from gnothi_train.vision.text.pages import Rendered
from gnothi_train.vision.text.targets import STRIDE, Targets, targets_of

PICTURES = 8
"""Of a batch."""
_NEAREST = 0.6
"""Share of a page's side that a piece has at least."""
_LOWEST = 0.55
"""Of ``LEAST``: words may be so small in the reduced picture and still be found."""
_INVERTED = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Reduced pictures, and what there is to find in them."""

    pictures: Tensor
    """(batch, 3, REDUCED, REDUCED) from 0 to 1."""
    targets: Targets


def looks(folder: Path, shards: Sequence[int], seed: int, start: int = 0) -> Iterator[Looks]:
    """Yield batches of *shards* in turn, for ever, from batch *start*; made in a thread.

    Same seed, same batches.
    """

    def made() -> Iterator[Looks]:
        for index, some in enumerate(groups(folder, shards, PICTURES)):
            if index >= start:
                yield looks_of(some, np.random.default_rng((seed, index)))

    return ahead(made(), 3)


def looks_of(some: Sequence[Rendered], rng: np.random.Generator) -> Looks:
    """Return a look at each of *some* pages."""
    pictures: list[Pixels] = []
    words: list[tuple[Boxes, NDArray[np.bool_]]] = []
    for one in some:
        pixels, boxes, able = _look(one, rng)
        pictures.append(pixels)
        words.append((boxes, able))
    scale = rng.uniform(0.6, 1.15, len(some)) * np.where(rng.random(len(some)) < _INVERTED, -1, 1)
    contrast = torch.from_numpy(scale.astype(np.float32))[:, None, None, None]
    shown = ((as_input(torch.from_numpy(np.stack(pictures))) - 0.5) * contrast + 0.5).clamp_(0, 1)
    return Looks(shown, targets_of(words, REDUCED // STRIDE))


def _look(one: Rendered, rng: np.random.Generator) -> tuple[Pixels, Boxes, NDArray[np.bool_]]:
    """Return a piece of a page, the boxes of its words, and which of them can be found."""
    pixels = one.pixels
    corners = np.array([word.corners for word in one.words]).reshape(-1, 4, 2)
    whole = np.array([bool(word.text) for word in one.words], dtype=bool)
    size = pixels.shape[0]
    for _ in range(int(rng.integers(4))):
        pixels, corners = turned_once(pixels, corners)
    side = size * float(rng.uniform(max(_NEAREST, min(1.0, 0.75 * REDUCED / size)), 1.0))
    low = rng.uniform(0, size - side, 2)
    picture = Image.fromarray(np.ascontiguousarray(pixels)).resize(
        (REDUCED, REDUCED), Image.Resampling.BILINEAR, box=(*low, *np.minimum(low + side, size))
    )
    moved = (corners - low) * (REDUCED / side)
    whole &= ((moved >= -2) & (moved <= REDUCED + 2)).all(axis=(1, 2))
    boxes = boxes_of(moved)
    return np.asarray(picture), boxes, whole & (boxes[:, 3] >= _LOWEST * LEAST)


def turned_once(pixels: Pixels, corners: Corners) -> tuple[Pixels, Corners]:
    """Return square *pixels* and *corners* (n, 4, 2) in them, turned clockwise by 90 degrees."""
    size = pixels.shape[0]
    return np.rot90(pixels, -1), np.stack([size - corners[..., 1], corners[..., 0]], axis=-1)
