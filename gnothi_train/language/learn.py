"""The training loop: consistency, moving average of the weights, checkpoints to resume from."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from gnothi_train.language.encoding import UNKNOWN, Encoded, collate
from gnothi_train.language.network import Batch, LanguageNetwork, Scores


@dataclass(frozen=True, slots=True)
class Recipe:
    """Settings of the training; ``docs/decisions`` says what each was found to be worth."""

    epochs: int = 12
    members: int = 1
    """Networks that are trained from different orders of the data, then averaged."""
    batch: int = 32
    rate: float = 1.2e-4
    head_rate: float = 6e-4
    layer_decay: float = 0.9
    warmup: float = 0.08
    weight_decay: float = 0.01
    tag_weight: float = 3.0
    move_weight: float = 2.0
    consistency: float = 0.0
    """Weight of R-Drop (Liang et al. 2021); 0 halves the time."""
    smoothing: float = 0.05
    average: float = 0.98
    """Decay of the moving average of the weights, applied every ``AVERAGE_EVERY`` steps."""
    clip: float = 1.0


AVERAGE_EVERY = 4
_POOL = 40


def batches(
    sentences: Sequence[Encoded], size: int, rng: np.random.Generator
) -> Iterator[list[Encoded]]:
    """Yield shuffled batches of sentences of similar length, so that little is padding."""
    order = rng.permutation(len(sentences))
    cut: list[np.ndarray] = []
    for start in range(0, len(order), size * _POOL):
        pool = order[start : start + size * _POOL]
        pool = pool[np.argsort([len(sentences[i].ids) for i in pool], kind="stable")]
        cut += [pool[i : i + size] for i in range(0, len(pool), size)]
    for number in rng.permutation(len(cut)):
        yield [sentences[i] for i in cut[number]]


def loss(scores: Scores, batch: Batch, recipe: Recipe) -> Tensor:
    """Return the sum of the heads' losses; what is not known costs nothing."""
    total = functional.cross_entropy(
        scores.intents.float(),
        batch.intents,
        ignore_index=UNKNOWN,
        label_smoothing=recipe.smoothing,
        reduction="sum",
    ) / max(1, int((batch.intents != UNKNOWN).sum()))
    tags = functional.cross_entropy(
        scores.tags.float().flatten(0, 1), batch.tags.flatten(), ignore_index=UNKNOWN
    )
    total = total + recipe.tag_weight * torch.nan_to_num(tags)
    total = total + _binary(scores.scopes, batch.scopes)
    moves = functional.cross_entropy(
        scores.moves.float().flatten(0, 1), batch.moves.flatten(), ignore_index=UNKNOWN
    )
    total = total + recipe.move_weight * torch.nan_to_num(moves)
    if batch.embeddings is not None:
        known = batch.embeddings.abs().sum(-1) > 0
        if known.any():
            own = scores.embeddings[known].float()
            near = functional.cosine_similarity(own, batch.embeddings[known], dim=-1)
            total = total + (1 - near).mean()
    return total


def _binary(scores: Tensor, labels: Tensor) -> Tensor:
    known = labels != UNKNOWN
    if not known.any():
        return scores.new_zeros(())
    return functional.binary_cross_entropy_with_logits(scores[known].float(), labels[known].float())


def disagreement(one: Scores, other: Scores, batch: Batch) -> Tensor:
    """Return the symmetric divergence of two passes with different dropout (R-Drop)."""
    words = batch.tags != UNKNOWN
    intents = _divergence(one.intents, other.intents)
    tags = _divergence(one.tags[words], other.tags[words]) if words.any() else 0.0
    return intents + tags


def _divergence(one: Tensor, other: Tensor) -> Tensor:
    p, q = (functional.log_softmax(scores.float(), -1) for scores in (one, other))
    return 0.5 * ((p.exp() - q.exp()) * (p - q)).sum(-1).mean()


def groups(network: LanguageNetwork, recipe: Recipe) -> list[dict]:
    """Return parameter groups: lower layers learn slower (Howard and Ruder 2018)."""
    layers = network.encoder.config.num_hidden_layers
    made: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        rate = _rate(name, layers, recipe)
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        made.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in made.items()
    ]


def _rate(name: str, layers: int, recipe: Recipe) -> float:
    if not name.startswith("encoder."):
        return recipe.head_rate
    depth = layers
    if "encoder.layer." in name:
        depth = layers - 1 - int(name.split("layer.")[1].split(".", maxsplit=1)[0])
    return recipe.rate * recipe.layer_decay**depth


class Learning:
    """One training run; its whole state can be saved after an epoch and taken up again."""

    def __init__(self, network: LanguageNetwork, recipe: Recipe, *, seed: int) -> None:
        """Train *network* in place by *recipe*."""
        self.network, self.recipe, self.seed = network, recipe, seed
        self.average = {name: p.detach().clone() for name, p in network.named_parameters()}
        self.optimiser = torch.optim.AdamW(groups(network, recipe), fused=True)
        self.rates = [group["lr"] for group in self.optimiser.param_groups]
        self.epoch = 0
        self.step = 0

    def run_epoch(
        self,
        sentences: Sequence[Encoded],
        *,
        teacher: Callable[[Sequence[str]], Tensor] | None = None,
        progress: Callable[[int, int, float], None] = lambda *_: None,
    ) -> float:
        """Learn once from all *sentences*; return the mean loss."""
        rng = np.random.default_rng((self.seed, self.epoch))
        torch.manual_seed(int(rng.integers(2**31)))
        steps = math.ceil(len(sentences) / self.recipe.batch)
        total = 0.0
        self.network.train()
        for number, chosen in enumerate(batches(sentences, self.recipe.batch, rng), 1):
            share = (self.epoch + (number - 1) / steps) / self.recipe.epochs
            total += self._learn(chosen, share, teacher)
            progress(number, steps, total / number)
        self.epoch += 1
        return total / steps

    def _learn(
        self,
        chosen: list[Encoded],
        share: float,
        teacher: Callable[[Sequence[str]], Tensor] | None,
    ) -> float:
        twice = chosen * 2 if self.recipe.consistency else chosen
        batch = collate(twice)
        if teacher is not None:
            batch = _with_embeddings(batch, teacher([s.text for s in twice]))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = self.network(batch)
        value = loss(scores, batch, self.recipe)
        if self.recipe.consistency:
            one, other, half = _halves(scores, batch)
            value = value + self.recipe.consistency * disagreement(one, other, half)
        value.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        self._update(share)
        return float(value.detach())

    def _update(self, share: float) -> None:
        factor = schedule(share, self.recipe.warmup)
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        if self.step % AVERAGE_EVERY == 0:
            self._average()

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self.recipe.average, self.step / (self.step + 40))
        for name, parameter in self.network.named_parameters():
            self.average[name].lerp_(parameter, 1 - decay)

    def averaged(self, empty: LanguageNetwork) -> LanguageNetwork:
        """Return *empty* filled with the averaged weights."""
        empty.load_state_dict(self.average, strict=False)
        return empty

    def save(self, folder: Path) -> None:
        """Write the whole state to *folder*; an earlier state survives a crash meanwhile."""
        tensors = {f"network.{name}": p for name, p in self.network.named_parameters()}
        tensors |= {f"average.{name}": p for name, p in self.average.items()}
        names = {id(p): name for name, p in self.network.named_parameters()}
        for parameter, state in self.optimiser.state.items():
            for key, value in state.items():
                tensors[f"optimiser.{key}.{names[id(parameter)]}"] = value
        state = {"epoch": self.epoch, "step": self.step, "recipe": asdict(self.recipe)}
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "checkpoint.safetensors.new"
        save_file(
            {name: value.detach().clone().contiguous() for name, value in tensors.items()},
            fresh,
            metadata={"state": json.dumps(state)},
        )
        fresh.replace(folder / "checkpoint.safetensors")

    def resume(self, folder: Path) -> bool:
        """Take up the state in *folder*; return whether there was one."""
        path = folder / "checkpoint.safetensors"
        if not path.exists():
            return False
        tensors = load_file(path)
        state = _metadata(path)
        self.epoch, self.step = state["epoch"], state["step"]
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                parameter.copy_(tensors[f"network.{name}"])
                self.average[name] = tensors[f"average.{name}"]
                keys = ("exp_avg", "exp_avg_sq", "step")
                self.optimiser.state[parameter] = {
                    key: tensors[f"optimiser.{key}.{name}"]
                    for key in keys
                    if f"optimiser.{key}.{name}" in tensors
                }
        return True


def schedule(share: float, warmup: float) -> float:
    """Return the factor of the learning rate: linear up, then linear down to a hundredth."""
    if share < warmup:
        return max(share / warmup, 0.01)
    return max((1 - share) / (1 - warmup), 0.01)


def _metadata(path: Path) -> dict:
    with safe_open(path, framework="pt") as file:
        return json.loads(file.metadata()["state"])


def _halves(scores: Scores, batch: Batch) -> tuple[Scores, Scores, Batch]:
    half = len(batch.intents) // 2
    parts = [getattr(scores, field.name) for field in fields(scores)]
    one, other = (Scores(*(part[side] for part in parts)) for side in _sides(half))
    given = {field.name: getattr(batch, field.name) for field in fields(batch)}
    first = Batch(**{name: None if v is None else v[:half] for name, v in given.items()})
    return one, other, first


def _sides(half: int) -> tuple[slice, slice]:
    return slice(None, half), slice(half, None)


def _with_embeddings(batch: Batch, embeddings: Tensor) -> Batch:
    return replace(batch, embeddings=embeddings)
