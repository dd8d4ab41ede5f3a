"""One box that somebody drew proposes the others; and what stands out where nobody drew any."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gnothi.vision.boxes import Boxes, areas, suppressed
from gnothi.vision.teaching.examples import stands_for
from gnothi.vision.teaching.learner import Found
from gnothi.vision.teaching.looking import Look

_LIKE = 0.5
"""Least likeness of what is proposed: the cosine less its mean over the picture."""
_APART = 0.4
_COMMON = 24
"""Places of a picture among which the common thing is looked for."""
_LARGE = 0.9
"""Share of a picture above which a box is the picture, and no thing in it."""


def alike(seen: Look, box: NDArray[np.float64], others: Sequence[Look]) -> list[Found]:
    """Return what in each of *others* looks like the *box* (4,) in *seen*, most alike first.

    Likeness is a cosine, from which that of an ordinary place of the drawn picture is taken off:
    what everything shares tells of nothing.
    """
    places = stands_for(seen, box)
    if not places.any():
        return [Found(np.zeros((0, 4)), np.zeros(0)) for _ in others]
    ordinary = (
        seen.marks[~places].mean(axis=0) if (~places).any() else np.zeros(seen.marks.shape[1])
    )
    model = _unit(seen.marks[places].mean(axis=0) - ordinary)
    return [_most_alike(model, ordinary, other) for other in others]


def salient(seen: Look, width: int, height: int) -> Boxes:
    """Return what stands out most in a picture of *width* and *height*: (1, 4), or no row.

    The surest thing that is not the whole picture; of equals the larger and more central one.
    """
    fits = areas(seen.boxes) < _LARGE * width * height
    if not fits.any():
        return np.zeros((0, 4))
    middle = (seen.boxes[:, :2] + seen.boxes[:, 2:]) / 2
    off = np.abs(middle / [width, height] - 0.5).max(axis=1)
    share = np.sqrt(areas(seen.boxes) / (width * height))
    worth = np.where(fits, seen.objectness * (1 - off) * np.sqrt(share), -1.0)
    return seen.boxes[[int(worth.argmax())]]


def common(looks: Sequence[Look], sizes: Sequence[tuple[int, int]]) -> list[Boxes]:
    """Return the thing that is in most of the pictures: (1, 4) or no row for each.

    Each of the surest places proposes itself to all the other pictures; the one that is answered
    best wins. *sizes* are width and height of each picture. Of one picture, what stands out.
    """
    if len(looks) < 2:
        return [salient(one, *size) for one, size in zip(looks, sizes, strict=True)]
    kept = [_some(one, *size) for one, size in zip(looks, sizes, strict=True)]
    ordinary = np.concatenate([one.marks for one in looks]).mean(axis=0)
    marks = [_unit(one.marks[rows] - ordinary) for one, rows in zip(looks, kept, strict=True)]
    best: tuple[float, list[int]] | None = None
    for own in marks:
        for mark in own:
            answers = [(other @ mark) if len(other) else np.zeros(1) for other in marks]
            worth = float(np.mean([one.max() for one in answers]))
            if best is None or worth > best[0]:
                best = worth, [int(one.argmax()) for one in answers]
    if best is None:
        return [np.zeros((0, 4)) for _ in looks]
    return [
        one.boxes[rows[[at]]] if len(rows) else np.zeros((0, 4))
        for one, rows, at in zip(looks, kept, best[1], strict=True)
    ]


def _most_alike(model: NDArray[np.float64], ordinary: NDArray[np.float64], seen: Look) -> Found:
    likeness = _unit(seen.marks - ordinary) @ model
    some = np.flatnonzero(likeness >= _LIKE)
    kept = some[suppressed(seen.boxes[some], likeness[some], _APART)]
    return Found(seen.boxes[kept], np.clip(likeness[kept], 0, 1).astype(np.float64))


def _some(seen: Look, width: int, height: int) -> NDArray[np.intp]:
    """Return the surest places that do not overlap, and are not the whole picture."""
    fits = np.flatnonzero(areas(seen.boxes) < _LARGE * width * height)[: 4 * _COMMON]
    kept = suppressed(seen.boxes[fits], seen.objectness[fits].astype(np.float64), _APART)
    return fits[kept[:_COMMON]]


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    values = np.asarray(rows, dtype=np.float64)
    return values / np.maximum(np.linalg.norm(values, axis=-1, keepdims=True), 1e-9)
