"""Learn to tell a thing from everything else, on what a frozen network sees: seconds, no training.

A logistic regression over places (its weights are few, and convex: the same examples give the same
result), and a threshold that would have worked best on pictures left out in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.vision.boxes import Boxes, areas, overlaps, suppressed
from gnothi.vision.teaching.examples import SAME, Shown, places, rows
from gnothi.vision.teaching.looking import Look

UNTRIED = 0.5
"""The threshold of what was learned from one picture: there is nothing to try it on."""
LEAST, MOST = 1, 200
"""Pictures that a thing is learned from."""
_SOFTNESS = 3.0
"""Inverse of the regression's penalty; found on the pool of the cards and the boards."""
_APART = 0.5
"""Overlap above which two boxes are one thing."""
_WITHIN = 0.7
"""Share of a box inside another from which it is a part of that thing, or has it as a part."""
_STEPS = 400
_LEAST = 0.02
"""Scores below this are not looked at."""
MOST_ELSEWHERE = 24
"""Pictures of other things that are learned from."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Where a thing seems to be in a picture, surest first."""

    boxes: Boxes
    scores: NDArray[np.float64]
    """From 0 to 1, shape (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """Tells a thing from everything else."""

    weights: NDArray[np.float64]
    """Shape (m,), for :func:`gnothi.vision.teaching.examples.rows`."""
    bias: float

    def scores(self, seen: Look) -> NDArray[np.float64]:
        """Return how surely each place of *seen* is the thing, shape (n,)."""
        return 1 / (1 + np.exp(-np.clip(rows(seen) @ self.weights + self.bias, -30, 30)))

    def find(self, seen: Look, least: float) -> Found:
        """Return the boxes in *seen* that score *least* at least; of overlapping ones the best."""
        scores = self.scores(seen)
        some = np.flatnonzero(scores >= least)
        kept = some[suppressed(seen.boxes[some], scores[some], _APART)]
        apart = kept[_no_parts(seen.boxes[kept])]
        return Found(seen.boxes[apart], scores[apart])


@dataclass(frozen=True, slots=True)
class Expectation:
    """How well something that was learned does on pictures that it did not learn from."""

    pictures: int
    """That were left out in turn; 0 where there was but one."""
    hits: int
    """Things found, of those that are there."""
    there: int
    alarms: int
    """Things found that are not there."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned of a thing."""

    judge: Judge
    threshold: float
    expectation: Expectation


def learn(shown: Sequence[Shown], elsewhere: Sequence[Look] = ()) -> Learned:
    """Learn the thing in *shown*; *elsewhere*, in pictures of other things, it is not.

    Raises:
        InputError: it is in none of the pictures, or these are too many.
    """
    if not any(len(one.boxes[0]) for one in shown):
        raise InputError("The thing is in none of the pictures: draw a box around it in one.")
    if len(shown) > MOST:
        raise InputError(f"{len(shown)} pictures are more than I learn from; {MOST} are plenty.")
    strange = elsewhere[:: max(1, -(-len(elsewhere) // MOST_ELSEWHERE))]
    left_out = leave_out(shown, strange)
    threshold = _threshold(left_out)
    return Learned(fit(shown, strange), threshold, expectation(left_out, threshold))


def _no_parts(boxes: Boxes) -> NDArray[np.intp]:
    """Return which of *boxes*, surest first, are no parts of surer ones, nor around them."""
    kept: list[int] = []
    sizes = areas(boxes)
    for at, box in enumerate(boxes):
        low, high = np.maximum(boxes[kept, :2], box[:2]), np.minimum(boxes[kept, 2:], box[2:])
        shared = np.clip(high - low, 0, None).prod(axis=1)
        if not (shared > _WITHIN * np.minimum(sizes[kept], sizes[at])).any():
            kept.append(at)
    return np.asarray(kept, dtype=np.intp)


def fit(shown: Sequence[Shown], elsewhere: Sequence[Look] = ()) -> Judge:
    """Return the judge that tells the places of *shown* apart, and from those *elsewhere*."""
    told = places(shown, elsewhere)
    regression: Any = import_module("sklearn.linear_model").LogisticRegression(
        C=_SOFTNESS, max_iter=_STEPS
    )
    nothing = np.zeros((1, told.marks.shape[1]))  # a place without any mark is no thing
    marks = np.concatenate([told.marks.astype(np.float64), nothing])
    weights = np.append(told.weights, 1.0)
    weights *= len(weights) / weights.sum()
    regression.fit(marks, np.append(told.is_thing, False), weights)
    return Judge(np.asarray(regression.coef_[0], np.float64), float(regression.intercept_[0]))


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut:
    """A picture, and what is found by whoever learned from the others."""

    shown: Shown
    found: Found
    strange: tuple[Found, ...] = ()
    """What is taken for the thing where it is not, in pictures that were left out as well."""


def leave_out(shown: Sequence[Shown], elsewhere: Sequence[Look] = ()) -> list[LeftOut]:
    """Leave out each of *shown* in turn, and every other one of *elsewhere*.

    Pictures without which the thing is in no other can't be left out.
    """
    found: list[LeftOut] = []
    for at, one in enumerate(shown):
        others = [*shown[:at], *shown[at + 1 :]]
        if any(len(other.boxes[0]) for other in others):
            judge = fit(others, elsewhere[at % 2 :: 2])
            strange = tuple(judge.find(look, _LEAST) for look in elsewhere[(at + 1) % 2 :: 2])
            found.append(LeftOut(one, judge.find(one.looks[0], _LEAST), strange))
    return found


def expectation(left_out: Sequence[LeftOut], threshold: float) -> Expectation:
    """Return how what was *left_out* went at a *threshold*."""
    pairs = [_counted(one.shown, one.found, threshold) for one in left_out]
    there = sum(len(one.shown.boxes[0]) for one in left_out)
    hits, alarms = (sum(pair[at] for pair in pairs) for at in (0, 1))
    return Expectation(len(left_out), hits, there, alarms)


def is_right(shown: Shown, found: Found, threshold: float) -> bool:
    """Whether all boxes of the thing were found in *shown*, and nothing else."""
    hits, alarms = _counted(shown, found, threshold)
    return hits == len(shown.boxes[0]) and not alarms


def _counted(shown: Shown, found: Found, threshold: float) -> tuple[int, int]:
    """Return how many boxes were found, and how many of what was found are no box."""
    told = found.boxes[found.scores >= threshold]
    near = overlaps(shown.boxes[0], told) >= SAME
    hits = int(near.any(axis=1).sum())
    return hits, len(told) - int(near.any(axis=0).sum())


def _threshold(left_out: Sequence[LeftOut]) -> float:
    """Return the middle of the thresholds with the best F1 on what was *left_out*.

    Alarms elsewhere count for as many pictures as were shown.
    """
    scores = np.unique(np.concatenate([one.found.scores for one in left_out] or [np.zeros(0)]))
    if not scores.size:
        return UNTRIED
    tried = np.concatenate([[scores[0] / 2], (scores + np.append(scores[1:], 1.0)) / 2])
    values = np.array([_f1(left_out, float(one)) for one in tried])
    best = np.flatnonzero(values == values.max())
    return float(np.clip(tried[best].mean(), 0.05, 0.98))


def _f1(left_out: Sequence[LeftOut], threshold: float) -> float:
    told = expectation(left_out, threshold)
    strange = [
        float(np.mean([(one.scores >= threshold).sum() for one in some.strange]))
        for some in left_out
        if some.strange
    ]
    return 2 * told.hits / max(1.0, told.there + told.hits + told.alarms + sum(strange))
