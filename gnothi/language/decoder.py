"""Tags into slots: the best legal sequence, for several intents at once.

Tags are ``O``, then ``B-`` of every slot, then ``I-`` of every slot. ``I-x`` may only follow
``B-x`` or ``I-x``; everything else may follow anything. Under that rule the Viterbi recursion
needs only the best score over all tags and two look-ups for each slot, so a step costs the
number of tags, not its square.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]


def log_softmax(scores: Floats) -> Floats:
    """Return logarithms of probabilities over the last axis."""
    shifted = scores - scores.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def decode(scores: Floats, *, touching: bool = True) -> tuple[Ints, Floats]:
    """Return the best legal tag path and its score for each of several intents.

    *scores* is intents by words by tags, additive (log-probabilities); the result is
    intents by words and intents. Ties go to the tag that comes first. Unless values of one slot
    may be *touching*, ``B-x`` does not follow ``B-x`` or ``I-x``: such a value goes on.
    """
    intents, words, tags = scores.shape
    slots = (tags - 1) // 2
    back = np.zeros((words, intents, tags), np.int64)
    best = scores[:, 0].copy()
    best[:, 1 + slots :] = -np.inf
    own: Ints = np.arange(1 + slots, tags, dtype=np.int64)
    for word in range(1, words):
        before = best
        top = before.argmax(-1)
        back[word] = top[:, None]
        best = before.max(-1)[:, None] + scores[:, word]
        if not touching:
            _keep_apart(before, scores[:, word], best, back[word])
        begun, inside = before[:, 1 : 1 + slots], before[:, 1 + slots :]
        back[word][:, 1 + slots :] = np.where(begun >= inside, own - slots, own)
        best[:, 1 + slots :] = np.maximum(begun, inside) + scores[:, word, 1 + slots :]
    return _trace(best, back), best.max(-1)


def _keep_apart(before: Floats, scores: Floats, best: Floats, back: Ints) -> None:
    """Let a value of the slot that came last most probably begin only after another tag."""
    intents, tags = before.shape
    slots = (tags - 1) // 2
    rows: Ints = np.arange(intents, dtype=np.int64)
    top: Ints = before.argmax(-1)
    rows, top = rows[top > 0], top[top > 0]
    begins: Ints = (top - 1) % slots + 1
    others = before[rows]
    own: Ints = np.arange(len(rows), dtype=np.int64)
    others[own, begins] = others[own, begins + slots] = -np.inf
    second = others.argmax(-1)
    best[rows, begins] = others.max(-1) + scores[rows, begins]
    back[rows, begins] = second


def _trace(best: Floats, back: Ints) -> Ints:
    words, intents, _ = back.shape
    path = np.zeros((intents, words), np.int64)
    rows: Ints = np.arange(intents, dtype=np.int64)
    path[:, -1] = best.argmax(-1)
    for word in range(words - 1, 0, -1):
        path[:, word - 1] = back[word][rows, path[:, word]]
    return path


def spans(path: Ints, slots: int) -> list[tuple[int, int, int]]:
    """Return ``(slot, first word, one past the last word)`` of a legal tag *path*."""
    found: list[tuple[int, int, int]] = []
    for position, tag in enumerate(path.tolist()):
        if 1 <= tag <= slots:
            found.append((tag - 1, position, position + 1))
        elif tag > slots:
            slot, start, _ = found[-1]
            found[-1] = (slot, start, position + 1)
    return found
