"""A detector of one stage that marks middles: the second architecture beside the pyramid.

One fine map tells where the middle of a thing of each class is, and how far its sides are (Zhou et
al., Objects as Points, sections 3 and 4; what a place near a middle owes is softened by a Gaussian,
as in Law and Deng, CornerNet, section 3.2). There are no levels, and nothing is suppressed but
neighbours of a peak.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gnothi_train.vision.backbone import STRIDES, Backbone, Neck
from gnothi_train.vision.pyramid import Dense, Head, Things, generalised_overlap

STRIDE = STRIDES[0]
_REACH = 0.15
"""Standard deviation of the Gaussian around a middle, as a share of a side of the box."""
_RARE = 0.01
_NOTHING = -20.0
"""Logit of a place beside a peak."""


class CentrePoints(nn.Module):
    """Backbone, neck, and a head each for middles and for sides, at every fourth pixel."""

    def __init__(self, classes: int, *, backbone: Backbone | None = None, width: int = 64) -> None:
        """Build a detector of so many *classes*."""
        super().__init__()
        self.backbone = backbone or Backbone()
        self.neck = Neck(self.backbone.widths, width)
        self.kinds = Head(width, classes, depth=1)
        self.sides = Head(width, 4, depth=1)
        self.scale = nn.Parameter(torch.tensor(8.0))
        """Pixels of a side that a head's unit stands for."""
        nn.init.constant_(self.kinds.last.bias, _logit(_RARE))  # type: ignore[arg-type]
        nn.init.normal_(self.kinds.last.weight, std=0.01)

    def forward(self, pictures: Tensor) -> Dense:
        """Look at *pictures* (batch, 3, height, width) from 0 to 1; sides are multiples of 32.

        While it does not learn, only peaks keep their logits.
        """
        finest = self.neck(self.backbone(pictures))[0]
        height, width = finest.shape[2:]
        places = _places(height, width, pictures.device)
        logits = self.kinds(finest).float()
        if not self.training:
            logits = _peaks(logits, height, width)
        sides = nn.functional.softplus(self.sides(finest).float()) * self.scale
        boxes = torch.cat([places[:, :2] - sides[..., :2], places[:, :2] + sides[..., 2:]], dim=-1)
        features = finest.flatten(2).transpose(1, 2)
        embeddings = nn.functional.normalize(features.float(), dim=-1)
        return Dense(logits, boxes, features, embeddings, places)

    def losses(self, dense: Dense, truth: Sequence[Things]) -> dict[str, Tensor]:
        """Return what there is to minimise: ``kinds`` and ``boxes``, over the middles of things."""
        heat = torch.stack([marked(dense.places, one, dense.logits.shape[2]) for one in truth])
        near = [_nearest(dense.places, one) for one in truth]
        count = max(1, sum(len(one.boxes) for one in truth))
        told = torch.cat([boxes[at] for boxes, at in zip(dense.boxes, near, strict=True)])
        wanted = torch.cat([one.boxes for one in truth])
        return {
            "kinds": heat_focal(dense.logits, heat) / count,
            "boxes": 2 * (1 - generalised_overlap(told, wanted)).sum() / count,
        }


@torch.no_grad()
def marked(places: Tensor, things: Things, classes: int) -> Tensor:
    """Return how near each of *places* (n, 3) is to the middle of a thing: (n, classes), 0 to 1.

    1 at the place nearest to a middle.
    """
    heat = places.new_zeros(len(places), classes)
    if not len(things.boxes):
        return heat
    middle = (things.boxes[:, :2] + things.boxes[:, 2:]) / 2
    reach = (_REACH * (things.boxes[:, 2:] - things.boxes[:, :2])).clamp(min=STRIDE / 3)
    apart = (places[:, None, :2] - middle) / reach
    bump = torch.exp(-apart.square().sum(dim=2) / 2)
    bump[_nearest(places, things), torch.arange(len(things.boxes), device=places.device)] = 1.0
    index = things.classes.expand(len(places), -1)
    return heat.scatter_reduce(1, index, bump, "amax")


def heat_focal(logits: Tensor, heat: Tensor) -> Tensor:
    """Return the penalty-reduced focal loss, summed (Objects as Points, equation 1)."""
    sure = logits.sigmoid()
    missed = (1 - sure).square() * nn.functional.logsigmoid(logits)
    false = (1 - heat).pow(4) * sure.square() * nn.functional.logsigmoid(-logits)
    return -torch.where(heat == 1, missed, false).sum()


def _nearest(places: Tensor, things: Things) -> Tensor:
    """Return the number of the place nearest to the middle of each thing, shape (things,)."""
    middle = (things.boxes[:, :2] + things.boxes[:, 2:]) / 2
    return (places[None, :, :2] - middle[:, None]).square().sum(dim=2).argmin(dim=1)


def _peaks(logits: Tensor, height: int, width: int) -> Tensor:
    """Return *logits* (batch, places, classes) with all but the highest of 3 by 3 places off."""
    maps = logits.transpose(1, 2).unflatten(2, (height, width))
    highest = nn.functional.max_pool2d(maps, 3, 1, 1)
    return torch.where(maps == highest, maps, _NOTHING).flatten(2).transpose(1, 2)


def _places(height: int, width: int, device: torch.device) -> Tensor:
    rows = torch.cartesian_prod(
        (torch.arange(height, device=device) + 0.5) * STRIDE,
        (torch.arange(width, device=device) + 0.5) * STRIDE,
    ).flip(1)
    return torch.cat([rows, torch.full((len(rows), 1), float(STRIDE), device=device)], dim=1)


def _logit(share: float) -> float:
    return float(torch.logit(torch.tensor(share)))
