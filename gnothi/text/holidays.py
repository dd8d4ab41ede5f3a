"""Days that people call by name: Christmas, Easter, Thanksgiving.

The days are those of the United States where countries differ, as in the ontology's data.
"""

from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter

_SUNDAY, _MONDAY, _THURSDAY = 6, 0, 3


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, nth: int) -> Callable[[int], date]:
    return lambda year: nth_weekday(year, month, weekday, nth)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


HOLIDAYS: dict[str, Callable[[int], date]] = {
    r"christmas eve": _fixed(12, 24),
    r"(?:christmas|xmas)(?: day)?": _fixed(12, 25),
    r"boxing day": _fixed(12, 26),
    r"new years? eve": _fixed(12, 31),
    r"new years? day|^new years?$": _fixed(1, 1),
    r"(?:(?<=until )|(?<=till )|(?<=to )|(?<=before ))new years?": _fixed(1, 1),
    r"valentines?(?: day)?": _fixed(2, 14),
    r"(?:st|saint) patricks?(?: day)?": _fixed(3, 17),
    r"april fools?(?: day)?": _fixed(4, 1),
    r"independence day": _fixed(7, 4),
    r"halloween": _fixed(10, 31),
    r"veterans day": _fixed(11, 11),
    r"mothers? day": _nth(5, _SUNDAY, 2),
    r"memorial day": _nth(5, _MONDAY, -1),
    r"fathers? day": _nth(6, _SUNDAY, 3),
    r"labou?r day": _nth(9, _MONDAY, 1),
    r"thanksgiving(?: day)?": _nth(11, _THURSDAY, 4),
    r"good friday": _from_easter(-2),
    r"easter monday": _from_easter(1),
    r"easter(?: sunday)?": _from_easter(0),
}
"""Spoken name, as a regular expression over a reading, and the day in a year."""


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Return the *nth* *weekday* of a month; -1 is the last. Raises ``ValueError`` beyond it."""
    if nth < 0:
        following = date(year + month // 12, month % 12 + 1, 1)
        last = following - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7 - 7 * (nth + 1))
    first = date(year, month, 1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    if found.month != month:
        raise ValueError(f"{year}-{month} has no weekday {weekday} number {nth}")
    return found
