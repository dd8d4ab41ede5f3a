"""From rendered pictures to what the spotter learns from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gnothi.vision.reading.cutting import (
    COLUMNS,
    HEIGHT,
    MARGIN,
    WIDTH,
    Boxes,
    boxes_of,
    cut,
    grid_of,
)
from gnothi.vision.reading.letters import indices, known
from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.text.ahead import ahead
from gnothi_train.vision.text.pages import Rendered, Word
from gnothi_train.vision.text.shards import SIZES, read_shard, shard
from gnothi_train.vision.text.targets import Targets, targets_of

REDUCED = SIZES[0]
"""Pixels a side of what the finder sees, whatever the size of the picture."""
LONGEST_TEXT = 24
FEWEST = 4
"""Words of a picture: the whole of it is looked at, however few there are."""
LEAST = 6.0
"""Pixels of height below which nobody can read."""
STEEPEST_LEVEL = np.radians(20)


@dataclass(frozen=True, slots=True, eq=False)
class Spelled:
    """What is written in the words of a batch."""

    letters: Tensor
    """Classes of the letters of the words, one after the other."""
    lengths: Tensor
    """How many each of the words has."""
    texts: tuple[str, ...]
    """What the words are."""
    columns: Tensor
    """The class of each column of the words, (words, 40): the letter whose middle is in it,
    0 between letters, -100 beside the middle of a letter."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch(Spelled):
    """Reduced pictures, and as many words of each; spelled are those that there are."""

    pictures: Tensor
    """(batch, 3, REDUCED, REDUCED) from 0 to 1."""
    targets: Targets
    grid: Tensor
    """Where the features of words are sampled: (batch, words * 8, 40, 2)."""
    pieces: Tensor
    """Words cut upright from the whole pictures, (batch * words, 3, 32, 160) from 0 to 1."""
    there: Tensor
    """Which of the words there are, (batch * words,): pictures with few are filled up."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How words are taken from pictures."""

    words: int = 9
    """Of each picture, at most: words of one page are alike."""
    jitter: float = 1.0
    """How far boxes are from where they should be, as those of a finder are."""
    is_level: bool = False
    """Whether boxes are upright ones around the words."""


def batch_of(some: Sequence[Rendered], reading: Reading, rng: np.random.Generator) -> Batch:
    """Return *some* pictures as a batch."""
    pictures: list[NDArray[np.uint8]] = []
    pieces, grids, there = [], [], []
    words: list[Word] = []
    placed: list[Boxes] = []
    whole: list[tuple[Boxes, NDArray[np.bool_]]] = []
    for one in some:
        pixels = one.pixels
        size = pixels.shape[0]
        pictures.append(reduced_to(pixels, REDUCED))
        chosen = _chosen(one.words, reading, rng)
        corners = np.array([word.corners for word in chosen]).reshape(-1, 4, 2)
        boxes = moved(boxes_of(corners), reading.jitter, rng)
        boxes = around(corners, boxes) if reading.is_level else boxes
        filled = np.zeros((reading.words, 5))
        filled[:, 2:4] = 1
        filled[: len(boxes)] = boxes
        pieces.append(np.zeros((reading.words, HEIGHT, WIDTH, 3), np.uint8))
        pieces[-1][: len(boxes)] = cut(pixels, boxes)
        grids.append(grid_of(filled, size, size).reshape(-1, COLUMNS, 2))
        there.append(np.arange(reading.words) < len(boxes))
        words += chosen
        placed.append(boxes)
        every = boxes_of(np.array([word.corners for word in one.words]).reshape(-1, 4, 2))
        every[:, :4] *= REDUCED / size
        whole.append((every, np.array([bool(word.text) for word in one.words], dtype=bool)))
    return Batch(
        *spelled(words, np.concatenate(placed)),
        as_input(torch.from_numpy(np.stack(pictures))),
        targets_of(whole, REDUCED // 4),
        torch.from_numpy(np.stack(grids)),
        as_input(torch.from_numpy(np.concatenate(pieces))),
        torch.from_numpy(np.concatenate(there)),
    )


def spelled(words: Sequence[Word], boxes: Boxes) -> tuple[Tensor, Tensor, tuple[str, ...], Tensor]:
    """Return the fields of ``Spelled`` for *words* that are cut out along *boxes*."""
    texts = tuple(word.text for word in words)
    columns = [_columns(word, box) for word, box in zip(words, boxes, strict=True)]
    return (
        torch.tensor([index for text in texts for index in indices(text)], dtype=torch.long),
        torch.tensor([len(text) for text in texts], dtype=torch.long),
        texts,
        torch.from_numpy(np.array(columns, dtype=np.int64).reshape(-1, COLUMNS)),
    )


def batches(
    folder: Path, shards: Sequence[int], size: int, reading: Reading, seed: int, start: int = 0
) -> Iterator[Batch]:
    """Yield batches of *size* pictures of *shards* in turn, for ever; they are made in a thread.

    Same seed, same batches; *start* are left out, and so are pictures with hardly a word.
    """

    def made() -> Iterator[Batch]:
        for index, some in enumerate(groups(folder, shards, size)):
            if index >= start:
                yield batch_of(some, reading, np.random.default_rng((seed, index)))

    return ahead(made(), 3)


def groups(folder: Path, shards: Sequence[int], size: int) -> Iterator[list[Rendered]]:
    """Yield *size* pictures of *shards* in turn, for ever, leaving out those with hardly a word."""
    left: list[Rendered] = []
    while True:
        for index in shards:
            left += filter(_has_words, read_shard(shard(folder, index)))
            while len(left) >= size:
                yield left[:size]
                left = left[size:]


def _has_words(one: Rendered) -> bool:
    return sum(map(readable, one.words)) >= FEWEST


def reduced_to(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Return square *pixels* reduced to *side*."""
    if pixels.shape[0] == side:
        return pixels
    picture = Image.fromarray(pixels)
    return np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR))


def readable(word: Word) -> bool:
    """Tell whether a reader may be asked for *word*."""
    high = float(boxes_of(word.corners[None])[0, 3])
    return 0 < len(word.text) <= LONGEST_TEXT and known(word.text) and high >= LEAST


def _chosen(words: Sequence[Word], reading: Reading, rng: np.random.Generator) -> list[Word]:
    able = [word for word in words if readable(word)]
    if reading.is_level:
        able = [one for one in able if abs(boxes_of(one.corners[None])[0, 4]) < STEEPEST_LEVEL]
    order = rng.permutation(len(able))[: reading.words]
    return [able[int(at)] for at in order]


def moved(boxes: Boxes, share: float, rng: np.random.Generator) -> Boxes:
    """Return *boxes* off their places by about *share* of what a finder errs."""
    noise = rng.normal(0, 1, boxes.shape).clip(-2, 2) * share
    high = boxes[:, 3:4]
    found = boxes.copy()
    found[:, :2] += noise[:, :2] * high * [0.08, 0.04]
    found[:, 2:3] += noise[:, 2:3] * high * 0.12
    found[:, 3:4] *= np.exp(noise[:, 3:4] * 0.07)
    found[:, 4] += noise[:, 4] * np.radians(2.0)
    found[:, 2] = np.maximum(found[:, 2], 0.3 * high[:, 0])
    return found


def around(corners: NDArray[np.float64], boxes: Boxes) -> Boxes:
    """Return upright boxes around *corners* (n, 4, 2), moved as *boxes* were."""
    low, high = corners.min(axis=1), corners.max(axis=1)
    shift = boxes[:, :2] - corners.mean(axis=1)
    return np.column_stack([(low + high) / 2 + shift, high - low, np.zeros(len(boxes))])


def _columns(word: Word, box: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the class of each column of *box*."""
    corners = word.corners
    along = (corners[1] - corners[0] + corners[2] - corners[3]) / 2
    begin = (corners[0] + corners[3]) / 2
    axis = np.array([np.cos(box[4]), np.sin(box[4])])
    length = box[2] + 2 * MARGIN * box[3]
    share = ((begin + word.middles[:, None] * along) - box[:2]) @ axis / length + 0.5
    places = np.clip((share * COLUMNS).astype(int), 0, COLUMNS - 1)
    classes = np.zeros(COLUMNS, np.int64)
    near = np.concatenate([places - 1, places + 1]).clip(0, COLUMNS - 1)
    classes[near] = -100
    classes[places] = indices(word.text)
    return classes
