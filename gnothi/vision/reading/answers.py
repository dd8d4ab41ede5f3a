"""What people want to know of something written: its total, when it expires, who it is from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import cast

from gnothi.vision.reading.findings import (
    Finding,
    Sort,
    findings,
    mended,
    words,
)
from gnothi.vision.reading.labels import expiring, making, phrases, plain
from gnothi.vision.reading.order import Page

NEAR = 2
"""So many rows below its word a date or an amount may stand."""
SIMILAR = 0.75
"""Lines as high as this share of the highest belong to the same heading."""
ROUNDED = 6
"""Weight of words that leave no doubt."""
FEW = 3
"""Rows of a heading."""
_WHOLE = re.compile(
    r"(?<![\w.,/:-])(?:[A-Z]{1,3}|[$€£])?(\d{1,3}(?:,\d{3})+|[1-9]\d{0,6})\s?[^\d%]{0,3}$"
)


@dataclass(frozen=True, slots=True)
class Gist:
    """What a page tells at a glance."""

    title: str = ""
    """What is written largest."""
    title_rows: tuple[int, ...] = ()
    total: Finding | None = None
    """What was to be paid, on a receipt."""
    expiry: Finding | None = None
    """Until when it is good, on a label."""
    date: Finding | None = None
    """The first date that is no expiry."""
    found: tuple[Finding, ...] = ()
    """Everything that stands out."""

    def of(self, sort: Sort) -> tuple[Finding, ...]:
        """Return everything of one *sort*, each text once."""
        texts = {one.text: one for one in reversed(self.found) if one.sort is sort}
        return tuple(sorted(texts.values(), key=lambda one: (one.row, one.start)))


def gist(page: Page, *, day_first: bool | None = None) -> Gist:
    """Return what *page* tells at a glance; *day_first* is how 03/04/2027 is read."""
    found = findings(page, day_first=day_first)
    title, rows = _title(page)
    expires = expiry(page, found)
    dates = [one for one in found if one.sort is Sort.DATE and one is not expires]
    return Gist(title, rows, total(page, found), expires, dates[0] if dates else None, tuple(found))


def total(page: Page, found: Sequence[Finding]) -> Finding | None:
    """Return what was to be paid; ``None`` where the page does not say.

    Among the rows that speak of a total, the one with what was given less what was given back;
    else the one with the heaviest word (``en.toml``), of equals the last. Whole numbers count where
    no such row has cents.
    """
    amounts = [one for one in found if one.sort is Sort.AMOUNT]
    due = _due(page, amounts)
    best: tuple[tuple[bool, int], Finding] | None = None
    for row, weight in _total_rows(page):
        amount = _amount_at(page, row, amounts)
        has_cents = amount is not None
        amount = amount or _whole_at(page, row)
        if amount and amount.value == due:
            return amount
        if amount and (best is None or (has_cents, weight) >= best[0]):
            best = (has_cents, weight), amount
    paid = next((one for one in reversed(amounts) if one.value == due), None)
    return best[1] if best else paid


def expiry(page: Page, found: Sequence[Finding]) -> Finding | None:
    """Return the date after a word of expiry; else the one that is not that of the making."""
    dates = [one for one in found if one.sort is Sort.DATE]
    texts = [plain(row.text) for row in page.rows]
    for row, text in enumerate(texts):
        for said in expiring().finditer(text):
            if following := _following(texts, dates, row, said.end()):
                return following
    others = [one for one in dates if not making().search(texts[one.row])]
    return others[-1] if len(others) < len(dates) and others else None


def _following(
    texts: Sequence[str], dates: Sequence[Finding], row: int, start: int
) -> Finding | None:
    """Return the first date after *start* in *row*, or a little below; not one of the making."""
    for one in dates:
        begin = start if one.row == row else 0
        near = row <= one.row <= row + NEAR and one.start >= begin
        if near and not making().search(texts[one.row][begin : one.start]):
            return one
    return None


def _total_rows(page: Page) -> Iterator[tuple[int, int]]:
    """Yield the rows that tell a total, with the weight of their words."""
    for at, row in enumerate(page.rows):
        text = row.text
        weight = next((weight for weight, said in _totals() if said.search(text)), 0)
        is_tax = _taxed().search(text) and not _with_tax().search(text)
        if weight and not _no_total().search(text) and not (is_tax and weight < ROUNDED):
            yield at, weight if "@" not in text else 0


def _amount_at(page: Page, row: int, amounts: Sequence[Finding]) -> Finding | None:
    """Return the last amount of *row*, else the first below it if nothing else is told there."""
    own = [one for one in amounts if one.row == row and cast("Decimal", one.value) > 0]
    if own:
        return own[-1]
    below = [one for one in amounts if one.row == row + 1 and cast("Decimal", one.value) > 0]
    if not below or any(
        said.search(_text(page, below[0])) for said in (_given(), _back(), _taxed())
    ):
        return None
    return below[0] if len(_text(page, below[0])) <= len(below[0].text) + 6 else None


def _whole_at(page: Page, row: int) -> Finding | None:
    """Return the whole number at the end of *row*, at most with a currency after it."""
    text = page.rows[row].text
    found = _WHOLE.search(mended(text))
    if not found:
        return None
    value = Decimal(found[1].replace(",", ""))
    return Finding(Sort.AMOUNT, text[slice(*found.span(1))], row, found.start(1), value)


def _due(page: Page, amounts: Sequence[Finding]) -> Decimal | None:
    """Return what was given less what came back."""
    given = [cast("Decimal", one.value) for one in amounts if _given().search(_text(page, one))]
    back = [cast("Decimal", one.value) for one in amounts if _back().search(_text(page, one))]
    return max(given) - (back[-1] if back else Decimal(0)) if given else None


def _text(page: Page, found: Finding) -> str:
    return page.rows[found.row].text


def _title(page: Page) -> tuple[str, tuple[int, ...]]:
    """Return what is written largest, and its rows; the first where nothing stands out."""
    told = [(at, row) for at, row in enumerate(page.rows) if sum(map(str.isalpha, row.text)) >= 2]
    if not told:
        return "", ()
    highest = max(row.height for _, row in told)
    large = [at for at, row in told if row.height >= SIMILAR * highest]
    if 2 * len(large) > len(told):  # all of it is written alike
        return told[0][1].text, (told[0][0],)
    first = next(i for i, (_, row) in enumerate(told) if row.height >= SIMILAR * highest)
    rows: list[int] = []
    for at, row in told[first : first + FEW]:
        if row.height < SIMILAR * highest or (rows and at != rows[-1] + 1):
            break
        rows.append(at)
    return " ".join(page.rows[at].text for at in rows), tuple(rows)


@cache
def _totals() -> Sequence[tuple[int, re.Pattern[str]]]:
    told = [(int(weight), phrases(names)) for weight, names in words()["total"].items()]
    return sorted(told, key=lambda one: -one[0])


@cache
def _no_total() -> re.Pattern[str]:
    return phrases(words()["not_total"]["words"])


@cache
def _taxed() -> re.Pattern[str]:
    return phrases(words()["not_total"]["tax"])


@cache
def _with_tax() -> re.Pattern[str]:
    return phrases(words()["not_total"]["with_tax"])


@cache
def _given() -> re.Pattern[str]:
    return phrases(words()["paid"]["given"])


@cache
def _back() -> re.Pattern[str]:
    return phrases(words()["paid"]["back"])
