"""Scenes become batches: pictures, boxes, and which phrase fits which thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import torch
from torch import Tensor

from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.pyramid import Things
from gnothi_train.vision.scenes.composing import Placed, Scene
from gnothi_train.vision.scenes.paint import COLOURS
from gnothi_train.vision.scenes.phrases import BIG, SMALL, Phrase, caption, phrase_for
from gnothi_train.vision.scenes.things import things

NOUNS = {thing.noun: number for number, thing in enumerate(things())}
NUMBERS = {name: number for number, name in enumerate(COLOURS)}
UNKNOWN = -100
"""A class that no loss counts."""
PHRASES = 3
"""Drawn for each scene."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Some scenes."""

    pictures: Tensor
    """Shape (batch, 3, side, side), from 0 to 1."""
    things: tuple[Things, ...]
    """Of each picture: the classes number all things of the batch."""
    placed: tuple[Placed, ...]
    """All things of the batch."""
    owners: Tensor
    """The picture of each thing, shape (things,)."""
    phrases: tuple[Phrase, ...]
    """Of each picture in turn as many as of any other; empty while no phrase is learned."""
    side: int

    @cached_property
    def nouns(self) -> Tensor:
        """Shape (things,)."""
        return torch.tensor([NOUNS[one.noun] for one in self.placed])

    @cached_property
    def colours(self) -> Tensor:
        """Shape (things,); ``UNKNOWN`` where there is none."""
        return torch.tensor([NUMBERS[one.colour] if one.colour else UNKNOWN for one in self.placed])

    def fits(self) -> Tensor:
        """Return 1 where a thing fits a phrase, 0 where not, -1 where nobody can tell.

        Shape (things, phrases); what :meth:`Phrase.fits` says of each pair, all at once.
        """
        lengths = torch.tensor([one.length / self.side for one in self.placed])
        means = torch.stack([_meant(phrase.nouns).to(lengths.device) for phrase in self.phrases])
        right = means[:, self.nouns].T
        wrong, open_ = ~right, torch.zeros_like(right)
        for at, phrase in enumerate(self.phrases):
            if phrase.colour:
                number = NUMBERS[phrase.colour]
                open_[:, at] |= self.colours == UNKNOWN
                wrong[:, at] |= (self.colours != number) & (self.colours != UNKNOWN)
            if phrase.size:
                open_[:, at] |= (lengths > SMALL) & (lengths < BIG)
                opposite = lengths <= SMALL if phrase.size == "big" else lengths >= BIG
                wrong[:, at] |= opposite
        return torch.where(wrong, 0.0, torch.where(open_, -1.0, 1.0))


@cache
def _meant(nouns: frozenset[str]) -> Tensor:
    """Return which of all nouns are among *nouns*, shape (all,); every one where it is empty."""
    return torch.tensor([not nouns or noun in nouns for noun in NOUNS])


@dataclass(frozen=True, slots=True, eq=False)
class Captioned:
    """Pictures, and what captions say is somewhere in them: no boxes."""

    pictures: Tensor
    phrases: tuple[Phrase, ...]
    owners: Tensor
    """The picture of each phrase, shape (phrases,)."""
    present: Tensor
    """1 where something in a picture fits a phrase, 0 where nothing does, -1 unknown.

    Shape (batch, phrases). A caption names all that is in its picture, as ours are rendered.
    """


def batches(scenes: Sequence[Scene], size: int, seed: int, *, skip: int = 0) -> Iterator[Batch]:
    """Yield batches of *size* without end, in another order each round, some mirrored.

    *skip* batches were learned from already.
    """
    for at, (chosen, random) in enumerate(_chosen(scenes, size, seed)):
        if at >= skip:
            yield boxed(chosen, random)


def captions(scenes: Sequence[Scene], size: int, seed: int) -> Iterator[Captioned]:
    """Yield batches of *size* pictures with captions without end."""
    for chosen, random in _chosen(scenes, size, seed):
        yield captioned(chosen, random)


def boxed(scenes: Sequence[Scene], random: np.random.Generator) -> Batch:
    """Return *scenes* as a batch, each mirrored or not, with phrases for some of its things."""
    pictures: list[Tensor] = []
    truth: list[Things] = []
    placed: list[Placed] = []
    owners: list[int] = []
    phrases: list[Phrase] = []
    side = 0
    for at, scene in enumerate(scenes):
        pixels, own = _mirrored(scene, random)
        side = pixels.shape[0]
        pictures.append(torch.from_numpy(pixels))
        classes = torch.arange(len(placed), len(placed) + len(own))
        truth.append(Things(torch.tensor([one.box for one in own]).view(-1, 4), classes))
        placed += own
        owners += [at] * len(own)
        meant = random.integers(0, max(1, len(own)), PHRASES if own else 0)
        phrases += [phrase_for(own[int(number)], side, random) for number in meant]
    return Batch(
        as_input(torch.stack(pictures)),
        tuple(truth),
        tuple(placed),
        torch.tensor(owners),
        tuple(phrases),
        side,
    )


def captioned(scenes: Sequence[Scene], random: np.random.Generator) -> Captioned:
    """Return *scenes* as a batch of pictures with captions."""
    pictures: list[Tensor] = []
    phrases: list[Phrase] = []
    owners: list[int] = []
    seen: list[Sequence[Placed]] = []
    for at, scene in enumerate(scenes):
        pixels, own = _mirrored(scene, random)
        pictures.append(torch.from_numpy(pixels))
        seen.append(own)
        told = caption(own, random)
        phrases += told
        owners += [at] * len(told)
    side = pictures[0].shape[0]
    present = [[_somewhere(phrase, own, side) for phrase in phrases] for own in seen]
    return Captioned(
        as_input(torch.stack(pictures)),
        tuple(phrases),
        torch.tensor(owners),
        torch.tensor(present),
    )


def _somewhere(phrase: Phrase, placed: Sequence[Placed], side: int) -> float:
    told = [phrase.fits(one, side) for one in placed]
    return 1.0 if True in told else -1.0 if None in told else 0.0


def _chosen(
    scenes: Sequence[Scene], size: int, seed: int
) -> Iterator[tuple[list[Scene], np.random.Generator]]:
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
