"""Words cut out of small strips of writing: what a recogniser learns from before whole pages.

A strip has a few lines in one typeface on one ground, printed and worn in its own way. Its words
are cut as a finder would have them: a little off their places, with the lines above and below.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from torch import Tensor

from gnothi.core.seeing import Pixels
from gnothi.vision.reading.cutting import boxes_of, cut
from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.text import layouts
from gnothi_train.vision.text.ahead import ahead
from gnothi_train.vision.text.batches import Spelled, moved, readable, spelled
from gnothi_train.vision.text.layouts import SMALLEST
from gnothi_train.vision.text.pages import Rendered, Renderer, Word, em_of, homography, placed

WORDS = 128
"""Of a batch."""
POOL = 32
"""Batches of words that are drawn at once and mixed, since those of a strip are alike."""
SEEN = 2
"""How often each word is seen, in other colours: to draw one lasts half as long as to learn it."""
_INVERTED = 0.15
_LARGEST = 44.0
"""Pixels an em: what is larger is cut from a picture of half the size, and looks the same."""
_OFF = (0.3, 1.0, 1.6)
"""How far boxes are from where they should be: see ``Reading.jitter``."""


@dataclass(frozen=True, slots=True, eq=False)
class Crops(Spelled):
    """Words that are cut out."""

    pieces: Tensor
    """(words, 3, 32, 160) from 0 to 1."""


class Strips(Renderer):
    """Draws strips of writing, level or a little askew."""

    def strip(self, rng: np.random.Generator) -> tuple[Pixels, tuple[Word, ...]]:
        """Return a strip and its words; those that it cuts through have no text."""
        em = em_of(rng, SMALLEST, _LARGEST)
        width, height = int(em * rng.uniform(12, 24)), int(em * rng.uniform(4, 8))
        block = layouts.lines(self._face(rng), em, width, height, rng)
        block = layouts.Block(_printed(block.ink, em, rng), block.words)
        scale = rng.uniform(0.55, 1.0) if rng.random() < 0.5 else 1.0
        shape = int(scale * height * rng.uniform(0.9, 1.2)), int(scale * width)
        middle = np.array([shape[1], shape[0]]) / 2 + em * rng.normal(0, 0.2, 2)
        matrix = homography(width, height, middle, float(rng.normal(0, 3)), rng)
        matrix = matrix @ _scaled(scale, width, height)
        canvas = self._grounds.scrap(*shape, rng)
        self._lay(canvas, block, matrix, rng)
        words = tuple(placed(word, matrix, shape) for word in block.words)
        return Rendered(self._worn(_coarse(canvas, rng), rng), words).pixels, words

    def words(self, count: int, rng: np.random.Generator) -> "Pieces":
        """Return *count* words of as many strips as it takes, in any order."""
        pieces: list[NDArray[np.uint8]] = []
        words: list[Word] = []
        boxes: list[NDArray[np.float64]] = []
        while len(words) < count:
            pixels, every = self.strip(rng)
            some = [word for word in every if readable(word)]
            if some:
                true = boxes_of(np.array([word.corners for word in some]))
                off = moved(true, _OFF[int(rng.integers(len(_OFF)))], rng)
                pieces.append(cut(pixels, off))
                boxes.append(off)
                words += some
        order = rng.permutation(len(words))[:count]
        return Pieces(
            np.concatenate(pieces)[order],
            [words[int(at)] for at in order],
            np.concatenate(boxes)[order],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Words that are cut out, before they are a batch."""

    pixels: NDArray[np.uint8]
    words: list[Word]
    boxes: NDArray[np.float64]

    def batch(self, chosen: NDArray[np.intp], rng: np.random.Generator) -> Crops:
        """Return the *chosen* ones as a batch, in other colours."""
        pieces = as_input(torch.from_numpy(self.pixels[chosen]))
        signs = np.where(rng.random(len(chosen)) < _INVERTED, -1, 1) * rng.uniform(
            0.6, 1.2, len(chosen)
        )
        scale = torch.from_numpy(signs.astype(np.float32))[:, None, None, None]
        shift = torch.from_numpy(rng.uniform(-0.1, 0.1, len(chosen)).astype(np.float32))
        shifted = (pieces - 0.5) * scale + (0.5 + shift[:, None, None, None])
        told = spelled([self.words[int(at)] for at in chosen], self.boxes[chosen])
        return Crops(*told, shifted.clamp_(0, 1))


def crops(strips: Strips, seed: int, start: int = 0) -> Iterator[Crops]:
    """Yield batches of words for ever, from batch *start* on; they are drawn in a thread.

    Same seed, same batches.
    """

    def made() -> Iterator[Crops]:
        pool, begin = divmod(start, SEEN * POOL)
        while True:
            rng = np.random.default_rng((seed, pool))
            pieces = strips.words(POOL * WORDS, rng)
            order = np.concatenate([rng.permutation(POOL * WORDS) for _ in range(SEEN)])
            for at, chosen in enumerate(order.reshape(-1, WORDS)):
                if at >= begin:
                    yield pieces.batch(chosen, np.random.default_rng((seed, pool, at)))
            pool, begin = pool + 1, 0

    return ahead(made(), POOL)


def _printed(ink: Image.Image, em: float, rng: np.random.Generator) -> Image.Image:
    """Return *ink* as printers leave it: too thick, in bands, or in single dots."""
    way = rng.random()
    if way < 0.1 and em > 18:
        return ink.filter(ImageFilter.MaxFilter(3))
    if way < 0.3:  # a thermal head: rows that fade
        rows = np.clip(1 - rng.uniform(0, 0.6) * rng.random((ink.height, 1)) ** 3, 0, 1)
        return Image.fromarray((np.asarray(ink) * rows).astype(np.uint8))
    if way < 0.37:  # dots
        side = max(1, round(em / 16))
        small = ink.reduce(side).point(lambda grey: 255 if grey > 110 else 0)
        return small.resize(ink.size, Image.Resampling.BILINEAR)
    return ink


def _coarse(canvas: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return *canvas* as a camera has it that sees fewer pixels, or as it is."""
    if rng.random() > 0.25:
        return canvas
    height, width = canvas.shape[:2]
    share = rng.uniform(0.5, 0.9)
    picture = Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))
    small = picture.resize(
        (max(8, int(width * share)), max(8, int(height * share))), Image.Resampling.BILINEAR
    )
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def _scaled(scale: float, width: int, height: int) -> NDArray[np.float64]:
    """Return the matrix that makes a block smaller about its middle."""
    move = (1 - scale) / 2
    return np.array([[scale, 0, move * width], [0, scale, move * height], [0, 0, 1.0]])
