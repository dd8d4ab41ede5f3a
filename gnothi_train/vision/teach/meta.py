"""Meta-learning of the first order: a start from which a few steps lead far.

Tasks of a few kinds of things and a few pictures are drawn from what is known; after some steps on
one, the start moves a part of the way to where these led (Nichol, Achiam and Schulman, On
First-Order Meta-Learning Algorithms: Reptile, section 3).
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from gnothi.vision.teaching.folders.collection import Example
from gnothi_train.vision.loop import Loop, Recipe, seeded
from gnothi_train.vision.teach.augment import batches
from gnothi_train.vision.teach.basis import Basis, of_classes
from gnothi_train.vision.teach.detectors import last_layer, objective, reclassed


@dataclass(frozen=True, slots=True)
class Lessons:
    """How much is practised."""

    tasks: int = 80
    kinds: int = 4
    """Of things in a task."""
    shots: int = 8
    """Pictures of a task, about."""
    steps: int = 8
    pictures: int = 8
    """In a batch."""
    size: int = 128
    rate: float = 2e-3
    stride: float = 0.3
    """Share of the way that the start moves; it falls to nothing."""


def practise(network: nn.Module, basis: Basis, lessons: Lessons, *, seed: int = 0) -> nn.Module:
    """Return *network* moved to where tuning on tasks from *basis* leads far; it tells one class.

    That class is what all new classes begin as.
    """
    rng = seeded(seed)
    start = copy.deepcopy(network)
    reclassed(start, 1)
    for number in range(lessons.tasks):
        task = _task(basis, lessons, rng)
        pupil = copy.deepcopy(start)
        reclassed(pupil, lessons.kinds)
        loop = Loop(pupil, objective, Recipe(lessons.steps, rate=lessons.rate, warm_up=2))
        loop.run(batches(task, lessons.pictures, lessons.size, rng))
        reclassed(pupil, 1)
        _move(start, pupil, lessons.stride * (1 - number / lessons.tasks))
    return start.eval()


def _task(basis: Basis, lessons: Lessons, rng: np.random.Generator) -> Sequence[Example]:
    """Return pictures of a few kinds of things."""
    while True:
        kinds = rng.choice(len(basis.names), lessons.kinds, replace=False)
        some = rng.permutation(len(basis.examples))[: 60 * lessons.kinds]
        found = of_classes([basis.examples[at] for at in some], kinds.tolist())
        if len(found) >= lessons.kinds:
            return found[: lessons.shots]


@torch.no_grad()
def _move(start: nn.Module, pupil: nn.Module, share: float) -> None:
    """Move what *start* knows, running means included, a *share* of the way to *pupil*."""
    assert last_layer(start).out_channels == last_layer(pupil).out_channels
    there = pupil.state_dict()
    for name, value in start.state_dict().items():
        if value.is_floating_point():
            value.lerp_(there[name], share)
