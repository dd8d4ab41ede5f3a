"""What repeats."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.recurrence import parse_recurrence

NOW = datetime(2026, 11, 20, 11, 50, tzinfo=ZoneInfo("Europe/Berlin"))
AT_SEVEN = ";BYHOUR=7;BYMINUTE=0;BYSECOND=0"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("every weekday at seven", f"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR{AT_SEVEN}"),
        ("every morning at seven", f"FREQ=DAILY{AT_SEVEN}"),
        ("monday through friday at 7 am", f"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR{AT_SEVEN}"),
        ("every night at eleven", "FREQ=DAILY;BYHOUR=23;BYMINUTE=0;BYSECOND=0"),
        ("every other tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("daily", "FREQ=DAILY"),
        ("on mondays and thursdays", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("every monday, wednesday and friday", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
        ("weekends", "FREQ=WEEKLY;BYDAY=SA,SU"),
        ("every first of the month", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("the last day of every month", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("first monday of the month", "FREQ=MONTHLY;BYDAY=1MO"),
        ("every month on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("every may fourth", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=4"),
        ("every 2 hours", "FREQ=HOURLY;INTERVAL=2"),
        ("every hour from noon", "FREQ=HOURLY"),
        ("bi-weekly", "FREQ=WEEKLY;INTERVAL=2"),
        ("once a week", "FREQ=WEEKLY"),
        ("every third day", "FREQ=DAILY;INTERVAL=3"),
    ],
)
def test_rules(text: str, rule: str) -> None:
    """What repeats becomes a rule that any calendar reads."""
    found = parse_recurrence(text)
    assert found is not None
    assert found.rule == rule
    assert rrulestr(found.rule, dtstart=NOW)[0]


@pytest.mark.parametrize("text", ["", "tomorrow", "monday", "every 0 days", "everything"])
def test_what_does_not_repeat(text: str) -> None:
    """A single day is no recurrence."""
    assert parse_recurrence(text) is None


def test_the_first_time_comes_next() -> None:
    """Every other Tuesday begins with the next Tuesday."""
    found = parse_recurrence("every other tuesday at 8 pm")
    assert found is not None
    assert found.following(NOW) == datetime(2026, 11, 24, 20, tzinfo=NOW.tzinfo)


def test_a_part_of_the_day_is_kept() -> None:
    """Without a clock time, the part of the day is known."""
    found = parse_recurrence("every evening")
    assert found is not None
    assert (found.at, found.part) == (None, "evening")


def test_waking_up_is_in_the_morning() -> None:
    """For an alarm, "every day at six" is in the morning."""
    found = parse_recurrence("wake me at six every day", prefer="morning")
    assert found is not None
    assert found.at is not None
    assert found.at.hour == 6


def test_its_words_keep_their_places() -> None:
    """The words that say it can be taken out of a sentence."""
    text = "remind me every monday to water the plants at noon"
    found = parse_recurrence(text)
    assert found is not None
    assert [text[start:end] for start, end in found.spans] == ["every monday", "noon"]


@given(st.integers(1, 99), st.sampled_from(["minute", "hour", "day", "week", "month", "year"]))
def test_intervals_are_read_back(number: int, unit: str) -> None:
    """An interval is read as it is written, and has a next time."""
    found = parse_recurrence(f"every {number} {unit}s")
    assert found is not None
    assert found.interval == number
    following = found.following(NOW)
    assert following is not None
    assert following > NOW
