"""Fitting the arbitrator's networks to what was known in pauses and at ends."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from gnothi.speech.endpoint.arbitrator import PLAIN, Network
from gnothi_train.endpoint.listen import Listened

Floats = NDArray[np.float32]

SHARES = {"command": 1.0, "read": 0.7, "synthetic": 0.5}
"""What kinds of recordings count, ends and pauses half each."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How networks are fitted."""

    hidden: int = 24
    members: int = 4
    steps: int = 300
    rate: float = 3e-3
    decay: float = 0.05
    drop_plain: float = 0.1
    drop_states: float = 0.5
    batch: int = 384


@dataclass(frozen=True, slots=True)
class Rows:
    """Moments, one a row."""

    numbers: Floats
    is_end: Floats
    weights: Floats

    @classmethod
    def of(cls, heard: Sequence[Listened], *, with_states: bool) -> "Rows":
        """Return the moments of all pauses that were *heard*; each pause counts the same."""
        known = [
            one for one in heard if len(one.at_s) and (one.states is not None or not with_states)
        ]
        sizes = Counter((one.kind, one.pause.is_end) for one in known)
        numbers, labels, weights = list[Floats](), list[float](), list[float]()
        for one in known:
            parts = (
                [one.plain] if one.states is None or not with_states else [one.plain, one.states]
            )
            numbers.append(np.concatenate(parts, 1))
            share = SHARES[one.kind] / sizes[one.kind, one.pause.is_end] / len(one.at_s)
            labels += [float(one.pause.is_end)] * len(one.at_s)
            weights += [share] * len(one.at_s)
        told = np.array(weights, np.float32)
        return cls(np.concatenate(numbers), np.array(labels, np.float32), told / told.mean())


def fit(rows: Rows, seed: int, recipe: Recipe) -> tuple[Network, ...]:
    """Return an ensemble that tells ends from pauses, after dropout on what it reads."""
    # Threads that wait for each other cost more than these small products.
    torch.set_num_threads(1)
    return tuple(_member(rows, seed * 1000 + at, recipe) for at in range(recipe.members))


def _member(rows: Rows, seed: int, recipe: Recipe) -> Network:
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    mean = rows.numbers.mean(0)
    scale = 1 / (rows.numbers.std(0) + 1e-3)
    inputs = torch.tensor(np.clip((rows.numbers - mean) * scale, -6, 6))
    labels, weights = torch.tensor(rows.is_end), torch.tensor(rows.weights)
    width = inputs.shape[1]
    kept = torch.full((width,), 1 - recipe.drop_plain)
    kept[PLAIN:] = 1 - recipe.drop_states
    first, second = nn.Linear(width, recipe.hidden), nn.Linear(recipe.hidden, 1)
    parameters = [*first.parameters(), *second.parameters()]
    optimiser = torch.optim.AdamW(parameters, recipe.rate, weight_decay=recipe.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=recipe.steps)
    for _ in range(recipe.steps):
        picked = torch.randint(len(inputs), (recipe.batch,), generator=generator)
        mask = torch.bernoulli(kept.expand(recipe.batch, width), generator=generator) / kept
        inner = torch.tanh(first(inputs[picked] * mask))
        inner = nn.functional.dropout(inner, 0.2)
        loss = nn.functional.binary_cross_entropy_with_logits(
            second(inner)[:, 0], labels[picked], weights[picked]
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    weights_in, bias, out = (
        one.detach().numpy() for one in (first.weight.T, first.bias, second.weight[0])
    )
    return Network(
        mean.astype(np.float32),
        scale.astype(np.float32),
        weights_in,
        bias,
        out,
        float(second.bias.item()),
    )
