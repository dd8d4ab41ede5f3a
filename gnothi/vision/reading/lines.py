"""Words that stand side by side become lines."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gnothi.core.seeing import Corners, WrittenLine, WrittenWord
from gnothi.vision.reading.cutting import boxes_of, corners_of

GAP = 1.0
"""Heights of letters between words of one line, at most."""
_OVERLAP = 0.25
"""Heights by which the next word may begin before the one before has ended."""
_BESIDE = 0.35
"""Heights by which it may stand higher or lower."""
_ASKEW = np.radians(12)
_LIKE = 1.7
"""How many times as high as its neighbour a word of one line may be."""


def lines_of(words: Sequence[WrittenWord]) -> tuple[WrittenLine, ...]:
    """Return *words* as lines, each from its first word to its last."""
    if not words:
        return ()
    boxes = boxes_of(np.array([word.corners for word in words]))
    follows = _followers(boxes)
    begins = sorted(set(range(len(words))) - set(follows.values()))
    return tuple(_line([words[at] for at in _chain(begin, follows)]) for begin in begins)


def _followers(boxes: NDArray[np.float64]) -> dict[int, int]:
    """Return for each word that has one the word that follows it; none follows two."""
    pairs: list[tuple[float, int, int]] = []
    for at, (x, y, wide, high, angle) in enumerate(boxes):
        axis = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        along, beside = axis @ (boxes[:, :2] - [x, y]).T
        gap = along - (wide + boxes[:, 2]) / 2
        lower = np.minimum(high, boxes[:, 3])
        turned = np.abs(np.angle(np.exp(1j * (boxes[:, 4] - angle))))
        able = (gap < GAP * lower) & (gap > -_OVERLAP * lower) & (along > 0)
        able &= (np.abs(beside) < _BESIDE * lower) & (turned < _ASKEW)
        able &= np.maximum(high, boxes[:, 3]) < _LIKE * lower
        able[at] = False
        pairs += [(float(abs(gap[other])), at, int(other)) for other in np.flatnonzero(able)]
    follows: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, other in sorted(pairs):
        if at not in follows and other not in taken:
            follows[at] = other
            taken.add(other)
    return follows


def _chain(begin: int, follows: dict[int, int]) -> Iterator[int]:
    yield begin
    while begin in follows:
        begin = follows[begin]
        yield begin


def _line(words: Sequence[WrittenWord]) -> WrittenLine:
    text = " ".join(word.text for word in words)
    letters = [len(word.text) for word in words]
    sure = float(np.average([word.confidence for word in words], weights=letters))
    return WrittenLine(text, _around(words), sure, tuple(words))


def _around(words: Sequence[WrittenWord]) -> Corners:
    """Return the box around *words*, level with the way from the first one to the last."""
    if len(words) == 1:
        return words[0].corners
    points = np.concatenate([word.corners for word in words])
    first, last = boxes_of(np.array([words[0].corners, words[-1].corners]))
    angle = float(np.arctan2(last[1] - first[1], last[0] - first[0]))
    axis = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    level = points @ axis.T
    low, high = level.min(axis=0), level.max(axis=0)
    box = [*((low + high) / 2 @ axis), *(high - low), angle]
    return corners_of(np.array([box]))[0]
