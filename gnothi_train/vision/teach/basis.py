"""What a detector learns before anybody teaches it: sets of pictures, small and large."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from torch import nn

from gnothi.vision.teaching.folders.collection import Example
from gnothi.vision.teaching.folders.reading import read_folder
from gnothi_train.vision.loop import Loop, Recipe, seeded
from gnothi_train.vision.scenes.households import Household, furnish
from gnothi_train.vision.scenes.sprites import LEARNED
from gnothi_train.vision.teach.augment import Augmentation, batches
from gnothi_train.vision.teach.detectors import build, objective

_KEPT = 256
"""Pixels of the longer side of photos."""
_TURNS = 2
"""How often a photo stands among the scenes: there are few."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A set to learn from, and how long."""

    scenes: int = 2000
    nouns: int = 0
    """Kinds of things in them; all that there are where it is 0."""
    styles: tuple[str, ...] = LEARNED
    photos: Path | None = None
    """A folder of real pictures with boxes, besides."""
    steps: int = 900
    pictures: int = 32
    """In a batch."""
    size: int = 128


@dataclass(frozen=True, slots=True)
class Basis:
    """Pictures of many things, to learn what things are."""

    names: tuple[str, ...]
    examples: tuple[Example, ...]


def collect(plan: Plan, pictures: Path, *, seed: int = 0) -> Basis:
    """Render the scenes of *plan* from the sprites in the folder *pictures*, and add its photos."""
    household = furnish(pictures, styles=plan.styles)
    if plan.nouns:
        chosen = household.nouns[:: max(1, len(household.nouns) // plan.nouns)][: plan.nouns]
        household = furnish(pictures, styles=plan.styles, nouns=chosen)
    names, examples = household.nouns, rendered(household, plan.scenes, seed)
    if plan.photos is None:
        return Basis(names, tuple(examples))
    real = read_folder(plan.photos)
    known = (*names, *(name for name in real.names if name not in names))
    number = np.array([known.index(name) for name in real.names])
    added = [
        Example(one.name, one.pixels, one.boxes, number[one.classes].astype(np.int64))
        for one in real.read(_KEPT)
    ]
    return Basis(known, (*examples, *_TURNS * added))


def rendered(household: Household, count: int, seed: int) -> list[Example]:
    """Return *count* scenes of *household* as examples."""
    random = np.random.default_rng(seed)
    return [_as_example(household, random, f"scene {number}") for number in range(count)]


def pre_train(
    architecture: str, basis: Basis, plan: Plan, *, seed: int = 0, folder: Path | None = None
) -> nn.Module:
    """Return a detector that learned *basis*; with *folder*, a run that was stopped goes on."""
    rng = seeded(seed)
    network = build(architecture, len(basis.names))
    recipe = Recipe(plan.steps, rate=4e-3, average=0.995, seed=seed)
    loop = Loop(network, objective, recipe, folder=folder)
    loop.resume()
    source = batches(basis.examples, plan.pictures, plan.size, rng, Augmentation(mosaic=0.1))
    loop.run(source, "Learning what things are", tell=_tell)
    return loop.result


def _as_example(household: Household, random: np.random.Generator, name: str) -> Example:
    scene = household.scene(random)
    boxes = np.asarray([one.box for one in scene.placed], dtype=np.float64).reshape(-1, 4)
    classes = [household.nouns.index(one.noun) for one in scene.placed]
    return Example(name, scene.pixels, boxes, np.asarray(classes, dtype=np.int64))


def _tell(step: int, losses: object) -> None:
    click.echo(f"{step} {losses}")


def of_classes(examples: Sequence[Example], kinds: Sequence[int]) -> list[Example]:
    """Return those of *examples* that show one of *kinds*, with these alone told of."""
    found: list[Example] = []
    for one in examples:
        mask = np.isin(one.classes, kinds)
        if mask.any():
            order = np.argsort(kinds)
            numbers = order[np.searchsorted(np.asarray(kinds)[order], one.classes[mask])]
            found.append(Example(one.name, one.pixels, one.boxes[mask], numbers.astype(np.int64)))
    return found
