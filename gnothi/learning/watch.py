"""How live rewrites do: how often each was used, and whether it failed.

A rewrite that fails more often than the words that it stands for has no business being live.
The permanent hold-out goes on showing what the words lead to without it, in the same weeks. Two
Beta posteriors are compared (self-aware learning, arXiv:2205.00029), so that no large numbers are
needed to see that something is bad; the prior of the words is what they led to before, and what the
miner knew of them (``own_score``). Both sides matter because many wrong turns look right: people
let them pass. One that fails more often than not goes in any case: it does what nobody wanted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

import numpy as np

from gnothi.language.likeness import Block, blocks_between
from gnothi.language.phrases import Phrase, Phrases
from gnothi.language.rewrites import Rewrite, RewriteTable
from gnothi.learning.outcomes import Turn, read_turns
from gnothi.learning.turns import Log, spelled
from gnothi.text.tokenise import request_key

SURELY = 0.9
"""Posterior probability of doing worse from which a rewrite is withdrawn."""
_EVEN = 0.5
"""Share of success that is expected of words of which nothing is known."""
_KNOWN = 2.0
"""Turns of the hold-out that the miner's opinion of the words is worth."""
_EARLIER = 30.0
"""The same, at most, of all turns with these words before the rewrite was first used."""
_SLICES = 200
"""Equally probable parts in which a posterior is summed up."""


@dataclass(frozen=True, slots=True)
class Use:
    """The record of one live rewrite."""

    rewrite: Rewrite
    wins: int = 0
    """Turns that were rewritten, and content."""
    losses: int = 0
    """Turns that were rewritten, and failed."""
    held_wins: int = 0
    """Turns since its first use with the same words, left as they are, and content."""
    held_losses: int = 0
    """... and failed."""
    earlier_wins: int = 0
    """Turns before its first use with the same words, and content."""
    earlier_losses: int = 0
    """... and failed."""

    @property
    def worse(self) -> float:
        """Posterior probability that it fails more often than its words without it, or than not.

        With L ~ Beta(1 + wins, 1 + losses) for the rewrite and H for the words as they are, this
        is P(L < max(H, 1/2)), summed over slices of H that are equally probable.
        """
        special: Any = import_module("scipy.special")
        own = float(str(self.rewrite.evidence.get("own_score", _EVEN)))
        worth = _EARLIER / max(_EARLIER, self.earlier_wins + self.earlier_losses)
        good = _EVEN + _KNOWN * own + worth * self.earlier_wins + self.held_wins
        bad = _EVEN + _KNOWN * (1.0 - own) + worth * self.earlier_losses + self.held_losses
        middles = (np.arange(_SLICES) + 0.5) / _SLICES
        alone = np.maximum(special.betaincinv(good, bad, middles), _EVEN)
        less: Any = special.betainc(1 + self.wins, 1 + self.losses, alone)
        return float(less.mean())


def concerned(log: Log, live: RewriteTable) -> list[Turn]:
    """Return the turns of *log* in which a rewrite took part or, but for the hold-out, would have.

    They are few of a long journal, and found by its engine.
    """
    if not log.days:
        return []
    rows = log.read(list(log.days), (), 0)
    words = sorted({spelled(one.source) for one in live})
    chosen = rows.rewritten | rows.text.isin(words) if words else rows.rewritten
    return read_turns(rows.filter(chosen).to_pyarrow().to_pylist())


def uses(turns: Iterable[Turn], live: RewriteTable) -> list[Use]:
    """Return the record of every rewrite in *live*, of the turns in which it took part.

    What another target of the same words has done is not its record.
    """
    known = [(turn, found) for turn in turns if (found := live.look_up(turn.heard, turn.person))]
    served = [(turn, found) for turn, found in known if turn.rewritten and _is_of(turn, found)]
    began: dict[str, datetime] = {}
    for turn, found in served:
        began[found.id] = min(turn.at, began.get(found.id, turn.at))
    alone = [(turn, found) for turn, found in known if not turn.rewritten and found.id in began]
    own = Counter((found.id, turn.failed) for turn, found in served)
    other = Counter((found.id, turn.at >= began[found.id], turn.failed) for turn, found in alone)
    return [
        Use(
            one,
            own[one.id, False],
            own[one.id, True],
            held_wins=other[one.id, True, False],
            held_losses=other[one.id, True, True],
            earlier_wins=other[one.id, False, False],
            earlier_losses=other[one.id, False, True],
        )
        for one in live
    ]


@dataclass(frozen=True, slots=True)
class PhraseUse:
    """The record of one phrase."""

    phrase: Phrase
    wins: int = 0
    losses: int = 0

    @property
    def fails(self) -> bool:
        """Whether it surely failed more often than not where it took part."""
        return bool(self.losses) and _worse(self.wins, self.losses, _EVEN) > SURELY


def phrase_uses(phrases: Phrases, turns: Iterable[Turn]) -> list[PhraseUse]:
    """Return the record of each of *phrases*, of the turns in which it took part."""
    counted: Counter[tuple[str | None, str, str, bool]] = Counter()
    for turn in turns:
        for before, after in replaced(turn):
            for person in {turn.person or None, None}:
                counted[person, before, after, turn.failed] += 1
    return [
        PhraseUse(one, *(counted[one.person, one.before, one.after, bad] for bad in (False, True)))
        for one in phrases
    ]


def replaced(turn: Turn) -> list[Block]:
    """Return the phrases that gave way to others in *turn*, with these."""
    if not (turn.rewritten and turn.used):
        return []
    heard, used = (tuple(request_key(one).split()) for one in (turn.heard, turn.used))
    return blocks_between(heard, used)


def without_failing(phrases: Phrases, turns: Iterable[Turn]) -> Phrases:
    """Return *phrases* without those that failed more often than not where they took part."""
    bad = {use.phrase for use in phrase_uses(phrases, turns) if use.fails}
    return phrases.without(lambda one: one in bad)


def failing(records: Iterable[Use]) -> Iterator[Use]:
    """Yield those of *records* that are surely worse than no rewrite."""
    return (use for use in records if use.wins + use.losses and use.worse > SURELY)


def _is_of(turn: Turn, rewrite: Rewrite) -> bool:
    return not turn.used or request_key(turn.used) == request_key(rewrite.target)


def _worse(wins: int, losses: int, before: float) -> float:
    special: Any = import_module("scipy.special")
    return float(special.betainc(1 + wins, 1 + losses, before))
