"""The reading under every grammar, and the laws that all grammars keep."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.colours import find_colours
from gnothi.text.durations import find_durations
from gnothi.text.moments import parse_moment
from gnothi.text.numbers import find_numbers, find_percents
from gnothi.text.reading import read
from gnothi.text.recurrence import parse_recurrence
from gnothi.text.temperatures import find_temperatures

NOW = datetime(2026, 11, 20, 11, 50, tzinfo=UTC)
WORDS = (
    "half quarter past to a an and one twenty two hundred thousand million second third 5th 7 30 "
    "7:30 12/24 2026-11-20 31.12. am p.m. noon midnight tonight every other next last this the of "
    "in at on from until between monday friday weekend march may february 29 30th hour minutes m h "
    "day week month year ago degrees ° % percent full minus point five red light blue warm white "
    "1h30 999999999999999 ½ o'clock tomorrow's morning daily - , zero 0 0.0 third-last dozen"
).split()
nearly_sense = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


class Spanned(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int:
        """First character."""
        ...

    @property
    def end(self) -> int:
        """One past the last character."""
        ...


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Half past SEVEN, p.m.", "half past 7 pm"),
        ("today's five-minute timer", "today 5 minute timer"),
        ("1h30", "1 h 30"),
        ("twenty first", "21st"),
    ],
)
def test_one_reading(text: str, reading: str) -> None:
    """However a value is spelt, it has one reading."""
    assert read(text).text == reading


@pytest.mark.parametrize(
    "find", [find_numbers, find_percents, find_durations, find_temperatures, find_colours]
)
@given(text=st.one_of(st.text(max_size=80), nearly_sense))
def test_values_lie_inside_any_text(find: Callable[[str], Iterable[Spanned]], text: str) -> None:
    """No text breaks a grammar, and what is found lies inside it, in order."""
    found = list(find(text))
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)


@given(text=st.one_of(st.text(max_size=80), nearly_sense))
def test_moments_and_recurrences_lie_inside_any_text(text: str) -> None:
    """The same holds for moments and for what repeats, and a moment ends after it begins."""
    moment, recurrence = parse_moment(text, NOW), parse_recurrence(text)
    spans = (*(moment.spans if moment else ()), *(recurrence.spans if recurrence else ()))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert moment is None or moment.until is None or moment.when <= moment.until
    assert recurrence is None or recurrence.following(NOW) is None or recurrence.rule


@pytest.mark.parametrize(
    "word", ["half ", "7 ", "and a half ", "every monday ", "second ", "9", "a"]
)
def test_long_texts_are_cut(word: str) -> None:
    """A megabyte of anything is read as far as a request goes, and no further."""
    text = word * (1_000_000 // len(word))
    parse_moment(text, NOW)
    parse_recurrence(text)
    for find in (find_numbers, find_percents, find_durations, find_temperatures, find_colours):
        find(text)
