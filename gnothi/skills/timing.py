"""What a request says about time, kept over several turns until it is complete."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from babel.dates import get_day_names

from gnothi.home.house import House
from gnothi.skills.spoken import locale_of
from gnothi.skills.vocabulary import Phrases, Vocabulary
from gnothi.text.durations import parse_duration, parse_shift
from gnothi.text.moments import Moment, parse_moment
from gnothi.text.recurrence import Recurrence, parse_recurrence
from gnothi.text.remainder import without
from gnothi.text.times import PARTS, Prefer, parse_minutes_past

Spans = tuple[tuple[int, int], ...]

_WORKDAYS = ["MO", "TU", "WE", "TH", "FR"]
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS = {
    "MINUTELY": "minutes",
    "HOURLY": "hours",
    "DAILY": "some_days",
    "WEEKLY": "weeks",
    "MONTHLY": "months",
    "YEARLY": "years",
}


@dataclass(frozen=True, slots=True)
class When:
    """When something shall be, as far as it was said."""

    due: datetime | None = None
    """Complete: day and time."""
    until: datetime | None = None
    day: datetime | None = None
    """Only a day or a part of it was said; where that begins."""
    rule: str = ""
    spans: Spans = ()
    """Characters of the text that say it."""


def when(
    text: str, now: datetime, *, before: datetime | None = None, prefer: Prefer = "next"
) -> When:
    """Read when something shall be from *text*.

    *before* is what was settled in an earlier turn: a new time keeps its day, a new day its time,
    "twenty past" its hour, and "an hour later" counts from there.
    """
    if before and (shift := parse_shift(text)):
        return When(shift.after(before), spans=((shift.start, shift.end),))
    if before and (past := parse_minutes_past(text)):
        return When(_nearest(before, past[0]), spans=(past[1],))
    if recurrence := parse_recurrence(text, prefer=prefer):
        return _recurring(text, recurrence, now, before)
    moment = parse_moment(text, now, prefer=prefer)
    if moment is None:
        return _after_duration(text, now)
    if before and moment.time_known and not moment.date_known:
        return _same_day(text, moment, before)
    if before and moment.date_known and not moment.time_known:
        due = datetime.combine(moment.when.date(), before.time(), now.tzinfo)
        return When(due, spans=moment.spans)
    if moment.time_known:
        return When(moment.when, moment.until, spans=moment.spans)
    return When(day=moment.when, spans=moment.spans)


def further(text: str, found: When, now: datetime, words: Vocabulary) -> tuple[datetime, ...]:
    """Return the times that stand beside the first one: "at six, half past six and seven".

    *found* is what :func:`when` read from *text*. Parts between *words* for "and" count when they
    say nothing but a time, besides *words* of the "frame". A day holds for all of them, and so
    do the days of a rule.
    """
    if found.due is None:
        return ()
    moment = parse_moment(text, now)
    day = found.due if found.rule or (moment and moment.date_known) else None
    parts = _beside(text, found.spans, words["and"])
    times = [_beyond(part, now, found.due, day) for part in parts if _is_time(part, now, words)]
    if found.until and any(text[start:end] in words["and"] for start, end in found.spans):
        times.append(found.until)
    return tuple(sorted({time for time in times if time} - {found.due}))


def _beyond(text: str, now: datetime, first: datetime, day: datetime | None) -> datetime | None:
    """Return the time that *text* says beside the *first*, the next one after it."""
    moment = parse_moment(text, now)
    own_day = day is not None or (moment is not None and moment.date_known)
    return when(text, now if own_day else first, before=day).due


def _beside(text: str, spans: Spans, separators: Phrases) -> Iterator[str]:
    """Return the parts of *text* between separators, without what stands in *spans*."""
    places = [*spans, *(match.span() for match in separators.every(text))]
    for start, end in places:
        text = text[:start] + "," * (end - start) + text[end:]
    yield from filter(None, text.split(","))


def _is_time(text: str, now: datetime, words: Vocabulary) -> bool:
    moment = parse_moment(text, now)
    if moment is None or not moment.time_known:
        return False
    return not words["frame"].strip(without(text, moment.spans))


def _yearly(text: str, recurrence: Recurrence, now: datetime) -> When | None:
    """Return the first time of "every year on march 3", whose day stands outside the rule."""
    rest = text
    for start, end in recurrence.spans:
        rest = rest[:start] + "," * (end - start) + rest[end:]
    found = when(rest, now)
    if found.day is None and found.due is None:
        return None
    return replace(found, spans=(*recurrence.spans, *found.spans))


def _recurring(text: str, recurrence: Recurrence, now: datetime, before: datetime | None) -> When:
    """Find the first time; the rule itself keeps no time of day, the first time gives it."""
    first, rule = recurrence.following(now), replace(recurrence, at=None).rule
    if recurrence.frequency == "YEARLY" and (yearly := _yearly(text, recurrence, now)):
        return replace(yearly, rule=rule)
    timed = recurrence.at or recurrence.frequency in {"HOURLY", "MINUTELY"}
    if first and not timed and before:
        return When(_at(first, before.time()), rule=rule, spans=recurrence.spans)
    if first and timed:
        return When(first, rule=rule, spans=recurrence.spans)
    if first and recurrence.part:
        first = first.replace(hour=PARTS[recurrence.part][0])
    return When(day=first, rule=rule, spans=recurrence.spans)


def _after_duration(text: str, now: datetime) -> When:
    """Read "an alarm for ten minutes" as "in ten minutes"."""
    duration = parse_duration(text)
    if duration is None:
        return When()
    return When(duration.after(now), spans=((duration.start, duration.end),))


def _same_day(text: str, moment: Moment, before: datetime) -> When:
    """Move *before* to another time of its day, in the half of the day it was in."""
    half = 12 if before.hour >= 12 else 0
    start = before.replace(hour=half, minute=0, second=0, microsecond=0) - timedelta(seconds=1)
    again = parse_moment(text, start) or moment
    return When(_at(before, again.when.time()), spans=moment.spans)


def _nearest(before: datetime, minutes: int) -> datetime:
    """Return the time nearest to *before* that is *minutes* past an hour."""
    hour = before.replace(minute=0, second=0, microsecond=0)
    hours = (hour + timedelta(hours=shift, minutes=minutes) for shift in (-1, 0, 1))
    return min(hours, key=lambda one: abs(one - before))


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)


def rule_values(rule: str, house: House) -> dict[str, object]:
    """Return the values that ``skills-every`` says a recurrence rule with."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    interval = int(parts.get("INTERVAL", 1))
    days = [day for day in parts.get("BYDAY", "").split(",") if day]
    return {
        "recurring": bool(rule),
        "every": _every(parts, days, interval),
        "every_interval": interval,
        "every_days": _day_names(days, house),
    }


def _every(parts: Mapping[str, str], days: list[str], interval: int) -> str:
    if not parts:
        return ""
    weekly = parts.get("FREQ") in {"WEEKLY", "DAILY"}
    if weekly and days == _WORKDAYS:
        return "weekdays"
    if weekly and sorted(days) == ["SA", "SU"]:
        return "weekends"
    if weekly and days:
        return "days"
    if parts.get("FREQ") == "DAILY" and interval == 1:
        return "daily"
    return _UNITS.get(parts.get("FREQ", ""), "other")


def _day_names(days: list[str], house: House) -> list[str]:
    names = get_day_names("wide", locale=locale_of(house))
    return [names[_DAYS.index(day[-2:])] for day in days if day[-2:] in _DAYS]
