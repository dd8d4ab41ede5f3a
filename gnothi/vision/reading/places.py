"""From what each place of a map tells to words at any angle."""

import math

import numpy as np
from numpy.typing import NDArray

from gnothi.vision.reading.cutting import Boxes

STRIDE = 4
"""Pixels from one place of the map to the next."""
LEAST = 0.45
"""How surely a place must be within a word."""
MOST = 500
"""Words of a picture."""
_CANDIDATES = 30_000
_ALONG, _BESIDE = 0.5, 0.5
"""Shares of its width and height around the middle of a word in which no other word's middle is."""


def words_of(
    told: NDArray[np.float32], *, least: float = LEAST
) -> tuple[Boxes, NDArray[np.float64]]:
    """Return the words that *told*, (outputs, height, width), tells of, and how sure each is.

    *told* is what ``gnothi_train.vision.text.network.Finder`` gives for a picture: see its
    ``OUTPUTS``. Places that tell of the same word are taken together: it is their mean.
    """
    scores = 1 / (1 + np.exp(-told[0].astype(np.float64)))
    rows, columns = np.nonzero(scores >= least)
    sure = scores[rows, columns]
    order = np.argsort(-sure, kind="stable")[:_CANDIDATES]
    rows, columns, sure = rows[order], columns[order], sure[order]
    boxes = _boxes(told[:, rows, columns].astype(np.float64), rows, columns)
    groups = _groups(boxes)
    merged = [_mean(boxes[group], sure[group]) for group in groups]
    firsts = [int(group[0]) for group in groups]
    return np.array(merged).reshape(-1, 5), sure[firsts]


def _boxes(told: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Boxes:
    """Return one box for each place, shape (places, 5)."""
    wide, high = np.exp(np.clip(told[3:5], 0, 8))
    middle = (np.stack([columns, rows]) + 0.5) * STRIDE + told[1:3] * high
    angle: NDArray[np.float64] = np.arctan2(told[6], told[5]) / 2
    turned = np.cos(angle) * told[7] + np.sin(angle) * told[8] < 0
    angle = np.where(turned, angle + math.pi, angle)
    angle = np.where(angle > math.pi, angle - 2 * math.pi, angle)
    return np.column_stack([*middle, wide, high, angle])


def _groups(boxes: Boxes) -> list[NDArray[np.intp]]:
    """Return indices of *boxes*, surest first, that tell of the same word; its surest leads."""
    left = np.arange(len(boxes))
    groups: list[NDArray[np.intp]] = []
    while left.size and len(groups) < MOST:
        best = boxes[left[0]]
        apart = boxes[left, :2] - best[:2]
        cos, sin = math.cos(best[4]), math.sin(best[4])
        along = np.abs(apart @ [cos, sin])
        beside = np.abs(apart @ [-sin, cos])
        own = (along < _ALONG * np.maximum(best[2], boxes[left, 2])) & (
            beside < _BESIDE * np.maximum(best[3], boxes[left, 3])
        )
        own[0] = True
        groups.append(left[own])
        left = left[~own]
    return groups


def _mean(boxes: Boxes, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of *boxes* that tell of one word: geometric for sizes, circular for turns."""
    share = weights / weights.sum()
    turn = complex(np.sum(share * np.exp(1j * boxes[:, 4])))
    return np.array(
        [*(share @ boxes[:, :2]), *np.exp(share @ np.log(boxes[:, 2:4])), np.angle(turn)]
    )
