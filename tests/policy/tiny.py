"""A conversation of two steps that can be enumerated, so that expectations are exact.

Two contexts at the beginning, two actions a step; the second context depends on the first and on
the action; the first decision ends the episode in one of four cases. Rewards come at each step.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from gnothi.policy.logs import Floats, Log, Target, target

LOGGED = np.array([[0.7, 0.3], [0.4, 0.6], [0.25, 0.75], [0.5, 0.5]])
"""Probabilities of two actions in the contexts 0 and 1 (first step), 2 and 3 (second)."""
WANTED = np.array([[0.2, 0.8], [0.9, 0.1], [0.6, 0.4], [0.35, 0.65]])
WORTH = np.array([[0.1, 0.4], [0.0, 0.3], [0.2, 0.6], [0.5, 0.1]])
"""Chance of a reward of 1 in each context for each action."""
MOVES = np.array([[0.8, 0.3], [0.1, 0.6]])
"""Chance to go on to context 2, else to 3."""

Episode = list[tuple[int, int, float]]
"""Context, action, reward, of each step."""


def episodes() -> Iterator[tuple[Episode, float, float]]:
    """Yield every possible episode with its probability when logged, and when wanted."""
    for first, action, reward in product(range(2), range(2), (0.0, 1.0)):
        begin = 0.5 * _paid(first, action, reward)
        mine, other = begin * LOGGED[first, action], begin * WANTED[first, action]
        if (first, action) == (1, 1):
            yield [(first, action, reward)], mine, other
            continue
        for second, then, more in product((2, 3), range(2), (0.0, 1.0)):
            goes = MOVES[first, action] if second == 2 else 1 - MOVES[first, action]
            step = goes * _paid(second, then, more)
            yield (
                [(first, action, reward), (second, then, more)],
                mine * step * LOGGED[second, then],
                other * step * WANTED[second, then],
            )


def log_of(played: list[Episode]) -> Log:
    """Return the log of some episodes."""
    rows = [(n, *step) for n, episode in enumerate(played) for step in episode]
    numbers, contexts, actions, rewards = (np.array(column) for column in zip(*rows, strict=True))
    return Log(
        episodes=numbers,
        actions=actions,
        propensities=LOGGED[contexts, actions],
        rewards=rewards.astype(float),
        contexts=np.eye(4)[contexts],
        allowed=np.ones((len(rows), 2), dtype=bool),
        clusters=np.arange(len(played)),
        names=("a", "b"),
    )


def wanted(log: Log) -> Target:
    """Return the wanted policy in *log*."""
    return target("wanted", log, WANTED[log.contexts.argmax(1)])


def true_values() -> tuple[Floats, Floats]:
    """Return Q and V of the wanted policy by context."""
    q = WORTH.copy()
    later = (WANTED * WORTH).sum(1)
    for first, action in product(range(2), range(2)):
        if (first, action) != (1, 1):
            goes = MOVES[first, action]
            q[first, action] += goes * later[2] + (1 - goes) * later[3]
    return q, (WANTED * q).sum(1)


def draw(rng: np.random.Generator, count: int) -> list[Episode]:
    """Return *count* episodes as they would be logged."""
    every = list(episodes())
    chances = np.array([mine for _, mine, _ in every])
    return [every[n][0] for n in rng.choice(len(every), count, p=chances / chances.sum())]


def _paid(context: int, action: int, reward: float) -> float:
    return WORTH[context, action] if reward else 1 - WORTH[context, action]
