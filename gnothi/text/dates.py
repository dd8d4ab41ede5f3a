"""Dates: "tomorrow", "next friday", "the 5th", "march third", "the weekend", "christmas".

Each rule is one expression over a reading and one function of its match and of today. A day
without a year is the next one to come; weeks begin on Monday.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from gnothi.text.holidays import HOLIDAYS, nth_weekday
from gnothi.text.reading import blank, grammar


class Grain(StrEnum):
    """How exact a date or time was said."""

    SECOND = "second"
    MINUTE = "minute"
    PART = "part"
    """A part of the day: morning, evening."""
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Days:
    """A day, or several from ``first`` until before ``stop``."""

    first: date
    stop: date
    grain: Grain = Grain.DAY
    or_today: bool = False
    """Said on that very day of the week: with a time still to come, today is meant."""


_MONTHS = (
    "jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? "
    "sept?(?:ember)? oct(?:ober)? nov(?:ember)? dec(?:ember)?"
).split()
_WEEKDAYS = (
    "mon(?:days?)? tue(?:s|sdays?)? wed(?:s|nesdays?)? thu(?:r|rs|rsdays?)? fri(?:days?)? "
    "sat(?:urdays?)? sun(?:days?)?"
).split()
WEEKDAY = f"(?:{'|'.join(_WEEKDAYS)})"
MONTH = f"(?:{'|'.join(_MONTHS)})"
ORDINAL = r"(?:\d{1,2}(?:st|nd|rd|th)|(?:20 )?second|twelveth|30 1st|20 \d(?:st|nd|rd|th))"
_DAY = rf"(?:{ORDINAL}|\d{{1,2}})"
YEAR = r"(?:(?:19|20|21)\d\d|(?:19|20) [1-9]\d|(?:19|20|21)\d\dth)"
_WHICH = (
    r"(?P<which>(?:(?:on |in |during |for )?(?:the )?"
    r"(?:next|this|coming|upcoming|last|past|previous|following|whole|entire|current|rest of the"
    r"|rest of this|remainder of the|end of the|end of this|end of) "
    r"|(?:for |during |of )the |the |all )?)"
)

Rule = Callable[[re.Match[str], date], Days | None]
_RULES: list[tuple[re.Pattern[str], Rule]] = []
_VERBS = ("may", "march", "mar")
_BEFORE_MONTH = re.compile(r"(?<!\S)(?:in|next|this|last|of|by|for|until) $")
_ONE = timedelta(days=1)
_BESIDE = re.compile(
    r"(?<!\S)(?:on )?(?:the )?(?:(?P<number>\d{1,2}|an?) )?(?P<unit>days?|weeks?) "
    r"(?P<way>before|after) $"
)
_RELATIVE = {
    "today": 0, "tomorrow": 1, "yesterday": -1, "next day": 1,
    "this day": 0,
    "day after tomorrow": 2, "day before yesterday": -2,
}  # fmt: skip


def find_days(reading: str, today: date) -> Iterator[tuple[int, int, Days]]:
    """Yield the dates in *reading* with their places; earlier rules first, never overlapping."""
    for pattern, rule in _RULES:
        for match in pattern.finditer(reading):
            found = _try(rule, match, today)
            if found is not None:
                start, found = _beside(reading, match.start(), found)
                reading = blank(reading, start, match.end())
                yield start, match.end(), found


def _beside(reading: str, start: int, days: Days) -> tuple[int, Days]:
    """Take in what leads to *days* at *start* ("2 days before"); return where all begins."""
    lead = _BESIDE.search(reading[:start])
    if lead is None or days.grain is not Grain.DAY:
        return start, days
    number = int(lead["number"]) if (lead["number"] or "").isdigit() else 1
    step = number * (7 if lead["unit"].startswith("week") else 1) * _ONE
    first = days.first - step if lead["way"] == "before" else days.stop - _ONE + step
    return lead.start(), _day(first)


def weekday(words: str) -> int:
    """Return the day of the week, Monday 0, of a match of ``WEEKDAY``."""
    return next(day for day, name in enumerate(_WEEKDAYS) if re.fullmatch(name, words))


def month(words: str) -> int:
    """Return the month, January 1, of a match of ``MONTH``."""
    return next(at for at, name in enumerate(_MONTHS, 1) if re.fullmatch(name, words))


def ordinal(words: str) -> int:
    """Return the value of a match of ``ORDINAL``, or of a plain number."""
    if words == "twelveth":
        return 12
    return sum(2 if word == "second" else int(word.rstrip("stndrh")) for word in words.split())


def _try(rule: Rule, match: re.Match[str], today: date) -> Days | None:
    """Apply *rule*; days that no calendar has (February 30) are no dates."""
    try:
        return rule(match, today)
    except (ValueError, OverflowError):
        return None


def _rule(expression: str) -> Callable[[Rule], Rule]:
    def add(rule: Rule) -> Rule:
        _RULES.append((grammar(expression), rule))
        return rule

    return add


def _day(day: date) -> Days:
    return Days(day, day + _ONE)


def _year(words: str) -> int:
    return int(words.replace(" ", "").removesuffix("th"))


def _upcoming(today: date, month_: int, day: int, year: str | None) -> Days:
    if year:
        return _day(date(_year(year), month_, day))
    for candidate in range(today.year, today.year + 9):
        if (month_, day) == (2, 29) and candidate % 4:
            continue
        if date(candidate, month_, day) >= today:
            return _day(date(candidate, month_, day))
    raise ValueError("no such day")


def _shifted_month(which: str, today: date) -> date:
    step = relativedelta(months=_step(which))
    return today.replace(day=1) + step


def _step(which: str) -> int:
    """Return 1 for the next, -1 for the last, 0 for this one."""
    if any(word in which for word in ("next", "following", "coming")):
        return 1
    return -1 if any(word in which for word in ("last", "past", "previous")) else 0


@_rule(r"(?P<year>(?:19|20|21)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
def _iso(match: re.Match[str], today: date) -> Days:
    return _day(date(int(match["year"]), int(match["month"]), int(match["day"])))


@_rule(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?! \S*(?:hour|minute))")
def _slashes(match: re.Match[str], today: date) -> Days:
    year = match["year"]
    full = f"20{year}" if year and len(year) == 2 else year
    return _upcoming(today, int(match["month"]), int(match["day"]), full)


@_rule(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})?")
def _dots(match: re.Match[str], today: date) -> Days:
    return _upcoming(today, int(match["month"]), int(match["day"]), match["year"])


@_rule(
    rf"(?:the )?(?P<nth>{ORDINAL}|last) (?P<weekday>{WEEKDAY}) (?:of|in) "
    rf"(?:the month|(?P<which>the |this |next )month|(?P<month>{MONTH}))"
    rf"(?: (?:of )?(?P<year>{YEAR}|this year))?"
)
def _nth_weekday(match: re.Match[str], today: date) -> Days:
    nth = -1 if match["nth"] == "last" else ordinal(match["nth"])
    if match["month"]:
        named = match["year"] and match["year"] != "this year"
        year = _year(match["year"]) if named else today.year
        day = nth_weekday(year, month(match["month"]), weekday(match["weekday"]), nth)
        if day < today and not match["year"]:
            day = nth_weekday(year + 1, day.month, day.weekday(), nth)
        return _day(day)
    first = _shifted_month(match["which"] or "", today)
    day = nth_weekday(first.year, first.month, weekday(match["weekday"]), nth)
    if day < today and not match["which"]:
        first += relativedelta(months=1)
        day = nth_weekday(first.year, first.month, day.weekday(), nth)
    return _day(day)


@_rule(
    rf"(?:the )?(?P<day>{_DAY}) (?:day )?(?:of )?(?P<month>{MONTH})(?: (?:of )?(?P<year>{YEAR}))?"
)
def _day_month(match: re.Match[str], today: date) -> Days:
    return _upcoming(today, month(match["month"]), ordinal(match["day"]), match["year"])


@_rule(rf"(?P<month>{MONTH}) (?:the )?(?P<day>{_DAY})(?!:)(?: (?:of )?(?P<year>{YEAR}))?")
def _month_day(match: re.Match[str], today: date) -> Days:
    return _upcoming(today, month(match["month"]), ordinal(match["day"]), match["year"])


@_rule(rf"(?:the )?(?P<day>{ORDINAL}|1st day) (?:of )?(?P<which>the|this|next) month")
def _day_of_month(match: re.Match[str], today: date) -> Days:
    day = ordinal(match["day"].removesuffix(" day"))
    first = _shifted_month(match["which"], today)
    return _day(first.replace(day=day))


@_rule(r"(?:the )?end of (?P<which>the |this |next )?(?P<unit>month|year)")
def _end_of(match: re.Match[str], today: date) -> Days:
    step = _step(match["which"] or "") + 1
    if match["unit"] == "year":
        return _day(date(today.year + step, 1, 1) - _ONE)
    return _day(today.replace(day=1) + relativedelta(months=step) - _ONE)


for _name, _in_year in HOLIDAYS.items():

    def _holiday(
        match: re.Match[str], today: date, in_year: Callable[[int], date] = _in_year
    ) -> Days:
        if year := match["year"]:
            return _day(in_year(_year(year)))
        day = in_year(today.year)
        coming = day if day >= today else in_year(today.year + 1)
        which = match["which"] or match["when"] or ""
        if _step(which) < 0:
            return _day(in_year(coming.year - 1 if match["which"] else today.year - 1))
        return _day(in_year(today.year + _step(which)) if match["when"] else coming)

    _rule(
        rf"(?:(?P<which>last|previous) )?(?:{_name})"
        rf"(?: (?:(?:of |in )?(?P<year>{YEAR})|(?P<when>(?:last|this|next) year)))?"
    )(_holiday)


@_rule(
    rf"(?:week (?:from|on) (?P<later>{WEEKDAY})|(?P<week>next|this|last) weeks? (?:on )?"
    rf"(?P<in_week>{WEEKDAY})|(?P<name>{WEEKDAY}) (?P<suffix>(?:of )?(?:next|this|last) week))"
)
def _weekday_of_week(match: re.Match[str], today: date) -> Days:
    if match["later"]:
        return _day(_coming(today, weekday(match["later"])) + 7 * _ONE)
    monday = today - today.weekday() * _ONE + 7 * _step(match["week"] or match["suffix"]) * _ONE
    return _day(monday + weekday(match["in_week"] or match["name"]) * _ONE)


@_rule(rf"(?P<number>\d{{1,2}}) (?P<name>{WEEKDAY}) (?:from (?:now|today)|hence|ahead)")
def _weekdays_ahead(match: re.Match[str], today: date) -> Days:
    weeks = max(int(match["number"]), 1) - 1
    return _day(_coming(today, weekday(match["name"])) + 7 * weeks * _ONE)


@_rule(
    rf"(?:on )?(?:the )?(?P<which>next|this|coming|upcoming|last|past|previous|following)? ?"
    rf"(?P<name>{WEEKDAY})"
)
def _weekday(match: re.Match[str], today: date) -> Days | None:
    which, day = match["which"] or "", weekday(match["name"])
    if not which and match["name"] in ("sun", "sat", "mon", "wed", "fri", "thu"):
        return _bare(today, day) if match.group().startswith("on ") else None
    monday = today - today.weekday() * _ONE
    if which == "next":
        return _day(monday + (7 + day) * _ONE)
    if _step(which) < 0:
        return _day(today - ((today.weekday() - day - 1) % 7 + 1) * _ONE)
    if which == "this" and monday + day * _ONE >= today:
        return _day(monday + day * _ONE)
    return _bare(today, day) if not which else _day(_coming(today, day))


def _bare(today: date, day: int) -> Days:
    """Return a weekday of which nothing else is said."""
    coming = _coming(today, day)
    return Days(coming, coming + _ONE, or_today=day == today.weekday())


def _coming(today: date, day: int) -> date:
    """Return the next *day* of the week after *today*."""
    return today + ((day - today.weekday() - 1) % 7 + 1) * _ONE


@_rule(rf"{_WHICH}weekends?(?P<after> after next)?")
def _weekend(match: re.Match[str], today: date) -> Days:
    step = _step(match["which"]) if match["which"].split()[-1:] != ["coming"] else 0
    saturday = today + ((5 - today.weekday()) * _ONE if today.weekday() < 6 else -_ONE)
    saturday += 7 * (step + 2 * bool(match["after"])) * _ONE
    return Days(saturday, saturday + 2 * _ONE, Grain.DAY)


@_rule(rf"{_WHICH}(?P<unit>weeks?|months?|years?)")
def _period(match: re.Match[str], today: date) -> Days | None:
    which, unit = match["which"].strip(), match["unit"].rstrip("s")
    if which in ("", "the", "all") and match.span() != (0, len(match.string)):
        return None
    first = _first_of(unit, today)
    step = relativedelta(**{f"{unit}s": 1})  # pyright: ignore[reportArgumentType] # unit by name
    first += step * _step(which)
    start = today if "rest of" in which or "remainder" in which else first
    return Days(start, first + step, Grain(unit))


def _first_of(unit: str, today: date) -> date:
    if unit == "week":
        return today - today.weekday() * _ONE
    return today.replace(day=1) if unit == "month" else today.replace(month=1, day=1)


@_rule(
    r"(?:the )?(?:earlier )?(?P<name>day after tomorrow|day before yesterday|next day|this day"
    r"|today|tomorrow|yesterday)s?|last(?= (?:night|evening))"
)
def _relative(match: re.Match[str], today: date) -> Days:
    return _day(today + _RELATIVE[match["name"] or "yesterday"] * _ONE)


def _is_month(match: re.Match[str]) -> bool:
    """Tell the month from the verb: "in may", "march" alone, but not "may i"."""
    if match.span() == (0, len(match.string)):
        return True
    return bool(_BEFORE_MONTH.search(match.string[: match.start()]))


@_rule(rf"(?<!\d )(?P<month>{MONTH})(?: (?:of )?(?P<year>{YEAR}))?(?! {_DAY}(?!\S))")
def _month(match: re.Match[str], today: date) -> Days | None:
    if match["month"] in _VERBS and not match["year"] and not _is_month(match):
        return None
    number = month(match["month"])
    year = _year(match["year"]) if match["year"] else today.year + (number < today.month)
    first = date(year, number, 1)
    return Days(first, first + relativedelta(months=1), Grain.MONTH)


@_rule(
    rf"(?:on )?the (?P<day>{ORDINAL})(?=$| (?:at|on|of|in|from|to|and|till|until|for|by|is|or|-|_+)"
    rf"(?!\S))|^(?P<alone>{ORDINAL})$|(?:from|to|until|till|by|on) (?P<bare>{ORDINAL})(?=$| _)"
)
def _day_alone(match: re.Match[str], today: date) -> Days | None:
    day = ordinal(match["day"] or match["alone"] or match["bare"])
    first = today.replace(day=1)
    for later in range(12):
        start = first + relativedelta(months=later)
        last = (start + relativedelta(months=1) - _ONE).day
        if 1 <= day <= last and start.replace(day=day) >= today:
            return _day(start.replace(day=day))
    return None


@_rule(rf"(?:in |of |the year )?(?P<year>{YEAR})")
def _year_alone(match: re.Match[str], today: date) -> Days | None:
    if match.span() != (0, len(match.string)) and match.group() == match["year"]:
        return None
    first = date(_year(match["year"]), 1, 1)
    return Days(first, date(first.year + 1, 1, 1), Grain.YEAR)
