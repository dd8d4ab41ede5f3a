"""How networks that look at pictures learn: one loop for all, with a bar, seeds and checkpoints."""

import copy
import math
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import numpy as np
import torch
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from torch import Tensor, nn

Batch = TypeVar("Batch")
Losses = Mapping[str, Tensor]
CHECKPOINT = "checkpoint.pt"
_SAVE_EVERY = 120.0
"""Seconds from one checkpoint to the next."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long and how fast a network learns."""

    steps: int
    rate: float = 2e-3
    """The highest learning rate of AdamW; it falls as a half cosine to a hundredth."""
    warm_up: int = 100
    """Steps in which the rate rises from zero, at most a fifth of all."""
    decay: float = 1e-2
    """Weight decay of kernels; biases and norms have none."""
    clip: float = 5.0
    """The longest gradient."""
    average: float = 0.0
    """Of the weights over steps (exponential), such as .998; 0 keeps none."""
    seed: int = 0

    def rate_at(self, step: int) -> float:
        """Return the learning rate of *step*, counted from 0."""
        warm_up = min(self.warm_up, self.steps // 5)
        if step < warm_up:
            return self.rate * (step + 1) / warm_up
        share = (step - warm_up) / max(1, self.steps - warm_up)
        return self.rate * (0.01 + 0.99 * (1 + math.cos(math.pi * min(1.0, share))) / 2)


class Loop(Generic[Batch]):
    """A network, what it minimises, and how far it has come."""

    def __init__(
        self,
        network: nn.Module,
        objective: Callable[[nn.Module, Batch], Losses],
        recipe: Recipe,
        *,
        folder: Path | None = None,
    ) -> None:
        """Let *network* minimise the sum of what *objective* returns for a batch.

        Where there is a GPU it learns there: tensors of a batch, in whatever tuples, lists,
        mappings and dataclasses, are brought to it, and those that the objective makes are made on
        it. Convolutions run in bfloat16 where the machine has it. With *folder*, checkpoints are
        written there, and :meth:`resume` reads them.
        """
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = network.to(self.device, memory_format=torch.channels_last)
        self.objective, self.recipe, self.folder = objective, recipe, folder
        self.averaged = copy.deepcopy(self.network) if recipe.average else None
        self.step = 0
        groups = _groups(self.network, recipe.decay)
        self.optimiser = torch.optim.AdamW(groups, lr=recipe.rate, fused=True)

    @property
    def result(self) -> nn.Module:
        """What was learned, on the processor: the averaged network where there is an average."""
        return (self.averaged or self.network).cpu().eval()

    def run(
        self,
        batches: Iterable[Batch],
        title: str = "Learning",
        *,
        tell: Callable[[int, Mapping[str, float]], None] | None = None,
        tell_every: int = 100,
    ) -> Mapping[str, float]:
        """Learn from *batches* until the steps of the recipe are done; return the last losses.

        *batches* should go on at ``self.step``, and may be endless. *tell* hears of the running
        means of the losses every so many steps.

        Raises:
            ArithmeticError: a loss is not finite.
        """
        means: dict[str, float] = {}
        saved = time.monotonic()
        self.network.to(self.device).train()
        with _bar(title, self.recipe.steps, self.step) as advance:
            source = iter(batches)
            while self.step < self.recipe.steps and (batch := next(source, None)) is not None:
                losses = self._learn(batch)
                for name, value in losses.items():
                    means[name] = 0.98 * means.get(name, value) + 0.02 * value
                advance(" ".join(f"{name} {value:.3f}" for name, value in means.items()))
                if tell and self.step % tell_every == 0:
                    tell(self.step, means)
                if self.folder and time.monotonic() > saved + _SAVE_EVERY:
                    self.save()
                    saved = time.monotonic()
        if self.folder:
            self.save()
        return means

    def _learn(self, batch: Batch) -> Mapping[str, float]:
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.rate_at(self.step)
        here = self.device.type == "cpu"
        with (
            nullcontext() if here else self.device,
            torch.autocast(self.device.type, torch.bfloat16),
        ):
            brought = batch if here else moved(batch, self.device)
            losses = self.objective(self.network, brought)
        total = torch.stack([loss.float() for loss in losses.values()]).sum()
        if not torch.isfinite(total):
            told = {name: float(loss.detach()) for name, loss in losses.items()}
            raise ArithmeticError(f"A loss in step {self.step} is not finite: {told}")
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        self.optimiser.step()
        self.step += 1
        self._average()
        return {name: float(loss.detach()) for name, loss in losses.items()}

    @torch.no_grad()
    def _average(self) -> None:
        if self.averaged is None:
            return
        kept = min(self.recipe.average, self.step / (10 + self.step))
        mine = self.network.state_dict()
        for name, value in self.averaged.state_dict().items():
            if value.is_floating_point():
                value.lerp_(mine[name], 1 - kept)
            else:
                value.copy_(mine[name])

    def save(self) -> None:
        """Write a checkpoint; one that is cut off leaves the one before whole."""
        assert self.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        state = {
            "recipe": asdict(self.recipe),
            "step": self.step,
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict() if self.averaged else None,
            "optimiser": self.optimiser.state_dict(),
            "random": torch.get_rng_state(),
        }
        temporary = self.folder / (CHECKPOINT + ".new")
        torch.save(state, temporary)
        temporary.replace(self.folder / CHECKPOINT)

    def resume(self) -> bool:
        """Go on after the last checkpoint in the folder; return whether there was one.

        What PyTorch draws goes on as well; batches do where they are drawn by the step.

        Raises:
            ValueError: it was made by another recipe or another network.
        """
        path = self.folder / CHECKPOINT if self.folder else None
        if path is None or not path.exists():
            return False
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["recipe"] != asdict(self.recipe):
            raise ValueError(f"{path} was made by another recipe: {state['recipe']}.")
        try:
            self.network.load_state_dict(state["network"])
        except RuntimeError as error:
            raise ValueError(f"{path} is of another network: {error}") from error
        if self.averaged is not None:
            self.averaged.load_state_dict(state["averaged"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]
        torch.set_rng_state(state["random"].cpu())
        return True


def moved(batch: Batch, device: torch.device) -> Batch:
    """Return *batch* with all its tensors on *device*."""
    told: Any = batch
    if isinstance(told, Tensor):
        return cast("Batch", told.to(device, non_blocking=True))
    if isinstance(told, Mapping):
        return cast("Batch", {name: moved(value, device) for name, value in told.items()})
    if isinstance(told, list | tuple):
        parts = [moved(value, device) for value in told]
        return cast("Batch", type(told)(*parts) if hasattr(told, "_fields") else type(told)(parts))
    if is_dataclass(told) and not isinstance(told, type):
        parts = {one.name: moved(getattr(told, one.name), device) for one in fields(told)}
        return cast("Batch", replace(told, **parts))
    return batch


def seeded(seed: int) -> np.random.Generator:
    """Seed everything that draws at random, and return a generator of our own."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    return np.random.default_rng(seed)


def _groups(network: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Return what learns: kernels with *decay*, the rest without."""
    groups: dict[float, list[nn.Parameter]] = {}
    for parameter in network.parameters():
        if parameter.requires_grad:
            groups.setdefault(decay if parameter.ndim > 1 else 0.0, []).append(parameter)
    return [{"params": members, "weight_decay": kept} for kept, members in groups.items()]


@contextmanager
def _bar(title: str, steps: int, done: int) -> Iterator[Callable[[str], None]]:
    """Show a bar where somebody looks; what is yielded moves it on by a step, and tells more."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, disable=not sys.stdout.isatty()) as progress:
        task = progress.add_task(title, total=steps, completed=done, told="")
        yield lambda told: progress.update(task, advance=1, told=told)
