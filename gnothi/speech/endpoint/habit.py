"""How patient to be with one person: learned from who goes on after being cut off, without labels.

A bandit with a few levels of patience, after "Adaptive endpointing with deep contextual multi-armed
bandits" (arXiv 2303.13407). Each utterance is heard at one level. If the person goes on right after
it was taken for ended, that was too early; else, the silence until the decision is what it cost. A
level is drawn by Thompson sampling: the share of early ends from a beta distribution whose prior
are recordings of strangers, and the level with the least expected cost is taken.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from gnothi.core.errors import StorageError
from gnothi.core.plain import Json
from gnothi.core.protocols import Store

KEY = "end-pointing"
EARLY_S = 4.0
"""Seconds of waiting that being cut off once is worth."""
STRANGERS = 8.0
"""Utterances that the prior counts as."""
GOES_ON_S = 1.5
"""Who speaks again so soon after an end had not finished."""
_MOST = 400.0
"""Beyond so many utterances at a level the old ones fade: people change."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of patience, and what is known of it from strangers."""

    shift: float
    """Added to the log odds that are asked for."""
    early: float
    """Share of pauses in which it ended too early."""
    waits_s: float
    """Mean silence until it ended rightly."""


@dataclass(slots=True)
class _Seen:
    count: float = 0.0
    early: float = 0.0
    waited_s: float = 0.0


class Habit:
    """What was learned of one person; kept in their own memory, exported and erased with it."""

    def __init__(
        self, levels: Sequence[Level], rng: np.random.Generator, store: Store | None = None
    ) -> None:
        """Begin with what *store* knows of the person, or as with a stranger."""
        self.levels = tuple(levels)
        self._rng = rng
        self._store = store
        self._seen = [_Seen() for _ in self.levels]
        self._recall()

    def choose(self) -> int:
        """Return the number of the level for the next utterance."""
        self._recall()
        costs = [self._drawn(level, seen) for level, seen in self._pairs()]
        return int(np.argmin(costs))

    def learn(self, number: int, *, was_early: bool, waited_s: float) -> None:
        """Take note of how an utterance at a level went."""
        self._recall()
        seen = self._seen[number]
        if seen.count >= _MOST:
            seen.count, seen.early, seen.waited_s = (
                part * (1 - 1 / _MOST) for part in (seen.count, seen.early, seen.waited_s)
            )
        seen.count += 1
        seen.early += was_early
        # A wait that was cut short says nothing of how long one waits at this level.
        seen.waited_s += self.levels[number].waits_s if was_early else waited_s
        self._keep()

    @property
    def usual(self) -> int:
        """The number of the level that is best in expectation."""
        costs = [self._cost(self._share(*pair), *pair) for pair in self._pairs()]
        return int(np.argmin(costs))

    def _pairs(self) -> list[tuple[Level, _Seen]]:
        return list(zip(self.levels, self._seen, strict=True))

    def _drawn(self, level: Level, seen: _Seen) -> float:
        early = STRANGERS * level.early + seen.early
        rest = STRANGERS * (1 - level.early) + seen.count - seen.early
        return self._cost(float(self._rng.beta(early + 0.5, rest + 0.5)), level, seen)

    @staticmethod
    def _share(level: Level, seen: _Seen) -> float:
        return (STRANGERS * level.early + seen.early) / (STRANGERS + seen.count)

    @staticmethod
    def _cost(early: float, level: Level, seen: _Seen) -> float:
        waits_s = (STRANGERS * level.waits_s + seen.waited_s) / (STRANGERS + seen.count)
        return EARLY_S * early + waits_s

    def _recall(self) -> None:
        """See what is known now: a person may be erased, or talk elsewhere, in the meantime."""
        if not self._store:
            return
        try:
            self._seen = _read(self._store.get(KEY), len(self.levels))
        except StorageError as error:
            _log.warning("How patient to be can't be read: %s", error)

    def _keep(self) -> None:
        if not self._store:
            return
        rows: list[Json] = [
            [round(part, 3) for part in (one.count, one.early, one.waited_s)] for one in self._seen
        ]
        try:
            self._store.put(KEY, {"levels": rows})
        except StorageError as error:
            _log.warning("How patient to be can't be kept: %s", error)


def _read(known: Json, count: int) -> list[_Seen]:
    """Return what is *known*; nothing where it is of another version."""
    rows = known.get("levels") if isinstance(known, dict) else None
    if not isinstance(rows, list) or len(rows) != count:
        return [_Seen() for _ in range(count)]
    try:
        return [_Seen(*map(float, cast("Sequence[float]", row))) for row in rows]
    except (TypeError, ValueError):
        return [_Seen() for _ in range(count)]
