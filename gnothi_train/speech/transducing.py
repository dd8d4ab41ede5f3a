"""``gnothi-train transducer``: teach a recogniser that is there a transducer beside its CTC.

The encoder stays as it is: what was fitted to its states (end-pointing, look-ahead) still fits.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click
import numpy as np
import torch
from torch import Tensor

from gnothi.core.artifact import Card, read_card, verify
from gnothi.core.clock import SystemClock
from gnothi.core.errors import GnothiError
from gnothi.core.settings import Settings
from gnothi.speech.streaming import ENCODER_S, MODEL, PIECES, SHIPPED
from gnothi.speech.transducer import FILE
from gnothi_train.speech.export import hashes, write_card
from gnothi_train.speech.judge import judge
from gnothi_train.speech.learn import Item, batches, paced, schedule
from gnothi_train.speech.network import StreamingEncoder
from gnothi_train.speech.pieces import Speller
from gnothi_train.speech.start import start
from gnothi_train.speech.trainer import Run, bar
from gnothi_train.speech.transducer import Head, likelihood, places
from gnothi_train.speech.voices import GROUPS

_T = TypeVar("_T")
_R = TypeVar("_R")
_NEW = 0.02
"""Weight of a batch in the average state."""
_POOL = 600
"""Batches that are encoded at a time."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the training."""

    minutes: float = 15.0
    """The learning rate comes to its end when this much time was spent."""
    seconds: float = 40.0
    """Sound in one batch, padding included."""
    rate: float = 3e-3
    warmup: float = 0.03
    weight_decay: float = 0.01
    clip: float = 2.0
    dropped: float = 0.12
    """How often a long piece is spelled in shorter ones."""
    average: float = 0.998
    again: int = 3
    """How often what was encoded is learned from."""
    real: int = 2
    """How often a real recording is heard for each time that a synthetic one is."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the network makes of a batch, and what is said in it."""

    states: Tensor
    """(batch, frames, width)"""
    targets: Tensor
    """Pieces, padded with 0; (batch, most pieces)."""
    at: Tensor
    """Places in the text that are worked out; see ``places``."""
    lengths: Tensor
    counts: Tensor


class Learning:
    """One training run of a transducer over the states of a network that does not change."""

    def __init__(
        self,
        network: StreamingEncoder,
        speller: Speller,
        recipe: Recipe,
        *,
        seed: int,
        clock: Callable[[], float] = time.process_time,
    ) -> None:
        """Listen with *network*; *clock* tells seconds."""
        torch.manual_seed(seed)
        self._network, self._speller, self._clock = network.eval(), speller, clock
        self._rng = np.random.default_rng((seed, 6))
        self.recipe = recipe
        self.head = Head(network.shape.width, network.head.out_features)
        self._average = {n: p.detach().clone() for n, p in self.head.named_parameters()}
        self._optimiser = torch.optim.AdamW(
            self.head.parameters(), lr=recipe.rate, betas=(0.9, 0.98),
            weight_decay=recipe.weight_decay, fused=True,
        )  # fmt: skip
        self._steps = 0
        self.spent = 0.0
        self.heard = 0.0

    @property
    def share(self) -> float:
        """How much of the time is over, from 0 to 1."""
        return self.spent / 60 / self.recipe.minutes

    def epoch(self, items: Sequence[Item], progress: Callable[[float, float], None]) -> None:
        """Learn from all *items*, or until time is up.

        What the network makes of a batch is learned from several times: to work it out takes as
        long as to learn from it.
        """
        waiting = batches(items, self.recipe.seconds, self._rng)
        while encoded := [self._timed(self._encoded, one) for one in islice(waiting, _POOL)]:
            for _ in range(self.recipe.again):
                for number in self._rng.permutation(len(encoded)):
                    loss = self._timed(self._learn, encoded[number])
                    self.heard += float(encoded[number].lengths.sum()) * ENCODER_S
                    progress(self.share, loss)
                    if self.share >= 1:
                        return

    def _timed(self, work: Callable[[_T], _R], given: _T) -> _R:
        begun = self._clock()
        found = work(given)
        self.spent += self._clock() - begun
        return found

    @torch.no_grad()
    def _encoded(self, chosen: Sequence[Item]) -> Encoded:
        batch, chunk, right = paced(chosen, self._speller, self._rng, self.recipe.dropped)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states, _ = self._network.encode(batch.frames, batch.lengths, chunk=chunk, right=right)
        targets = torch.nn.utils.rnn.pad_sequence(
            list(batch.targets.split(batch.target_lengths.tolist())), batch_first=True
        )
        is_valid = torch.arange(states.shape[1]) < batch.lengths[:, None]
        self.head.usual.lerp_(states[is_valid].float().mean(0), _NEW)
        scores = self._network.head(states.float()).log_softmax(2)
        at = places(scores, targets, batch.lengths, batch.target_lengths)
        return Encoded(states.bfloat16(), targets, at, batch.lengths, batch.target_lengths)

    def _learn(self, given: Encoded) -> float:
        recipe = self.recipe
        loss = surprise(self.head, given)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.head.parameters(), recipe.clip)
        for group in self._optimiser.param_groups:
            group["lr"] = recipe.rate * schedule(self.share, recipe.warmup)
        self._optimiser.step()
        self._optimiser.zero_grad()
        self._steps += 1
        decay = min(recipe.average, self._steps / (self._steps + 20))
        with torch.no_grad():
            for name, parameter in self.head.named_parameters():
                self._average[name].lerp_(parameter, 1 - decay)
        return float(loss.detach())

    def averaged(self) -> Head:
        """Return a head with the averaged weights."""
        head = Head(self.head.heard.in_features, self.head.joined.out_features)
        head.load_state_dict(self._average | {"usual": self.head.usual})
        return head.eval()


def surprise(head: Head, given: Encoded) -> Tensor:
    """Return the loss of the transducer for each piece of what is *given*."""
    # In bfloat16, the way back takes twice as long.
    blank, label = head(given.states.float(), given.targets, given.at)
    found = likelihood(blank, label, given.at, given.lengths, given.counts)
    possible = found.detach() > _POSSIBLE
    return -found[possible].sum() / given.counts[possible].sum().clamp(min=1)


_POSSIBLE = -1e29


@click.command("transducer")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to fill.")
@click.option("--work", type=click.Path(path_type=Path), default=Path("build/speech"),
              show_default=True,
              help="Folder of sound and features, as of gnothi-train hearing.")  # fmt: skip
@click.option("--start", "begin", type=click.Path(path_type=Path, exists=True, file_okay=False),
              default=SHIPPED, help="The recogniser; else the one that is shipped.")  # fmt: skip
@click.option("--minutes", type=click.FloatRange(0, min_open=True), default=Recipe().minutes,
              show_default=True)  # fmt: skip
@click.option("--shards", type=click.IntRange(1), default=100, show_default=True,
              help="How many times 200 sentences are spoken.")  # fmt: skip
@click.option("--versions", type=click.IntRange(1), default=3, show_default=True,
              help="How many rooms and noises each sentence is heard in.")  # fmt: skip
@click.option("--without", multiple=True, type=click.Choice(GROUPS),
              help="A group of voices that is not heard; may be given more than once.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
def main(
    *,
    out: Path,
    work: Path,
    begin: Path,
    minutes: float,
    shards: int,
    versions: int,
    without: tuple[str, ...],
    seed: int,
    threads: int,
) -> None:
    """Teach a recogniser a transducer that is heard beside its CTC, and export both.

    Recordings are read from GNOTHI_DATA; what was spoken and rendered before is used again.
    """
    data = Settings.from_environment().data
    if data is None:
        raise click.UsageError("Set GNOTHI_DATA to the folder with the public data sets.")
    torch.set_num_threads(threads)
    run = Run(work, data, seed, shards, versions, begin, frozenset(without))
    try:
        verify(begin, read_card(begin))
        names = run.pieces()
        network = start(begin, len(names))
    except GnothiError as error:
        raise click.ClickException(str(error)) from error
    run.speak()
    run.render(range(versions))
    learning = Learning(
        network, Speller(names), Recipe(minutes=minutes), seed=seed,
        clock=lambda: time.process_time() / torch.get_num_threads(),
    )  # fmt: skip
    with bar("Learning", 100) as advance:
        shown = 0.0

        def progress(share: float, loss: float) -> None:
            nonlocal shown
            advance(100 * (share - shown), f"loss {loss:.3f}")
            shown = share

        epoch = 0
        while learning.share < 1:
            learning.epoch(run.items(epoch, learning.recipe.real), progress)
            epoch += 1
    command = f"gnothi-train transducer --minutes {minutes:g} --shards {shards}"
    command += f" --versions {versions} --seed {seed}"
    command += "".join(f" --without {group}" for group in without)
    command += f" --start {begin}" if begin != SHIPPED else ""
    click.echo(json.dumps(keep(learning, run, out, command=command), indent=1))


def keep(learning: Learning, run: Run, out: Path, *, command: str) -> dict[str, float]:
    """Write the recogniser with its transducer to *out*, and return its figures."""
    card = write(learning.averaged(), run, out, command=command)
    told = {
        "transducer_minutes": learning.spent / 60,
        "transducer_heard_hours": learning.heard / 3600,
        "megabytes": sum((out / name).stat().st_size for name in card.files) / 1e6,
    }
    figures, intervals = judge(out, run)
    figures = {name: round(value, 4) for name, value in (told | figures).items()}
    write_card(replace(card, figures={**card.figures, **figures}, intervals=intervals), out)
    return figures


def write(head: Head, run: Run, out: Path, *, command: str) -> Card:
    """Write the recogniser that *run* began with and *head* to *out*; return the new card.

    Its figures are still those of the recogniser alone.
    """
    begin = run.start or SHIPPED
    old = read_card(begin)
    out.mkdir(parents=True, exist_ok=True)
    for name in (MODEL, PIECES):
        (out / name).write_bytes((begin / name).read_bytes())
    head.save(out / FILE)
    card = replace(
        old,
        version=f"{SystemClock().now():%Y-%m-%d}.1",
        files=hashes(out, (MODEL, PIECES, FILE)),
        parents=(old.label,),
        command=command,
        seed=run.seed,
    )
    write_card(card, out)
    return card
