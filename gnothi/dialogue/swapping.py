"""Puts one thing in the place of another in a call: "garlic, not onions"."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from gnothi.core.acting import Call
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
