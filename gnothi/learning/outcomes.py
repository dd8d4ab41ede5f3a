"""What a table of rewrites would have done, told by what people did without it.

Nobody can ask what would have happened. But people who are not understood often say it again: where
they end up at the very request that a rewrite leads to, and are content, the rewrite would have
been right. Where they were content at once with something else, it would have been wrong. Anything
else counts as wrong, too, so that the estimate errs against the candidate.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, TypeAlias

from gnothi.core.risk import Risk
from gnothi.language.rewrites import Rewrite
from gnothi.learning.evidence import Outcome
from gnothi.learning.turns import THOUSANDTHS

FAILED = THOUSANDTHS // 2
"""Thousandths of defect from which on a turn counts as failed."""
PAUSE = timedelta(minutes=15)
"""Silence after which a conversation is another one."""
NOT_UNDERSTOOD = "?"
"""The domain of turns in which nothing was understood: a change takes nothing away there."""
SOON = timedelta(seconds=45)
"""Time in which the same wish may be said again."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One judged turn of a log."""

    session: str
    at: datetime
    person: str
    """Empty for a guest."""
    heard: str
    """What was said."""
    interpretation: str
    """What was understood, as :func:`gnothi.learning.turns.interpretation_key` writes it."""
    defect: int
    """Probability that it failed, in thousandths."""
    rephrase: int
    """Probability that the next turn says it again, in thousandths."""
    rewritten: bool = False
    """Whether a live rewrite took part."""
    unheard: bool = False
    """Whether nothing was understood, or nothing of it could be done."""
    used: str = ""
    """The words that were understood, where they are known."""

    @property
    def failed(self) -> bool:
        """Whether it counts as failed."""
        return self.defect >= FAILED


LookUp: TypeAlias = Callable[[Turn], Rewrite | None]
"""Returns what a table would make of a turn."""


def read_turns(rows: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """Return judged *rows* as turns, session by session, in order of time."""
    turns = [
        Turn(
            session=row["session"],
            at=row["at"],
            person=row["person"] or "",
            heard=row["heard"],
            interpretation=row["interpretation"],
            defect=row["defect"],
            rephrase=row["rephrase"],
            rewritten=row["rewritten"],
            unheard=row["unheard"],
            used=row.get("text", ""),
        )
        for row in rows
    ]
    return sorted(turns, key=lambda turn: (turn.session, turn.at))


def pair(
    turns: Sequence[Turn],
    candidate: LookUp,
    live: LookUp,
    *,
    risk_of: Callable[[str], Risk],
) -> Iterator[Outcome]:
    """Yield what the live table led to in each turn, and what *candidate* would have."""
    for number, talk in enumerate(conversations(turns)):
        for place, turn in enumerate(talk):
            outcome = _outcome(talk[place:], turn, candidate, live, risk_of)
            # What a table leaves alone tells nothing, and is no reason to count a gain for less.
            yield replace(outcome, session=str(number)) if outcome.changed else outcome


def conversations(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    """Part the turns of each session where nothing is said for long; they come in order."""
    for _, group in groupby(turns, key=lambda turn: turn.session):
        talk: list[Turn] = []
        for turn in group:
            if talk and turn.at - talk[-1].at > PAUSE:
                yield talk
                talk = []
            talk.append(turn)
        yield talk


def _outcome(
    rest: Sequence[Turn],
    turn: Turn,
    candidate: LookUp,
    live: LookUp,
    risk_of: Callable[[str], Risk],
) -> Outcome:
    found, today = candidate(turn), live(turn)
    changed = _target(found) != _target(today)
    right = not turn.failed
    wanted = str(found.evidence.get("after", "")) if found else ""
    would = reached(rest) == wanted if changed and found else right
    return Outcome(
        live_right=right,
        candidate_right=would,
        changed=changed,
        person=turn.person,
        domain=domain_of(turn.interpretation),
        risk=risk_of(wanted) if wanted else risk_of(turn.interpretation),
        live_risk=risk_of(turn.interpretation),
    )


def domain_of(interpretation: str) -> str:
    """Return the domain of what was understood; one for all that was not."""
    return interpretation.partition("|")[0].partition("_")[0]


def reached(rest: Sequence[Turn]) -> str | None:
    """Return the request with which the wish of the first turn was served; ``None`` if never."""
    for place, turn in enumerate(rest):
        if not turn.failed:
            return turn.interpretation
        following = rest[place + 1] if place + 1 < len(rest) else None
        again = turn.rephrase >= FAILED and following and following.at - turn.at <= SOON
        if not again:
            return None
    return None


def _target(rewrite: Rewrite | None) -> str | None:
    return rewrite.target if rewrite else None
