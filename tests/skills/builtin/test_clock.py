"""The clock. It is Friday, 20 November 2026, nine in the morning, in Berlin."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.skills.builtin.clock.zones import find_places, zone_of
from gnothi.testing.talk import Talk


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what time is it", "9:00 AM"),
        ("what time is it in tokyo", "5:00 PM"),
        ("what's the time in New York City?", "3:00 AM"),
        ("what time is it in san francisco right now", "12:00 AM"),
        ("what time is it in auckland", "9:00 PM"),
        ("what time is it in {place_name: cleveland ohio}", "3:00 AM"),
        ("time in the philippines", "4:00 PM"),
        ("what time is it in brasil", "5:00 AM"),
        ("what's today's date", "Friday, November 20, 2026"),
        ("what's the date tomorrow", "Saturday, November 21, 2026"),
        ("what day is christmas", "Friday, December 25, 2026"),
        ("how many days until christmas", "35 days"),
        ("which date is on next monday", "Monday, November 23, 2026"),
        ("what day of the week is march third", "Wednesday"),
        ("what time zone is arizona in", "7 hours behind"),
        ("what time zone are we in", "1 hour ahead"),
        ("what year is it", "2026"),
        ("what month is it", "November 2026"),
        ("which week is it", "week 47"),
    ],
)
async def test_telling(talk: Talk, text: str, said: str) -> None:
    """Time, date, weekday, week and zone are told, here and elsewhere."""
    await talk(text, "datetime_query")
    assert said in talk.spoken


async def test_unknown_places_are_admitted(talk: Talk) -> None:
    """The time of a place that is not known is not invented."""
    assert await talk("what time is it in atlantis", "datetime_query") == "clock-unknown-place"


async def test_the_same_elsewhere(talk: Talk) -> None:
    """Going on with "and in tokyo" asks the same about another place."""
    await talk("what time is it", "datetime_query")
    assert await talk("in tokyo") == "clock-time-there"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what is the time difference between london and new york", "5 hours behind London"),
        ("what's the time difference from here to ottawa", "Ottawa is 6 hours behind us"),
        ("what time is it in california when it is nine am here", "12:00 AM in California"),
        ("if it is noon in virginia what time is it in california", "9:00 AM in California"),
        ("convert 3 pm eastern to pacific time", "12:00 PM in Pacific Time"),
        ("convert five pm bangalore india time to e. s. t.", "6:30 AM in E. S. T."),
        ("change this time to ist", "1:30 PM in IST"),
        ("when it is ten pm here what time is it in tokyo", "6:00 AM in Tokyo, the day after"),
    ],
)
async def test_converting(talk: Talk, text: str, said: str) -> None:
    """Times are converted between places, and zones compared."""
    await talk(text, "datetime_convert")
    assert said in talk.spoken


def test_zones_of_places() -> None:
    """Cities, countries and slips of the pen have a zone; other words have none."""
    assert zone_of("germany") == "Europe/Berlin"
    assert zone_of("Singapor") == "Asia/Singapore"
    assert zone_of("xyzzy") is None
    assert find_places("have a good time at christmas") == ()


@given(st.text(max_size=300))
def test_places_stand_in_the_text(text: str) -> None:
    """Whatever is said, a place that is found has a zone that exists and stands in the text."""
    for place in find_places(text):
        assert place.zone in available_timezones()
        assert 0 <= place.start < place.end <= len(text)


@pytest.mark.parametrize(
    ("text", "key", "day"),
    [
        ("how long until new year", "clock-until", "2027-01-01"),
        ("how long ago was july 1", "clock-since", "2026-07-01"),
        ("how many days until july 1", "clock-until", "2027-07-01"),
        ("how long until the wug", "clock-unknown-day", ""),
    ],
)
async def test_days_to_come_and_gone(talk: Talk, text: str, key: str, day: str) -> None:
    """Days are counted forward or back as is asked, and an unknown day is not today."""
    assert await talk(text, "datetime_query") == key
    assert str(talk.call[1].get("day", "")) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("is it friday today", "Yes, today is Friday"),
        ("is it monday", "No, today is Friday"),
        ("is it saturday tomorrow", "Yes, tomorrow is Saturday"),
        ("how long until midnight", "15 hours, until"),
        ("how many minutes until ten", "1 hour, until"),
        ("how many weeks until christmas", "5 weeks, until Friday, December 25, 2026"),
        ("how many weeks until easter", "18 weeks and 2 days, until Sunday, March 28, 2027"),
        ("what's the date in two weeks", "December 4, 2026"),
        ("what day of the week was christmas last year", "Thursday"),
        ("when was last christmas", "December 25, 2025"),
        ("when is mother's day", "May 9, 2027"),
        ("how many hours in three days", "3 days is 72 hours"),
        ("how many days since the first of november", "19 days ago"),
    ],
)
async def test_ordinary_questions(talk: Talk, text: str, said: str) -> None:
    """Days, weeks and hours are told as people ask for them."""
    await talk(text, "datetime_query")
    assert said in talk.spoken
