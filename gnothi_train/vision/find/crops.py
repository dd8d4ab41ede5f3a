"""Things cut out of scenes, and which phrase fits which of them.

A scene of 256 pixels shows nine things among much else; in the time that it takes, a network looks
at sixteen that fill its view. They are cut loosely, as boxes that were found are; some cuts show
no thing at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes
from gnothi.vision.finding.cutting import MARGIN, cut, cut_out
from gnothi_train.vision.backbone import as_input
from gnothi_train.vision.find.batches import NOUNS, NUMBERS, UNKNOWN, labels
from gnothi_train.vision.scenes.composing import Placed, Scene
from gnothi_train.vision.scenes.phrases import BIG, SMALL, Phrase, caption, phrase_for, phrase_of

COUNT, FEW = 160, 96
"""Cut-outs of a batch, and of one that is learned from by labels alone."""
_SAID, _PLAIN = 28, 72
"""Things of a batch that a phrase is made for as people may say it, and in its plainest words."""
_ASIDE, _LOOSE = 0.05, 0.08
"""How far a middle lies beside that of the box, as a share of its longer side, and how much longer
or shorter the cut is: standard deviations, the latter of a logarithm."""
_NOTHING = 0.7
"""How often a scene gives a cut that shows no thing."""
_SHOWN = 0.25
"""Share of a thing, or of such a cut, that may lie in it all the same."""
_MIXED = 300
"""Cut-outs that wait, so that a batch is of many scenes."""


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """Some things, and phrases for some of them."""

    pictures: Tensor
    """Shape (things, 3, side, side), from 0 to 1."""
    shares: Tensor
    """Longer sides of the boxes as shares of the pictures', shape (things,)."""
    nouns: Tensor
    """``UNKNOWN`` for what is no thing."""
    colours: Tensor
    """``UNKNOWN`` where there is none."""
    phrases: tuple[Phrase, ...]

    def fits(self) -> Tensor:
        """Return 1 where a thing fits a phrase, 0 where not, -1 where nobody can tell.

        Shape (things, phrases); what :meth:`Phrase.fits` says of each pair, all at once.
        """
        is_thing = (self.nouns != UNKNOWN).cpu()
        nouns, colours, shares = self.nouns.cpu(), self.colours.cpu(), self.shares.cpu()
        means = torch.stack([_meant(phrase.nouns) for phrase in self.phrases])
        right = means[:, nouns.clamp(min=0)].T & is_thing[:, None]
        wrong, open_ = ~right, torch.zeros_like(right)
        for at, phrase in enumerate(self.phrases):
            if phrase.colour:
                number = NUMBERS[phrase.colour]
                open_[:, at] |= colours == UNKNOWN
                wrong[:, at] |= (colours != number) & (colours != UNKNOWN)
            if phrase.size:
                open_[:, at] |= (shares > SMALL) & (shares < BIG)
                wrong[:, at] |= shares <= SMALL if phrase.size == "big" else shares >= BIG
        found = torch.where(wrong, 0.0, torch.where(open_, -1.0, 1.0))
        return found.to(self.nouns.device)


@dataclass(frozen=True, slots=True, eq=False)
class Hints:
    """Pictures of which boxes were found, and what captions say is somewhere in them."""

    pictures: Tensor
    """What the boxes are around, shape (boxes, 3, side, side): of each picture as many."""
    shares: Tensor
    sure: Tensor
    """Probability of there being a thing, shape (pictures, boxes of each)."""
    phrases: tuple[Phrase, ...]
    present: Tensor
    """1 where something in a picture fits a phrase, 0 where nothing does, -1 unknown.

    Shape (pictures, phrases). A caption names all that is in its picture, as ours are rendered.
    """


@dataclass(frozen=True, slots=True, eq=False)
class Proposed:
    """A scene, and the boxes that were found in it, surest first."""

    scene: Scene
    boxes: Boxes
    sure: NDArray[np.float64]


_Cut = tuple[Pixels, Placed | None, float]
"""Pixels, what they show, and its share of the picture."""


def crops(scenes: Sequence[Scene], seed: int, *, count: int = COUNT) -> Iterator[Crops]:
    """Yield batches of *count* things cut out of *scenes* without end."""
    random = np.random.default_rng(seed)
    waiting: list[_Cut] = []
    while True:
        for number in random.permutation(len(scenes)):
            waiting += _cuts(scenes[int(number)], random)
            while len(waiting) >= count + _MIXED:
                random.shuffle(waiting)
                yield _batch(waiting[:count], random)
                waiting = waiting[count:]


def hints(proposed: Sequence[Proposed], size: int, each: int, seed: int) -> Iterator[Hints]:
    """Yield *size* pictures with captions without end, with the *each* surest boxes of them."""
    random = np.random.default_rng(seed)
    while True:
        order = random.permutation(len(proposed))
        for begin in range(0, len(order) - size + 1, size):
            chosen = [proposed[int(number)] for number in order[begin : begin + size]]
            yield _hinted(chosen, each, random)


def _cuts(scene: Scene, random: np.random.Generator) -> Iterator[_Cut]:
    picture = Image.fromarray(scene.pixels)
    for one in scene.placed:
        aside = np.tile(random.normal(0, _ASIDE, 2) * one.length, 2)
        margin = MARGIN * np.exp(random.normal(0, _LOOSE))
        yield (
            _turned(cut(picture, one.box + aside, margin=margin), random),
            one,
            (one.length / picture.width),
        )
    if random.random() < _NOTHING:
        share = np.exp(random.uniform(np.log(0.085), np.log(0.4)))
        left, top = random.uniform(0, 1 - share, 2) * picture.width
        length = share * picture.width
        box = (left, top, left + length, top + length)
        if all(_shared(box, one.box) < _SHOWN for one in scene.placed):
            yield cut(picture, box), None, share


def _turned(pixels: Pixels, random: np.random.Generator) -> Pixels:
    return pixels[:, ::-1] if random.random() < 0.5 else pixels


def _shared(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the share of the smaller of two boxes that lies in the other."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(across, 0) * max(down, 0) / max(smaller, 1e-9)


def _batch(chosen: Sequence[_Cut], random: np.random.Generator) -> Crops:
    said = [
        phrase_for(one, round(one.length / share), random)
        for _, one, share in chosen[:_SAID]
        if one
    ]
    plain = [
        phrase_of(one.noun, one.colour if random.random() < 0.7 else None)
        for _, one, _ in chosen[_SAID : _SAID + _PLAIN]
        if one
    ]
    phrases = {phrase.text: phrase for phrase in (*said, *plain)}
    return Crops(
        as_input(torch.from_numpy(np.stack([pixels for pixels, _, _ in chosen]))),
        torch.tensor([share for _, _, share in chosen], dtype=torch.float32),
        *labels([one for _, one, _ in chosen]),
        tuple(phrases.values()),
    )


def _hinted(chosen: Sequence[Proposed], each: int, random: np.random.Generator) -> Hints:
    cuts = [cut_out(one.scene.pixels, one.boxes[:each]) for one in chosen]
    phrases = [phrase for one in chosen for phrase in caption(one.scene.placed, random)]
    side = chosen[0].scene.pixels.shape[0]
    present = [[_somewhere(phrase, one.scene.placed, side) for phrase in phrases] for one in chosen]
    return Hints(
        torch.from_numpy(np.concatenate([pictures for pictures, _ in cuts])),
        torch.from_numpy(np.concatenate([shares for _, shares in cuts])),
        torch.tensor(np.stack([one.sure[:each] for one in chosen]), dtype=torch.float32),
        tuple(phrases),
        torch.tensor(present),
    )


def _somewhere(phrase: Phrase, placed: Sequence[Placed], side: int) -> float:
    told = [phrase.fits(one, side) for one in placed]
    return 1.0 if True in told else -1.0 if None in told else 0.0


@cache
def _meant(nouns: frozenset[str]) -> Tensor:
    """Return which of all nouns are among *nouns*, shape (all,); every one where it is empty."""
    return torch.tensor([not nouns or noun in nouns for noun in NOUNS])
