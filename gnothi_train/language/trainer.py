"""``gnothi-train language``: train, export and judge the language network."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import torch
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Display

from gnothi.core.clock import SystemClock
from gnothi.core.settings import Settings
from gnothi_train.language import corpora
from gnothi_train.language.run import RECIPES, Progress, Run


@contextmanager
def bar(title: str) -> Iterator[Progress]:
    """Show a progress bar over the batches of an epoch, where there is a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
        TimeRemainingColumn(),
    )
    with Display(*columns, disable=not click.get_text_stream("stdout").isatty()) as display:
        task = display.add_task(title, total=None, loss=0.0)
        yield lambda number, total, mean: display.update(
            task, completed=number, total=total, loss=mean
        )


@click.command("language")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to fill.")
@click.option(
    "--data",
    "flavour",
    type=click.Choice(corpora.FLAVOURS),
    default="shipped",
    show_default=True,
    help="What to train on; all but 'shipped' are for benchmarks.",
)
@click.option("--resume", is_flag=True, help="Go on after the last finished epoch.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--epochs", type=click.IntRange(1), help="Default: as the recipe of the data says.")
@click.option("--members", type=click.IntRange(1), help="Networks to average; default likewise.")
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True)
def main(
    *,
    out: Path,
    flavour: str,
    resume: bool,
    seed: int,
    epochs: int | None,
    members: int | None,
    threads: int,
) -> None:
    """Train the network that understands requests, and export it for the product.

    Public data sets are read from GNOTHI_DATA. A run that was killed goes on with --resume.
    """
    from gnothi_train.language.export import export

    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder with the public data sets.")
    torch.set_num_threads(threads)
    usual = RECIPES[flavour]
    recipe = replace(usual, epochs=epochs or usual.epochs, members=members or usual.members)
    checkpoints = out.with_name(out.name + ".training")
    if not resume:
        shutil.rmtree(checkpoints, ignore_errors=True)
    run = Run(flavour, data, checkpoints, seed=seed, recipe=recipe)
    network = run.learn(resume=resume, progress=bar)
    command = f"gnothi-train language --data {flavour} --seed {seed}"
    command += f" --epochs {recipe.epochs} --members {recipe.members}"
    version = f"{SystemClock().now():%Y-%m-%d}.1"
    figures = export(network, run, out, command=command, version=version)
    click.echo(json.dumps(figures, indent=1))
    shutil.rmtree(checkpoints)
