"""``gnothi-train hearing``: speak, render, train, export and judge the streaming recogniser."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import torch
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from gnothi.core.artifact import read_card
from gnothi.core.clock import SystemClock
from gnothi.core.settings import Settings
from gnothi.speech.features import FRAME_S
from gnothi.speech.streaming import PIECES as PIECES_FILE
from gnothi_train.speech import pieces, prepare, shards, sound
from gnothi_train.speech.augment import Places
from gnothi_train.speech.learn import Item, Learning, Recipe, read_items
from gnothi_train.speech.network import StreamingEncoder
from gnothi_train.speech.pieces import Speller
from gnothi_train.speech.start import start
from gnothi_train.speech.voices import GROUPS

PIECES = 192
SHORT_S = 6.0
"""Utterances up to so many seconds are short commands; speech is long where it is joined beyond
``LONG_S``."""
LONG_S = 10.0
MIXES = ("all", "short", "long", "alternate")
_SAVE_EVERY = 180.0
"""Seconds of learning from one checkpoint to the next."""
_REAL = "train-real-*.json"
_SYNTHETIC = "train-[0-9]*.json"
_LONG = "long-"


@dataclass(frozen=True, slots=True)
class Run:
    """Where a training run keeps what it made, and how it goes on."""

    work: Path
    data: Path
    seed: int
    shards: int
    versions: int
    start: Path | None = None
    """A recogniser whose training goes on; nothing where one is learned from the beginning."""
    without: frozenset[str] = frozenset()
    """Groups of voices that are not heard."""
    mix: str = "all"
    """What is heard, one of ``MIXES``: everything as it comes, short commands, the same sentences
    joined to long-form speech, or a batch of these and one of those in turn."""

    @property
    def audio(self) -> Path:
        """The folder of spoken and recorded sound."""
        return self.work / "audio"

    def speak(self) -> None:
        """Make the sound that does not exist yet."""
        sound.recordings(self.audio, self.data)
        sound.synthesise_apart(self.audio, self.data, seed=self.seed)
        with bar("Speaking", self.shards) as advance:
            for _ in sound.synthesise(
                self.audio, self.data, seed=self.seed, shards_wanted=self.shards
            ):
                advance(1, "")

    def render(self, versions: range) -> None:
        """Make the features that do not exist yet.

        Long-form speech is made in one version, of recordings and every fourth shard.
        """
        places = Places.read(self.data, "train")
        synthetic, real = (sorted(self.audio.glob(kind)) for kind in (_SYNTHETIC, _REAL))
        found = [*synthetic, *real]
        made = partial(prepare.render, places=places, seed=self.seed)
        long = partial(made, version=0, joined=1.0, most_s=LONG_S)
        wanted = [(p, p.stem, v, partial(made, version=v)) for v in versions for p in found]
        if self.mix in ("long", "alternate"):
            joined = [*synthetic[::4], *real]
            wanted += [(path, _LONG + path.stem, 0, long) for path in joined]
        with bar("Rendering", len(wanted)) as advance:
            for path, name, version, rendered in wanted:
                out = self.work / "features" / str(version) / name
                if not out.with_suffix(".json").exists():
                    rendered(path, out)
                advance(1, "")

    def pieces(self) -> list[str]:
        """Return the pieces of words, chosen once from what is said in training."""
        if self.start:
            return json.loads((self.start / PIECES_FILE).read_text(encoding="utf-8"))
        path = self.work / "pieces.json"
        if not path.exists():
            texts = [
                utterance.text
                for index in sorted(self.audio.glob("train-*.json"))
                for utterance, _ in shards.read(index)
            ]
            path.write_text(json.dumps(pieces.choose(texts, PIECES)), encoding="utf-8")
        return json.loads(path.read_text(encoding="utf-8"))

    def learn(self, recipe: Recipe, *, resume: bool) -> Learning:
        """Train until the time of *recipe* is spent; with a checkpoint every few minutes."""
        torch.manual_seed(self.seed)
        names = self.pieces()
        network = start(self.start, len(names)) if self.start else StreamingEncoder(len(names))
        learning = Learning(
            network,
            Speller(names),
            recipe,
            seed=self.seed,
            clock=lambda: time.process_time() / torch.get_num_threads(),
        )
        if self.start:
            told = read_card(self.start).figures
            learning.go_on(told["minutes"], told["heard_hours"])
        if resume:
            learning.resume(self.work)
        with bar("Learning", 100) as advance:
            shown, saved = learning.share, learning.spent

            def progress(share: float, loss: float, speed: float) -> None:
                nonlocal shown, saved
                advance(100 * (share - shown), f"loss {loss:.3f}, {speed:.0f} x real time")
                shown = share
                if learning.spent > saved + _SAVE_EVERY:
                    learning.save(self.work)
                    saved = learning.spent

            advance(100 * shown, "")
            while learning.share < 1:
                learning.epoch(self._parts(learning.epochs, recipe), progress)
                learning.save(self.work)
        return learning

    def _parts(self, epoch: int, recipe: Recipe) -> list[list[Item]]:
        """Return what is heard in turn in an epoch."""
        items = [] if self.mix == "long" else self.items(epoch, recipe.real)
        if self.mix == "all":
            return [items]
        short = [one for one in items if len(one.frames) * FRAME_S <= SHORT_S]
        folder = self.work / "features" / "0"
        long = read_items(sorted(folder.glob(_LONG + _SYNTHETIC)), self.without)
        long += read_items(sorted(folder.glob(_LONG + _REAL))) * recipe.real
        return {"short": [short], "long": [long], "alternate": [short, long]}[self.mix]

    def items(self, epoch: int, real: int) -> list[Item]:
        """Return what is heard in an epoch, recordings in as many versions as *real*."""
        version = epoch % self.versions
        synthetic = read_items(
            sorted((self.work / "features" / str(version)).glob(_SYNTHETIC)), self.without
        )
        recorded = read_items(
            [
                path
                for ahead in range(real)
                for path in sorted(
                    (self.work / "features" / str((version + ahead) % self.versions)).glob(_REAL)
                )
            ]
        )
        return synthetic + recorded


@contextmanager
def bar(title: str, total: float) -> Iterator:
    """Show a bar; what is yielded moves it on, and tells something beside it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, disable=not click.get_text_stream("stdout").isatty()) as display:
        task = display.add_task(title, total=total, told="")
        yield lambda step, told: display.update(task, advance=step, told=told)


@click.command("hearing")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to fill.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("build/speech"),
    show_default=True,
    help="Folder for sound, features and checkpoints (several gigabytes).",
)
@click.option("--minutes", type=click.FloatRange(0, min_open=True), default=70, show_default=True)
@click.option("--shards", type=click.IntRange(1), default=100, show_default=True,
              help="How many times 200 sentences are spoken.")  # fmt: skip
@click.option("--versions", type=click.IntRange(1), default=6, show_default=True,
              help="How many rooms and noises each sentence is heard in.")  # fmt: skip
@click.option(
    "--start",
    "begin",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A recogniser that learns on; its own minutes count.",
)
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(GROUPS),
    help="A group of voices that is not heard; may be given more than once.",
)
@click.option("--mix", type=click.Choice(MIXES), default="all", show_default=True,
              help="Everything as it comes; short commands; the same joined to long-form speech; "
              "or both in turn.")  # fmt: skip
@click.option("--rate", type=click.FloatRange(0, min_open=True), default=Recipe().rate,
              show_default=True, help="The highest learning rate.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on after the last checkpoint.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
def main(
    *,
    out: Path,
    work: Path,
    minutes: float,
    shards: int,
    versions: int,
    begin: Path | None,
    without: tuple[str, ...],
    mix: str,
    rate: float,
    resume: bool,
    seed: int,
    threads: int,
) -> None:
    """Train the recogniser that hears commands as they are said, and export it for the product.

    Recordings are read from GNOTHI_DATA; espeak-ng, flite and festival speak the rest. What was
    spoken and rendered before is used again. A run that was killed goes on with --resume.
    """
    from gnothi_train.speech.export import export

    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder with the public data sets.")
    torch.set_num_threads(threads)
    run = Run(work, data, seed, shards, versions, begin, frozenset(without), mix)
    run.speak()
    run.render(range(versions))
    learning = run.learn(Recipe(minutes=minutes, rate=rate), resume=resume)
    command = f"gnothi-train hearing --minutes {minutes:g} --shards {shards}"
    command += f" --versions {versions} --seed {seed}"
    command += "".join(f" --without {group}" for group in without)
    command += f" --start {begin}" if begin else ""
    command += f" --mix {mix}" if mix != "all" else ""
    command += f" --rate {rate:g}" if rate != Recipe().rate else ""
    version = f"{SystemClock().now():%Y-%m-%d}.1"
    figures = export(learning, run, out, command=command, version=version)
    click.echo(json.dumps(figures, indent=1))
