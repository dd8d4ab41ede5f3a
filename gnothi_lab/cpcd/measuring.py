"""How much of what people come to like is among the first ten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gnothi.recommend.noise import Floats
from gnothi_lab.cpcd.dialogues import Dialogue
from gnothi_lab.cpcd.rankers import Ranker

TOP = 10
Wanted = Callable[[Dialogue, int], frozenset[int]]
"""Whom a dialogue comes to like, as seen from one of its turns."""


@dataclass(frozen=True, eq=False)
class Found:
    """What was found, summed up for each dialogue."""

    hits: Floats
    """Turns at which anybody wanted was among the first ten."""
    recalled: Floats
    """The shares of those wanted who were, summed over turns."""
    turns: Floats
    """Turns at which anybody was wanted."""

    @property
    def hit(self) -> float:
        """The share of turns with a hit."""
        return _ratio(self.hits, self.turns)

    @property
    def recall(self) -> float:
        """The mean recall over turns."""
        return _ratio(self.recalled, self.turns)

    def intervals(
        self, rng: np.random.Generator, *, less: "Found | None" = None, draws: int = 2000
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return 95 % intervals of hit and recall, drawing dialogues; of the gain over *less*."""
        drawn = rng.integers(0, len(self.turns), (draws, len(self.turns)))
        hits = self.hits - (less.hits if less else 0)
        recalled = self.recalled - (less.recalled if less else 0)
        size = np.maximum(self.turns[drawn].sum(1), 1)
        return _between(hits[drawn].sum(1) / size), _between(recalled[drawn].sum(1) / size)


def measure(
    dialogues: Sequence[Dialogue], ranker: Callable[[Dialogue], Ranker], wanted: Wanted
) -> Found:
    """Rank at every turn at which anybody is *wanted*."""
    rows: list[tuple[float, float, float]] = []
    for dialogue in dialogues:
        rank = ranker(dialogue)
        hits = recalled = turns = 0.0
        for number in range(len(dialogue.turns)):
            sought = wanted(dialogue, number)
            if not sought:
                continue
            said = [turn.text for turn in dialogue.turns[: number + 1]]
            found = len(sought.intersection(best(rank(said))))
            hits, recalled, turns = hits + (found > 0), recalled + found / len(sought), turns + 1
        rows.append((hits, recalled, turns))
    return Found(*np.array(rows, np.float64).reshape(-1, 3).T)


def best(scores: Floats, count: int = TOP) -> list[int]:
    """Return the artists with the highest scores; the first of those alike."""
    return np.argsort(-scores, kind="stable")[:count].tolist()


def _ratio(part: Floats, whole: Floats) -> float:
    return float(part.sum() / max(whole.sum(), 1.0))


def _between(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)
