"""``gnothi-train spotter``: a reader of one's own, from rendered pictures."""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError

import click
import torch
from rich.progress import track

from gnothi.core.artifact import Card
from gnothi.core.clock import SystemClock
from gnothi.core.errors import GnothiError, InputError
from gnothi.vision.reading.own import NAME, SHIPPED
from gnothi_train.artifact import write_artifact
from gnothi_train.vision.loop import Loop, Recipe, seeded
from gnothi_train.vision.text import second
from gnothi_train.vision.text.batches import Reading, batches
from gnothi_train.vision.text.crops import Strips
from gnothi_train.vision.text.export import networks
from gnothi_train.vision.text.grounds import Grounds
from gnothi_train.vision.text.learn import TILES
from gnothi_train.vision.text.network import Branches, Spotter
from gnothi_train.vision.text.pages import Renderer
from gnothi_train.vision.text.phrases import installed
from gnothi_train.vision.text.shards import render_all, shard
from gnothi_train.vision.text.stages import Lengths, Tell, taught
from gnothi_train.vision.text.typefaces import families, typefaces

LEVEL = 15.0
"""Degrees by which the second spotter's words are turned at most: its boxes are upright."""
SECOND = {False: "second-global", True: "second-fused"}
NOTICES = (
    "Learned from rendered pictures alone, in typefaces of Debian.",
    (
        "English words: SCOWL (Debian's wamerican, wbritish), copyright 2000-2011 Kevin Atkinson "
        "and others, who permit to use, copy, modify, distribute and sell them with this notice."
    ),
    "Spanish words: Debian's wspanish, public domain.",
    "Words of shops and signs were written for it; none was taken from receipts.",
    "Photos beneath the writing: gnome-backgrounds, CC BY-SA 3.0 and CC BY 2.0.",
)
"""What is on the card of a spotter that learned as it should."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is rendered and learned."""

    shards: int = 72
    """Of fifty pictures each."""
    level: int = 26
    word_steps: int = 3200
    """Of 128 words cut out."""
    finder_steps: int = 1800
    """Of 8 pieces of pages."""
    steps: int = 1400
    """Of 6 pages."""
    second_steps: int = 260
    seed: int = 0

    @property
    def second(self) -> Recipe:
        """How the second spotter learns, with and without the fusion."""
        return Recipe(self.second_steps, rate=1.5e-3, warm_up=40, average=0.995, seed=self.seed)


@click.command("spotter")
@click.option("--pictures", "pictures", multiple=True,
              type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of photos that writing is laid on; repeatable.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=SHIPPED, help="Folder to fill.")
@click.option("--work", type=click.Path(path_type=Path), default=Path("build/sight/text"),
              show_default=True, help="Folder of what is made; it may be removed.")  # fmt: skip
@click.option("--start", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A checkpoint of another spotter, to go on learning from.")  # fmt: skip
@click.option("--shards", type=click.IntRange(1), default=Plan().shards, show_default=True,
              help="Times fifty rendered pictures.")  # fmt: skip
@click.option("--word-steps", type=click.IntRange(0), default=Plan().word_steps,
              show_default=True, help="First: reading 128 words that are cut out.")  # fmt: skip
@click.option("--finder-steps", type=click.IntRange(0), default=Plan().finder_steps,
              show_default=True, help="Then: finding words in 8 pieces of pages.")  # fmt: skip
@click.option("--steps", type=click.IntRange(1), default=Plan().steps, show_default=True,
              help="At last: finding and reading on 6 pages, with every view.")  # fmt: skip
@click.option("--second-steps", type=click.IntRange(0), default=Plan().second_steps,
              show_default=True, help="Of the second spotter, which is not served.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
def main(
    *,
    pictures: tuple[Path, ...],
    out: Path,
    work: Path,
    start: Path | None,
    shards: int,
    word_steps: int,
    finder_steps: int,
    steps: int,
    second_steps: int,
    seed: int,
    threads: int,
) -> None:
    """Render pictures, let a spotter learn to find and read their words, and write the artifact.

    It learns in three stages: single words that are cut out, the places of words on pages, and
    pages whole. There readers with the global view alone, the local one alone and both learn at
    once; the one with both is served, the others stay in the work folder for the benchmark
    `spot-text`. Takes a little more than an hour of one core and some of a second, which draws
    what is learned from; begun again, it goes on where it was.
    """
    torch.set_num_threads(threads)
    plan = Plan(
        shards=shards, word_steps=word_steps, finder_steps=finder_steps, steps=steps,
        second_steps=second_steps, seed=seed,
    )  # fmt: skip
    try:
        grounds = Grounds.read(*pictures)
        render(plan, work, grounds)
        seeded(seed)
        spotter = taught(
            begun(start), Lengths(word_steps, finder_steps, steps), Strips(typefaces(), grounds),
            work / "pages", range(plan.shards), work, seed=seed, tell=_tell,
        )  # fmt: skip
        card = card_of(plan, pictures, work, start)
        for branches in Branches:
            write_artifact(work / branches, card, networks(spotter, branches))
        write_artifact(out, card, networks(spotter))
        if plan.second_steps:
            for is_fused in SECOND:
                learn_second(plan, work, is_fused=is_fused)
    except GnothiError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(card.figures, indent=1))


def _tell(stage: str) -> Tell | None:
    """Return who writes the losses of *stage* down where nobody looks at a bar."""

    def tell(step: int, means: Mapping[str, float]) -> None:
        told = " ".join(f"{name} {value:.3f}" for name, value in means.items())
        click.echo(f"{stage} {step}: {told}", err=True)

    return None if sys.stdout.isatty() else tell


def begun(start: Path | None) -> Spotter:
    """Return a new spotter, or the one in the checkpoint *start*.

    Raises:
        InputError: that is no checkpoint of a spotter.
    """
    spotter = Spotter()
    if start:
        try:
            state = torch.load(start, weights_only=True)
            spotter.load_state_dict(state["averaged"] or state["network"])
        except (RuntimeError, KeyError, TypeError, EOFError, UnpicklingError) as error:
            raise InputError(f"{start} is no checkpoint of a spotter.") from error
    return spotter


def render(plan: Plan, work: Path, grounds: Grounds) -> None:
    """Render the pictures that *plan* wants to *work*; those that are there stay."""
    faces = typefaces()
    sets: Sequence[tuple[str, int, int, float]] = (
        ("pages", plan.shards, plan.seed, 180.0),
        ("level", plan.level if plan.second_steps else 0, plan.seed + 1, LEVEL),
    )
    for name, count, seed, steepest in sets:
        renderer = Renderer(faces, grounds, steepest=steepest)
        for _ in track(render_all(renderer, work / name, count, seed), f"Rendering {name}", count):
            pass


def learn_second(plan: Plan, work: Path, *, is_fused: bool) -> None:
    """Let the second spotter learn, with or without the fusion, from the same words."""
    seeded(plan.seed)
    network = second.SecondSpotter(is_fused=is_fused)
    loop = Loop(network, second.objective, plan.second, folder=work / SECOND[is_fused])
    loop.resume()
    reading = Reading(is_level=True)
    source = batches(work / "level", range(plan.level), TILES, reading, plan.seed, loop.step)
    loop.run(source, SECOND[is_fused])


def card_of(plan: Plan, pictures: Sequence[Path], work: Path, start: Path | None) -> Card:
    """Return the card of a spotter that learned by *plan*, from nothing or from *start*."""
    told = " --pictures DIR" * len(pictures) + (" --start CHECKPOINT" if start else "")
    return Card(
        name=NAME,
        version=f"{SystemClock().now():%Y-%m-%d}.1",
        kind="onnx",
        files={},
        command=f"gnothi-train spotter{told} --shards {plan.shards} "
        f"--word-steps {plan.word_steps} --finder-steps {plan.finder_steps} "
        f"--steps {plan.steps} --seed {plan.seed}",
        seed=plan.seed,
        data=(_rendered(work / "pages", plan.shards),),
        figures={
            "typefaces": float(len(families(typefaces()))),
            "word_steps": float(plan.word_steps),
            "finder_steps": float(plan.finder_steps),
            "steps": float(plan.steps),
        },
        notices=NOTICES,
    )


def _rendered(folder: Path, count: int) -> Mapping[str, str]:
    """Return name, hash and licence of the rendered pictures."""
    mark = hashlib.sha256()
    for index in range(count):
        mark.update(hashlib.sha256(shard(folder, index).read_bytes()).digest())
    words = ", ".join(installed()) or "shops alone"
    licence = (
        f"own renders; words: {words} (English: SCOWL, see the notices; Spanish: public "
        "domain); photos: CC BY-SA 3.0, CC BY 2.0"
    )
    return {"name": "renders", "sha256": mark.hexdigest(), "licence": licence}
