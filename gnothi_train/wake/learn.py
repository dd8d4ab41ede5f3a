"""How the network learns to listen for wake words from scenes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from gnothi.speech.features import BANDS, STACK
from gnothi_train.wake.network import Shape, WakeNetwork
from gnothi_train.wake.scenes import Scene

_EARLY, _LATE = 1, 7
"""Frames before and after the end of a word in which it should be told."""
_OPEN = 20
"""Frames after the end in which it may be told, before it counts as another word."""
_SMOOTH = 2
"""Frames whose scores are averaged in learning. In use it is more: a network that must hold its
score for so long in learning hears fewer words with as few mistakes."""
_PIECE = 16
"""Frames, half a second, in which at most one mistake is counted."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is learned."""

    epochs: int = 36
    rate: float = 4e-3
    batch: int = 32
    weight_decay: float = 0.02
    frames: float = 0.02
    """Weight of each frame in which nothing was said, beside the worst of each half second."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Scenes that are learned from together."""

    frames: Tensor
    """(scenes, frames, 192)"""
    quiet: Tensor
    """(scenes, frames, words): 1 where a word must not be told."""
    said: Tensor
    """(words said, 3): scene, word, and frame in which it ends."""


def collate(scenes: Sequence[Scene], words: int, rng: np.random.Generator) -> Batch:
    """Put *scenes* together, and mask stripes of them."""
    frames = np.stack([scene.frames for scene in scenes]).astype(np.float32)
    for row in frames:
        _mask(row, rng)
    quiet = np.ones((*frames.shape[:2], words), np.float32)
    said = [(at, *one) for at, scene in enumerate(scenes) for one in scene.said]
    for at, word, end in said:
        quiet[at, max(0, end - _EARLY) : end + _OPEN, word] = 0
    return Batch(
        torch.from_numpy(frames), torch.from_numpy(quiet), torch.tensor(said).reshape(-1, 3)
    )


def _mask(frames: NDArray[np.float32], rng: np.random.Generator) -> None:
    """Blank out stripes of bands, and a moment, in place (SpecAugment, arXiv 1904.08779)."""
    grid = frames.reshape(-1, STACK, BANDS)
    for _ in range(2):
        size = int(rng.integers(0, 9))
        start = int(rng.integers(0, BANDS - size))
        grid[:, :, start : start + size] = 0
    at = int(rng.integers(len(frames)))
    grid[at : at + int(rng.integers(0, 4))] = 0


def loss(scores: Tensor, batch: Batch, weight: float) -> Tensor:
    """Return the loss of *scores* (scenes, frames, words), for each word that was said.

    Max-pooling (Sun et al. 2016, arXiv 1705.02411): of the frames around the end of a word, the one
    that is surest should be sure; of each half second without it, the surest should not be.
    *weight* is that of every other frame of these.
    """
    smooth = functional.avg_pool1d(
        functional.pad(scores.transpose(1, 2), (_SMOOTH - 1, 0), value=-4.0), _SMOOTH, 1
    )
    scene, word, end = batch.said.T
    near = end[:, None] + torch.arange(-_EARLY, _LATE + 1)
    near = near.clamp(0, scores.shape[1] - 1)
    best = smooth[scene[:, None], word[:, None], near].amax(1)
    quiet = batch.quiet.transpose(1, 2)
    worst = functional.max_pool1d(smooth - 1e4 * (1 - quiet), _PIECE, ceil_mode=True)
    wrong = functional.softplus(worst).sum() + weight * (functional.softplus(smooth) * quiet).sum()
    return (functional.softplus(-best).sum() + wrong) / max(1, len(batch.said))


def learn(
    scenes: Sequence[Scene],
    words: int,
    recipe: Recipe,
    *,
    seed: int,
    shape: Shape | None = None,
    kept: Path | None = None,
    progress: Callable[[int, float], None] = lambda _step, _loss: None,
) -> WakeNetwork:
    """Return a network that has learned *words* from *scenes*.

    After each epoch its state is kept at *kept*, and taken up again from there. *progress* is told
    each step and its loss.
    """
    torch.manual_seed(seed)
    network = WakeNetwork(words, shape)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=recipe.rate, weight_decay=recipe.weight_decay
    )
    steps = -(-len(scenes) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.rate, total_steps=max(2, steps * recipe.epochs), pct_start=0.15
    )
    parts = {"network": network, "optimiser": optimiser, "schedule": schedule}
    begun = _resumed(parts, kept)
    network.train()
    for epoch in range(begun, recipe.epochs):
        rng = np.random.default_rng((seed, epoch))
        torch.manual_seed(int(rng.integers(2**31)))
        order: list[int] = rng.permutation(len(scenes)).tolist()
        for number in range(steps):
            chosen = [scenes[at] for at in order[number::steps]]
            batch = collate(chosen, words, rng)
            found = loss(network(batch.frames), batch, recipe.frames)
            optimiser.zero_grad()
            found.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
            progress(epoch * steps + number, float(found.detach()))
        _keep(parts, epoch + 1, kept)
    return network.eval()


def _resumed(parts: dict, kept: Path | None) -> int:
    """Take up what is *kept*; return how many epochs are over."""
    if kept is None or not kept.exists():
        return 0
    state = torch.load(kept, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["epochs"]


def _keep(parts: dict, epochs: int, kept: Path | None) -> None:
    if kept is None:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(".new")
    torch.save({"epochs": epochs} | {k: part.state_dict() for k, part in parts.items()}, fresh)
    fresh.replace(kept)
