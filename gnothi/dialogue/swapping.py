"""Puts one thing in the place of another in a call: "garlic, not onions".

Only arguments that their skill declares as ``spoken`` are looked into: they hold what was said
(things to buy), and not which devices are meant.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import cast

from gnothi.core.acting import Call
from gnothi.dialogue.lexicon import words
from gnothi.dialogue.reading import Said


def swap(call: Call, said: Said, spoken: Collection[str]) -> Call | None:
    """Return *call* with what is *said* in the place of what it takes back; else ``None``."""
    for name, items in _lists(call, spoken):
        swapped = [said.text if one.casefold() == said.old.casefold() else one for one in items]
        if swapped == items and not said.old:
            swapped = _refined(items, said.text)
        if swapped != items:
            return replace(call, arguments={**call.arguments, name: swapped})
    return None


def without(call: Call, text: str, spoken: Collection[str]) -> Call | None:
    """Return *call* without the one of several things that *text* names; else ``None``."""
    for name, items in _lists(call, spoken):
        named = set(words(text))
        kept = [one for one in items if not set(words(one)) <= named]
        if kept and kept != items:
            return replace(call, arguments={**call.arguments, name: kept})
    return None


def _lists(call: Call, spoken: Collection[str]) -> list[tuple[str, list[str]]]:
    """Return the *spoken* arguments of *call* that are lists, by name."""
    return [
        (name, [str(one) for one in cast("Sequence[object]", value)])
        for name, value in call.arguments.items()
        if name in spoken and isinstance(value, list | tuple)
    ]


def _refined(items: Sequence[str], text: str) -> list[str]:
    """Return *items* with *text* for the one of several that it makes more precise.

    After "milk and eggs", "no, oat milk" leaves the eggs alone.
    """
    heard = set(words(text))
    alike = [one for one in items if heard & set(words(one))]
    if len(items) == 1 or len(alike) != 1:
        return list(items)
    return [text if one is alike[0] else one for one in items]
