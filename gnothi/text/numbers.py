"""Numbers, percentages and positions ("the second one") in a text.

Every ``find_`` returns all mentions in order, every ``parse_`` the first; both with the
characters of the text that hold them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gnothi.text.reading import Reading, grammar, read


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text."""

    value: float
    start: int
    end: int
    ordinal: bool = False
    """Whether it is a position ("third"); the last is -1, the last but one -2."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A share in a text, from 0 to 100 unless somebody really said more."""

    value: float
    start: int
    end: int


FRACTIONS = {
    "half": 1 / 2, "½": 1 / 2, "1/2": 1 / 2, "3rd": 1 / 3, "1/3": 1 / 3, "2/3": 2 / 3,
    "quarter": 1 / 4, "¼": 1 / 4, "1/4": 1 / 4, "¾": 3 / 4, "3/4": 3 / 4,
}  # fmt: skip
VAGUE = {"couple": 2.0, "few": 3.0, "several": 5.0}
"""What people usually mean by an unclear amount."""

SIGNED = r"(?:(?:minus|negative) )?-?\d+(?:\.\d+)?"
QUANTITY = (
    r"(?:"
    r"\d+(?:\.\d+)? and (?:an?|1) (?:half|quarter|3rd|1/2|1/4)|\d+ [½¼¾]"
    r"|(?:[½¼¾]|1/2|1/4|3/4)(?: of)?(?: an?)?"
    r"|(?:1|3) quarters?(?: of)?(?: an?)?|(?:a )?quarter(?: of)?(?: an?)?"
    r"|(?:an?|[12]) (?:3rds?|thirds?)(?: of)?(?: an?)?"
    r"|(?:a )?half(?: of)?(?: an?)?|\d+(?:\.\d+)?"
    r"|(?:a )?couple(?: of)?|a few|few|several|another|an?)"
)
"""An amount before a unit: "2 and a half", "half an", "a couple of"."""

_NUMBER = grammar(
    rf"(?P<number>{SIGNED})(?: and (?:an?|1) (?P<part>half|quarter|3rd)| (?P<sign>[½¼¾]))?"
    r"|(?P<rank>(?:second|3rd) (?:to )?last|last but 1|last|\d+(?:st|nd|rd|th)"
    r"|(?:20 |30 )?second(?! (?:timer|alarm|reminder|delay)))"
    r"|(?P<fraction>half|(?:an?|1) (?:quarter|3rd)|[½¼¾]|1/[234]|2/3|3/4)"
)
_RANKS = {
    "last": -1, "last but 1": -2, "second last": -2, "second to last": -2,
    "3rd last": -3, "3rd to last": -3,
}  # fmt: skip
_PERCENT = grammar(
    rf"(?P<number>{SIGNED})(?: and (?:an?|1) (?P<part>half|quarter))? (?:%|percent|per cent|pct)"
    r"|(?P<full>fully?|max|maximum|maximal|all the way up|as (?:high|bright) as possible)"
    r"|(?P<least>min|minimum|minimal|lowest|as (?:low|dim) as possible)"
    r"|(?P<most>highest|brightest)"
    r"|(?P<fraction>half(?: way)?|halfway|(?:an? |1 |3 )?quarters?)"
)
_LEAST_PERCENT = 1.0
"""The minimum that is not off: Home Assistant's lowest brightness."""


def find_numbers(text: str) -> tuple[Number, ...]:
    """Return the numbers and positions in *text*."""
    return tuple(_numbers(read(text)))


def parse_number(text: str) -> Number | None:
    """Return the first number in *text*; positions count only when there is nothing else."""
    found = find_numbers(text)
    cardinals = (number for number in found if not number.ordinal)
    return next(cardinals, found[0] if found else None)


def find_percents(text: str) -> tuple[Percent, ...]:
    """Return the shares in *text*: "20 %", "half", "full brightness", "minimum"."""
    return tuple(_percents(read(text)))


def parse_percent(text: str) -> Percent | None:
    """Return the first share in *text*, an explicit one before "half" or "full"."""
    found = find_percents(text)
    if not found:
        return None
    return next((share for share in found if "%" in text[share.start : share.end]), found[0])


def amount(quantity: str) -> float:
    """Return the value of a match of ``QUANTITY``."""
    words = quantity.split()
    whole = float(words[0]) if words[0].replace(".", "").isdigit() else 0.0
    if "and" not in words and any(word.startswith("quarter") for word in words):
        return (whole or 1.0) / 4
    if "and" not in words and any(word.startswith(("3rd", "third")) for word in words):
        return (whole or 1.0) / 3
    parts = sum(FRACTIONS.get(word, VAGUE.get(word, 0.0)) for word in words)
    return whole + parts if parts or words[0][0].isdigit() else 1.0


def _numbers(reading: Reading) -> Iterator[Number]:
    for match in _NUMBER.finditer(reading.text):
        start, end = reading.span(match)
        if rank := match["rank"]:
            yield Number(_rank(rank.strip()), start, end, ordinal=True)
        elif share := match["fraction"]:
            yield Number(FRACTIONS[share.rsplit(maxsplit=1)[-1]], start, end)
        else:
            extra = FRACTIONS.get(match["part"] or match["sign"] or "", 0)
            yield Number(signed(match["number"], extra), start, end)


def _percents(reading: Reading) -> Iterator[Percent]:
    for match in _PERCENT.finditer(reading.text):
        yield Percent(_share(match.groupdict()), *reading.span(match))


def _share(parts: dict[str, str | None]) -> float:
    if number := parts["number"]:
        return signed(number, FRACTIONS.get(parts["part"] or "", 0))
    if fraction := parts["fraction"]:
        return 75.0 if fraction.startswith("3") else 50.0 if "half" in fraction else 25.0
    return _LEAST_PERCENT if parts["least"] else 100.0


def signed(number: str, extra: float = 0) -> float:
    """Return the value of a match of ``SIGNED``, away from zero by *extra*."""
    size = float(number.rsplit(maxsplit=1)[-1].lstrip("-")) + extra
    return -size if not number[0].isdigit() else size


def _rank(words: str) -> int:
    if words in _RANKS:
        return _RANKS[words]
    tens, _, last = words.rpartition(" ")
    return int(tens or 0) + (2 if last == "second" else int(last[:-2]))
