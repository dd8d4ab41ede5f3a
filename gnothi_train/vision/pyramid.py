"""A dense detector of one stage without anchors, over the maps of a neck.

Each place of three maps tells what begins there: how sure it is of each class, and how far the
sides of the box are (Tian et al., FCOS, section 3; classes by the quality focal loss of Li et al.,
Generalized Focal Loss, section 3.1; boxes by the generalised overlap of Rezatofighi et al.).
Classes come from a linear layer, or, in an open vocabulary, from the dot product of an embedding
of each place with the vectors of phrases.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gnothi.vision.boxes import suppressed
from gnothi_train.vision.backbone import STRIDES, Backbone, Neck

LEVELS = STRIDES[1:]
"""Strides of the maps that are searched: 8, 16 and 32 pixels."""
_REACH = 1.5
"""Strides around the middle of a box in which places answer for it."""
_SIZES = ((0.0, 64.0), (32.0, 128.0), (64.0, float("inf")))
"""Longer sides of the boxes that each map answers for, in pixels; neighbours overlap."""
_RARE = 0.01
"""How sure a network is of anything before it has learned."""


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """What is in a picture: boxes (n, 4) as left, top, right, bottom in pixels, classes (n,)."""

    boxes: Tensor
    classes: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """What every place of a batch tells; places of all maps, finest first, row by row."""

    logits: Tensor
    """Of each class, shape (batch, places, classes)."""
    boxes: Tensor
    """Left, top, right, bottom in pixels, shape (batch, places, 4)."""
    features: Tensor
    """Of the neck, shape (batch, places, width)."""
    embeddings: Tensor
    """Unit vectors, shape (batch, places, dimensions); as wide as the features where classes come
    from a linear layer."""
    places: Tensor
    """Middle x and y, and the stride: shape (places, 3)."""


class Head(nn.Module):
    """What is read off each place, by the same weights in every map.

    Its group norms know no batch: a head learns alike from one picture and from many.
    """

    def __init__(self, width: int, outputs: int, *, depth: int = 2) -> None:
        """Build *depth* convolutions of *width* channels, and a last one of *outputs*."""
        super().__init__()
        layers: list[nn.Module] = []
        for _ in range(depth):
            layers += [
                nn.Conv2d(width, width, 3, 1, 1, bias=False),
                nn.GroupNorm(8, width),
                nn.SiLU(inplace=True),
            ]
        self.tower = nn.Sequential(*layers)
        self.last = nn.Conv2d(width, outputs, 1)

    def forward(self, maps: Tensor) -> Tensor:
        """Return (batch, height * width, outputs) for *maps* (batch, width, height, width)."""
        return self.last(self.tower(maps)).flatten(2).transpose(1, 2)


class Pyramid(nn.Module):
    """Backbone, neck, and a head each for classes and boxes."""

    def __init__(
        self,
        classes: int,
        *,
        backbone: Backbone | None = None,
        width: int = 64,
        dimensions: int | None = None,
    ) -> None:
        """Build a detector of so many *classes*.

        With *dimensions*, classes are told by vectors that :meth:`forward` is given, and *classes*
        is how many are told beside them by a linear layer (0, or 1 for "there is something").
        """
        super().__init__()
        self.backbone = backbone or Backbone()
        self.neck = Neck(self.backbone.widths[1:], width)
        self.kinds = Head(width, classes) if classes else None
        self.sides = Head(width, 4)
        self.meanings = Head(width, dimensions) if dimensions else None
        self.scales = nn.Parameter(torch.ones(len(LEVELS)))
        self.sharpness = nn.Parameter(torch.tensor(2.3))
        """Logarithm of what dot products are multiplied by."""
        self.bias = nn.Parameter(torch.tensor(_logit(_RARE)))
        if self.kinds:
            nn.init.constant_(self.kinds.last.bias, _logit(_RARE))  # type: ignore[arg-type]
            nn.init.normal_(self.kinds.last.weight, std=0.01)

    def forward(self, pictures: Tensor, vectors: Tensor | None = None) -> Dense:
        """Look at *pictures* (batch, 3, height, width) from 0 to 1; sides are multiples of 32.

        *vectors* (phrases, dimensions) are unit vectors; their logits follow those of the classes.
        """
        maps = self.neck(self.backbone(pictures)[1:])
        places = places_of([tuple(one.shape[2:]) for one in maps], pictures.device)
        boxes = torch.cat(
            [
                nn.functional.softplus(self.sides(one).float() * scale) * stride
                for one, scale, stride in zip(maps, self.scales, LEVELS, strict=True)
            ],
            dim=1,
        )
        features = torch.cat([one.flatten(2).transpose(1, 2) for one in maps], dim=1)
        logits: list[Tensor] = []
        if self.kinds:
            logits.append(torch.cat([self.kinds(one) for one in maps], dim=1).float())
        embeddings = nn.functional.normalize(features.float(), dim=-1)
        if self.meanings:
            told = torch.cat([self.meanings(one) for one in maps], dim=1).float()
            embeddings = nn.functional.normalize(told, dim=-1)
        if vectors is not None:
            alike = (embeddings @ vectors.T).float()
            logits.append(alike * self.sharpness.exp() + self.bias)
        return Dense(torch.cat(logits, dim=2), spread(boxes, places), features, embeddings, places)

    def losses(self, dense: Dense, truth: Sequence[Things]) -> dict[str, Tensor]:
        """Return what there is to minimise: ``kinds`` and ``boxes``, over the places of things."""
        assigned = [assign(dense.places, one) for one in truth]
        index = torch.stack([one for one, _ in assigned])
        wanted = torch.stack([one for _, one in assigned])
        taken = index >= 0
        count = taken.sum().clamp(min=1)
        closeness = overlap(dense.boxes[taken], wanted[taken])
        quality = torch.zeros_like(dense.logits)
        classes = torch.cat(
            [one.classes[i[i >= 0]] for one, (i, _) in zip(truth, assigned, strict=True)]
        )
        rows = taken.nonzero()
        quality[rows[:, 0], rows[:, 1], classes] = closeness.detach().clamp(min=0)
        return {
            "kinds": quality_focal(dense.logits, quality) / count,
            "boxes": 2 * (1 - generalised_overlap(dense.boxes[taken], wanted[taken])).sum() / count,
        }


@torch.no_grad()
def assign(places: Tensor, things: Things) -> tuple[Tensor, Tensor]:
    """Return for each of *places* (n, 3) the thing it answers for, -1 for none, and its box (n, 4).

    A place near the middle of a box, inside it, in a map for boxes of that size; of several the
    smallest. The nearest place answers for a box that has no other.
    """
    index = torch.full((len(places),), -1, dtype=torch.long, device=places.device)
    if not len(things.boxes):
        return index, places.new_zeros(len(places), 4)
    x, y, stride = places[:, :1], places[:, 1:2], places[:, 2:]
    left, top, right, bottom = things.boxes.T
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    longer = torch.maximum(right - left, bottom - top)
    inside = (x > left) & (x < right) & (y > top) & (y < bottom)
    far = torch.maximum((x - middle_x).abs(), (y - middle_y).abs()) / stride
    level = (places[:, 2] / LEVELS[0]).log2().round().long()
    low, high = places.new_tensor(_SIZES)[level].T
    fits = (longer >= low[:, None]) & (longer < high[:, None])
    answers = inside & fits & (far < _REACH)
    lonely = ~answers.any(dim=0)
    if lonely.any():
        nearest = torch.where(fits, far, torch.inf).argmin(dim=0)
        answers[nearest[lonely], lonely.nonzero()[:, 0]] = True
    size = torch.where(answers, (right - left) * (bottom - top), torch.inf)
    smallest = size.argmin(dim=1)
    taken = answers.any(dim=1)
    index[taken] = smallest[taken]
    return index, things.boxes[smallest]


def quality_focal(logits: Tensor, quality: Tensor) -> Tensor:
    """Return the sum of cross entropies with *quality* from 0 to 1, weighted by squared errors."""
    apart = (quality - logits.sigmoid()).abs().square()
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, quality, reduction="none")
    return (apart * entropy).sum()


def overlap(some: Tensor, others: Tensor) -> Tensor:
    """Return the intersection over union of boxes (n, 4) with others of the same rows: (n,)."""
    shared = _shared(some, others)
    return shared / (_area(some) + _area(others) - shared).clamp(min=1e-6)


def generalised_overlap(some: Tensor, others: Tensor) -> Tensor:
    """Return the overlap less the empty share of the box around both, from -1 to 1: (n,)."""
    shared = _shared(some, others)
    together = (_area(some) + _area(others) - shared).clamp(min=1e-6)
    low = torch.minimum(some[:, :2], others[:, :2])
    high = torch.maximum(some[:, 2:], others[:, 2:])
    around = (high - low).clamp(min=0).prod(dim=1).clamp(min=1e-6)
    return shared / together - (around - together) / around


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Of one picture, best first: boxes (n, 4), classes (n,), scores (n,), places (n,)."""

    boxes: NDArray[np.float64]
    classes: NDArray[np.intp]
    scores: NDArray[np.float64]
    places: NDArray[np.intp]


@torch.no_grad()
def detections(
    dense: Dense, *, least: float = 0.05, most: int = 100, limit: float = 0.6
) -> list[Detections]:
    """Return what *dense* tells of each picture of its batch.

    Scores of at least *least*, the *most* best; of boxes of a class that overlap by more than
    *limit*, the best.
    """
    return [
        _detections(scores, boxes.double().cpu().numpy(), least, most, limit)
        for scores, boxes in zip(dense.logits.sigmoid().cpu(), dense.boxes, strict=True)
    ]


def _detections(
    scores: Tensor, boxes: NDArray[np.float64], least: float, most: int, limit: float
) -> Detections:
    told = scores.double().numpy()
    places, classes = np.nonzero(told >= least)
    values = told[places, classes]
    best = np.argsort(-values, kind="stable")[: 10 * most]
    places, classes, values = places[best], classes[best], values[best]
    apart = boxes[places] + classes[:, None] * (2 * np.abs(boxes).max(initial=1.0) + 1)
    kept = suppressed(apart, values, limit)[:most]  # classes lie side by side: each by itself
    return Detections(boxes[places[kept]], classes[kept], values[kept], places[kept])


def places_of(sizes: Sequence[tuple[int, int]], device: torch.device) -> Tensor:
    """Return middle x and y, and the stride, of the places of maps of *sizes* (height, width)."""
    rows = [
        torch.cartesian_prod(
            (torch.arange(height, device=device) + 0.5) * stride,
            (torch.arange(width, device=device) + 0.5) * stride,
        ).flip(1)
        for (height, width), stride in zip(sizes, LEVELS, strict=True)
    ]
    strides = torch.cat(
        [
            torch.full((len(one), 1), float(stride), device=device)
            for one, stride in zip(rows, LEVELS, strict=True)
        ]
    )
    return torch.cat([torch.cat(rows), strides], dim=1)


def spread(distances: Tensor, places: Tensor) -> Tensor:
    """Return boxes for *distances* (…, places, 4) of their sides from the middles of *places*."""
    middle = places[:, :2]
    return torch.cat([middle - distances[..., :2], middle + distances[..., 2:]], dim=-1)


def _shared(some: Tensor, others: Tensor) -> Tensor:
    low = torch.maximum(some[:, :2], others[:, :2])
    high = torch.minimum(some[:, 2:], others[:, 2:])
    return (high - low).clamp(min=0).prod(dim=1)


def _area(boxes: Tensor) -> Tensor:
    return (boxes[:, 2:] - boxes[:, :2]).clamp(min=0).prod(dim=1)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
