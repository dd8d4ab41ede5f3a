"""From what each place of a map tells to words at any angle."""

import math
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Words that were found in a picture."""

    boxes: Boxes
    sure: NDArray[np.float64]
    """How surely each is a word, from 0 to 1."""
    upright: NDArray[np.float64]
    """How surely each is not upside down, from 0 to 1."""


def words_of(told: NDArray[np.float32], *, least: float = LEAST) -> Found:
    """Return the words that *told*, (outputs, height, width), tells of.

    *told* is what ``gnothi_train.vision.text.network.Finder`` gives for a picture: see its
    ``OUTPUTS``. Places that tell of the same word are taken together: it is their mean.
    """
    scores = 1 / (1 + np.exp(-told[0].astype(np.float64)))
    rows, columns = np.nonzero(scores >= least)
    sure = scores[rows, columns]
    order = np.argsort(-sure, kind="stable")[:_CANDIDATES]
    rows, columns, sure = rows[order], columns[order], sure[order]
    own = told[:, rows, columns].astype(np.float64)
    boxes = _boxes(own, rows, columns)
    ways = np.exp(1j * np.arctan2(own[8], own[7]))
    groups = _groups(boxes)
    merged = np.array([_mean(boxes[group], ways[group], sure[group]) for group in groups])
    merged = merged.reshape(-1, 6)
    return Found(merged[:, :5], sure[[int(group[0]) for group in groups]], merged[:, 5])


def _boxes(told: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Boxes:
    """Return one box for each place, shape (places, 5), whichever way it is read."""
    wide, high = np.exp(np.clip(told[3:5], 0, 8))
    middle = (np.stack([columns, rows]) + 0.5) * STRIDE + told[1:3] * high
    angle: NDArray[np.float64] = np.arctan2(told[6], told[5]) / 2
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


def _mean(
    boxes: Boxes, ways: NDArray[np.complex128], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean of *boxes* that tell of one word, and how surely it is not upside down.

    Sizes are averaged geometrically, axes by twice their angle; which of the axis's two ways the
    word is read is voted by *ways*, unit vectors of the direction.
    """
    share = weights / weights.sum()
    axis = float(np.angle(np.sum(share * np.exp(2j * boxes[:, 4])))) / 2
    vote = float(np.sum(share * (ways * np.exp(-1j * axis)).real))
    turn = axis if vote >= 0 else axis + (math.pi if axis <= 0 else -math.pi)
    middle, size = share @ boxes[:, :2], np.exp(share @ np.log(boxes[:, 2:4]))
    return np.array([*middle, *size, turn, (1 + abs(vote)) / 2])
