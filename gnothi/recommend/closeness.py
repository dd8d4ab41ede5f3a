"""How close a conversation came to what was played in the end."""

from collections.abc import Iterator, Sequence

import numpy as np

from gnothi.recommend.belief import Belief
from gnothi.recommend.course import Turn


def closeness(belief: Belief, item: int) -> float:
    """Return how near a belief is to an *item*, from 0 to 1.

    The chance of all items, each as much as it is like that one: for items that have nothing in
    common it is the chance of the item itself.
    """
    near = np.clip(belief.likeness.to(item), 0.0, 1.0) ** np.float32(belief.noise.narrow)
    return float(np.clip(belief.chances @ near, 0.0, 1.0))


def path(start: Belief, turns: Sequence[Turn], item: int) -> Iterator[float]:
    """Yield the closeness to *item* before the first turn, and after each."""
    belief = start
    yield closeness(belief, item)
    for turn in turns:
        belief = belief.after(turn.prompt, turn.answer)
        yield closeness(belief, item)


def usefulness(start: Belief, turns: Sequence[Turn], item: int) -> list[float]:
    """Return how much each turn helped to come to *item*: the rise of the logarithm of closeness.

    From the answers and the catalogue alone: nobody has to judge anything. The turns sum up to
    what the whole conversation gained.
    """
    near = np.log(np.maximum(list(path(start, turns, item)), 1e-12))
    return np.diff(near).tolist()


def expected(belief: Belief) -> float:
    """Return how close the conversation seems to be before anything is played.

    The chance that the best item is liked, from 0 to 1.
    """
    return float(np.clip(belief.success(belief.best(1))[0], 0.0, 1.0))
