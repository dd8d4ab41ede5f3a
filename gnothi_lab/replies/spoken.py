"""Replies with what they mean: by hands that no model has seen, and real ones of CPCD.

The hands are written like those of :mod:`gnothi_train.responses.hands`, in other styles. CPCD
(Chaganty et al. 2023, CC BY 4.0) is labelled by hand, from the text of each turn alone; the labels
are kept without the text, by dialogue and turn.
"""

import csv
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gnothi.recommend.acts import Answer, Wish
from gnothi.recommend.replies.responses import DIRECTIONS, Direction, Reaction
from gnothi_train.responses.hands import Reply, read_hands

HANDS = Path(__file__).parent / "hands"
LABELS = Path(__file__).parent / "cpcd_labels.csv"
DIALOGUES = Path("recommend", "cpcd_val", "dialogs_a.jsonl.gz")
MIXED = "mixed"
"""Label of a turn that likes and dislikes at once; left out, and counted."""
_NAMES = {"{a}": "jazz", "{i}": "Nina Simone"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply with its meaning."""

    text: str
    reaction: Reaction
    wish: Wish | None
    """``None`` where it is not labelled."""
    group: str
    """What it hangs together with: its dialogue, or itself."""

    @property
    def direction(self) -> Direction:
        """Its reaction without the degree."""
        return DIRECTIONS[self.reaction]

    @property
    def is_liking(self) -> bool:
        """Whether it says how much something is liked."""
        return self.direction in (Direction.AGAINST, Direction.BETWEEN, Direction.FOR)


def written(folder: Path = HANDS) -> list[Spoken]:
    """Return the replies of the hands in *folder*, with names where they have stand-ins."""
    return [_named(reply) for reply in read_hands(folder)]


def real(data: Path) -> tuple[list[Spoken], int]:
    """Return the labelled turns of CPCD, and how many were left out as mixed."""
    labels = dict(_labels())
    turns = [
        (labels[dialogue["id"], number], turn["user_query"], str(dialogue["id"]))
        for dialogue in _dialogues(data)
        for number, turn in enumerate(dialogue["turns"])
    ]
    clear = [
        Spoken(text, Reaction(label), None, dialogue)
        for label, text, dialogue in turns
        if label != MIXED
    ]
    return clear, len(turns) - len(clear)


def unlike(spoken: Sequence[Spoken], learned: Sequence[Spoken]) -> list[Spoken]:
    """Return what was *spoken* in words that none of the *learned* replies has exactly."""
    known = {_words(one.text) for one in learned}
    return [one for one in spoken if _words(one.text) not in known]


def direction_of(answer: Answer) -> Direction:
    """Return the direction that an *answer* tells of."""
    if answer.degree is None:
        return Direction.UNSURE if answer.is_unsure else Direction.NONE
    if answer.degree == 0:
        return Direction.BETWEEN
    return Direction.FOR if answer.degree > 0 else Direction.AGAINST


def degree_of(answer: Answer) -> Reaction:
    """Return the nearest of the five degrees."""
    direction = direction_of(answer)
    if answer.degree is None or direction is Direction.BETWEEN:
        return {
            Direction.UNSURE: Reaction.UNSURE,
            Direction.NONE: Reaction.NONE,
        }.get(direction, Reaction.LUKEWARM)
    if direction is Direction.FOR:
        return Reaction.STRONG_YES if answer.degree > 0.8 else Reaction.YES
    return Reaction.STRONG_NO if answer.degree < -0.85 else Reaction.NO


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _named(reply: Reply) -> Spoken:
    text = reply.text
    for stand_in, name in _NAMES.items():
        text = text.replace(stand_in, name)
    return Spoken(text, reply.reaction, reply.wish, f"{reply.hand}: {text}")


def _labels() -> Iterator[tuple[tuple[str, int], str]]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield (row["dialogue"], int(row["turn"])), row["label"]


def _dialogues(data: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(data / DIALOGUES, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
