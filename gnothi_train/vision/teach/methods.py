"""Eight ways to teach a detector new things from few pictures, all with the same number of steps.

- ``full`` tunes everything, ``scratch`` too, but begins with nothing;
- ``frozen`` tunes all but the backbone, ``towers`` what stands on the neck;
- ``head`` tunes only the last layers, of classes and of boxes, while batch norms stay as they are
  (Wang et al., Frustratingly Simple Few-Shot Object Detection: TFA);
- ``cosine`` is the same with a cosine classifier (their section 3.2);
- ``prototypes`` keeps each class at the mean of what its examples look like (Snell et al.,
  Prototypical Networks), and tunes boxes and, of classes, two numbers: how sharply and how readily
  a place is taken for one;
- ``meta`` tunes everything, beginning where tuning is quick to learn
  (see :mod:`gnothi_train.vision.teach.meta`).
"""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import torch
from torch import Tensor, nn

from gnothi.vision.teaching.folders.collection import Example
from gnothi_train.vision.backbone import freeze
from gnothi_train.vision.loop import Loop, Recipe, seeded
from gnothi_train.vision.teach.augment import Augmentation, Batch, as_batch, batches, fitted
from gnothi_train.vision.teach.detectors import (
    as_detector,
    build,
    last_layer,
    objective,
    parts,
    reclassed,
)

_SHARP = 12.0
"""What cosines are multiplied by at first."""
_LOW = 4.0
"""What is taken off then: a place must look more like a class than not."""


class Method(StrEnum):
    """How a detector learns new things."""

    FULL = "full"
    FROZEN = "frozen"
    TOWERS = "towers"
    HEAD = "head"
    COSINE = "cosine"
    PROTOTYPES = "prototypes"
    META = "meta"
    SCRATCH = "scratch"


SPECIAL = (Method.COSINE, Method.PROTOTYPES, Method.META)
"""Made for few examples."""
_KEPT: Mapping[Method, frozenset[str]] = {
    Method.FROZEN: frozenset({"backbone"}),
    Method.TOWERS: frozenset({"backbone", "neck"}),
    Method.HEAD: frozenset({"backbone", "neck", "tower"}),
    Method.COSINE: frozenset({"backbone", "neck", "tower"}),
    Method.PROTOTYPES: frozenset({"backbone", "neck", "tower"}),
}


@dataclass(frozen=True, slots=True)
class Tuning:
    """What every method gets."""

    steps: int = 80
    pictures: int = 12
    """In a batch."""
    size: int = 160
    """Pixels of a side."""
    rate: float = 2e-3
    augmentation: Augmentation = field(default_factory=Augmentation)


@dataclass(frozen=True, slots=True)
class Start:
    """What methods begin with."""

    architecture: str
    known: nn.Module | None = None
    """What was learned on other pictures."""
    quick: nn.Module | None = None
    """The same after meta-learning."""


class Cosine(nn.Module):
    """A last layer that tells classes by the angle between what is seen and what they look like."""

    def __init__(self, rows: Tensor) -> None:
        """Begin with *rows* (classes, width)."""
        super().__init__()
        self.rows = nn.Parameter(rows.clone())
        self.sharpness = nn.Parameter(torch.tensor(_SHARP).log())
        self.bias = nn.Parameter(torch.tensor(-_LOW))

    def forward(self, maps: Tensor) -> Tensor:
        """Return logits (batch, classes, height, width) for *maps* (batch, width, …)."""
        seen = nn.functional.normalize(maps.float(), dim=1)
        rows = nn.functional.normalize(self.rows, dim=1)
        return torch.einsum("bchw,kc->bkhw", seen, rows) * self.sharpness.exp() + self.bias


def teach(
    method: Method,
    start: Start,
    shots: Sequence[Example],
    classes: int,
    tuning: Tuning,
    *,
    seed: int = 0,
    given: Iterable[Batch] | None = None,
) -> nn.Module:
    """Return a detector that learned *classes* from *shots*.

    *given* are the batches to learn from, where several methods are to see the very same.

    Raises:
        ValueError: *start* lacks what *method* begins with.
    """
    seeded(seed)
    network = _begun(method, start, classes)
    if method in (Method.COSINE, Method.PROTOTYPES):
        rows = prototypes(network, shots, classes, tuning.size)
        kinds = as_detector(network).kinds
        assert kinds is not None
        kinds.last = Cosine(rows)
        kinds.last.rows.requires_grad_(method is Method.COSINE)
    for name, part in parts(network):
        if name in _KEPT.get(method, ()):
            freeze(part)
    recipe = Recipe(tuning.steps, rate=tuning.rate, warm_up=10, seed=seed)
    loop = Loop(network, objective, recipe)
    loop.run(given or drawn(shots, tuning, seed=seed))
    return loop.result


def drawn(shots: Sequence[Example], tuning: Tuning, *, seed: int = 0) -> Iterator[Batch]:
    """Yield batches of what *shots* become in other crops and lights, without end."""
    rng = np.random.default_rng(seed)
    return batches(shots, tuning.pictures, tuning.size, rng, tuning.augmentation)


def _begun(method: Method, start: Start, classes: int) -> nn.Module:
    if method is Method.SCRATCH:
        return build(start.architecture, classes)
    known = start.quick if method is Method.META else start.known
    if known is None:
        raise ValueError(f"The method {method} begins with a network that learned before.")
    network = copy.deepcopy(known)
    reclassed(network, classes)
    return network


@torch.no_grad()
def prototypes(network: nn.Module, shots: Sequence[Example], classes: int, size: int) -> Tensor:
    """Return the mean direction of what stands before the last layer, at things of each class.

    Shape (classes, width). Of all places, those count that answer for a thing: nearest to the
    middle of its box.
    """
    detector = as_detector(network)
    assert detector.kinds is not None
    seen: list[Tensor] = []

    def note(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen.append(inputs[0].flatten(2).transpose(1, 2))

    network.eval()
    hook = last_layer(network).register_forward_pre_hook(note)
    found: list[list[Tensor]] = [[] for _ in range(classes)]
    for shot in shots:
        batch = as_batch([fitted(shot, size)])
        seen.clear()
        dense = detector(batch.pictures)
        towers = torch.cat(seen, dim=1)[0]
        for box, kind in zip(batch.things[0].boxes, batch.things[0].classes, strict=True):
            best = _best_place(dense.boxes[0], dense.places, box)
            found[int(kind)].append(nn.functional.normalize(towers[best].float(), dim=0))
    hook.remove()
    width = last_layer(network).in_channels
    means = [torch.stack(rows).mean(dim=0) if rows else torch.zeros(width) for rows in found]
    return torch.stack(means)


def _best_place(boxes: Tensor, places: Tensor, box: Tensor) -> int:
    """Return the place nearest to the middle of *box*, in the map whose stride suits its size."""
    middle = (box[:2] + box[2:]) / 2
    longer = (box[2:] - box[:2]).max()
    strides = places[:, 2].unique()
    suited = strides[(strides * 6 - longer).abs().argmin()]
    far = (places[:, :2] - middle).square().sum(dim=1)
    return int(torch.where(places[:, 2] == suited, far, torch.inf).argmin())
