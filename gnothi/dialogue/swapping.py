"""Puts one thing in the place of another in a call: "garlic, not onions"."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from gnothi.core.acting import Call


def swap(call: Call, old: str, new: str) -> Call | None:
    """Return *call* with *new* where one of its lists of words holds *old*; else ``None``.

    Only lists are looked into: they hold what was said (things to buy), and not which devices are
    meant. A swap never makes a call riskier.
    """
    if not old:
        return None
    for name, value in call.arguments.items():
        if isinstance(value, list | tuple):
            texts = [str(one) for one in cast("Sequence[object]", value)]
            changed = [new if one.casefold() == old.casefold() else one for one in texts]
            if changed != texts:
                return replace(call, arguments={**call.arguments, name: changed})
    return None
