"""How two calls relate: the same, alike, about the same things."""

from collections.abc import Mapping
from typing import cast

from gnothi.core.acting import Call


def same(one: Call, other: Call) -> bool:
    """Whether both do exactly the same."""
    return _served_alike(one, other) and one.arguments == other.arguments


def alike(one: Call, other: Call) -> bool:
    """Whether both do the same to a thing in common, however it was named."""
    shared = one.arguments.keys() & other.arguments.keys()
    plain = [name for name in shared if isinstance(one.arguments[name], str)]
    equal = all(one.arguments[name] == other.arguments[name] for name in plain)
    return about_same(one, other) and equal


def about_same(one: Call, other: Call) -> bool:
    """Whether both are of one API and about a thing in common."""
    return _served_alike(one, other) and not things(one).isdisjoint(things(other))


def things(call: Call) -> set[str]:
    """Return what stands in the lists of a call's arguments: devices, items, timers."""
    return set(_things(call.arguments))


def _things(value: object) -> list[str]:
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, object]", value).values()
        return [thing for one in inner if not isinstance(one, str) for thing in _things(one)]
    if isinstance(value, list | tuple):
        items = cast("list[object]", value)
        return [t for one in items for t in ([one] if isinstance(one, str) else _things(one))]
    return []


def _served_alike(one: Call, other: Call) -> bool:
    return one.skill == other.skill and one.api == other.api
