"""Which of the things that were offered is taken: "the first one", "either", "not the latter"."""

import re
from collections.abc import Mapping
from enum import StrEnum

_ORDER: Mapping[str, int] = {
    **dict.fromkeys(("first", "1st", "former", "one"), 0),
    **dict.fromkeys(("second", "2nd", "latter", "last", "two", "other"), 1),
}
_PLACE = r"(first|1st|former|second|2nd|latter"
_PICKS = re.compile(
    r"\b(?:(not|no|nah|never|anything but|don'?t (?:want|like))\s+)?"
    rf"(?:the\s+{_PLACE}|last|other)(?:\s+(?:one|option|choice|thing))?"
    r"|(?:number|option|choice)\s+(one|two))\s*(?:$|[,.!]|please\b|then\b|i\b|sounds|is\b|would)"
    rf"|^{_PLACE})(?:\s+one)?(?:\s+please)?\W*$",
    re.IGNORECASE,
)
_BOTH = re.compile(r"\bboth\b(?!.*\b(?:same|hate|awful|terrible|mind)\b)", re.IGNORECASE)
_NEITHER = re.compile(
    r"\b(?:neither|none of (?:them|these|those|the)|not either|nor the other)\b"
    r"|\bdon'?t (?:like|want) (?:either|any of)\b",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\b(?:either|whichever|any of them|both (?:are )?(?:fine|ok|okay|good|work)"
    r"|(?:doesn'?t|don'?t) (?:matter|mind)(?: which)?|no preference|same to me)\b",
    re.IGNORECASE,
)


class Pick(StrEnum):
    """What somebody takes of several things, not by their names."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


def picked(text: str) -> Pick | None:
    """Return whether *text* takes all, any or none of what was offered."""
    if _NEITHER.search(text):
        return Pick.NONE
    if _EITHER.search(text):
        return Pick.ANY
    return Pick.ALL if _BOTH.search(text) else None


def placed(text: str, size: int) -> tuple[int, bool] | None:
    """Return the place that *text* points to among *size*, and whether it is refused."""
    pick = _PICKS.search(text)
    if pick is None:
        return None
    word = next(filter(None, pick.groups()[1:])).lower()
    return min(_ORDER[word], size - 1), pick[1] is not None
