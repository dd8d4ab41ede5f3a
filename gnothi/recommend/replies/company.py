"""Who else is listening, as people say it: "just me", "with the kids", "Ana is here, too"."""

import re
from collections.abc import Mapping

GUEST = "guest"
"""Stands for company that is nobody of the household, or nobody in particular."""

_PEOPLE = (
    r"(?:everybody|everyone|all of us|family|wife|husband|partner|girlfriend|boyfriend|kids?"
    r"|children|sons?|daughters?|friends?|mates?|guests?|mum|mom|dad|parents|grand\w+|brothers?"
    r"|sisters?|colleagues?|baby|missus|the boys|the girls|(?:two|three|four|five) of us)"
)
_ALONE = re.compile(
    r"\b(?:alone|(?:just|only) (?:me|myself)|by myself|on my own|nobody|no ?one|only myself"
    r"|it'?s only me)\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(rf"\b(?:we|us|{_PEOPLE})\b", re.IGNORECASE)
_TOLD_ALONE = re.compile(
    r"\b(?:(?:it'?s |it is )?(?:just|only) me\b(?! (?:being|or))|by myself|on my own|i'?m alone)",
    re.IGNORECASE,
)
_TOLD_TOGETHER = re.compile(
    rf"(?<!not )\b(?:with|for) (?:(?:my|the|our|some|a few|me and my) )*{_PEOPLE}\b"
    rf"|\b{_PEOPLE} (?:is|are) (?:here|listening|with|coming|visiting|round)\b"
    rf"|\bme and (?:my|the) {_PEOPLE}\b"
    r"|\bwe(?:'re| are) (?:two|three|four|five|six|seven|eight|\d+|several|a group)"
    r"(?: (?:people|persons|friends|adults|of us|here)|\W*$)",
    re.IGNORECASE,
)


def told(text: str, people: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return who is there as far as *text* says so unasked; ``None`` where it doesn't."""
    if _TOLD_ALONE.search(text):
        return ()
    named = _named(text, people)
    if named and re.search(r"\b(?:with|for|and|is here|are here)\b", text, re.IGNORECASE):
        return named
    return (GUEST,) if _TOLD_TOGETHER.search(text) else None


def answered(text: str, people: Mapping[str, str], degree: float | None) -> tuple[str, ...] | None:
    """Return who is there, asked for it; *degree* tells a yes from a no."""
    if named := _named(text, people):
        return named
    if _ALONE.search(text):
        return ()
    if _TOGETHER.search(text) and not (degree is not None and degree < 0):
        return (GUEST,)
    if not degree:
        return None
    return (GUEST,) if degree > 0 else ()


def _named(text: str, people: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids of *people* (names in lower case to ids) who are named, in order."""
    if not people:
        return ()
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return tuple(dict.fromkeys(people[word] for word in words if word in people))
