"""What is left of a sentence when its values are taken out: the words of a reminder."""

import re
from collections.abc import Iterable

_BEFORE = re.compile(r"(?:\s|^)(?:at|on|by|in|for|from|until|the|to)\s*$", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return *text* without *spans*, nor the prepositions that led to them.

    "call mom at five tomorrow" without "five tomorrow" is "call mom".
    """
    kept: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if end > start >= done:
            kept.append(_BEFORE.sub("", text[done:start]))
            done = end
    kept.append(text[done:])
    return _SPACES.sub(" ", " ".join(kept)).strip(" ,.;:")
