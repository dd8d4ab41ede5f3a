"""Say whether in a home happened what ought to: those devices, that state, and nothing else.

An *expectation* names for each entity the state and attributes that it ends with. A value is a
text; a list of texts, any of which is fair; a number, met within one percent of the attribute's
range; or a list of two numbers, an interval. The final value counts, so that an attribute which
was right already needs no change.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Value: TypeAlias = "str | bool | float | Sequence[str] | Sequence[float]"
Expectation: TypeAlias = Mapping[str, Mapping[str, Value]]
Changes: TypeAlias = Mapping[str, Mapping[str, Any]]

RANGES: Mapping[str, float] = {
    "brightness": 255.0,
    "volume_level": 1.0,
    "current_position": 100.0,
    "percentage": 100.0,
    "humidity": 100.0,
    "temperature": 20.0,
    "color_temp_kelvin": 5000.0,
}

ANY = "*"
"""An expected value that only says that something about the device must change."""

COMPANIONS: Mapping[str, frozenset[str]] = {
    "light": frozenset({"brightness", "color_mode"}),
    "fan": frozenset({"percentage"}),
    "cover": frozenset({"current_position"}),
    "valve": frozenset({"current_position"}),
    "climate": frozenset({"hvac_action"}),
    "humidifier": frozenset({"action"}),
    "media_player": frozenset({"media_position"}),
    "script": frozenset({"last_triggered", "current"}),
}
"""Attributes that follow from a change of state, and may be left unsaid."""


def problems(expected: Expectation, changes: Changes, before: Changes) -> list[str]:
    """Return what is wrong with *changes*, in words; nothing when all is right.

    *before* holds every device's state and attributes at the start, under the same names.
    """
    moved = [f"{entity} ought not to have changed" for entity in changes if entity not in expected]
    return moved + [
        told
        for entity, wanted in expected.items()
        for told in _wrong(entity, wanted, changes.get(entity, {}), before.get(entity, {}))
    ]


def _wrong(
    entity: str,
    expected: Mapping[str, Value],
    change: Mapping[str, Any],
    before: Mapping[str, Any],
) -> Iterator[str]:
    final = {**before, **change}
    if ANY in expected.values() and not change:
        yield f"{entity} did not change"
    for name, value in expected.items():
        if not fits(name, value, final.get(name)):
            yield f"{entity}: {name} is {final.get(name)!r}, not {value!r}"
    companions = COMPANIONS.get(entity.partition(".")[0], frozenset[str]())
    allowed = set(expected) | (companions if "state" in expected else frozenset[str]())
    yield from (
        f"{entity}: {name} ought not to have changed" for name in change if name not in allowed
    )


def fits(name: str, expected: Value, found: object) -> bool:
    """Return whether *found* is a fair value of the attribute *name*."""
    if expected == ANY:
        return True
    if isinstance(expected, str | bool):
        return _plain(found) == _plain(expected)
    if isinstance(expected, int | float):
        slack = RANGES.get(name, 1.0) * 0.01
        return _within(found, expected - slack, expected + slack)
    if any(isinstance(item, str) for item in expected):
        return any(fits(name, item, found) for item in expected)
    if len(expected) == 3:
        return list(expected) == found or tuple(expected) == found
    low, high = (float(item) for item in expected)
    return _within(found, low, high)


def _plain(value: object) -> str:
    return str(value).casefold()


def _within(found: object, low: float, high: float) -> bool:
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return False
    try:
        return low <= float(found) <= high
    except ValueError:
        return False
