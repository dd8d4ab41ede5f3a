"""What repeats: "every weekday at seven", "every other tuesday", "the first of the month".

The result is an iCalendar rule (RFC 5545); dateutil counts its occurrences.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Literal

from dateutil.rrule import rrulestr

from gnothi.text.dates import MONTH, ORDINAL, WEEKDAY, month, ordinal, weekday
from gnothi.text.reading import blank, grammar, join, read
from gnothi.text.times import (
    PARTS,
    PREFERRED,
    WAKING,
    Clock,
    Prefer,
    in_part,
    next_clock,
    next_part,
    part_name,
)

Frequency = Literal["MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

_WITHIN_A_DAY = ("MINUTELY", "HOURLY")
"""What repeats so often has no time of the day."""
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKDAYS, _WEEKEND = _CODES[:5], _CODES[5:]
_UNITS: dict[str, Frequency] = {
    "minute": "MINUTELY", "hour": "HOURLY", "day": "DAILY", "night": "DAILY",
    "morning": "DAILY", "afternoon": "DAILY", "evening": "DAILY", "week": "WEEKLY",
    "month": "MONTHLY", "year": "YEARLY",
}  # fmt: skip
_ADVERBS: dict[str, tuple[Frequency, int]] = {
    "hourly": ("HOURLY", 1), "daily": ("DAILY", 1), "everyday": ("DAILY", 1),
    "nightly": ("DAILY", 1), "7 days a week": ("DAILY", 1), "weekly": ("WEEKLY", 1),
    "biweekly": ("WEEKLY", 2), "bi weekly": ("WEEKLY", 2), "fortnightly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1), "quarterly": ("MONTHLY", 3), "yearly": ("YEARLY", 1),
    "annual": ("YEARLY", 1), "annually": ("YEARLY", 1),
}  # fmt: skip
_EVERY = r"(?:every|each|all)"
_DAYNAMES = rf"{WEEKDAY}(?:(?:(?: and| or)?) {WEEKDAY})*"
_PLURAL = (
    r"(?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekdays|weekends"
    r"|workdays|week days|mornings|evenings|nights)"
)
_RULE = grammar(
    rf"{_EVERY} month on the (?P<monthday>{ORDINAL})"
    rf"|{_EVERY} (?:(?P<other>other|second) |(?P<number>\d{{1,3}}) |(?P<place>{ORDINAL}) )?"
    rf"(?:single )?(?:(?P<names>{_DAYNAMES})|(?P<unit>minute|hour|day|night|morning|afternoon"
    rf"|evening|week|month|year)s?(?: on (?:the )?(?P<on>{_DAYNAMES}))?"
    rf"|(?P<set>weekday|week day|workday|work day|weekend)s?)(?P<of> of (?:the|each|every) month)?"
    rf"|(?:(?:on )?the )?(?:{_EVERY} )?(?P<day>{ORDINAL}|last)(?: day)?(?: (?P<nth>{WEEKDAY}))? "
    rf"(?:day )?of (?:every|each|the|a) (?P<period>month)"
    rf"|(?:every|each) (?P<month>{MONTH}) (?P<date>{ORDINAL}|\d{{1,2}})"
    rf"|(?:from )?(?P<from>{WEEKDAY}) (?:to|through|till) (?P<to>{WEEKDAY})"
    rf"|(?P<adverb>{'|'.join(_ADVERBS)})|(?P<once>1 times?|once) (?:a|per|every) "
    rf"(?P<once_unit>hour|day|week|month|year)"
    rf"|(?<!\d )(?:on )?(?P<plural>{_PLURAL}(?:(?: and)? {_PLURAL})*)"
)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How something repeats."""

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    """``MO`` to ``SU``, with a place in front within a month (``1MO``, ``-1FR``)."""
    month_day: int | None = None
    """Day of the month; -1 is the last."""
    month: int | None = None
    at: time | None = None
    """Time of the day, when it was said."""
    part: str = ""
    """Part of the day ("morning") when no time was said."""
    spans: tuple[tuple[int, int], ...] = ()
    """Characters of the text that say it, in order."""

    @property
    def rule(self) -> str:
        """The iCalendar rule, ready for ``RRULE:``."""
        values = {
            "FREQ": self.frequency,
            "INTERVAL": self.interval if self.interval > 1 else None,
            "BYMONTH": self.month,
            "BYMONTHDAY": self.month_day,
            "BYDAY": ",".join(self.weekdays) or None,
            "BYHOUR": self.at.hour if self.at else None,
            "BYMINUTE": self.at.minute if self.at else None,
            "BYSECOND": 0 if self.at else None,
        }
        return ";".join(f"{key}={value}" for key, value in values.items() if value is not None)

    def following(self, now: datetime) -> datetime | None:
        """Return the first occurrence after *now*, by the clock on the wall of its time zone.

        It is where an interval begins to count: "every other tuesday" begins next Tuesday.
        """
        start = now.replace(tzinfo=None, microsecond=0)
        if self.at is None and self.frequency not in _WITHIN_A_DAY:
            start = start.replace(hour=0, minute=0, second=0)
        rule = replace(self, interval=1).rule if self.weekdays else self.rule
        found = rrulestr(rule, dtstart=start).after(now.replace(tzinfo=None))
        if found is None:
            return None
        return found.replace(tzinfo=now.tzinfo).astimezone(UTC).astimezone(now.tzinfo)


def parse_recurrence(text: str, *, prefer: Prefer = "next") -> Recurrence | None:
    """Return how *text* says that something repeats, ``None`` when it says no such thing.

    "at six" is by day, 18:00; with *prefer* "morning" it is 6:00.
    """
    reading = read(text)
    match = _RULE.search(reading.text)
    found = _recurrence(match) if match else None
    if match is None or found is None:
        return None
    left = blank(reading.text, *match.span())
    within = found.frequency in _WITHIN_A_DAY
    clock, part, places = (None, "", []) if within else _time_of_day(left)
    part = part or _own_part(match)
    at = _settled(in_part(clock, part) if part else clock, prefer) if clock else None
    joined = join(reading.text, sorted([match.span(), *places]))
    spans = tuple(reading.place(*place) for place in joined)
    return replace(found, at=at, part="" if at else part, spans=spans)


def _recurrence(match: re.Match[str]) -> Recurrence | None:
    parts = match.groupdict()
    if parts["adverb"]:
        return Recurrence(*_ADVERBS[parts["adverb"]])
    if parts["once"]:
        return Recurrence(_UNITS[parts["once_unit"]])
    if parts["month"]:
        return Recurrence("YEARLY", month=month(parts["month"]), month_day=ordinal(parts["date"]))
    if parts["period"] or parts["monthday"] or parts["of"]:
        return _monthly(parts)
    if parts["from"]:
        return Recurrence("WEEKLY", weekdays=_range(weekday(parts["from"]), weekday(parts["to"])))
    if parts["plural"]:
        return _plural(parts["plural"])
    return _every(parts)


def _monthly(parts: dict[str, str | None]) -> Recurrence | None:
    said = parts["day"] or parts["monthday"] or parts["place"] or parts["other"] or "1st"
    place = -1 if said == "last" else 2 if said == "other" else ordinal(said)
    name = parts["nth"] or parts["names"]
    if name:
        return Recurrence("MONTHLY", weekdays=(f"{place}{_CODES[weekday(name)]}",))
    return Recurrence("MONTHLY", month_day=place) if 0 < place <= 31 or place == -1 else None


def _every(parts: dict[str, str | None]) -> Recurrence | None:
    place = ordinal(parts["place"]) if parts["place"] else 1
    interval = 2 if parts["other"] else int(parts["number"] or place)
    if interval == 0:
        return None
    if names := parts["names"] or parts["on"]:
        return Recurrence("WEEKLY", interval, _named(names))
    if parts["set"]:
        days = _WEEKEND if "end" in parts["set"] else _WORKDAYS
        return Recurrence("WEEKLY", interval, days)
    return Recurrence(_UNITS[parts["unit"] or "day"], interval)


def _plural(words: str) -> Recurrence:
    days: list[str] = []
    for word in words.replace("week days", "weekdays").split():
        if word in ("weekdays", "workdays"):
            days += _WORKDAYS
        elif word == "weekends":
            days += _WEEKEND
        elif word.endswith("days"):
            days.append(_CODES[weekday(word)])
    return Recurrence("WEEKLY", weekdays=_in_order(days)) if days else Recurrence("DAILY")


def _named(words: str) -> tuple[str, ...]:
    names = (word for word in words.split() if word not in ("and", "or"))
    return _in_order([_CODES[weekday(name)] for name in names])


def _in_order(codes: list[str]) -> tuple[str, ...]:
    return tuple(code for code in _CODES if code in codes)


def _range(first: int, last: int) -> tuple[str, ...]:
    return _in_order([_CODES[(first + day) % 7] for day in range((last - first) % 7 + 1)])


def _time_of_day(left: str) -> tuple[Clock | None, str, list[tuple[int, int]]]:
    """Return the time that repeats, the part of the day, and their places."""
    clock, part, places = None, "", list[tuple[int, int]]()
    if found := next_clock(left):
        match, clock = found
        left = blank(left, *match.span())
        places.append(match.span())
    if match := next_part(left):
        part = part_name(match["part"])
        places.append(match.span())
    return clock, part, places


def _settled(clock: Clock, prefer: Prefer) -> time:
    by_day = (hour for hour in clock.hours if hour in PREFERRED.get(prefer, WAKING))
    hour = clock.hours[0] if prefer == "morning" else next(by_day, clock.hours[0])
    minutes, second = divmod(clock.at(hour) % 86400, 60)
    return time(minutes // 60, minutes % 60, second)


def _own_part(match: re.Match[str]) -> str:
    words = " ".join(filter(None, (match["unit"], match["adverb"], match["plural"])))
    return next((name for name in PARTS if name in words), "")
