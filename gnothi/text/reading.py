"""One canonical reading of a text, on which every grammar of values is written.

A reading is lower case, has single spaces and digits for number words: "Half past SEVEN, p.m."
reads ``half past 7 pm``. Grammars are then short regular expressions, and every match knows its
place in the original text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gnothi.text import numerals
from gnothi.text.normalise import fold
from gnothi.text.tokenise import MAX_CHARACTERS

_TOKEN = re.compile(
    r"""
      \d{4}-\d{1,2}-\d{1,2}(?![\d-])                       # 2027-03-05
    | \d{1,2}/\d{1,2}(?:/\d{4}|/\d{2})?(?![\d/])           # 3/5/2027, 1/2
    | \d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?(?!\d)             # 5.3.2027
    | \d{1,2}:\d{2}(?::\d{2})?(?!\d)                       # 7:30, 07:30:15
    | (?:(?<![\w-])-)?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,9})?(?:(?:st|nd|rd|th)\b)?(?![\d])
    | \b[ap]\.\s?m\b\.?                                    # p.m., a. m.
    | [^\W\d_]+(?:'[^\W\d_]+)*
    | [%°$€£:+/½¼¾-]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HYPHEN = re.compile(r"(?<=\w)-(?=[^\W\d_])|(?<=[^\W\d_])-(?=\w)")
_JOINING = ("", "at", "on", "in", "in the", "from", "for", "the", "by")
_MERIDIEM = re.compile(r"[ap]\.\s?m\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """The canonical text, and where its words stand in the original."""

    text: str
    starts: tuple[int, ...]
    """Where each word begins in ``text``."""
    places: tuple[tuple[int, int], ...]
    """The characters of the original that each word stands for."""

    def span(self, match: re.Match[str], group: int | str = 0) -> tuple[int, int]:
        """Return the characters of the original that *match* covers."""
        return self.place(*match.span(group))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the original behind ``text[start:end]``, not empty."""
        first = bisect_right(self.starts, start) - 1
        last = bisect_left(self.starts, end) - 1
        return self.places[first][0], self.places[last][1]


@dataclass(frozen=True, slots=True)
class _Word:
    form: str
    start: int
    end: int


def grammar(expression: str) -> re.Pattern[str]:
    """Compile *expression* so that it matches whole words of a reading only."""
    return re.compile(rf"(?<!\S)(?:{expression})(?!\S)")


def blank(reading: str, start: int, end: int) -> str:
    """Return *reading* with a part made unreadable, so that no other rule takes it."""
    return f"{reading[:start]}{'_' * (end - start)}{reading[end:]}"


def join(reading: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted *places* with those made one that only words like "at" keep apart."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and reading[joined[-1][1] : start].strip() in _JOINING:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


@lru_cache(maxsize=256)
def read(text: str) -> Reading:
    """Return the reading of *text*; only the first ``MAX_CHARACTERS`` are read."""
    words = list(_numbers(list(_words(fold(text[:MAX_CHARACTERS])))))
    starts: list[int] = []
    length = 0
    for word in words:
        starts.append(length)
        length += len(word.form) + 1
    places = tuple((word.start, word.end) for word in words)
    return Reading(" ".join(word.form for word in words), tuple(starts), places)


def _words(text: str) -> Iterator[_Word]:
    for match in _TOKEN.finditer(_HYPHEN.sub(" ", text)):
        yield _Word(_form(match.group()), match.start(), match.end())


def _form(token: str) -> str:
    if _MERIDIEM.fullmatch(token):
        return f"{token[0].lower()}m"
    token = token.lower()
    if token[-1].isdigit():
        return token.replace(",", "")
    return token.removesuffix("'s").replace("'", "") if "'" in token else token


def _numbers(words: list[_Word]) -> Iterator[_Word]:
    """Put digits in the place of number words."""
    forms = [word.form for word in words]
    at = 0
    while at < len(words):
        found = numerals.read(forms, at)
        if found is None:
            yield words[at]
            at += 1
            continue
        yield _Word(found.digits, words[at].start, words[at + found.length - 1].end)
        at += found.length
