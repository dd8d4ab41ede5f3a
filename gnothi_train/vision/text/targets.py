"""What the finder should tell of each place, and what it loses by telling something else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gnothi.vision.reading.cutting import Boxes

STRIDE = 4
"""Pixels from one place to the next."""
CORE = 0.5
"""Share of its width and height in which the places of a word answer for it."""
_SHORTEST = 0.6
"""Places that the middle of a word reaches at least, so that the smallest has one."""


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Of each place of a batch of square maps."""

    state: Tensor
    """(batch, height, width): 1 in the middle of a word, 0 outside of words, -1 between, where
    nothing is asked."""
    boxes: Tensor
    """(places in the middle of words, 5): x and y of the word less those of the place, over the
    word's height; logarithms of width and height in pixels; radians."""


def targets_of(pictures: Sequence[tuple[Boxes, NDArray[np.bool_]]], side: int) -> Targets:
    """Return what places should tell of words.

    Each of *pictures* has boxes in its pixels, and which of them can be read; nothing is asked
    about the others.
    """
    state = np.zeros((len(pictures), side, side), np.int64)
    owner = np.zeros((len(pictures), side, side), np.int64)
    found: list[NDArray[np.float32]] = []
    for at, (boxes, able) in enumerate(pictures):
        for number, (box, is_able) in enumerate(zip(boxes, able, strict=True)):
            _mark(state[at], owner[at], number, box, is_able=bool(is_able))
        rows, columns = np.nonzero(state[at] == 1)
        own = boxes[owner[at][rows, columns]].reshape(-1, 5)
        middle = (np.stack([columns, rows], axis=1) + 0.5) * STRIDE
        told = np.column_stack(
            [(own[:, :2] - middle) / own[:, 3:4], np.log(own[:, 2:4].clip(1)), own[:, 4]]
        )
        found.append(told.astype(np.float32))
    return Targets(torch.from_numpy(state), torch.from_numpy(np.concatenate(found)))


def _mark(
    state: NDArray[np.int64],
    owner: NDArray[np.int64],
    number: int,
    box: NDArray[np.float64],
    *,
    is_able: bool,
) -> None:
    """Mark the places of one word, in place."""
    x, y, wide, high, angle = box / [STRIDE, STRIDE, STRIDE, STRIDE, 1]
    cos, sin = np.cos(angle), np.sin(angle)
    reach = np.abs([wide * cos, wide * sin]) / 2 + np.abs([high * sin, high * cos]) / 2 + 1
    left, top = np.maximum(np.floor([x - reach[0], y - reach[1]]), 0).astype(int)
    right, bottom = np.minimum(np.ceil([x + reach[0], y + reach[1]]), state.shape[::-1]).astype(int)
    if right <= left or bottom <= top:
        return
    across = np.arange(left, right) + 0.5 - x
    down = (np.arange(top, bottom) + 0.5 - y)[:, None]
    along = np.abs(across * cos + down * sin)
    beside = np.abs(down * cos - across * sin)
    inside = (along <= wide / 2) & (beside <= high / 2)
    window, own = state[top:bottom, left:right], owner[top:bottom, left:right]
    window[inside & (window == 0)] = -1
    if not is_able:
        return
    core = (along <= max(CORE * wide / 2, _SHORTEST)) & (beside <= max(CORE * high / 2, _SHORTEST))
    window[core] = 1
    own[core] = number


def losses(told: Tensor, targets: Targets) -> dict[str, Tensor]:
    """Return what *told*, (batch, 9, height, width), loses: ``found``, ``boxes`` and ``turned``.

    Places by the focal loss. Boxes as GLASS has them (section 3.2): smooth L1 of middle and size,
    and the orientation-aware sin^2 of the angle between the axes, which is the same for a word
    and for itself turned by half a turn. The axis is told as a unit vector of twice its angle, so
    sin^2 d = (1 - cos 2d) / 2 is a dot product, without a jump anywhere. Which of both ways is up
    is a loss of its own (``turned``; GLASS: an orientation head), 1 - cos d of the direction.
    """
    told = told.float()
    state = targets.state
    asked, is_word = state >= 0, state == 1
    found = _focal(told[:, 0][asked], is_word[asked].float())
    own = told.permute(0, 2, 3, 1)[is_word]
    count = max(1, len(own))
    # Places of a word grow with its area: divided by its root, a word counts as the root of its
    # area, so that large ones count more than small ones, but do not drown them.
    weight = 1 / targets.boxes[:, 2:4].sum(1).exp().clamp(min=16).sqrt()
    weight = weight / weight.sum().clamp(min=1e-6)
    size = nn.functional.smooth_l1_loss(
        own[:, 1:5], targets.boxes[:, :4], beta=0.1, reduction="none"
    ).sum(1)
    angle = targets.boxes[:, 4]
    axis = nn.functional.normalize(own[:, 5:7], dim=1)
    twice = torch.stack([(2 * angle).cos(), (2 * angle).sin()], dim=1)
    askew = (1 - (axis * twice).sum(1)) / 2
    way = nn.functional.normalize(own[:, 7:9], dim=1)
    turned = 1 - (way * torch.stack([angle.cos(), angle.sin()], dim=1)).sum(1)
    return {
        "found": found / count,
        "boxes": 2 * (weight * (size + 4 * askew)).sum(),
        "turned": (weight * turned).sum(),
    }


def _focal(logits: Tensor, wanted: Tensor) -> Tensor:
    """Return the sum of focal losses (Lin et al., Focal loss, gamma 2)."""
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    apart = (wanted - logits.sigmoid()).abs()
    return (apart.square() * entropy).sum()
