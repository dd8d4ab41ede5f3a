"""The steps of a turn: the moves of an utterance, with what is taken back in the same breath."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from gnothi.core.understanding import (
    CONTENT,
    Interpretation,
    Kind,
    Move,
    Situation,
    Understanding,
)

DROPPING = frozenset({Kind.CANCEL, Kind.UNDO, Kind.NO})
"""Moves that let go of what has just been said, or done."""


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one move, and what they ask for."""

    kind: Kind
    text: str
    request: Interpretation | None = None
    old: str = ""
    """What is named beside it only to be taken back: "garlic, not **onions**"."""
    score: float = 1.0

    @property
    def is_sure(self) -> bool:
        """Whether the words are surely a request, also by themselves."""
        return self.request is not None and self.request.score >= SURE


_NAMING = frozenset({Kind.VALUE, Kind.AGAIN, Kind.CHANGE})
"""Moves of which the words may be no more than a name."""
SURE = 0.6
"""Words understood with at least this score are a request of their own."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do in this turn."""

    said: Said
    changes: tuple[Said, ...] = ()
    """What was changed before the sentence ended: "for ten, no, **twelve minutes**"."""


def read_steps(
    understanding: Understanding, situation: Situation, points: Callable[[str], bool]
) -> list[Step]:
    """Return what is to be done, in order; what the speaker took back is left out.

    *points* tells whether words point back ("it"): "the lamp, turn **it** on" takes nothing back.
    """
    found: list[Step] = []
    for said in _without_markers(_paired(understanding)):
        open_ended = bool(found) and found[-1].said.kind in CONTENT
        if said.kind is Kind.CHANGE and open_ended:
            found[-1] = replace(found[-1], changes=(*found[-1].changes, said))
        elif said.kind is Kind.INSTEAD and found and _builds_on(found[-1], said, points):
            found.append(Step(replace(said, kind=Kind.REQUEST)))
        elif said.kind is Kind.INSTEAD and open_ended:
            found[-1] = Step(replace(said, kind=found[-1].said.kind))
        elif said.kind in DROPPING and open_ended and _drops(said.kind, situation):
            found[-1] = Step(replace(said, kind=Kind.CANCEL))
        elif not (found and said.kind is found[-1].said.kind and said.kind not in CONTENT):
            found.append(Step(said))
    return found


def _builds_on(before: Step, said: Said, points: Callable[[str], bool]) -> bool:
    """Whether a whole request is about what was just named, rather than in its place."""
    return before.said.kind in _NAMING and points(said.text)


def _drops(kind: Kind, situation: Situation) -> bool:
    """Whether "no" or "forget it" is about what was just said, and no answer to a question."""
    return kind is not Kind.NO or situation in {Situation.IDLE, Situation.DONE}


def _paired(understanding: Understanding) -> list[Said]:
    """Return what each move says; what is taken back goes with the change beside it."""
    moves, found = understanding.moves, list[Said]()
    waiting = ""
    for place, move in enumerate(moves):
        said = _said(understanding.text, move)
        follows = place + 1 < len(moves) and moves[place + 1].kind is Kind.CHANGE
        if move.kind is Kind.OLD and follows:
            waiting = said.text
        elif move.kind is Kind.OLD and found and found[-1].kind is Kind.CHANGE:
            found[-1] = replace(found[-1], old=found[-1].old or said.text)
        else:
            found.append(replace(said, old=waiting))
            waiting = ""
    return found


def _said(text: str, move: Move) -> Said:
    """Return the words of *move*, with the sign that makes a question of a whole utterance."""
    alone = not any(map(str.isalnum, text[: move.start]))
    clinging = _QUESTION.match(text, move.end) if alone else None
    end = clinging.end() if clinging else move.end
    return Said(move.kind, text[move.start : end], move.request, score=move.score)


_QUESTION = re.compile(r"[\"']*\?+")


def _without_markers(said: Sequence[Said]) -> list[Said]:
    """Leave out a no that only announces what is right instead."""
    kept: list[Said] = []
    for one, following in zip_longest(said, said[1:]):  # the last one has none
        announces = following and following.kind in {Kind.CHANGE, Kind.INSTEAD, Kind.OLD}
        if not (one.kind is Kind.NO and announces):
            kept.append(one)
    return kept
