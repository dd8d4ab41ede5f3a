"""Puts one thing in the place of another in a call: "garlic, not onions"."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from gnothi.core.acting import Call
from gnothi.dialogue.lexicon import words
from gnothi.dialogue.reading import Reading


def swap(call: Call, reading: Reading) -> Call | None:
    """Return *call* with what *reading* says in the place of what it takes back; else ``None``.

    Only lists are looked into: they hold what was said (things to buy), and not which devices are
    meant. A swap never makes a call riskier.
    """
    for name, value in call.arguments.items():
        if isinstance(value, list | tuple):
            said = [str(one) for one in cast("Sequence[object]", value)]
            swapped = [_swapped(one, reading) for one in said]
            if swapped == said and not reading.instead_of:
                swapped = _refined(said, reading.text)
            if swapped != said:
                return replace(call, arguments={**call.arguments, name: swapped})
    return None


def _swapped(said: str, reading: Reading) -> str:
    if reading.instead_of.casefold() == said.casefold():
        return reading.text
    opening = f"{said.casefold()} "
    if reading.negated and reading.text.casefold().startswith(opening):
        return reading.text[len(opening) :].strip()
    return said


def _refined(said: Sequence[str], text: str) -> list[str]:
    """Return *said* with *text* for the one of several that it makes more precise.

    After "milk and eggs", "no, oat milk" leaves the eggs alone.
    """
    heard = {word.text for word in words(text)}
    alike = [one for one in said if heard & {word.text for word in words(one)}]
    if len(said) == 1 or len(alike) != 1:
        return list(said)
    return [text if one is alike[0] else one for one in said]
