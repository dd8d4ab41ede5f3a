"""Scenes become batches: pictures, boxes, and what is in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.pyramid import Things
from gnothi_train.vision.scenes.composing import Placed, Scene
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.things import things

NOUNS = {thing.noun: number for number, thing in enumerate(things())}
NUMBERS = {name: number for number, name in enumerate(COLOURS)}
UNKNOWN = -100
"""A class that no loss counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Some scenes."""

    pictures: Tensor
    """Shape (batch, 3, side, side), from 0 to 1."""
    things: tuple[Things, ...]
    """Of each picture: the classes number all things of the batch."""
    nouns: Tensor
    """Of all things of the batch, shape (things,)."""
    colours: Tensor
    """Shape (things,); ``UNKNOWN`` where there is none."""


def batches(scenes: Sequence[Scene], size: int, seed: int, *, skip: int = 0) -> Iterator[Batch]:
    """Yield batches of *size* without end, in another order each round, some mirrored.

    *skip* batches were learned from already.
    """
    for at, (chosen, random) in enumerate(chosen_from(scenes, size, seed)):
        if at >= skip:
            yield boxed(chosen, random)


def boxed(scenes: Sequence[Scene], random: np.random.Generator) -> Batch:
    """Return *scenes* as a batch, each mirrored or not."""
    pictures: list[Tensor] = []
    truth: list[Things] = []
    placed: list[Placed] = []
    for scene in scenes:
        pixels, own = _mirrored(scene, random)
        pictures.append(torch.from_numpy(pixels))
        classes = torch.arange(len(placed), len(placed) + len(own))
        truth.append(Things(torch.tensor([one.box for one in own]).view(-1, 4), classes))
        placed += own
    return Batch(as_input(torch.stack(pictures)), tuple(truth), *labels(placed))


def labels(placed: Sequence[Placed | None]) -> tuple[Tensor, Tensor]:
    """Return the numbers of noun and colour, shapes (things,), ``UNKNOWN`` where there is none."""
    nouns = [NOUNS[one.noun] if one else UNKNOWN for one in placed]
    colours = [NUMBERS[one.colour] if one and one.colour else UNKNOWN for one in placed]
    return torch.tensor(nouns), torch.tensor(colours)


def chosen_from(
    scenes: Sequence[Scene], size: int, seed: int
) -> Iterator[tuple[list[Scene], np.random.Generator]]:
    """Yield *size* of the *scenes* without end, and a generator for each such choice."""
    random = np.random.default_rng(seed)
    while True:
        order = random.permutation(len(scenes))
        for begin in range(0, len(order) - size + 1, size):
            numbers = order[begin : begin + size]
            own = np.random.default_rng([seed, int(random.integers(2**31))])
            yield [scenes[int(number)] for number in numbers], own


def _mirrored(scene: Scene, random: np.random.Generator) -> tuple[np.ndarray, list[Placed]]:
    pixels = scene.pixels
    if random.random() < 0.5:
        return pixels.copy(), list(scene.placed)
    width = pixels.shape[1]
    turned = [
        Placed(
            one.noun,
            one.colour,
            one.style,
            (width - one.box[2], one.box[1], width - one.box[0], one.box[3]),
        )
        for one in scene.placed
    ]
    return pixels[:, ::-1].copy(), turned
