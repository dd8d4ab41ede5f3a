"""Gnothi's own reader: a spotter after GLASS, on Pillow and ONNX Runtime alone.

It finds words at any angle in the picture reduced to ``LONGEST``; each is read from what is known
of it there, and from a cut-out of the whole picture, turned upright.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.seeing import Pixels, WrittenLine, WrittenWord, require_picture
from gnothi.vision.networks import Network
from gnothi.vision.pictures import reduced
from gnothi.vision.reading.cutting import COLUMNS, Boxes, corners_of, cut, grid_of
from gnothi.vision.reading.letters import greedy
from gnothi.vision.reading.lines import lines_of
from gnothi.vision.reading.places import Found, words_of

SHIPPED = Path(__file__).parents[2] / "models" / "reading"
NAME = "sight/reading"
FIND, READ = "find.onnx", "read.onnx"
LONGEST = 1_280
"""Pixels of the longer side, to find words in."""
LEAST = 0.6
"""Words that are read less surely are noise."""
_STEP = 16
"""Sides that the finder takes are multiples of it."""
_AT_ONCE = 64
"""Words that are read together."""
_DOUBTFUL = 0.95
"""A word that is less surely upright is read both ways; the surer reading counts."""
_SMALLEST = 4.0
"""Pixels below which a word has no letters."""

Spell = Callable[[NDArray[np.float32]], tuple[str, float]]
"""From the scores of a word, (columns, classes), to its text and how sure that is."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What the finder knows of a picture."""

    maps: NDArray[np.float32]
    """(1, channels, height / 4, width / 4)"""
    size: NDArray[np.float64]
    """Width and height that they cover, in pixels of the whole picture."""


class OwnReader:
    """Reads with the networks that come with Gnothi."""

    name = "gnothi"

    def __init__(
        self,
        folder: Path = SHIPPED,
        *,
        threads: int = 1,
        least: float = LEAST,
        longest: int = LONGEST,
        spell: Spell = greedy,
    ) -> None:
        """Open the networks in *folder*; *least* is how surely a word must be read to be told.

        Raises:
            ArtifactError: they are missing or damaged.
        """
        verify(folder, read_card(folder))
        self._find = Network(folder / FIND, threads=threads)
        self._read = Network(folder / READ, threads=threads)
        self._least, self._longest, self._spell = least, longest, spell

    def read(self, pixels: Pixels) -> tuple[WrittenLine, ...]:
        """Return the lines in *pixels*.

        Raises:
            InputError: this is no picture of the right kind.
        """
        require_picture(pixels)
        features, found = self.find(pixels)
        boxes, scores = found.boxes, self.scores(features, pixels, found.boxes)
        doubtful = np.flatnonzero(found.upright < _DOUBTFUL)
        turned = boxes[doubtful] + [0, 0, 0, 0, np.pi]
        others = self.scores(features, pixels, turned)
        for at, box, other in zip(doubtful, turned, others, strict=True):
            if greedy(other)[1] > greedy(scores[at])[1]:
                boxes[at], scores[at] = box, other
        return lines_of(list(self._words(boxes, scores)))

    def find(self, pixels: Pixels) -> tuple[Features, Found]:
        """Return what is known of the picture as a whole, and the words in it."""
        small = reduced(pixels, self._longest)
        height, width = small.shape[:2]
        down, across = (-side % _STEP for side in (height, width))
        padded = np.pad(small, ((0, down), (0, across), (0, 0)), mode="edge")
        tensor = padded.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
        told = self._find.run(picture=tensor)
        found = words_of(told["places"][0])
        boxes = found.boxes
        scale = max(pixels.shape[:2]) / max(height, width)
        boxes[:, :4] *= scale
        whole = np.array(tensor.shape[:1:-1], dtype=np.float64) * scale
        kept = boxes[:, 3] >= _SMALLEST
        kept &= (boxes[:, :2] >= 0).all(axis=1) & (boxes[:, :2] <= [*pixels.shape[1::-1]]).all(
            axis=1
        )
        found = Found(boxes[kept], found.sure[kept], found.upright[kept])
        return Features(told["features"], whole), found

    def scores(self, features: Features, pixels: Pixels, boxes: Boxes) -> NDArray[np.float32]:
        """Return logarithms of probabilities of letters, (n, columns, classes), for *boxes*."""
        found: list[NDArray[np.float32]] = []
        for begin in range(0, len(boxes), _AT_ONCE):
            some = boxes[begin : begin + _AT_ONCE]
            pieces = cut(pixels, some).transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255)
            grid = grid_of(some, *features.size).reshape(1, -1, COLUMNS, 2)
            inputs = {"features": features.maps, "grid": grid, "pieces": pieces}
            told = self._read.run(**{name: inputs[name] for name in self._read.inputs})
            found.append(told["letters"])
        return np.concatenate(found) if found else np.zeros((0, 1, 1), np.float32)

    def _words(self, boxes: Boxes, scores: NDArray[np.float32]) -> Iterator[WrittenWord]:
        for corners, one in zip(corners_of(boxes), scores, strict=True):
            text, sure = self._spell(one)
            if text and sure >= self._least:
                yield WrittenWord(text, corners, min(sure, 1.0))
