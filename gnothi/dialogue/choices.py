"""Which of the things offered an answer means: by name, by part of a name, by place in the row."""

from collections.abc import Sequence

from gnothi.core.protocols import Name
from gnothi.text.fuzzy import NameIndex
from gnothi.text.numbers import find_numbers

CLOSE = 0.8
"""Score of a name from which it counts as meant."""


def choice(answer: str, choices: Sequence[str]) -> str | None:
    """Return which of *choices* the *answer* means, ``None`` when it is none or not clear.

    "the back one" means "Back Door" when nothing else offered has "back" in it.
    """
    if not choices:
        return None
    return _by_name(answer, choices) or _by_word(answer, choices) or _by_place(answer, choices)


def _by_name(answer: str, choices: Sequence[str]) -> str | None:
    index = NameIndex(Name(one, one, "choice") for one in choices)
    best = list(index.best(answer, 2))
    if not best or best[0].score < CLOSE:
        return None
    tied = len(best) > 1 and best[1].score >= best[0].score
    return None if tied else best[0].name.target


def _by_word(answer: str, choices: Sequence[str]) -> str | None:
    spoken = set(answer.casefold().split())
    shared = {one: len(spoken & set(one.casefold().split())) for one in choices}
    ranked = sorted(choices, key=lambda one: -shared[one])
    clear = len(ranked) == 1 or shared[ranked[0]] > shared[ranked[1]]
    return ranked[0] if shared[ranked[0]] and clear else None


def _by_place(answer: str, choices: Sequence[str]) -> str | None:
    """Choose by "the second one" or "number two"; -1 is "the last"."""
    numbers = sorted(find_numbers(answer), key=lambda number: not number.ordinal)
    place = int(numbers[0].value) if numbers else 0
    if place == -1:
        return choices[-1]
    return choices[place - 1] if 1 <= place <= len(choices) else None
