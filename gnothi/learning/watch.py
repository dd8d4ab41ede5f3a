"""How live rewrites do: how often each was used, and whether it failed.

A rewrite that fails more often than the words that it stands for has no business being live.
Its record is compared with what these words led to before (the miner's ``own_score``), by the
posterior of a Beta distribution: no large numbers are needed to see that something is bad.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gnothi.language.rewrites import Rewrite, RewriteTable
from gnothi.learning.outcomes import Turn

SURELY = 0.9
"""Posterior probability of doing worse from which a rewrite is withdrawn."""
_EVEN = 0.5
"""Share of success that is expected of words of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Use:
    """The record of one live rewrite."""

    rewrite: Rewrite
    wins: int = 0
    """Turns that were rewritten, and content."""
    losses: int = 0
    """Turns that were rewritten, and failed."""

    @property
    def worse(self) -> float:
        """Posterior probability that it fails more often than its words did without it."""
        before = float(str(self.rewrite.evidence.get("own_score", _EVEN)))
        special: Any = import_module("scipy.special")
        return float(special.betainc(1 + self.wins, 1 + self.losses, max(before, _EVEN)))


def uses(turns: Iterable[Turn], live: RewriteTable) -> list[Use]:
    """Return the record of every rewrite in *live*, of the turns in which it took part."""
    counted: Counter[tuple[str, bool]] = Counter()
    for turn in turns:
        found = live.look_up(turn.heard, turn.person or None)
        if found and turn.rewritten:
            counted[found.id, turn.failed] += 1
    return [Use(one, counted[one.id, False], counted[one.id, True]) for one in live]


def failing(records: Iterable[Use]) -> Iterator[Use]:
    """Yield those of *records* that are surely worse than no rewrite."""
    return (use for use in records if use.wins + use.losses and use.worse > SURELY)
