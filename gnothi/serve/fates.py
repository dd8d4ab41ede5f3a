"""What a round of learning did to each thing that was learned, as the chronicle tells it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from gnothi.core.acting import Act
from gnothi.language.rewrites import Rewrite
from gnothi.learning.chronicle import Event, Fate
from gnothi.learning.cycle import RewriteCycle, Round
from gnothi.learning.parts import as_rewrite


class Standing(NamedTuple):
    """What answers and what is being tried at one moment, phrases among it."""

    live: Sequence[Rewrite]
    tried: Sequence[Rewrite]
    trying: bool
    """Whether anything is under way."""

    @classmethod
    def of(cls, cycle: RewriteCycle) -> "Standing":
        """Return how things stand now."""
        trial = cycle.trial()
        return cls(cycle.learned(), trial.all if trial else [], trial is not None)


def events(done: Round, before: Standing, after: Standing, at: datetime) -> Iterator[Event]:
    """Yield what became of each rewrite and phrase in the round *done*, with the reason."""
    reasons = withdrawals(done)
    left = {one.id for one in after.live}
    for one in before.live:
        if one.id not in left:
            reason = reasons.get(one.id) or _vanished(one, done)
            yield Event(at, Fate.WITHDRAWN, one, reason)
    for one in _without(after.live, before.live):
        yield Event(at, Fate.LIVE, one, done.reason)
    if before.trying and not after.trying:
        for one in _without(before.tried, after.live):
            yield Event(at, Fate.REJECTED, one, done.reason)
    for one in _without(after.tried, before.tried):
        yield Event(at, Fate.TRIED, one)


def withdrawals(done: Round) -> Mapping[str, Act]:
    """Return why things were taken back that failed in use, by their ids."""
    records = [(use.rewrite, use.losses, use.wins) for use in done.withdrawn]
    records += [(as_rewrite(use.phrase), use.losses, use.wins) for use in done.failed]
    return {
        one.id: Act("learning-withdrawn", {"said": one.source, "losses": losses, "wins": wins})
        for one, losses, wins in records
    }


def _vanished(one: Rewrite, done: Round) -> Act:
    values = {"said": one.source}
    if one.id in done.disowned:
        return Act("learning-disowned", values)
    return Act("learning-outdated", values)


def _without(some: Iterable[Rewrite], known: Iterable[Rewrite]) -> list[Rewrite]:
    left = {(one.id, one.target) for one in known}
    return [one for one in some if (one.id, one.target) not in left]
