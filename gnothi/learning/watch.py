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

from gnothi.language.likeness import blocks_between
from gnothi.language.phrases import Phrase, Phrases
from gnothi.language.rewrites import Rewrite, RewriteTable
from gnothi.learning.outcomes import Turn
from gnothi.text.tokenise import request_key

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
        return _worse(self.wins, self.losses, max(before, _EVEN))


def uses(turns: Iterable[Turn], live: RewriteTable) -> list[Use]:
    """Return the record of every rewrite in *live*, of the turns in which it took part."""
    counted: Counter[tuple[str, bool]] = Counter()
    for turn in turns:
        found = live.look_up(turn.heard, turn.person or None)
        if found and turn.rewritten:
            counted[found.id, turn.failed] += 1
    return [Use(one, counted[one.id, False], counted[one.id, True]) for one in live]


def without_failing(phrases: Phrases, turns: Iterable[Turn]) -> Phrases:
    """Return *phrases* without those that failed more often than not where they took part."""
    counted: Counter[tuple[str | None, str, str, bool]] = Counter()
    for turn in turns:
        if turn.rewritten and turn.used:
            heard, used = (tuple(request_key(one).split()) for one in (turn.heard, turn.used))
            for before, after in blocks_between(heard, used):
                for person in {turn.person or None, None}:
                    counted[person, before, after, turn.failed] += 1

    def is_bad(one: Phrase) -> bool:
        wins, losses = (counted[one.person, one.before, one.after, bad] for bad in (False, True))
        return bool(losses) and _worse(wins, losses, _EVEN) > SURELY

    return phrases.without(is_bad)


def failing(records: Iterable[Use]) -> Iterator[Use]:
    """Yield those of *records* that are surely worse than no rewrite."""
    return (use for use in records if use.wins + use.losses and use.worse > SURELY)


def _worse(wins: int, losses: int, before: float) -> float:
    special: Any = import_module("scipy.special")
    return float(special.betainc(1 + wins, 1 + losses, before))
