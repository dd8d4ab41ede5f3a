"""From few pictures many: crops, flips, light and colour, and four pictures in one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from gnothi.vision.boxes import Boxes, areas, clipped
from gnothi.vision.teaching.folders.collection import Example
from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.pyramid import Things

_GREY = 114


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How much is changed of a picture before a network sees it."""

    zoom: tuple[float, float] = (0.6, 1.5)
    """Least and most that a picture is enlarged by, beyond fitting it in."""
    flip: float = 0.5
    """How often left becomes right."""
    light: float = 0.25
    """How far brightness, contrast and each colour are changed, as a share."""
    mosaic: float = 0.3
    """How often four pictures stand side by side (Bochkovskiy et al., YOLOv4, section 3.3)."""
    seen: float = 0.4
    """Share of a box that must be left of it after a crop; what shows less is not told of."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Pictures as a network takes them, and what is in each."""

    pictures: torch.Tensor
    """Shape (batch, 3, size, size), from 0 to 1."""
    things: tuple[Things, ...]


def batches(
    examples: Sequence[Example],
    count: int,
    size: int,
    rng: np.random.Generator,
    augmentation: Augmentation | None = None,
) -> Iterator[Batch]:
    """Yield batches of *count* pictures of *size* by *size*, made of *examples*, without end."""
    how = augmentation or Augmentation()
    while True:
        yield as_batch([varied(examples, size, rng, how) for _ in range(count)])


def as_batch(examples: Sequence[Example]) -> Batch:
    """Return *examples* of one size as a batch."""
    pictures = torch.from_numpy(np.stack([one.pixels for one in examples]))
    things = tuple(
        Things(torch.from_numpy(one.boxes).float(), torch.from_numpy(one.classes))
        for one in examples
    )
    return Batch(as_input(pictures), things)


def varied(
    examples: Sequence[Example], size: int, rng: np.random.Generator, how: Augmentation
) -> Example:
    """Return a new picture, *size* by *size*, made of one or four of *examples*."""
    if rng.random() >= how.mosaic:
        return _lit(_cut(_one(examples, rng), size, size, rng, how), rng, how)
    across, down = (int(size * rng.uniform(0.35, 0.65)) for _ in range(2))
    canvas = np.empty((size, size, 3), dtype=np.uint8)
    boxes: list[Boxes] = []
    classes: list[NDArray[np.int64]] = []
    for left, right in ((0, across), (across, size)):
        for top, bottom in ((0, down), (down, size)):
            one = _cut(_one(examples, rng), right - left, bottom - top, rng, how)
            canvas[top:bottom, left:right] = one.pixels
            boxes.append(one.boxes + np.array([left, top, left, top]))
            classes.append(one.classes)
    return _lit(Example("", canvas, np.concatenate(boxes), np.concatenate(classes)), rng, how)


def fitted(example: Example, size: int) -> Example:
    """Return *example* fitted into *size* by *size*, in proportion, at the left upper corner."""
    height, width = example.pixels.shape[:2]
    return _placed(example, size, size, size / max(height, width), (0.0, 0.0))


def tiles(example: Example, side: int) -> list[Example]:
    """Return *example* cut into squares of *side*, for things that are tiny in large pictures.

    Boxes that are cut in two belong to the tile that has more of them.
    """
    height, width = example.pixels.shape[:2]
    found: list[Example] = []
    for top in range(0, height, side):
        for left in range(0, width, side):
            pixels = example.pixels[top : top + side, left : left + side]
            boxes = example.boxes - [left, top, left, top]
            inside = clipped(boxes, pixels.shape[1], pixels.shape[0])
            kept = areas(inside) > areas(boxes) / 2
            name = f"{example.name}@{left},{top}"
            found.append(Example(name, pixels, inside[kept], example.classes[kept]))
    return found


def _one(examples: Sequence[Example], rng: np.random.Generator) -> Example:
    return examples[int(rng.integers(len(examples)))]


def _cut(
    example: Example, width: int, height: int, rng: np.random.Generator, how: Augmentation
) -> Example:
    """Return a random part of *example*, *width* by *height*, enlarged at random."""
    down, across = example.pixels.shape[:2]
    scale = max(width / across, height / down) * float(np.exp(rng.uniform(*np.log(how.zoom))))
    room = across * scale - width, down * scale - height
    left, top = (float(rng.uniform(min(0, one), max(0, one))) for one in room)
    cut = _placed(example, width, height, scale, (left, top))
    before = areas(example.boxes) * scale**2
    kept = areas(cut.boxes) >= how.seen * np.maximum(before, 1e-9)
    return _flipped(
        Example(example.name, cut.pixels, cut.boxes[kept], example.classes[kept]), rng, how
    )


def _placed(
    example: Example, width: int, height: int, scale: float, corner: tuple[float, float]
) -> Example:
    """Return what a window of *width* by *height* shows of *example*, enlarged by *scale*.

    *corner* is the left upper one of the window, in pixels of the enlarged picture.
    """
    down, across = example.pixels.shape[:2]
    left, top = corner
    first = max(0.0, left / scale), max(0.0, top / scale)
    last = min(across, (left + width) / scale), min(down, (top + height) / scale)
    begin = round(first[0] * scale - left), round(first[1] * scale - top)
    end = round(last[0] * scale - left), round(last[1] * scale - top)
    extent = max(1, end[0] - begin[0]), max(1, end[1] - begin[1])
    part = Image.fromarray(example.pixels).resize(
        extent, Image.Resampling.BILINEAR, (*first, *last), reducing_gap=2.0
    )
    pixels = np.full((height, width, 3), _GREY, dtype=np.uint8)
    seen = np.asarray(part)[: height - begin[1], : width - begin[0]]
    pixels[begin[1] : begin[1] + seen.shape[0], begin[0] : begin[0] + seen.shape[1]] = seen
    boxes = clipped(example.boxes * scale - [left, top, left, top], width, height)
    return Example(example.name, pixels, boxes, example.classes)


def _flipped(example: Example, rng: np.random.Generator, how: Augmentation) -> Example:
    if rng.random() >= how.flip:
        return example
    width = example.pixels.shape[1]
    boxes = example.boxes.copy()
    boxes[:, [0, 2]] = width - example.boxes[:, [2, 0]]
    return Example(example.name, example.pixels[:, ::-1], boxes, example.classes)


def _lit(example: Example, rng: np.random.Generator, how: Augmentation) -> Example:
    """Return *example* in another light: a table of 256 values for each colour."""
    tones = np.arange(256, dtype=np.float32)
    contrast, brightness = 1 + rng.uniform(-how.light, how.light, 2)
    colours = brightness * (1 + rng.uniform(-how.light / 3, how.light / 3, 3))
    table = ((tones[:, None] - 128) * contrast + 128) * colours
    table = np.clip(table, 0, 255).astype(np.uint8)
    pixels = np.stack([table[example.pixels[..., one], one] for one in range(3)], axis=-1)
    return Example(example.name, pixels, example.boxes, example.classes)
