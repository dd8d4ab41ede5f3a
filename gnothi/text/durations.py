"""Lengths of time: "ten minutes", "1h30", "an hour and a half", "two weeks"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from gnothi.text.numbers import FRACTIONS, QUANTITY, amount
from gnothi.text.reading import Reading, grammar, read

UNITS = {
    "second": r"seconds?|secs?|s",
    "minute": r"minutes?|minuets?|mins?|m",
    "hour": r"hours?|hrs?|h",
    "day": r"days?",
    "week": r"weeks?|wks?",
    "fortnight": r"fortnights?",
    "month": r"months?",
    "quarter": r"quarters",
    "year": r"years?|yrs?",
    "decade": r"decades?",
}
UNIT = "(?:" + "|".join(UNITS.values()) + ")"
_MORE = "(?: more| extra| further)?"
PART = rf"{QUANTITY}{_MORE} {UNIT}(?: and (?:an?|1) (?:half|quarter))?"
DURATION = rf"{PART}(?:(?: and)? {PART})*(?:(?<= h) [0-5]?\d(?! \S)|(?<= hour) [0-5]\d)?"
"""A length of time in a reading."""

LONGEST = timedelta(days=36525)
"""A century; nobody asks for more, and dates must not overflow."""

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}
_DAYS_IN_MONTH = 30

_DURATION = grammar(DURATION)
_PART = grammar(
    rf"(?P<quantity>{QUANTITY}){_MORE} (?P<unit>{UNIT})(?: and (?:an?|1) (?P<rest>half|quarter))?"
    r"|(?P<minutes>\d+)(?!.)"
)
_SHIFT = grammar(
    rf"(?:(?P<lead>back|forwards?|on|by) )?(?:by )?(?P<length>{DURATION})"
    r"(?: (?P<way>later|earlier|sooner|back|forwards?))?"
)
_EARLIER = ("earlier", "sooner", "forward", "forwards")
_UNITS = {name: re.compile(pattern) for name, pattern in UNITS.items()}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time, kept by calendar: a month is a month and not thirty days."""

    months: int = 0
    days: int = 0
    seconds: float = 0.0
    start: int = 0
    end: int = 0

    @property
    def length(self) -> timedelta:
        """The length on a clock, a month taken as thirty days and a year as 365."""
        years, months = divmod(self.months, 12)
        days = 365 * years + _DAYS_IN_MONTH * months + self.days
        return timedelta(days=days, seconds=self.seconds)

    def after(self, moment: datetime) -> datetime:
        """Return *moment* later by this; an hour is an hour even when the clocks change."""
        return self._moved(moment, 1)

    def before(self, moment: datetime) -> datetime:
        """Return *moment* earlier by this."""
        return self._moved(moment, -1)

    def _moved(self, moment: datetime, sign: int) -> datetime:
        day = moment + relativedelta(months=sign * self.months, days=sign * self.days)
        exact = day.astimezone(UTC) + sign * timedelta(seconds=self.seconds)
        return exact.astimezone(moment.tzinfo)


def find_durations(text: str) -> tuple[Duration, ...]:
    """Return the lengths of time in *text*."""
    return tuple(_durations(read(text)))


def parse_duration(text: str) -> Duration | None:
    """Return the first length of time in *text*."""
    return next(_durations(read(text)), None)


def parse_shift(text: str) -> Duration | None:
    """Return how much later something that has a time shall be, backwards when earlier.

    "An hour later", "back by ten minutes"; a length by itself ("ten minutes") is no shift.
    """
    reading = read(text)
    for match in _SHIFT.finditer(reading.text):
        way, found = match["way"] or match["lead"], measure(match["length"])
        if way and found:
            sign = -1 if way in _EARLIER else 1
            start, end = reading.span(match)
            months, days = sign * found.months, sign * found.days
            return Duration(months, days, sign * found.seconds, start, end)
    return None


def measure(words: str) -> Duration | None:
    """Return the length that a match of ``DURATION`` says; ``None`` beyond a century."""
    months = days = seconds = 0.0
    for part in _PART.finditer(words):
        unit = _unit(part["unit"]) if part["unit"] else "minute"
        many = amount(part["quantity"] or part["minutes"]) + FRACTIONS.get(part["rest"] or "", 0)
        months += many * _MONTHS.get(unit, 0)
        days += many * _DAYS.get(unit, 0)
        seconds += many * _SECONDS.get(unit, 0)
    return _whole(months, days, seconds)


def _whole(months: float, days: float, seconds: float) -> Duration | None:
    """Keep whole months and days, and pass what remains to the next smaller unit."""
    days += (months % 1) * _DAYS_IN_MONTH
    seconds += (days % 1) * 86400
    if days + months * _DAYS_IN_MONTH + seconds / 86400 > LONGEST.days:
        return None
    return Duration(int(months), int(days), round(seconds, 3))


def _unit(word: str) -> str:
    return next(name for name, pattern in _UNITS.items() if pattern.fullmatch(word))


def _durations(reading: Reading) -> Iterator[Duration]:
    for match in _DURATION.finditer(reading.text):
        found = measure(match.group())
        if found is not None:
            start, end = reading.span(match)
            yield replace(found, start=start, end=end)
