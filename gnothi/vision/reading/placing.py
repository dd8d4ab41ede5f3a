"""Where on a page it belongs what somebody says is written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from rapidfuzz import fuzz

from gnothi.core.acting import Act
from gnothi.core.errors import InputError
from gnothi.core.seeing import WrittenLine
from gnothi.text.moments import parse_moment
from gnothi.text.numbers import find_numbers
from gnothi.vision.reading.answers import Gist
from gnothi.vision.reading.findings import Finding, Sort, findings
from gnothi.vision.reading.order import Page, Row

LIKE = 55.0
"""Likeness, from 0 to 100, from which on some words of a page may be meant."""
_DIGITS_LIKE = 60.0
"""The same of two numbers, one of which was read as the other."""
_EDGES = " .,;:!?\"'“”"
_DECIMAL = re.compile(r"(?<![\d.,:/])(\d{1,3}(?:[ ,.']\d{3})+|\d+)[.,](\d{1,2})(?![.,:/]?\d)")
_THOUSANDS = re.compile(r"(?<![\d.,:/])\d{1,3}(?:[.,']\d{3})+(?![.,:/]?\d)")
_ENDLESS = re.compile(r"\d{8}")
_CENTS = 100
_MOST = 10_000_000
"""An amount is less: pages have no more than seven digits before the cents."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a page, and what is written there."""

    line: int
    """Number of it among :attr:`gnothi.vision.reading.order.Page.lines`."""
    text: str
    """The whole line as it is written."""


def answered(
    page: Page, told: Gist, wanted: str, text: str, *, now: datetime, day_first: bool
) -> Place | Act:
    """Return where *text* belongs, of which somebody says that it is what is *wanted* of *page*.

    *told* is what was taken for it. An act says why it belongs nowhere.
    """
    if wanted == "title":
        return place_of(page, text)
    sort, read = _SORTS[wanted]
    own = {"total": told.total, "expiry": told.expiry}
    found = own[wanted] if wanted in own else next(iter(told.of(sort)), None)
    value = read(text, now, day_first)
    if value is None:
        return Act("sight-put-right-what")
    if found is None:
        return Act("sight-put-right-nowhere")
    new = _written(value, found, day_first=day_first)
    if (found.value or found.text) == value:
        return Act("sight-put-right-same", {"text": found.text})
    if fuzz.ratio(_plain(found.text), _plain(new)) < _DIGITS_LIKE:
        others = [one for one in told.of(sort) if one.value == value and one.row != found.row]
        if others:
            return Act("sight-put-right-elsewhere", {"text": page.rows[others[0].row].text})
    return _replaced(page, found.row, found.start, found.start + len(found.text), new)


def place_of(page: Page, text: str) -> Place | Act:
    """Return where the words of *text* belong: in the place of those that are most like them."""
    words = text.strip(_EDGES).split()
    if not words or not page.rows:
        return Act("sight-put-right-what" if page.rows else "sight-put-right-nowhere")
    best: tuple[float, int, int, int] = (0.0, 0, 0, 0)
    for at, line in enumerate(page.lines):
        own = line.text.split()
        for count in range(max(1, len(words) - 1), len(words) + 2):
            for start in range(len(own) - count + 1):
                some = " ".join(own[start : start + count])
                likeness = fuzz.ratio(_plain(some), _plain(" ".join(words)))
                best = max(best, (likeness, -at, -start, -count))
    likeness, at, start, count = best[0], *(-one for one in best[1:])
    if likeness < LIKE:
        return Act("sight-put-right-nowhere")
    own = page.lines[at].text.split()
    before = " ".join(own[start : start + count])
    new = _cased(" ".join(words), before)
    if new == before:
        return Act("sight-put-right-same", {"text": before})
    return Place(at, " ".join([*own[:start], new, *own[start + count :]]))


def amount_said(text: str) -> Decimal | None:
    """Return the amount in *text*: 23.90, "23 euros 90", "twenty-three ninety"; 23,9 is 23.90.

    ``None`` where there is none, or one that no page has.
    """
    if _ENDLESS.search(text):
        return None
    if found := _DECIMAL.search(text):
        return _plausible(Decimal(re.sub(r"\D", "", found[1]) + "." + found[2]))
    if found := _THOUSANDS.search(text):
        return _plausible(Decimal(re.sub(r"\D", "", found[0])))
    numbers = [one.value for one in find_numbers(text) if not one.ordinal]
    if not numbers or len(numbers) > 2 or any(one < 0 for one in numbers):
        return None
    if len(numbers) == 1:
        return _plausible(Decimal(str(numbers[0])))
    whole, cents = numbers
    if whole != int(whole) or cents != int(cents) or cents >= _CENTS:
        return None
    return _plausible(Decimal(f"{int(whole)}.{int(cents):02}"))


def _plausible(value: Decimal) -> Decimal | None:
    return value.quantize(Decimal("0.01")) if value < _MOST else None


def date_said(text: str, now: datetime, *, day_first: bool) -> date | None:
    """Return the day in *text*; of a month alone the last one."""
    page = Page((Row((WrittenLine(f"exp {text}", np.zeros((4, 2)), 1.0),), 1.0),))
    for one in findings(page, day_first=day_first):
        if one.sort is Sort.DATE and isinstance(one.value, date):
            return one.value
    moment = parse_moment(text, now)
    return moment.when.date() if moment and moment.date_known else None


def _written(value: Decimal | date | str, found: Finding, *, day_first: bool) -> str:
    """Return *value* in the way in which what was *found* is written."""
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", "," if re.search(r",\s?\d\d$", found.text) else ".")
    if isinstance(value, str):
        return value
    parts = re.fullmatch(r"(\d{1,4})(\s?[./-]\s?)(\d{1,2})\2(\d{1,4})", found.text)
    if not parts:
        return value.isoformat()
    first, mark, _, last = parts.groups()
    year = f"{value:%Y}" if max(len(first), len(last)) == len("2027") else f"{value:%y}"
    day, month = f"{value:%d}", f"{value:%m}"
    if len(first) == len("2027"):
        return mark.join((year, month, day))
    return mark.join((day, month, year) if day_first or mark == "." else (month, day, year))


def _replaced(page: Page, row: int, start: int, end: int, new: str) -> Place:
    """Return the line in which the characters from *start* to *end* of a *row* become *new*."""
    at = sum(len(one.lines) for one in page.rows[:row])
    for line in page.rows[row].lines:
        if start <= len(line.text):
            return Place(at, line.text[:start] + new + line.text[min(end, len(line.text)) :])
        start, end, at = start - len(line.text) - 1, end - len(line.text) - 1, at + 1
    raise InputError("There is no such place on that page.")


def _amount(text: str, now: datetime, day_first: bool) -> Decimal | None:
    return amount_said(text)


def _day(text: str, now: datetime, day_first: bool) -> date | None:
    return date_said(text, now, day_first=day_first)


def _phone(text: str, now: datetime, day_first: bool) -> str | None:
    digits = re.sub(r"[^\d+()/ .-]", "", text).strip(_EDGES)
    return digits if any(map(str.isdigit, digits)) else None


def _email(text: str, now: datetime, day_first: bool) -> str | None:
    spoken = re.sub(r"\s+dot\s+", ".", re.sub(r"\s+at\s+", "@", text.strip(_EDGES)))
    return spoken.replace(" ", "") if "@" in spoken else None


_Reads: TypeAlias = Callable[[str, datetime, bool], Decimal | date | str | None]
_SORTS: Mapping[str, tuple[Sort, _Reads]] = {
    "total": (Sort.AMOUNT, _amount),
    "expiry": (Sort.DATE, _day),
    "date": (Sort.DATE, _day),
    "phone": (Sort.PHONE, _phone),
    "email": (Sort.EMAIL, _email),
}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _cased(said: str, read: str) -> str:
    """Return what was *said* in capitals where they were *read*; who writes capitals means them."""
    if not said.islower():
        return said
    return said.upper() if read.isupper() else said.title() if read.istitle() else said
