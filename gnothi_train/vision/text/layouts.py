"""Blocks of writing: receipts, letters, labels and signs, each as a mask of ink and its words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from gnothi_train.vision.text import phrases
from gnothi_train.vision.text.typefaces import Typeface

SMALLEST, HIGHEST = 10.0, 80.0
"""Pixels an em: capitals are about 0.7 of it, so words are some 8 to 64 pixels high."""

JUMBLES = 0.15
"""Share of letters in no order among words, so that readers don't lean on what is a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A word in its block."""

    text: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom in pixels of the block."""
    middles: NDArray[np.float32]
    """Where the middle of each letter is, as a share of the word's width."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Writing on a plane."""

    ink: Image.Image
    """How much ink there is, mode ``L``."""
    words: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Words of one line: on its left, on its right, or in the middle."""

    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    is_centred: bool = False
    scale: float = 1.0


def receipt(
    face: Typeface, size: float, width: int, height: int, rng: np.random.Generator
) -> Block:
    """Return rows of things and their prices."""
    return _set(face, size, width, height, _bill(rng), rng, spacing=rng.uniform(1.0, 1.5))


def prose(face: Typeface, size: float, width: int, height: int, rng: np.random.Generator) -> Block:
    """Return lines that are full of words."""
    return _set(face, size, width, height, _text(rng), rng, spacing=rng.uniform(1.1, 1.8))


def label(face: Typeface, size: float, width: int, height: int, rng: np.random.Generator) -> Block:
    """Return a few words, some large and some small."""
    return _set(face, size, width, height, _notes(rng), rng, spacing=rng.uniform(1.1, 1.5))


KINDS: tuple[Callable[..., Block], ...] = (receipt, prose, label)


def lines(face: Typeface, size: float, width: int, height: int, rng: np.random.Generator) -> Block:
    """Return lines of things that are to be read and not to be guessed."""
    return _set(face, size, width, height, _mixed(rng), rng, spacing=rng.uniform(0.95, 1.7))


def sign(face: Typeface, size: float, rng: np.random.Generator) -> Block:
    """Return one to three words, as large as they are."""
    words = [phrases.word(rng) for _ in range(int(rng.choice([1, 1, 2, 3])))]
    font = face.sized(round(size))
    width = int(font.getlength(" ".join(words)) + size)
    return _set(face, size, width, int(size * 1.6), iter([Row(tuple(words))]), rng, spacing=1.2)


def _bill(rng: np.random.Generator) -> Iterator[Row]:
    for _ in range(int(rng.integers(1, 4))):
        yield Row(_some(rng, 1, 4), is_centred=True, scale=float(rng.choice([1, 1, 1.4])))
    while True:
        way = rng.random()
        if way < 0.08:
            yield Row((str(rng.choice(["-", "=", "*", "."])) * int(rng.integers(3, 20)),))
        elif way < 0.2:
            yield Row(_some(rng, 1, 5))
        else:
            scale = 1.5 if way > 0.96 else 1.0
            yield Row(_some(rng, 1, 4), (phrases.amount(rng),), scale=scale)


def _text(rng: np.random.Generator) -> Iterator[Row]:
    while True:
        yield Row(_some(rng, 6, 20))


def _notes(rng: np.random.Generator) -> Iterator[Row]:
    while True:
        scale = float(rng.choice([0.6, 0.8, 1, 1, 1.6]))
        yield Row(_some(rng, 1, 6), is_centred=rng.random() < 0.5, scale=scale)


def _mixed(rng: np.random.Generator) -> Iterator[Row]:
    while True:
        count = int(rng.integers(2, 9))
        words = [
            phrases.jumble(rng) if rng.random() < JUMBLES else phrases.word(rng)
            for _ in range(count)
        ]
        yield Row(tuple(words), is_centred=rng.random() < 0.2)


def _some(rng: np.random.Generator, fewest: int, most: int) -> tuple[str, ...]:
    return tuple(phrases.word(rng) for _ in range(int(rng.integers(fewest, most + 1))))


def _set(
    face: Typeface,
    size: float,
    width: int,
    height: int,
    rows: Iterator[Row],
    rng: np.random.Generator,
    *,
    spacing: float,
) -> Block:
    """Write *rows* into *width* by *height* until it is full."""
    ink = Image.new("L", (width, height))
    pen = ImageDraw.Draw(ink)
    words: list[Placed] = []
    hands: dict[int, _Hand] = {}
    margin, y = 0.3 * size, 0.3 * size
    gap = rng.uniform(0.8, 1.6)
    for row in rows:
        em = max(int(SMALLEST), round(size * row.scale))
        hand = hands.setdefault(em, _Hand(face.sized(em)))
        if y + 1.3 * size * row.scale > height:
            break
        for text, x in _across(row, hand, width, margin, gap):
            words += hand.write(pen, text, x, y)
        y += spacing * size * row.scale
        if rng.random() < 0.06:
            y += size
    return Block(ink, tuple(words))


def _across(
    row: Row, hand: "_Hand", width: int, margin: float, gap: float
) -> Iterator[tuple[str, float]]:
    """Yield the words of *row* that find room, and where each begins."""
    space = gap * hand.length(" ")
    end = width - margin
    for text in reversed(row.right):
        end -= hand.length(text)
        if end > margin:
            yield text, end
        end -= 2 * space
    widths = [hand.length(text) for text in row.left]
    x = margin
    if row.is_centred:
        x = max(margin, (width - sum(widths) - space * (len(widths) - 1)) / 2)
    for text, wide in zip(row.left, widths, strict=True):
        if x + wide > end:
            return
        yield text, x
        x += wide + space


class _Hand:
    """Writes in one typeface of one size; a letter is measured once."""

    def __init__(self, font: ImageFont.FreeTypeFont) -> None:
        self._font = font
        self._widths: dict[str, float] = {}
        self._capital = font.getbbox("H")[1]

    def length(self, text: str) -> float:
        """Return the width of *text*, without kerning."""
        return sum(map(self._width, text))

    def write(self, pen: ImageDraw.ImageDraw, text: str, x: float, y: float) -> Sequence[Placed]:
        """Write one word; nothing is told where the typeface has no ink for it."""
        left, top, right, bottom = self._font.getbbox(text)
        if right <= left or bottom <= top:
            return []
        pen.text((x, y), text, fill=255, font=self._font)
        top = min(top, self._capital if text.isascii() else self._font.getbbox(text)[1])
        widths = np.array([self._width(letter) for letter in text])
        middles = (widths.cumsum() - widths / 2 - left) / (right - left)
        box = (x + left, y + top, x + right, y + bottom)
        return [Placed(text, box, np.clip(middles, 0, 1).astype(np.float32))]

    def _width(self, letter: str) -> float:
        if letter not in self._widths:
            self._widths[letter] = self._font.getlength(letter)
        return self._widths[letter]
