"""``gnothi-train teach-basis``: what a detector learns before anybody teaches it."""

from dataclasses import replace
from pathlib import Path

import click
import torch

from gnothi_train.vision.teach.basis import Plan, collect, pre_train
from gnothi_train.vision.teach.detectors import ARCHITECTURES, save
from gnothi_train.vision.teach.meta import Lessons, practise

SMALL = {"scenes": 200, "nouns": 27}
"""A tenth of the pictures, of a tenth of the nouns."""


@click.command("teach-basis")
@click.option("--pictures", type=click.Path(path_type=Path, exists=True, file_okay=False),
              required=True, help="Folder of emoji, clip art, photos and backgrounds.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write (.pt).")
@click.option("--architecture", type=click.Choice(sorted(ARCHITECTURES)), default="pyramid",
              show_default=True)  # fmt: skip
@click.option("--small", is_flag=True, help="Learn from a tenth of the nouns and scenes.")
@click.option("--photos", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of real pictures with boxes, to learn from as well.")  # fmt: skip
@click.option("--quick", is_flag=True, help="Also practise learning, for --method meta.")
@click.option("--steps", type=click.IntRange(1), default=Plan().steps, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
def main(
    *,
    pictures: Path,
    out: Path,
    architecture: str,
    small: bool,
    photos: Path | None,
    quick: bool,
    steps: int,
    seed: int,
    threads: int,
) -> None:
    """Learn what things are from rendered scenes, for gnothi-train teach and teach-camera.

    A run that was stopped goes on. The how-to page about teaching the camera says where the
    pictures come from.
    """
    torch.set_num_threads(threads)
    plan = Plan(steps=steps, photos=photos)
    plan = replace(plan, **SMALL) if small else plan
    basis = collect(plan, pictures, seed=seed)
    network = pre_train(architecture, basis, plan, seed=seed, folder=out.with_suffix(""))
    save(network, out)
    if quick:
        save(practise(network, basis, Lessons(), seed=seed), out.with_stem(f"{out.stem}-quick"))
    click.echo(f"{len(basis.names)} kinds of things in {len(basis.examples)} pictures: {out}")
