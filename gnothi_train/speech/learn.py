"""The training loop: CTC at the end and half-way, by the clock, with a moving average to keep."""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from gnothi.speech.features import BANDS, STACK, WIDTH
from gnothi_train.speech import shards
from gnothi_train.speech.network import StreamingEncoder
from gnothi_train.speech.pieces import Speller


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the training."""

    minutes: float = 70.0
    """The learning rate comes to its end when this much time was spent."""
    seconds: float = 40.0
    """Sound in one batch, padding included."""
    rate: float = 1.2e-3
    warmup: float = 0.06
    weight_decay: float = 0.01
    clip: float = 2.0
    short: float = 0.08
    """Share of the time in which only utterances up to three seconds are heard: CTC finds out
    earlier what is said when in short ones."""
    middle: float = 0.3
    """Weight of the loss half-way (arXiv 2102.03216)."""
    flat: float = 0.08
    """Share of the time in which pieces are also taught where they would be if all took the same
    time: without that, CTC says nothing but blanks for long."""
    priors: float = 0.8
    """Weight of the priors of pieces at the beginning; it falls to nothing at ``plain``."""
    plain: float = 0.6
    """Share of the time after which CTC knows no priors."""
    dropped: float = 0.12
    """How often a long piece is spelled in shorter ones."""
    average: float = 0.995
    real: int = 2
    """How often a real recording is heard for each time that a synthetic one is."""


@dataclass(frozen=True, slots=True)
class Item:
    """One utterance to learn from."""

    text: str
    frames: NDArray[np.float16]


CHUNKS = (3, 5, 5, 8, 8, 12, 16)
"""Encoder frames of 60 ms; whole utterances are drawn besides."""
WHOLE = 0.2
RIGHTS = (0, 0, 0, 1, 2, 4, 8)
_POOL = 30
_SHORT = 100
_PRIORS = 0.02
_GENTLE = 60
"""Steps in which the optimiser finds out how large gradients are."""


def read_items(paths: Sequence[Path], without: frozenset[str] = frozenset()) -> list[Item]:
    """Return the utterances of feature shards (their indices); frames stay on disk.

    Those of the groups of voices *without* are left out.
    """
    return [
        Item(said.text, frames)
        for path in paths
        for said, frames in shards.read(path)
        if said.group not in without
    ]


def batches(
    items: Sequence[Item], seconds: float, rng: np.random.Generator
) -> Iterator[list[Item]]:
    """Yield batches of similar length that hold about *seconds* of sound, in random order."""
    most = int(seconds * 1000 / 30)
    order = rng.permutation(len(items))
    cut: list[list[Item]] = []
    for start in range(0, len(order), 64 * _POOL):
        pool = sorted(
            (items[i] for i in order[start : start + 64 * _POOL]), key=lambda i: len(i.frames)
        )
        batch: list[Item] = []
        for item in pool:
            if batch and len(item.frames) * (len(batch) + 1) > most:
                cut.append(batch)
                batch = []
            batch.append(item)
        cut.append(batch)
    for number in rng.permutation(len(cut)):
        yield cut[number]


def in_turn(
    parts: Sequence[Sequence[Item]], seconds: float, rng: np.random.Generator
) -> Iterator[list[Item]]:
    """Yield ``batches`` of each of *parts* in turn, until the first part was heard once."""
    first, *others = parts
    again = [_endless(one, seconds, rng) for one in others]
    for batch in batches(first, seconds, rng):
        yield batch
        yield from (next(one) for one in again)


def _endless(
    items: Sequence[Item], seconds: float, rng: np.random.Generator
) -> Iterator[list[Item]]:
    while items:
        yield from batches(items, seconds, rng)


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded utterances."""

    frames: Tensor
    lengths: Tensor
    targets: Tensor
    target_lengths: Tensor
    guess: Tensor
    """For each encoder frame the piece that is said if pieces last alike; -1 in the padding."""


def collate(
    items: Sequence[Item], speller: Speller, chunk: int, rng: np.random.Generator, dropped: float
) -> Batch:
    """Pad *items* to a multiple of *chunk*, and mask stripes of time and frequency."""
    lengths = [math.ceil(len(item.frames) / 2) for item in items]
    count = math.ceil(max(lengths) / chunk) * chunk
    frames = np.zeros((len(items), 2 * count, WIDTH), np.float32)
    for row, item in zip(frames, items, strict=True):
        row[: len(item.frames)] = item.frames
        mask(row[: len(item.frames)], rng)
    spelled = [speller.spell(item.text, rng, dropped) for item in items]
    flat = [piece for pieces in spelled for piece in pieces]
    guess = np.full((len(items), count), -1)
    for row, item, pieces in zip(guess, items, spelled, strict=True):
        guessed = guess_places(np.asarray(item.frames, np.float32), pieces)
        row[: len(guessed)] = guessed
    return Batch(
        torch.from_numpy(frames),
        torch.tensor(lengths),
        torch.tensor(flat),
        torch.tensor([len(pieces) for pieces in spelled]),
        torch.from_numpy(guess),
    )


def paced(
    items: Sequence[Item], speller: Speller, rng: np.random.Generator, dropped: float
) -> tuple[Batch, int, int]:
    """Return *items* as a batch, and the chunk and the right context that it is heard with."""
    whole = rng.random() < WHOLE
    chunk = 1 if whole else int(rng.choice(CHUNKS))
    right = 0 if whole else min(int(rng.choice(RIGHTS)), 2 * chunk)
    batch = collate(items, speller, chunk, rng, dropped)
    return batch, batch.frames.shape[1] // 2 if whole else chunk, right


def guess_places(frames: NDArray[np.float32], pieces: Sequence[int]) -> NDArray[np.int64]:
    """Return a piece for each encoder frame: blanks where it is quiet, the others spread evenly.

    *frames* are (n, 192); it is quiet before the first and after the last loud frame.
    """
    loudness = frames.mean(1)
    low, high = np.quantile(loudness, [0.05, 0.95])
    loud = np.flatnonzero(loudness > low + 0.4 * (high - low))
    count = math.ceil(len(frames) / 2)
    found = np.zeros(count, np.int64)
    first, last = (loud[0] // 2, loud[-1] // 2 + 1) if len(loud) else (0, count)
    places = np.arange(last - first) * len(pieces) // max(1, last - first)
    found[first:last] = np.asarray(pieces)[places]
    return found


def mask(frames: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Blank out stripes in place (SpecAugment, arXiv 1904.08779); *frames* are (n, 192)."""
    grid = frames.reshape(-1, STACK, BANDS)
    for _ in range(2):
        size = rng.integers(0, 11)
        start = rng.integers(0, BANDS - size)
        grid[:, :, start : start + size] = 0
    for _ in range(1 + len(frames) // 60):
        size = min(int(rng.integers(0, 6)), len(frames) // 8)
        start = rng.integers(0, len(frames) - size + 1)
        grid[start : start + size] = 0


class Learning:
    """One training run; its state can be saved at any time and taken up again."""

    def __init__(
        self,
        network: StreamingEncoder,
        speller: Speller,
        recipe: Recipe,
        *,
        seed: int,
        clock: Callable[[], float] = time.process_time,
    ) -> None:
        """Train *network* in place by *recipe*; *clock* tells seconds.

        The processor's own time is taken, so that a busy machine does not cut the training short.
        """
        self._clock = clock
        self.network, self.speller, self.recipe, self.seed = network, speller, recipe, seed
        self.average = {n: p.detach().clone() for n, p in network.named_parameters()}
        decayed = [p for p in network.parameters() if p.ndim > 1]
        plain = [p for p in network.parameters() if p.ndim <= 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": decayed, "weight_decay": recipe.weight_decay},
             {"params": plain, "weight_decay": 0.0}],
            lr=recipe.rate, betas=(0.9, 0.98), fused=True,
        )  # fmt: skip
        self.priors = torch.full((network.head.out_features,), 1 / network.head.out_features)
        self.step = 0
        self.epochs = 0
        self.spent = 0.0
        self.heard = 0.0

    @property
    def share(self) -> float:
        """How much of the time is over, from 0 to 1."""
        return self.spent / 60 / self.recipe.minutes

    def epoch(
        self, parts: Sequence[Sequence[Item]], progress: Callable[[float, float, float], None]
    ) -> None:
        """Learn from batches of each of *parts* in turn, or until time is up.

        The epoch is over when the first part was heard once; others begin anew where they end.
        """
        rng = np.random.default_rng((self.seed, self.step))
        torch.manual_seed(int(rng.integers(2**31)))
        self.network.train()
        for chosen in in_turn(parts, self.recipe.seconds, rng):
            if self.share < self.recipe.short and len(chosen[-1].frames) > _SHORT:
                continue
            begun = self._clock()
            loss = self._learn(chosen, rng)
            self.spent += self._clock() - begun
            self.heard += sum(len(item.frames) for item in chosen) * 0.03
            progress(self.share, loss, self.heard / max(self.spent, 1e-3))
            if self.share >= 1:
                return
        self.epochs += 1

    def _learn(self, chosen: Sequence[Item], rng: np.random.Generator) -> float:
        batch, chunk, right = paced(chosen, self.speller, rng, self.recipe.dropped)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            end, middle = self.network(batch.frames, batch.lengths, chunk=chunk, right=right)
        loss = self.ctc(end, batch) + self.recipe.middle * self.ctc(middle, batch)
        if (share := 1 - self.share / self.recipe.flat) > 0:
            guessed = functional.cross_entropy(
                torch.cat([end, middle]).float().flatten(0, 1),
                torch.cat([batch.guess, batch.guess]).flatten(),
                ignore_index=-1,
            )
            loss = loss + 2 * share * guessed
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        for group in self.optimiser.param_groups:
            gentle = min(1.0, (self.step + 1) / _GENTLE)
            group["lr"] = self.recipe.rate * schedule(self.share, self.recipe.warmup) * gentle
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        self._average()
        return float(loss.detach())

    def ctc(self, logits: Tensor, batch: Batch) -> Tensor:
        """Return the loss of CTC with priors: what is said anyway explains less.

        Without priors, CTC says blanks for long before it says anything (Zeyer et al. 2021,
        arXiv 2105.14849). Alignments are therefore found by p(piece | sound) / p(piece)^a, and
        pieces are taught where they were found: the gradient is that of CTC where a = 0.
        """
        scores = logits.float().log_softmax(-1)
        valid = (torch.arange(scores.shape[1]) < batch.lengths[:, None])[:, :, None]
        mean = (scores.detach().exp() * valid).sum((0, 1)) / valid.sum()
        self.priors.lerp_(mean, _PRIORS)
        weight = self.recipe.priors * max(0.0, 1 - self.share / self.recipe.plain)
        given = (scores.detach() - weight * self.priors.log()).transpose(0, 1).requires_grad_()
        losses = functional.ctc_loss(
            given, batch.targets, batch.lengths, batch.target_lengths, reduction="sum",
            zero_infinity=True,
        )  # fmt: skip
        # The gradient of PyTorch is exp(given) minus the probability of pieces at their places.
        (gradient,) = torch.autograd.grad(losses, given)
        places = (given.detach().exp() - gradient).transpose(0, 1) * valid
        return -(places * scores).sum() / batch.target_lengths.sum()

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.recipe.average, self.step / (self.step + 20))
        parameters = [p for _, p in self.network.named_parameters()]
        torch._foreach_lerp_(list(self.average.values()), parameters, 1 - decay)

    def averaged(self) -> StreamingEncoder:
        """Return a network with the averaged weights, ready to serve."""
        network = StreamingEncoder(self.network.head.out_features, self.network.shape)
        network.load_state_dict(self.average)
        return network.eval()

    def go_on(self, minutes: float, hours: float) -> None:
        """Count what the network learned before: *minutes* of training, *hours* of sound."""
        self.spent, self.heard = 60 * minutes, 3600 * hours

    def save(self, folder: Path) -> None:
        """Write the whole state to *folder*; an earlier state survives a crash meanwhile."""
        tensors = {f"network.{n}": p for n, p in self.network.named_parameters()}
        tensors |= {f"average.{n}": p for n, p in self.average.items()}
        names = {id(p): n for n, p in self.network.named_parameters()}
        for parameter, state in self.optimiser.state.items():
            tensors |= {f"optimiser.{k}.{names[id(parameter)]}": v for k, v in state.items()}
        tensors["priors"] = self.priors
        state = {"step": self.step, "epochs": self.epochs, "spent": self.spent, "heard": self.heard}
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "checkpoint.safetensors.new"
        save_file(
            {n: v.detach().clone().contiguous() for n, v in tensors.items()},
            fresh,
            metadata={"state": json.dumps(state), "recipe": json.dumps(asdict(self.recipe))},
        )
        fresh.replace(folder / "checkpoint.safetensors")

    def resume(self, folder: Path) -> bool:
        """Take up the state in *folder*; return whether there was one."""
        path = folder / "checkpoint.safetensors"
        if not path.exists():
            return False
        tensors = load_file(path)
        with safe_open(path, framework="pt") as file:
            state = json.loads(file.metadata()["state"])
        self.step, self.epochs = state["step"], state["epochs"]
        self.spent, self.heard = state["spent"], state["heard"]
        self.priors = tensors.get("priors", self.priors)
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                parameter.copy_(tensors[f"network.{name}"])
                self.average[name] = tensors[f"average.{name}"]
                self.optimiser.state[parameter] = {
                    key: tensors[f"optimiser.{key}.{name}"]
                    for key in ("exp_avg", "exp_avg_sq", "step")
                    if f"optimiser.{key}.{name}" in tensors
                }
        return True


def schedule(share: float, warmup: float) -> float:
    """Return the factor of the learning rate: up in a line, level, then down in a line to zero."""
    if share < warmup:
        return max(share / warmup, 0.02)
    return min(1.0, max((1 - share) / 0.75, 0.005))
