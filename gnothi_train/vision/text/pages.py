"""Rendered pictures with writing at any angle, and where each of their words is."""

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from gnothi.core.seeing import Corners, Pixels
from gnothi.vision.rotated import turning
from gnothi_train.vision.text import layouts, phrases
from gnothi_train.vision.text.grounds import Grounds
from gnothi_train.vision.text.layouts import HIGHEST, SMALLEST, Block
from gnothi_train.vision.text.typefaces import Typeface

SHEETS = 0.6
"""Share of the pictures that show one sheet; the others show labels and signs."""
_CONTRAST = 70.0
"""Least difference of brightness between ink and paper, of 255."""
_OUTSIDE = 2.0
"""Pixels by which a word may leave the picture and still be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word in a picture."""

    text: str
    """Empty where a part of it is outside."""
    corners: Corners
    """Four, clockwise from where its reading begins."""
    middles: NDArray[np.float32]
    """Where the middle of each letter is, as a share of the word's width."""


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """A picture, and every word in it."""

    jpeg: bytes
    words: tuple[Word, ...]

    @property
    def pixels(self) -> Pixels:
        """The picture, shape (height, width, 3)."""
        with Image.open(io.BytesIO(self.jpeg)) as picture:
            return np.asarray(picture.convert("RGB"))


class Renderer:
    """Draws pictures with typefaces on grounds."""

    def __init__(
        self,
        faces: Sequence[Typeface],
        grounds: Grounds,
        *,
        steepest: float = 180.0,
        angle: float | None = None,
    ) -> None:
        """Turn writing by at most *steepest* degrees; all of it by *angle*, if that is given."""
        by_family: dict[str, list[Typeface]] = {}
        for face in faces:
            by_family.setdefault(face.family, []).append(face)
        self._families = list(by_family.values())
        self._grounds, self._steepest, self._angle = grounds, steepest, angle

    @property
    def key(self) -> Mapping[str, object]:
        """What its pictures depend on, beside the generator they are drawn with."""
        return {
            "typefaces": [f"{one.family} {one.style}" for some in self._families for one in some],
            "words": phrases.mark(),
            "photos": self._grounds.mark,
            "steepest": self._steepest,
            "angle": self._angle,
        }

    def render(self, size: int, rng: np.random.Generator) -> Rendered:
        """Return a square picture of *size* pixels a side."""
        canvas = self._grounds.ground(size, rng)
        words: list[Word] = []
        blocks = self._sheet if rng.random() < SHEETS else self._scattered
        for block, matrix in blocks(size, rng):
            self._lay(canvas, block, matrix, rng)
            words += [placed(word, matrix, canvas.shape) for word in block.words]
        return Rendered(self._worn(canvas, rng), tuple(words))

    def _face(self, rng: np.random.Generator) -> Typeface:
        family = self._families[int(rng.integers(len(self._families)))]
        return family[int(rng.integers(len(family)))]

    def _turn(self, rng: np.random.Generator) -> float:
        """Return an angle in degrees: any, nearly level, or nearly on its side."""
        if self._angle is not None:
            return self._angle + float(rng.uniform(-2, 2))
        way = rng.random()
        if way < 0.5 or self._steepest < 90:
            return float(rng.uniform(-self._steepest, self._steepest))
        return float(rng.normal(0, 4)) + (0 if way < 0.8 else 90 * int(rng.integers(4)))

    def _sheet(self, size: int, rng: np.random.Generator) -> Iterator[tuple[Block, np.ndarray]]:
        """Yield one block about as large as the picture, or larger."""
        kind = layouts.KINDS[int(rng.integers(len(layouts.KINDS)))]
        em = em_of(rng, SMALLEST, 42)
        width, height = (int(size * rng.uniform(0.7, 1.3)) for _ in range(2))
        block = kind(self._face(rng), em, width, height, rng)
        middle = size * rng.uniform(0.42, 0.58, 2)
        yield block, homography(width, height, middle, self._turn(rng), rng)

    def _scattered(self, size: int, rng: np.random.Generator) -> Iterator[tuple[Block, np.ndarray]]:
        """Yield labels and signs side by side."""
        taken: list[NDArray[np.float64]] = []
        for _ in range(int(rng.integers(4, 18))):
            em = em_of(rng, SMALLEST, HIGHEST)
            if rng.random() < 0.3:
                wide, high = (int(size * rng.uniform(0.25, 0.6)) for _ in range(2))
                em = max(SMALLEST, min(em, high / 3, wide / 6))
                block = layouts.label(self._face(rng), em, wide, high, rng)
            else:
                block = layouts.sign(self._face(rng), em, rng)
            middle = size * rng.uniform(0.05, 0.95, 2)
            matrix = homography(*block.ink.size, middle, self._turn(rng), rng)
            corners = _mapped(_rectangle(0, 0, *block.ink.size), matrix)
            bounds = np.concatenate([corners.min(axis=0), corners.max(axis=0)])
            if all(_apart(bounds, other) for other in taken):
                taken.append(bounds)
                yield block, matrix

    def _lay(
        self,
        canvas: NDArray[np.float32],
        block: Block,
        matrix: np.ndarray,
        rng: np.random.Generator,
    ) -> None:
        """Put *block* onto *canvas*, with or without a sheet of paper beneath it."""
        whole = canvas.shape[1::-1]
        corners = _mapped(_rectangle(0, 0, *block.ink.size), matrix)
        low = np.clip(np.floor(corners.min(axis=0)), 0, whole).astype(int)
        high = np.clip(np.ceil(corners.max(axis=0)), 0, whole).astype(int)
        if (high - low < 2).any():
            return
        piece = canvas[low[1] : high[1], low[0] : high[0]]
        height, width = piece.shape[:2]
        if rng.random() < 0.75:
            colour = _paper(rng)
            sheet = Image.new("L", (width, height))
            points = [tuple(map(float, corner - low)) for corner in corners]
            ImageDraw.Draw(sheet).polygon(points, fill=255)
            share = np.asarray(sheet, dtype=np.float32)[:, :, None] / 255
            piece += share * (self._grounds.paper(height, width, colour, rng) - piece)
        else:
            colour = piece.mean(axis=(0, 1)).astype(np.float64)
        shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1.0]])
        back = np.linalg.inv(shift @ matrix)
        ink = block.ink.transform(
            (width, height),
            Image.Transform.PERSPECTIVE,
            tuple((back / back[2, 2]).ravel()[:8]),
            Image.Resampling.BILINEAR,
        )
        share = np.asarray(ink, dtype=np.float32)[:, :, None] / 255
        if rng.random() < 0.3:  # worn print
            grain = self._grounds.grain(height, width, rng)
            faded = 1 - rng.uniform(0, 0.35) * (1 + np.tanh(grain))
            share = share * faded[:, :, None].astype(np.float32)
        piece += share * (_ink(colour, rng).astype(np.float32) - piece)

    def _worn(self, canvas: NDArray[np.float32], rng: np.random.Generator) -> bytes:
        """Return *canvas* as it looks in uneven light through a poor lens, as JPEG."""
        height, width = canvas.shape[:2]
        if rng.random() < 0.5:  # light from a side, or a shadow with a soft edge
            direction = turning(float(rng.uniform(0, 360)))[0]
            down, across = (np.arange(n, dtype=np.float32) / n - 0.5 for n in (height, width))
            slope = across[None, :] * direction[0] + down[:, None] * direction[1]
            steep = float(rng.choice([1, 1, 12]))
            canvas *= (1 + rng.uniform(0, 0.35) * np.tanh(steep * slope))[:, :, None].astype("f4")
        if rng.random() < 0.6:
            canvas += self._grounds.grain(height, width, rng)[:, :, None] * np.float32(
                rng.uniform(0, 14)
            )
        picture = Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))
        if rng.random() < 0.45:
            picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.1))))
        if rng.random() < 0.25:
            picture = picture.convert("L").convert("RGB")
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=int(rng.integers(35, 96)))
        return written.getvalue()


def em_of(rng: np.random.Generator, least: float, most: float) -> float:
    """Return a size of letters, as likely small as large."""
    return float(math.exp(rng.uniform(math.log(least), math.log(most))))


def _paper(rng: np.random.Generator) -> NDArray[np.float64]:
    if rng.random() < 0.6:
        return rng.uniform(205, 255) * (1 - rng.uniform(0, 0.12, 3))
    return rng.uniform(0, 255, 3)


def _ink(paper: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a colour that is darker or brighter than *paper*."""
    bright = float(paper @ [0.3, 0.59, 0.11])
    for _ in range(20):
        grey = rng.random() < 0.5
        ink = np.full(3, rng.uniform(0, 255)) if grey else rng.uniform(0, 255, 3)
        if abs(float(ink @ [0.3, 0.59, 0.11]) - bright) > _CONTRAST:
            return ink
    return np.full(3, 0.0 if bright > 128 else 255.0)


def homography(
    width: int, height: int, middle: np.ndarray, degrees: float, rng: np.random.Generator
) -> np.ndarray:
    """Return the matrix, shape (3, 3), from a block to the picture: turned, seen a little askew."""
    turn = np.eye(3)
    turn[:2, :2] = turning(degrees)
    centre, place = np.eye(3), np.eye(3)
    centre[:2, 2] = -width / 2, -height / 2
    place[:2, 2] = middle
    askew = np.eye(3)
    if rng.random() < 0.4:
        askew[2, :2] = rng.uniform(-0.25, 0.25, 2) / max(width, height)
        askew[0, 1] = rng.uniform(-0.08, 0.08)
    return place @ turn @ askew @ centre


def _mapped(points: np.ndarray, matrix: np.ndarray) -> Corners:
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return moved[:, :2] / moved[:, 2:]


def _rectangle(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=float)


def placed(word: layouts.Placed, matrix: np.ndarray, shape: Sequence[int]) -> Word:
    """Return *word* of a block where *matrix* puts it in a picture of that *shape*."""
    corners = _mapped(_rectangle(*word.box), matrix)
    most = np.array([shape[1], shape[0]]) + _OUTSIDE
    inside = (corners >= -_OUTSIDE).all() and (corners <= most).all()
    return Word(word.text if inside else "", corners, word.middles)


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return bool((one[:2] >= other[2:]).any() or (one[2:] <= other[:2]).any())
