"""The three stages in which a spotter learns: words cut out, then finding, then both on pages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, TypeVar

from torch import Tensor, nn

from gnothi.core.errors import InputError
from gnothi_train.vision.loop import Loop, Losses, Recipe
from gnothi_train.vision.origins import begin, digest
from gnothi_train.vision.text.batches import Reading, batches
from gnothi_train.vision.text.crops import Strips, crops
from gnothi_train.vision.text.learn import (
    TILES,
    finding_objective,
    objective,
    words_objective,
)
from gnothi_train.vision.text.looks import looks
from gnothi_train.vision.text.network import Branches, Spotter

Batch = TypeVar("Batch")
Tell: TypeAlias = Callable[[int, Mapping[str, float]], None]
"""Hears of the running means of the losses every so many steps."""
WORDS, FINDER, PAGES = "words", "finder", "spotter"
"""Names of the stages, and of their folders."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many steps each stage has; 0 leaves the first two out."""

    words: int
    finder: int
    pages: int


def taught(
    spotter: Spotter,
    lengths: Lengths,
    strips: Strips,
    pages: Path,
    shards: Sequence[int],
    work: Path,
    *,
    seed: int = 0,
    tell: Callable[[str], Tell | None] = lambda _: None,
) -> Spotter:
    """Let *spotter* learn in stages; what is done in *work* is not done again.

    A step on whole pages costs as much as one on hundreds of words, and has fifty. So the local
    reader learns its letters from words alone, the finder learns from pieces of pages alone, and
    the last stage, in which all readers learn at once, begins with both. The other readers begin
    it with the local one's recogniser: what they have to learn there is their own view.

    *shards* are those in *pages*; *tell* gives who hears of each stage.

    Raises:
        InputError: *work* was left by another recipe.
    """

    def stage(
        name: str, recipe: Recipe, title: str, lost: Callable[[nn.Module, Batch], Losses],
        source: Callable[[int], Iterator[Batch]],
    ) -> Spotter:  # fmt: skip
        folder = work / name
        begin(folder, f"{digest(spotter)} {shards}")
        return learn(spotter, lost, recipe, folder, source, title, tell=tell(name))

    recipe = Recipe(0, average=0.995, seed=seed)
    if lengths.words:
        how = replace(recipe, steps=lengths.words, rate=2e-3, warm_up=100)
        spotter = stage(
            WORDS, how, "Letters", words_objective, lambda step: crops(strips, seed, step)
        )
        share_letters(spotter)
    if lengths.finder:
        how = replace(recipe, steps=lengths.finder, rate=1.5e-3, warm_up=100)
        spotter = stage(
            FINDER, how, "Finding", finding_objective, lambda at: looks(pages, shards, seed, at)
        )
    gentle = lengths.words or lengths.finder  # what is known should not be lost
    how = replace(recipe, steps=lengths.pages, rate=1e-3 if gentle else 1.5e-3, warm_up=40)
    return stage(
        PAGES, how, "Reading", objective,
        lambda step: batches(pages, shards, TILES, Reading(), seed, step),
    )  # fmt: skip


def learn(
    network: Spotter,
    lost: Callable[[nn.Module, Batch], Losses],
    recipe: Recipe,
    folder: Path,
    source: Callable[[int], Iterator[Batch]],
    title: str,
    *,
    tell: Tell | None = None,
) -> Spotter:
    """Let *network* learn by *recipe* from the batches of *source*; go on where *folder* left off.

    *source* yields batches from a step on.

    Raises:
        InputError: *folder* was left by another recipe.
    """
    loop = Loop(network, lost, recipe, folder=folder)
    try:
        loop.resume()
    except ValueError as error:
        raise InputError(f"{error} Name another work folder, or remove this one.") from error
    if loop.step < recipe.steps:
        loop.run(source(loop.step), title, tell=tell, tell_every=50)
    assert isinstance(loop.result, Spotter)
    return loop.result


def share_letters(spotter: Spotter) -> None:
    """Give every reader of *spotter* the letters that the local one knows."""
    known: dict[str, Tensor] = spotter.readers[Branches.LOCAL.value].state_dict()
    for reader in spotter.readers.values():
        reader.load_state_dict(known)
