"""Lengths of time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.durations import Duration, find_durations, parse_duration, parse_shift

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("ten minutes", 600),
        ("1h30", 5400),
        ("2h 30m", 9000),
        ("an hour and a half", 5400),
        ("90 secs", 90),
        ("quarter of an hour", 900),
        ("three quarters of an hour", 2700),
        ("two and a half hours", 9000),
        ("1 and a 1/2 hours", 5400),
        ("a couple of minutes", 120),
        ("half an hour", 1800),
        ("half hour", 1800),
        ("one hour and twenty minutes", 4800),
        ("set a 5-minute timer", 300),
        ("a thirty second timer", 30),
        ("one hour thirty", 5400),
        ("two weeks", 14 * 86400),
        ("two more minutes", 120),
        ("a couple more minutes", 120),
    ],
)
def test_lengths(text: str, seconds: float) -> None:
    """People say lengths of time in many ways, and each is understood."""
    found = parse_duration(text)
    assert found is not None
    assert found.length == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "ten", "7 pm", "the second lamp", "99999999999 days"])
def test_what_is_no_length(text: str) -> None:
    """Clock times, bare numbers and absurd lengths are no durations."""
    assert parse_duration(text) is None


def test_several_lengths_keep_their_places() -> None:
    """Every length in a sentence is found where it stands."""
    text = "add five minutes to the one hour timer"
    assert [text[found.start : found.end] for found in find_durations(text)] == [
        "five minutes",
        "one hour",
    ]


def test_a_month_is_a_month() -> None:
    """A month later is the same day of the next month, or its last."""
    month = parse_duration("one month")
    assert month is not None
    assert month.after(datetime(2027, 1, 31, 9, tzinfo=BERLIN)).date().isoformat() == "2027-02-28"


def test_an_hour_is_an_hour_when_clocks_change() -> None:
    """Two hours before the change of clocks, "in three hours" is still three hours away."""
    before = datetime(2027, 3, 28, 0, 30, tzinfo=BERLIN)
    after = Duration(seconds=3 * 3600).after(before)
    assert (after.hour, after.timestamp() - before.timestamp()) == (4, 3 * 3600)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_written_lengths_are_read_back(hours: int, minutes: int, seconds: int) -> None:
    """What is written as hours, minutes and seconds is read as the same length."""
    found = parse_duration(f"{hours} hours {minutes} minutes and {seconds} seconds")
    assert found is not None
    assert found.length == timedelta(hours=hours, minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("ten minutes later", 10),
        ("push it back half an hour", 30),
        ("by an hour", 60),
        ("an hour earlier", -60),
        ("bring it forward by ten minutes", -10),
        ("ten minutes", None),
        ("in ten minutes", None),
    ],
)
def test_shifts(text: str, minutes: float | None) -> None:
    """What has a time can be moved later or earlier by a length."""
    found = parse_shift(text)
    assert (found.seconds / 60 if found else None) == minutes
