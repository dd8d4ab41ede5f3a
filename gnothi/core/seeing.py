"""From pictures to words: pixels, what is written in them, who reads it, and where they come from.

``gnothi.testing.seeing`` ships the checks that every reader and every camera passes.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError

Pixels: TypeAlias = NDArray[np.uint8]
"""A picture: red, green and blue from 0 to 255; its shape is (height, width, 3)."""

Corners: TypeAlias = NDArray[np.float64]
"""A polygon in pixels of its picture, x to the right and y down; its shape is (corners, 2).

A pixel covers a square of side 1: the left upper corner of the picture is (0, 0), the right lower
one (width, height).
"""


@dataclass(frozen=True, slots=True, eq=False)
class WrittenWord:
    """A word, and where it is written."""

    text: str
    corners: Corners
    """Four corners, clockwise as somebody sees it who reads it: left upper one first.

    Where the text is upside down, the first corner is the right lower one of the picture.
    """
    confidence: float
    """The reader's own, from 0 to 1; not calibrated."""


@dataclass(frozen=True, slots=True, eq=False)
class WrittenLine:
    """Words that a reader found side by side."""

    text: str
    corners: Corners
    """As those of a word."""
    confidence: float
    words: tuple[WrittenWord, ...] = ()
    """In the order in which they are read; empty where the reader knows of none."""


class TextReader(Protocol):
    """Finds what is written in a picture, and reads it."""

    @property
    def name(self) -> str:
        """What it is called where people choose among readers."""
        ...

    def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
        """Return the lines in *pixels*, in any order; none where nothing is written.

        May be called by several threads. A picture that is not upright is read as far as the
        reader can: :mod:`gnothi.vision.reading.upright` turns it for every one of them.

        Raises:
            InputError: this is no picture of the right kind.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What a camera saw at one moment."""

    pixels: Pixels
    seconds: float
    """Since its recording began, or since the camera was opened: it never runs backwards."""


class Camera(Protocol):
    """Something to look through: a file, a folder, a stream in the network."""

    @property
    def name(self) -> str:
        """What people call it; without the password that its address may have."""
        ...

    def look(self) -> Frame | None:
        """Return what it sees now, or the next picture of a recording; ``None`` after its last.

        A camera may disappear and come back: looking again finds it.

        Raises:
            ProviderError: it is away, or does not answer in time.
            InputError: what it shows is no picture.
        """
        ...

    def close(self) -> None:
        """Give it back. May be called at any time, and more than once."""
        ...


def require_picture(pixels: Pixels) -> Pixels:
    """Return *pixels* when they are a picture.

    Raises:
        InputError: they have another type or shape, or none at all.
    """
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise InputError(
            f"A picture is uint8 of shape (height, width, 3), not {pixels.dtype} of shape "
            f"{pixels.shape}: read it with gnothi.vision.pictures."
        )
    if not pixels.size:
        raise InputError("There is not a single pixel in this picture.")
    return pixels


@dataclass(frozen=True, slots=True)
class Sighting:
    """A thing in a picture."""

    name: str
    """What it is called."""
    box: tuple[float, float, float, float]
    """Left, top, right, bottom in pixels of the picture."""
    confidence: float
    """From 0 to 1."""


class KnownThings(Protocol):
    """Things that somebody taught, to be found again."""

    @property
    def names(self) -> tuple[str, ...]:
        """What was taught, as people call it."""
        ...

    def find(self, name: str, pixels: Pixels) -> tuple[Sighting, ...]:
        """Return where the thing called *name* is in *pixels*, surest first; none where it is not.

        The case of *name* and its article do not matter.

        Raises:
            InputError: nothing is called so, or this is no picture.
        """
        ...
