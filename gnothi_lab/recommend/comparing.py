"""Paired comparisons of policies on the same sessions, with intervals by listener."""

from collections.abc import Mapping

import numpy as np

from gnothi.recommend.noise import Floats
from gnothi_lab.recommend.sessions import Outcomes

_DRAWS = 2000


class Sums:
    """Success and turns of several policies, added up by listener: people are drawn, not rows."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._by_key: dict[str, dict[str, Floats]] = {}

    def add(self, name: str, done: Outcomes) -> None:
        """Take in sessions of a policy called *name*."""
        mine = self._by_key.setdefault(name, {})
        rows = zip(
            done.keys, done.success, done.turns, done.prompts, done.is_led, done.completed,
            strict=True,
        )  # fmt: skip
        for key, success, turns, prompts, led, completed in rows:
            told = np.array(
                [1, success, turns, prompts, led, led * success, completed, success * turns]
            )
            mine[key] = mine.get(key, 0) + told

    @property
    def names(self) -> list[str]:
        """All policies."""
        return list(self._by_key)

    @property
    def sessions(self) -> float:
        """How many sessions were played altogether."""
        return float(sum(self.totals(name)[:, 0].sum() for name in self.names))

    def totals(self, name: str) -> Floats:
        """Return sums by listener, in one order for all policies; ``(listeners, 8)``."""
        mine = self._by_key[name]
        return np.array([mine[key] for key in sorted(mine)])

    def figures(self, name: str) -> dict[str, float]:
        """Return how a policy did."""
        count, success, turns, prompts, led, led_success, completed, won = self.totals(name).sum(0)
        return {
            "success": success / count,
            "turns": turns / count,
            "prompts": prompts / count,
            "turns_of_successes": won / max(success, 1),
            "success_led": led_success / max(led, 1),
            "success_not_led": (success - led_success) / max(count - led, 1),
            "played_to_end": completed / count,
        }

    def interval(self, name: str, rng: np.random.Generator) -> Mapping[str, tuple[float, float]]:
        """Return 95 % intervals of success and turns."""
        drawn = self._drawn(self.totals(name), rng)
        return {
            "success": _central(drawn[:, 1] / drawn[:, 0]),
            "turns": _central(drawn[:, 2] / drawn[:, 0]),
        }

    def change(
        self, name: str, base: str, column: int, rng: np.random.Generator
    ) -> tuple[float, tuple[float, float]]:
        """Return the relative change of *name* over *base*: of success (1) or turns (2)."""
        one, other = self.totals(name), self.totals(base)
        both = np.concatenate((one, other), axis=1)
        drawn = self._drawn(both, rng)
        width = one.shape[1]
        before = drawn[:, width + column] / drawn[:, width]
        ratio = (drawn[:, column] / drawn[:, 0]) / np.maximum(before, 1e-9)
        whole = both.sum(0)
        told = (whole[column] / whole[0]) / (whole[width + column] / whole[width])
        return float(told - 1), _central(ratio - 1)

    def _drawn(self, sums: Floats, rng: np.random.Generator) -> Floats:
        size = len(sums)
        times = rng.multinomial(size, np.full(size, 1 / size), _DRAWS)
        return np.asarray(times @ sums, np.float64)


def _central(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)
