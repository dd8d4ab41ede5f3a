"""Things cut out of scenes, to learn what they are before learning where they are.

A scene of 256 pixels shows nine things among much else; in the time that it takes, a network looks
at sixteen that fill its view. So the eyes see many more things before phrases begin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.find.batches import NOUNS, NUMBERS, UNKNOWN
from gnothi_train.vision.find.learning import Pupil
from gnothi_train.vision.scenes.composing import Placed, Scene

SIDE = 64
"""Pixels of a side of a cut-out."""
COUNT = 96
"""Cut-outs of a batch."""
_TIGHT, _WIDE = 1.05, 1.6
"""How much more than the longer side of a thing is cut out."""
_ASIDE = 0.08
"""How far its middle may lie beside that of the cut-out, as a share of its longer side."""


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """Some things."""

    pictures: Tensor
    """Shape (things, 3, SIDE, SIDE), from 0 to 1."""
    nouns: Tensor
    colours: Tensor
    """``UNKNOWN`` where there is none."""


def crops(scenes: Sequence[Scene], seed: int) -> Iterator[Crops]:
    """Yield batches of things cut out of *scenes* without end."""
    random = np.random.default_rng(seed)
    waiting: list[tuple[NDArray[np.uint8], Placed]] = []
    while True:
        for number in random.permutation(len(scenes)):
            scene = scenes[int(number)]
            pixels = Image.fromarray(scene.pixels)
            waiting += [(_cut(pixels, one, random), one) for one in scene.placed]
            if len(waiting) >= COUNT:
                yield _batch(waiting[:COUNT])
                waiting = waiting[COUNT:]


def named(pupil: Pupil, batch: Crops) -> dict[str, Tensor]:
    """Return how badly noun and colour are told from the middle of each cut-out.

    By the four middle places of the finest map, and of the next.
    """
    assert pupil.labels is not None
    sight = pupil.eyes(batch.pictures)
    fine, half = SIDE // 8, SIDE // 16
    features = torch.cat(
        [
            _middle(sight.features[:, : fine**2], fine),
            _middle(sight.features[:, fine**2 : fine**2 + half**2], half),
        ],
        dim=1,
    )
    entropy = nn.functional.cross_entropy
    nouns, colours = pupil.labels.nouns(features).float(), pupil.labels.colours(features).float()
    many = features.shape[1]
    return {
        "nouns": entropy(nouns.flatten(0, 1), batch.nouns.repeat_interleave(many)),
        "colours": 0.3
        * entropy(
            colours.flatten(0, 1),
            batch.colours.repeat_interleave(many),
            ignore_index=UNKNOWN,
        ),
    }


def _middle(rows: Tensor, side: int) -> Tensor:
    """Return the four middle places (things, 4, width) of a map of *side* by *side* rows."""
    low, high = side // 2 - 1, side // 2 + 1
    return rows.unflatten(1, (side, side))[:, low:high, low:high].flatten(1, 2)


def _cut(picture: Image.Image, one: Placed, random: np.random.Generator) -> NDArray[np.uint8]:
    left, top, right, bottom = one.box
    half = one.length * random.uniform(_TIGHT, _WIDE) / 2
    x, y = (
        (low + high) / 2 + random.uniform(-_ASIDE, _ASIDE) * one.length
        for low, high in ((left, right), (top, bottom))
    )
    corners = (round(x - half), round(y - half), round(x + half), round(y + half))
    cut = picture.crop(corners).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    pixels = np.asarray(cut)
    return pixels[:, ::-1] if random.random() < 0.5 else pixels


def _batch(chosen: Sequence[tuple[NDArray[np.uint8], Placed]]) -> Crops:
    pictures = torch.from_numpy(np.stack([pixels for pixels, _ in chosen]))
    colours = [NUMBERS[one.colour] if one.colour else UNKNOWN for _, one in chosen]
    return Crops(
        as_input(pictures),
        torch.tensor([NOUNS[one.noun] for _, one in chosen]),
        torch.tensor(colours),
    )
