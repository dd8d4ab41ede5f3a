"""What "it" and "them" mean: things that were said just before, added or read out."""

from collections.abc import Sequence
from typing import cast

from rapidfuzz import fuzz

from gnothi.skills.builtin.lists.reading import WORDS, Mention, items
from gnothi.skills.turn import Turn

ALIKE = 80.0
"""Per cent of equal letters of an item and of what was said ("call" and "I called …")."""


def points(text: str, found: Mention | None) -> bool:
    """Whether *text* has an "it" or "them" besides the list *found*."""
    return _without(text, found) in WORDS["pronouns"]


def new_things(turn: Turn, found: Mention | None) -> list[str]:
    """Return what shall go on a list: what is said to be lacking, else what was spoken of."""
    before = _before(turn)
    lacking = WORDS["lacking"].last(before)
    if lacking is None:
        return _spoken_of(turn, found)
    clause = before[lacking.end() :]
    ends = WORDS["clause"].find(clause)
    return items(clause[: ends.start()] if ends else clause, None)


def present_things(turn: Turn, found: Mention | None) -> list[str]:
    """Return the items that are meant: those that the sentence names before, or spoken of."""
    before = _before(turn).casefold()
    present = [item.text for todo in turn.services.house.lists() for item in todo.open_items]
    named = [one for one in present if fuzz.partial_ratio(one.casefold(), before) >= ALIKE]
    return (named if before else []) or _spoken_of(turn, found)


def _spoken_of(turn: Turn, found: Mention | None) -> list[str]:
    """Return the things that were added or read out last; of many, "it" means none."""
    things = [str(one) for one in cast("Sequence[object]", turn.focus.get("items") or ())]
    text = _without(turn.text, found)
    several = text in WORDS["plural"] or text in WORDS["again"]
    return things if several or len(things) == 1 else []


def _before(turn: Turn) -> str:
    """Return what was said before the request, in the same breath."""
    return turn.utterance.text.partition(turn.text)[0] if turn.text else ""


def _without(text: str, found: Mention | None) -> str:
    return f"{text[: found.start]} , {text[found.end :]}" if found else text
