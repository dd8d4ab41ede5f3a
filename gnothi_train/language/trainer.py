"""``gnothi-train language``: train, export and judge the language network."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gnothi.core.clock import SystemClock
from gnothi.core.settings import Settings
from gnothi_train.language import corpora, pretrained, vocabulary
from gnothi_train.language.corpora import Corpus
from gnothi_train.language.encoding import Encoder
from gnothi_train.language.examples import read_set
from gnothi_train.language.judge import answers
from gnothi_train.language.learn import Learning, Recipe
from gnothi_train.language.measure import Figures, compare, truth
from gnothi_train.language.network import LanguageNetwork, Shape

PIECES = 10_800
_EMBEDDED = ("massive_en", "hwu64", "clinc150", "banking77")

RECIPES = {
    "massive": Recipe(epochs=14, consistency=1.0),
    "shipped": Recipe(epochs=12, batch=48, rate=1.5e-4),
    "snips": Recipe(epochs=6),
    "atis": Recipe(epochs=12, consistency=1.0),
    "clinc150": Recipe(epochs=8),
}


class Run:
    """One training run with everything that it reads and writes."""

    def __init__(self, flavour: str, data: Path, out: Path, *, seed: int, recipe: Recipe) -> None:
        """Prepare the run; *out* receives checkpoints and, in the end, the artifact."""
        self.flavour, self.data, self.out, self.seed, self.recipe = flavour, data, out, seed, recipe
        self.corpus: Corpus = corpora.corpus(flavour, data)
        labels = self.corpus.labels
        self.pieces = vocabulary.prune(pretrained.pieces(), self.corpus.texts, size=PIECES)
        self.tokeniser = vocabulary.wordpiece(self.pieces)
        self.encoder = Encoder(self.tokeniser, labels)
        self.shape = Shape(len(self.pieces), len(labels.intents), labels.tags)
        self.learning = Learning(self.network(), recipe, seed=seed)

    def network(self) -> LanguageNetwork:
        """Return a network as it is before training."""
        return pretrained.network(self.pieces, self.shape, seed=self.seed)

    def learn(self, *, resume: bool) -> LanguageNetwork:
        """Train, with a checkpoint after every epoch; return the averaged network."""
        if resume and self.learning.resume(self.out):
            click.echo(f"Resumed after epoch {self.learning.epoch}.")
        teacher = self._teacher()
        average = self.network()
        while self.learning.epoch < self.recipe.epochs:
            number = self.learning.epoch
            rng = np.random.default_rng((self.seed, number, 1))
            sentences = self.encoder.encode(self.corpus.epoch(rng))
            with _bar(f"epoch {number + 1}/{self.recipe.epochs}", sentences, self.recipe) as update:
                mean = self.learning.run_epoch(sentences, teacher=teacher, progress=update)
            self.learning.save(self.out)
            self._report(average, mean)
        return self.learning.averaged(average).eval()

    def _teacher(self) -> pretrained.Teacher | None:
        if not self.corpus.embeds:
            return None
        sets = [name for name in _EMBEDDED if name in self.corpus.sets]
        texts = [example.text for name in sets for example in read_set(self.data, name, "train")]
        return pretrained.Teacher(texts)

    def _report(self, average: LanguageNetwork, mean: float) -> None:
        epoch = self.learning.epoch
        line = f"epoch {epoch}: loss {mean:.3f}"
        if epoch % 2 == 0 or epoch == self.recipe.epochs:
            figures = self.judge(self.learning.averaged(average))
            line += f", on the slice for tuning {json.dumps(asdict(figures))}"
        click.echo(line)
        with (self.out / "log.txt").open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def judge(self, network: LanguageNetwork) -> Figures:
        """Return the figures of *network* on the slice for tuning."""
        tune = self.corpus.tune
        return compare(answers(network, self.encoder, tune), [truth(e) for e in tune])


class _bar:  # noqa: N801 - used as a function
    """A progress bar over the batches of an epoch."""

    def __init__(self, title: str, sentences: Sequence[object], recipe: Recipe) -> None:
        self._progress = Progress(
            TextColumn(title),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("loss {task.fields[loss]:.3f}"),
            TimeRemainingColumn(),
            disable=None if click.get_text_stream("stdout").isatty() else True,
        )
        total = -(-len(sentences) // recipe.batch)
        self._task = self._progress.add_task(title, total=total, loss=0.0)

    def __enter__(self):  # noqa: ANN204
        self._progress.start()
        return lambda number, _, loss: self._progress.update(
            self._task, completed=number, loss=loss
        )

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


@click.command("language")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder of the artifact."
)
@click.option(
    "--data", "flavour", type=click.Choice(corpora.FLAVOURS), default="shipped", show_default=True
)
@click.option("--resume", is_flag=True, help="Go on after the last finished epoch.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--epochs", type=click.IntRange(1), help="Default: as the recipe of the data says.")
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True)
def main(
    out: Path, flavour: str, resume: bool, seed: int, epochs: int | None, threads: int
) -> None:
    """Train the network that understands requests, and export it for the product.

    Public data sets are read from GNOTHI_DATA. A run that was killed goes on with --resume.
    """
    from gnothi_train.language.export import export

    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder with the public data sets.")
    torch.set_num_threads(threads)
    recipe = RECIPES[flavour]
    recipe = replace(recipe, epochs=epochs) if epochs else recipe
    checkpoints = out.with_name(out.name + ".training")
    run = Run(flavour, data, checkpoints, seed=seed, recipe=recipe)
    network = run.learn(resume=resume)
    command = f"gnothi-train language --data {flavour} --seed {seed} --epochs {recipe.epochs}"
    version = f"{SystemClock().now():%Y-%m-%d}.1"
    figures = export(network, run, out, command=command, version=version)
    click.echo(json.dumps(figures, indent=1))
    shutil.rmtree(checkpoints, ignore_errors=True)
