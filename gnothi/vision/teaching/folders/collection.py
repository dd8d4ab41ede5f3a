"""Pictures, and the boxes that somebody drew in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes, clipped
from gnothi.vision.pictures import LONGEST, read_picture

LEAST = 1.0
"""Pixels of a side; what is thinner is a slip of the mouse."""
SHARES = (1.0, 1.0)
"""The size that boxes are relative to which are shares of the picture's sides."""
_SAME = 0.02
"""How far the proportions of a picture may be from those that its annotations tell of."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A picture, what is in it, and where."""

    name: str
    pixels: Pixels
    boxes: Boxes
    """Shape (n, 4): left, top, right, bottom, in pixels of this picture."""
    classes: NDArray[np.int64]
    """Shape (n,): numbers of names in :attr:`Collection.names`."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A box as an annotation file has it."""

    name: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture as an annotation file has it."""

    path: Path
    drawn: tuple[Drawn, ...]
    size: tuple[float, float] | None = None
    """Width and height that the boxes are relative to; ``None`` for those of the picture.

    Pictures that were made smaller after somebody drew in them keep their boxes this way.
    """


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder that was read."""

    names: tuple[str, ...]
    """What is in the pictures, in the order of the class numbers."""
    entries: tuple[Entry, ...]

    def read(self, longest: int = LONGEST) -> list[Example]:
        """Return every picture with its boxes, no side above *longest*; in the order of names.

        Raises:
            InputError: a picture can't be read, or a box is not inside it.
        """
        return [self.example(entry, longest) for entry in self.entries]

    def example(self, entry: Entry, longest: int = LONGEST) -> Example:
        """Return *entry* with its pixels.

        Raises:
            InputError: the picture can't be read, or a box is not inside it.
        """
        pixels = read_picture(entry.path, longest=longest)
        boxes = _fitted(entry, pixels)
        classes = [self.names.index(one.name) for one in entry.drawn]
        return Example(entry.path.name, pixels, boxes, np.asarray(classes, dtype=np.int64))


def collected(entries: Sequence[Entry], names: Sequence[str] = ()) -> Collection:
    """Return *entries* in order of their paths; classes by *names*, or in order of the alphabet."""
    found = {one.name for entry in entries for one in entry.drawn}
    known = tuple(names) or tuple(sorted(found))
    if strange := sorted(found - set(known)):
        raise InputError(f"There are boxes of {strange[0]!r}, which is none of the classes.")
    return Collection(known, tuple(sorted(entries, key=lambda entry: entry.path)))


def _fitted(entry: Entry, pixels: Pixels) -> Boxes:
    """Return the boxes of *entry* in *pixels*."""
    height, width = pixels.shape[:2]
    boxes = np.asarray([one.box for one in entry.drawn], dtype=np.float64).reshape(-1, 4)
    if entry.size is None:  # nobody says how large the picture was: as it lies there
        across, down = _size(entry.path)
    else:
        across, down = entry.size
        if entry.size != SHARES and not _same_shape(entry.size, (width, height)):
            raise InputError(
                f"{entry.path.name} is {width} by {height} pixels, and its annotations are about a "
                f"picture of {across:g} by {down:g}: one of the two was turned or cut."
            )
    fitted = clipped(boxes * np.tile([width / across, height / down], 2), width, height)
    return _sound(entry, fitted)


def _same_shape(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether both sizes have the same proportions, but for rounding."""
    ratios = [width / height if min(width, height) > 0 else 0.0 for width, height in (one, other)]
    return abs(ratios[0] - ratios[1]) <= _SAME * ratios[1]


def _size(path: Path) -> tuple[float, float]:
    height, width = read_picture(path).shape[:2]
    return width, height


def _sound(entry: Entry, boxes: Boxes) -> Boxes:
    sides = boxes[:, 2:] - boxes[:, :2]
    for one, (across, down) in zip(entry.drawn, sides, strict=True):
        if not (np.isfinite(one.box).all() and across >= LEAST and down >= LEAST):
            told = ", ".join(f"{value:g}" for value in one.box)
            raise InputError(
                f"The box ({told}) of {one.name!r} does not lie in {entry.path.name}: a box is "
                "left, top, right, bottom in pixels."
            )
    return boxes
