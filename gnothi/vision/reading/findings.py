"""What stands out in what is written: dates, amounts, e-mail addresses, telephone numbers.

Readers take an O for a nought and put spaces where none are; the patterns bear that in numbers.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias, cast

from gnothi.vision.reading.labels import (
    dates_abroad,
    dates_after_expiry,
    day_of,
    expiring,
    is_abroad,
    last_of,
    phrases,
    plain,
)
from gnothi.vision.reading.order import Page


class Sort(StrEnum):
    """What kind of thing was found."""

    DATE = "date"
    AMOUNT = "amount"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that stands out, and in which row."""

    sort: Sort
    text: str
    """As it is written."""
    row: int
    start: int
    """First of its characters in the row."""
    value: date | Decimal | None = None
    """Of an amount and of a date; ``None`` for a date that can be read in two ways.

    Of a month alone it is the last day: what is good until March is good on the 31st.
    """

    @property
    def is_month(self) -> bool:
        """Whether it is a date that tells no day."""
        parts = re.findall(r"\d+|[^\W\d_]+", mended(self.text))
        return isinstance(self.value, date) and len(parts) == 2


_Found: TypeAlias = Iterator[tuple[Sort, int, int, date | Decimal | None]]

_EMAIL = re.compile(
    r"[\w+-][\w.+-]{0,63} ?@ ?(?:[\w-]{1,63}(?:\.[\w-]{2,24}){0,3}\.[A-Za-z][\w-]{1,23}"
    r"|[\w-]{1,63} ?\. ?(?:[a-z]{2,24}|[A-Z]{2,24})(?:\.[A-Za-z]{2,24})*(?![\w]))"
)
"""A space about a dot is the reader's only where there is no dot without."""
_END = r"(?:(?=\d\d:\d\d)|(?!\d|[.,]\d(?!\d?:\d\d)|:\d\d(?![:\d])))"
"""No decimals follow; a time may, even without a space."""
_NUMERIC = re.compile(
    r"(?<![\d./-])(\d{1,2})\s?(?P<mark>[./-])\s?(\d{1,2})\s?(?P=mark)\s?((?:19|20)\d\d|\d\d)" + _END
)
_ISO = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?(?P<mark>[./-])\s?(\d{1,2})\s?(?P=mark)\s?(\d{1,2})" + _END
)
_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d[\d ()/.-]{5,18}\d(?![\w.,]\d)")
LONGEST = 500
"""Characters of a row that are looked at."""
_LETTERS_FOR_DIGITS = str.maketrans("OoQDIl|", "0000111")
_NUMBERLIKE = re.compile(r"(?<![A-Za-z])[\dOoQDIl|]*\d[\dOoQDIl|.,/-]*(?![A-Za-z])")


@cache
def words(language: str = "en") -> Mapping[str, Any]:
    """Return what is printed beside things, by name."""
    path = Path(__file__).with_name(f"{language}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def findings(page: Page, *, day_first: bool | None = None) -> tuple[Finding, ...]:
    """Return what stands out on *page*, in the order of reading.

    *day_first* says how 03/04/2027 is read; without, its value stays open. Beside a word of expiry
    that is not English the day comes first.
    """
    found: list[Finding] = []
    is_expiry = abroad = False
    for at, row in enumerate(page.rows):
        text = row.text[:LONGEST]
        abroad = is_abroad(text) or (abroad and is_expiry)
        first = True if abroad else day_first
        found += _of_row(text, at, first, is_expiry=is_expiry)
        is_expiry = _ends_with_expiry(text)
    return tuple(found)


def _ends_with_expiry(text: str) -> bool:
    """Whether the last word of *text* is one of expiry: its date may be in the next row."""
    said = list(expiring().finditer(plain(text[:LONGEST])))
    return bool(said) and not text[said[-1].end() : LONGEST].strip(" :.-")


def mended(text: str) -> str:
    """Return *text* with digits for the letters that readers take for them within numbers."""
    return _NUMBERLIKE.sub(lambda found: found.group().translate(_LETTERS_FOR_DIGITS), text)


def _of_row(text: str, row: int, day_first: bool | None, *, is_expiry: bool) -> Iterator[Finding]:
    """Yield what stands out in a row; what was taken for one thing is no other.

    *is_expiry* says that the row above ended with a word of expiry.
    """
    left = mended(text[:LONGEST])
    finders: tuple[Callable[[str], _Found], ...] = (
        _emails,
        partial(_dates, day_first=day_first, is_expiry=is_expiry),
        _amounts,
        _phones,
    )
    found: list[tuple[Sort, int, int, date | Decimal | None]] = []
    for finder in finders:
        new = list(finder(left))
        for _, start, end, _ in new:
            left = f"{left[:start]}{'_' * (end - start)}{left[end:]}"
        found += new
    for sort, start, end, value in sorted(found, key=lambda one: one[1]):
        yield Finding(sort, text[start:end].strip(), row, start, value)


def _emails(text: str) -> _Found:
    for found in _EMAIL.finditer(text):
        yield Sort.EMAIL, *found.span(), None


def _dates(text: str, day_first: bool | None, *, is_expiry: bool) -> _Found:
    taken: list[tuple[int, int]] = []
    for found in _ISO.finditer(text):
        year, month, day = (int(found[at]) for at in (1, 3, 4))
        if value := day_of(year, month, day):
            taken.append(found.span())
            yield Sort.DATE, *found.span(), value
    for found in _NUMERIC.finditer(text):
        if ways := _numeric(found, day_first):
            taken.append(found.span())
            yield Sort.DATE, *found.span(), ways[0] if len(ways) == 1 else None
    for found in _named().finditer(plain(text)):
        if value := _by_name(found):
            taken.append(found.span())
            yield Sort.DATE, *found.span(), value
    short = dates_after_expiry(text, [0] if is_expiry else [])
    for start, end, value in (*dates_abroad(text), *short):
        if all(end <= first or last <= start for first, last in taken):
            taken.append((start, end))
            yield Sort.DATE, start, end, value


def _numeric(found: re.Match[str], day_first: bool | None) -> list[date]:
    """Return the dates that two numbers and a year may mean."""
    one, other, year = (int(found[at]) for at in (1, 3, 4))
    year += 2000 if year < 100 else 0
    ways = {True: day_of(year, other, one), False: day_of(year, one, other)}
    able = {way for way in ways.values() if way and 1950 < year < 2100}
    if len(able) == 2 and day_first is not None:
        able = {way for first, way in ways.items() if way and first is day_first}
    return sorted(able)


@cache
def _month_name() -> str:
    """Return a pattern for the names of months, whole and short."""
    names = cast("list[str]", words()["months"])
    return rf"(?:{'|'.join(rf'{one[:3]}(?:{one[3:]})?' for one in names)}|sept)(?![A-Za-z])"


@cache
def _named() -> re.Pattern[str]:
    name = rf"(?P<{{}}>{_month_name()})"
    day, year = r"(?P<{}>[0-3]?\d)(?:st|nd|rd|th)?", r"(?P<{}>(?:19|20)\d\d|\d\d)"
    gap, some = r"[\s.,/'-]{0,3}", r"[\s.,/'-]{1,3}"
    no_price = r"(?!\d+[.,]\d\d(?!\d))"
    forms = (
        gap.join((day.format("d1"), name.format("m1"), year.format("y1"))),
        rf"{name.format('m2')}{gap}{no_price}{day.format('d2')}{some}{year.format('y2')}",
        gap.join((name.format("m3"), r"(?P<y3>(?:19|20)\d\d)")),
    )
    return re.compile(rf"(?<![A-Za-z\d])(?:{'|'.join(forms)}){_END}", re.IGNORECASE)


def _by_name(found: re.Match[str]) -> date | None:
    parts = {key[0]: value for key, value in found.groupdict().items() if value}
    year = int(parts["y"])
    short = [one[:3] for one in cast("list[str]", words()["months"])]
    month = short.index(parts["m"][:3].lower()) + 1
    year += 2000 if year < 100 else 0
    return day_of(year, month, int(parts["d"])) if "d" in parts else last_of(year, month)


@cache
def _amount() -> re.Pattern[str]:
    """Return a pattern for amounts: 1,234.50 and 1.234,50, and 1 234.50 after a currency."""
    signs = [(r"\b" if one.isalpha() else "") + re.escape(one) for one in words()["money"]]
    alone = "|".join(rf"(?<={sign}{gap})" for sign in signs for gap in ("", " "))
    return re.compile(
        r"(?<![\d.,/:-])(?P<minus>(?<!\d )-\s?)?"
        rf"(?P<whole>(?:^|{alone})\d{{1,3}}(?: \d{{3}})+|\d{{1,3}}(?:,\d{{3}})+"
        r"|\d{1,3}(?:\.\d{3})+(?=\s?,)|\d{1,7})"
        r"\s?[.,]\s?(?P<cents>\d{2})(?![\d%]|\s?%|[.,/-]\d)",
        re.IGNORECASE,
    )


def _amounts(text: str) -> _Found:
    for found in _amount().finditer(text):
        whole = re.sub(r"[ ,.]", "", found["whole"])
        value = Decimal(f"{'-' if found['minus'] else ''}{whole}.{found['cents']}")
        start = found.start("whole") if found["minus"] is None else found.start()
        yield Sort.AMOUNT, start, found.end(), value


def _phones(text: str) -> _Found:
    """Yield numbers that are announced as such, or that are written as only those are."""
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        before = text[: found.start()]
        said = list(_telling().finditer(before))
        near = bool(said) and len(before) - said[-1].end() < 25
        faxes = near and bool(_faxing().fullmatch(said[-1].group()))
        grouped = re.fullmatch(r"\+\d[\d ()/.-]+|\(?0\d{1,4}\)?[ /-]\d[\d -]{4,}", found.group())
        if 7 <= len(digits) <= 15 and not faxes and (near or grouped):
            yield Sort.PHONE, *found.span(), None


@cache
def _telling() -> re.Pattern[str]:
    return phrases([*words()["phone"], *words()["fax"]])


@cache
def _faxing() -> re.Pattern[str]:
    return phrases(words()["fax"])
