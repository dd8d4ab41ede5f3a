"""Until when something is good: the words on labels in seven languages, and the dates after them.

After such a word things are dates that elsewhere would be prices or numbers: 03/27, 12 03 27,
20270312, "12 DIC 27".
"""

import re
import tomllib
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, cast

ENGLISH = "en"
_GAP = r"[\s:.-]{0,3}"
_MONTH = re.compile(_GAP + r"((\d{1,2})\s?[./-]\s?((?:20)?\d\d))(?![\d%]|\s?[./-]\s?\d)")
"""A month and a year in numbers."""
_YEAR_MONTH = re.compile(_GAP + r"((20\d\d)\s?[./-]\s?(\d{1,2}))(?![\d%]|\s?[./-]\s?\d)")
_SPACED = re.compile(_GAP + r"((\d\d) (\d\d) ((?:20)?\d\d))(?![\d%])")
_SPACED_MONTH = re.compile(_GAP + r"((\d\d) ((?:20)?\d\d))(?![\d%]|[.,:/-]\d)")
_COMPACT = re.compile(_GAP + r"(\d{8}|\d{6})(?!\d)")
_PRICE = r"[\s.:-]*\d{1,7}[.,]\d\d(?![\d.])"
_PLAUSIBLE = range(2020, 2050)
"""Years of a date without separators."""
_LONG_NAME = 4
"""Letters of a month's name that is one anywhere, with a day before and a whole year after it."""

Dated: TypeAlias = tuple[int, int, date | None]
"""First and last character, and the day; ``None`` where it can be read in two ways."""


@cache
def _words() -> Mapping[str, Any]:
    path = Path(__file__).with_name("labels.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Return *text* without accents; its length never changes."""
    if text.isascii():
        return text
    return "".join(map(_base, text))


def phrases(names: Sequence[str]) -> re.Pattern[str]:
    """Compile *names* to be found as whole words, the longest first, dots and spaces aside."""
    return re.compile(rf"(?<![A-Za-z])(?:{_any_of(names)})(?![A-Za-z])", re.IGNORECASE)


@cache
def expiring() -> re.Pattern[str]:
    """Return what is printed before a date of expiry, for :func:`plain` text."""
    words = dict(_words()["expiry"])
    between = _any_of(words.pop("between"))
    money = _any_of(words.pop("money"))
    names = [name for some in words.values() for name in some]
    return re.compile(
        rf"(?<![A-Za-z])(?:{_any_of(names)}|(?:{money})(?!{_PRICE}))"
        rf"(?:[\s.:-]{{1,3}}(?:{between}))?(?![A-Za-z])",
        re.IGNORECASE,
    )


@cache
def making() -> re.Pattern[str]:
    """Return what is printed before the date of the making, for :func:`plain` text."""
    return phrases(_words()["made"]["words"])


def is_abroad(text: str) -> bool:
    """Whether *text* has a word of expiry in a language whose people write the day first."""
    found = expiring().search(plain(text))
    return found is not None and _english().match(plain(text), found.start()) is None


def dates_after_expiry(text: str, begins: Sequence[int]) -> Iterator[Dated]:
    """Yield short dates in *text* that follow a word of expiry, or begin at one of *begins*.

    The value of 12/03 stays open: it may be a day of some year.
    """
    bare = plain(text)
    for begin in [*begins, *(said.end() for said in expiring().finditer(bare))]:
        found = next(filter(None, (one(bare, begin) for one in _FORMS)), None)
        if found:
            yield found


def dates_abroad(text: str) -> Iterator[Dated]:
    """Yield dates with the name of a month in another language: "12. März 2027"."""
    for found in _day_of_month().finditer(plain(text)):
        if value := day_of(int(found[3]), _month_number(found[2]), int(found[1])):
            yield *found.span(), value


def day_of(year: int, month: int, day: int) -> date | None:
    """Return that day; ``None`` where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_of(year: int, month: int) -> date | None:
    """Return the last day of a *month*."""
    return day_of(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _named(text: str, begin: int) -> Dated | None:
    """Return a date with the name of a month: 12 DIC 27, MRZ 2027, and 24 DEC without a year."""
    if found := _named_forms().match(text, begin):
        parts = found.groupdict()
        month, year = _month_number(parts["name"]), int(parts["year"])
        year += 2000 if year < 100 else 0
        day = parts["day"]
        value = day_of(year, month, int(day)) if day else last_of(year, month)
        return (*found.span(1), value) if value else None
    if found := _day_and_name().match(text, begin):
        return *found.span(1), None
    return None


def _year_and_month(text: str, begin: int) -> Dated | None:
    found = _YEAR_MONTH.match(text, begin)
    value = last_of(int(found[2]), int(found[3])) if found else None
    return (*found.span(1), value) if found and value else None


def _spaced(text: str, begin: int) -> Dated | None:
    """Return a date whose numbers stand apart: 12 03 27."""
    found = _SPACED.match(text, begin)
    value = day_of(_whole(found[4]), int(found[3]), int(found[2])) if found else None
    return (*found.span(1), value) if found and value else None


def _month_and_year(text: str, begin: int) -> Dated | None:
    found = _MONTH.match(text, begin) or _SPACED_MONTH.match(text, begin)
    if not found:
        return None
    one, other = int(found[2]), int(found[3])
    may_be_days = min(one, other) in range(1, 13) and max(one, other) <= 31 and other <= 12
    value = last_of(_whole(found[3]), one)
    if may_be_days:
        return *found.span(1), None
    return (*found.span(1), value) if value else None


def _compact(text: str, begin: int) -> Dated | None:
    """Return a date without separators: 20270312, 120327, 032027; open where it may be several."""
    found = _COMPACT.match(text, begin)
    if not found:
        return None
    told = found[1]
    ways = _compact_ways(told)
    able = {one for one in ways if one and one.year in _PLAUSIBLE}
    return (*found.span(1), able.pop() if len(able) == 1 else None) if able else None


def _compact_ways(told: str) -> Iterator[date | None]:
    if len(told) == len("20270312"):
        yield day_of(int(told[:4]), int(told[4:6]), int(told[6:]))
        yield day_of(int(told[4:]), int(told[2:4]), int(told[:2]))
        return
    yield day_of(_whole(told[4:]), int(told[2:4]), int(told[:2]))
    yield day_of(_whole(told[:2]), int(told[2:4]), int(told[4:]))
    if told[2:4] == "20":
        yield last_of(int(told[2:]), int(told[:2]))


_FORMS = (_named, _year_and_month, _spaced, _month_and_year, _compact)


def _whole(year: str) -> int:
    return int(year) + (2000 if int(year) < 100 else 0)


@cache
def _english() -> re.Pattern[str]:
    return phrases(_words()["expiry"][ENGLISH])


@cache
def _numbers() -> Mapping[str, int]:
    """Return the months by their names, whole and short, in every language."""
    told = cast("Mapping[str, list[str]]", _words()["months"])
    english = (
        "january february march april may june july august september october november december"
    )
    found = {name: int(month) for month, names in told.items() for name in names}
    for month, name in enumerate(english.split(), 1):
        found |= {name: month, name[:3]: month}
    return found


def _month_number(name: str) -> int:
    return _numbers()[name.lower()]


def _names(least: int = 1) -> str:
    return _any_of([one for one in _numbers() if len(one) >= least])


@cache
def _named_forms() -> re.Pattern[str]:
    day, year = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er)?", r"(?P<year>20\d\d|\d\d)(?![\d%])"
    gap = r"[\s./'-]{0,3}"
    name = rf"(?P<name>{_names()})(?![A-Za-z])"
    return re.compile(rf"{_GAP}((?:{day}{gap})?{name}{gap}(?:de{gap})?{year})", re.IGNORECASE)


@cache
def _day_and_name() -> re.Pattern[str]:
    """Return a pattern for a day and a month, either first, without a year."""
    day, name = r"[0-3]?\d(?:st|nd|rd|th)?(?!\d)", rf"(?:{_names()})(?![A-Za-z])"
    ways = rf"{day}[\s.-]{{0,2}}{name}|{name}[\s.-]{{0,2}}{day}"
    return re.compile(rf"{_GAP}({ways})", re.IGNORECASE)


@cache
def _day_of_month() -> re.Pattern[str]:
    gap = r"[\s.]{1,2}(?:de\s)?"
    return re.compile(
        rf"(?<![A-Za-z\d.,/-])([0-3]?\d)(?:er)?{gap}({_names(_LONG_NAME)}){gap}(20\d\d)(?!\d)",
        re.IGNORECASE,
    )


def _any_of(names: Sequence[str]) -> str:
    ordered = sorted(set(names), key=len, reverse=True)
    return "|".join(r"[\s.:-]*".join(map(re.escape, name.split())) for name in ordered)


_ALIKE = {
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "\N{LATIN SMALL LETTER LONG S}": "s",
}
"""Letters that have no accent to lose; patterns that ignore case take the last two for others."""


def _base(letter: str) -> str:
    return _ALIKE.get(letter) or unicodedata.normalize("NFD", letter)[0]
