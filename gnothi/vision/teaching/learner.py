"""Learn to tell a thing from everything else, on what a frozen network sees: seconds, no training.

A logistic regression over places (its weights are few, and convex: the same examples give the same
result), and a threshold that would have worked best on pictures left out in turn. What is told of
pictures left out is at thresholds that were found without them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.vision.boxes import Boxes, areas, overlaps, suppressed
from gnothi.vision.teaching.examples import SAME, Shown, places, rows, stands_for
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
_FOLDS = 5
"""Parts of the pictures that are left out in turn."""
FAINT = 0.02
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
class Elsewhere:
    """Where a thing is not."""

    pictures: Sequence[Look] = ()
    """Of other things of the same household: learned from, and what finds it there is too faint."""
    bank: Sequence[Look] = ()
    """Things that came with the eyes: for the threshold alone.

    To learn from them as well took more hits than alarms (decision 36): they are of another hand.
    """


NOWHERE = Elsewhere()


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned of a thing."""

    judge: Judge
    threshold: float
    expectation: Expectation


def learn(
    shown: Sequence[Shown],
    elsewhere: Elsewhere = NOWHERE,
    left_out: "Sequence[LeftOut] | None" = None,
) -> Learned:
    """Learn the thing in *shown*; *elsewhere* it is not.

    *left_out* is what :func:`leave_out` returns for these, where that is known.

    Raises:
        InputError: it is in none of the pictures, nothing can be made out where it is said to be,
            or the pictures are too many.
    """
    if not any(len(one.boxes[0]) for one in shown):
        raise InputError("The thing is in none of the pictures: draw a box around it in one.")
    if len(shown) > MOST:
        raise InputError(f"{len(shown)} pictures are more than I learn from; {MOST} are plenty.")
    if left_out is None:
        left_out = leave_out(shown, elsewhere)
    judge = fit(shown, _some(elsewhere.pictures))
    threshold = max(_threshold(left_out), _above_wrong(judge, shown))
    return Learned(judge, threshold, expectation(left_out))


def _above_wrong(judge: Judge, shown: Sequence[Shown]) -> float:
    """Return a threshold between what was called wrong and the thing, where one parts them.

    What was put right once is not told again, however few the examples.
    """
    wrong = [_sureness(judge, one.looks[0], box) for one in shown for box in one.wrong[0]]
    own = [_sureness(judge, one.looks[0], box) for one in shown for box in one.boxes[0]]
    highest, least = max(wrong, default=0.0), min(own, default=0.0)
    return (highest + least) / 2 if 0 < highest < least else 0.0


def _sureness(judge: Judge, seen: Look, box: NDArray[np.float64]) -> float:
    """Return how surely the *judge* takes what stands in the *box* (4,) for the thing."""
    return float(judge.scores(seen)[stands_for(seen, box)].max(initial=0.0))


def _some(pictures: Sequence[Look]) -> Sequence[Look]:
    return pictures[:: max(1, -(-len(pictures) // MOST_ELSEWHERE))]


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
    """Return the judge that tells the places of *shown* apart, and from those *elsewhere*.

    Raises:
        InputError: the eyes see nothing where the thing is.
    """
    told = places(shown, elsewhere)
    if not told.is_thing.any():
        raise InputError("I can't make out anything in that box: draw a larger one.")
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
    threshold: float
    """Found on the other pictures: nothing is tuned on this one."""
    strange: tuple[Found, ...] = ()
    """What is taken for the thing where it is not, in pictures that were left out as well."""
    bank: tuple[Found, ...] = ()
    """The same of what came with the eyes."""


def leave_out(shown: Sequence[Shown], elsewhere: Elsewhere = NOWHERE) -> list[LeftOut]:
    """Leave out each of *shown* in turn, and every other picture *elsewhere*.

    Many pictures are left out several at once. Where the thing is in none of the others, a picture
    can't be left out.
    """
    strange = _some(elsewhere.pictures)
    parts: list[list[LeftOut]] = []
    for at in range(min(_FOLDS, len(shown))):
        others = [one for number, one in enumerate(shown) if number % _FOLDS != at]
        if not any(len(one.boxes[0]) for one in others):
            continue
        try:
            judge = fit(others, strange[at % 2 :: 2])
        except InputError:  # nothing can be made out in them
            continue
        taken, bank = (
            tuple(judge.find(look, FAINT) for look in looks)
            for looks in (strange[(at + 1) % 2 :: 2], elsewhere.bank)
        )
        least = _above_wrong(judge, others)
        parts.append(
            [LeftOut(one, judge.find(one.looks[0], FAINT), least, taken, bank)
             for one in shown[at::_FOLDS]]
        )  # fmt: skip
    return list(each_tuned_on_the_others(parts))


def each_tuned_on_the_others(parts: Sequence[Sequence[LeftOut]]) -> Iterator[LeftOut]:
    """Yield what is in *parts*, each with the threshold that works best on all other parts.

    Or its own, where that is higher.
    """
    for own in parts:
        threshold = _threshold([one for part in parts if part is not own for one in part])
        yield from (replace(one, threshold=max(one.threshold, threshold)) for one in own)


def expectation(left_out: Sequence[LeftOut], threshold: float | None = None) -> Expectation:
    """Return how what was *left_out* went, each at its own threshold or all at a *threshold*."""
    pairs = [
        counted(one.shown, one.found, one.threshold if threshold is None else threshold)
        for one in left_out
    ]
    there = sum(len(one.shown.boxes[0]) for one in left_out)
    hits, alarms = (sum(pair[at] for pair in pairs) for at in (0, 1))
    return Expectation(len(left_out), hits, there, alarms)


def is_right(shown: Shown, found: Found, threshold: float) -> bool:
    """Whether all boxes of the thing were found in *shown*, and nothing else."""
    hits, alarms = counted(shown, found, threshold)
    return hits == len(shown.boxes[0]) and not alarms


def counted(shown: Shown, found: Found, threshold: float) -> tuple[int, int]:
    """Return how many boxes were found, and how many of what was found are no box.

    Where nobody told of the whole picture, only what was called wrong is known to be none.
    """
    told = found.boxes[found.scores >= threshold]
    near = overlaps(shown.boxes[0], told) >= SAME
    hits = int(near.any(axis=1).sum())
    strange = ~near.any(axis=0)
    if not shown.whole:
        strange &= (overlaps(shown.wrong[0], told) >= SAME).any(axis=0)
    return hits, int(strange.sum())


def _threshold(left_out: Sequence[LeftOut]) -> float:
    """Return the middle of the thresholds with the best F1 on what was *left_out*.

    Alarms elsewhere count for as many pictures as were shown, those of the bank besides.
    """
    scores = np.unique(np.concatenate([one.found.scores for one in left_out] or [np.zeros(0)]))
    if not scores.size or not any(len(one.shown.boxes[0]) for one in left_out):
        return UNTRIED  # nothing tells how surely it should be found
    tried = np.concatenate([[scores[0] / 2], (scores + np.append(scores[1:], 1.0)) / 2])
    values = np.array([_f1(left_out, float(one)) for one in tried])
    best = np.flatnonzero(values == values.max())
    return float(np.clip(tried[best].mean(), 0.05, 0.98))


def _f1(left_out: Sequence[LeftOut], threshold: float) -> float:
    told = expectation(left_out, threshold)
    strange = [
        float(np.mean([(one.scores >= threshold).sum() for one in some]))
        for left in left_out
        for some in (left.strange, left.bank)
        if some
    ]
    return 2 * told.hits / max(1.0, told.there + told.hits + told.alarms + sum(strange))
