"""Small pictures of coloured squares, to learn from in a second."""

import numpy as np

from gnothi.vision.teaching.folders.collection import Example

SIDE = 64
COLOURS = ((220, 40, 40), (40, 60, 220))
"""Red squares are class 0, blue ones class 1."""


def square(random: np.random.Generator, kinds: int = 2) -> Example:
    """Return a picture with one square in it."""
    pixels = np.full((SIDE, SIDE, 3), 120, np.uint8)
    kind, side = int(random.integers(kinds)), int(random.integers(18, 30))
    left, top = (int(value) for value in random.integers(0, SIDE - side, 2))
    pixels[top : top + side, left : left + side] = COLOURS[kind]
    box = np.array([[left, top, left + side, top + side]], np.float64)
    return Example(f"{left},{top}", pixels, box, np.array([kind], np.int64))


def squares(count: int, seed: int = 0, kinds: int = 2) -> list[Example]:
    """Return *count* pictures."""
    random = np.random.default_rng(seed)
    return [square(random, kinds) for _ in range(count)]
