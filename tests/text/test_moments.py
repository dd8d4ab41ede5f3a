"""Moments, as they are said on Friday, the 20th of November 2026, ten to noon in Berlin."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.text.dates import Grain
from gnothi.text.moments import parse_moment
from gnothi.text.times import Prefer, impossible_clock

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 11, 50, tzinfo=BERLIN)

YEARS = st.integers(946_684_800, 4_102_444_800).map(lambda at: datetime.fromtimestamp(at, UTC))
"""Seconds from the year 2000 to 2100."""


def said(text: str) -> str:
    """Return the moment that *text* says, short."""
    moment = parse_moment(text, NOW)
    return f"{moment.when:%m-%d %H:%M}" if moment else ""


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("7", "11-20 19:00"),
        ("seven thirty", "11-20 19:30"),
        ("seven oh five", "11-20 19:05"),
        ("half past six", "11-20 18:30"),
        ("quarter to nine", "11-20 20:45"),
        ("ten to seven", "11-20 18:50"),
        ("noon", "11-20 12:00"),
        ("midnight", "11-21 00:00"),
        ("7 pm", "11-20 19:00"),
        ("7 p.m.", "11-20 19:00"),
        ("7.30pm", "11-20 19:30"),
        ("19:30", "11-20 19:30"),
        ("at 7 o'clock sharp", "11-20 19:00"),
        ("five in the morning", "11-21 05:00"),
        ("a quarter past 4 in the afternoon", "11-20 16:15"),
        ("tonight at eight", "11-20 20:00"),
        ("twelve thirty am", "11-21 00:30"),
        ("midnight tonight", "11-21 00:00"),
        ("tonight at one", "11-21 01:00"),
        ("eight hundred am", "11-21 08:00"),
    ],
)
def test_clock_times(text: str, when: str) -> None:
    """A bare time is the next one that comes."""
    assert said(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("today", "11-20 00:00"),
        ("tomorrow's", "11-21 00:00"),
        ("day after tomorrow", "11-22 00:00"),
        ("this friday", "11-20 00:00"),
        ("next friday", "11-27 00:00"),
        ("friday", "11-27 00:00"),
        ("last friday", "11-13 00:00"),
        ("on monday", "11-23 00:00"),
        ("next week tuesday", "11-24 00:00"),
        ("a week from monday", "11-30 00:00"),
        ("the 5th", "12-05 00:00"),
        ("the twenty second", "11-22 00:00"),
        ("march third", "03-03 00:00"),
        ("the third of march", "03-03 00:00"),
        ("friday april fourteenth", "04-14 00:00"),
        ("first monday of next month", "12-07 00:00"),
        ("in two weeks", "12-04 00:00"),
        ("two days ago", "11-18 00:00"),
        ("the weekend", "11-21 00:00"),
        ("next month", "12-01 00:00"),
        ("end of the month", "11-30 00:00"),
        ("christmas", "12-25 00:00"),
        ("thanksgiving", "11-26 00:00"),
        ("easter", "03-28 00:00"),
    ],
)
def test_dates(text: str, when: str) -> None:
    """A bare day is the next one that comes, and has no time."""
    moment = parse_moment(text, NOW)
    assert moment is not None
    assert (said(text), moment.date_known, moment.time_known) == (when, True, False)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("in ten minutes", "11-20 12:00"),
        ("two hours from now", "11-20 13:50"),
        ("in an hour and a half", "11-20 13:20"),
        ("tomorrow at five", "11-21 17:00"),
        ("monday at 7", "11-23 07:00"),
        ("3 pm on the 1st of next month", "12-01 15:00"),
        ("in 3 days at noon", "11-23 12:00"),
        ("2027-03-05T07:30", "03-05 07:30"),
        ("december 24th at six", "12-24 18:00"),
        ("tomorrow morning", "11-21 06:00"),
        ("last night", "11-19 20:00"),
    ],
)
def test_combinations(text: str, when: str) -> None:
    """Date and time, in either order, make one moment."""
    assert said(text) == when


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from three to five", "11-20 15:00", "11-20 17:00"),
        ("between 3 and 5 pm", "11-20 15:00", "11-20 17:00"),
        ("tomorrow from 11 to 1 pm", "11-21 11:00", "11-21 13:00"),
        ("tomorrow 9-11 am", "11-21 09:00", "11-21 11:00"),
        ("monday to friday", "11-23 00:00", "11-28 00:00"),
        ("december 30 to january 2", "12-30 00:00", "01-03 00:00"),
        ("this evening", "11-20 18:00", "11-20 22:00"),
        ("the next three days", "11-20 11:50", "11-23 11:50"),
    ],
)
def test_spans(text: str, start: str, end: str) -> None:
    """A span has an end, and its ends share what only one of them says."""
    moment = parse_moment(text, NOW)
    assert moment is not None
    assert moment.until is not None
    assert (f"{moment.when:%m-%d %H:%M}", f"{moment.until:%m-%d %H:%M}") == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what is the weather",
        "turn on 2 lights",
        "may i go",
        "good evening",
        "add dinner plans to my calendar",
        "who was the first president",
        "ten divided by five",
        "february 30",
    ],
)
def test_what_is_no_moment(text: str) -> None:
    """Numbers and words that only look like a time are none."""
    assert parse_moment(text, NOW) is None


def test_a_moment_may_stand_apart() -> None:
    """Date and time are found wherever they stand, each with its place."""
    text = "remind me tomorrow to call mom at five pm"
    moment = parse_moment(text, NOW)
    assert moment is not None
    assert [text[start:end] for start, end in moment.spans] == ["tomorrow", "five pm"]


def test_waking_up_is_in_the_morning() -> None:
    """For an alarm, "at seven" is seven in the morning."""
    moment = parse_moment("at seven", NOW, prefer="morning")
    assert moment is not None
    assert moment.when == datetime(2026, 11, 21, 7, tzinfo=BERLIN)


def test_a_skipped_time_is_moved_on() -> None:
    """Half past two does not exist in the night in which the clocks go forward."""
    moment = parse_moment("tomorrow at 2:30 am", datetime(2027, 3, 27, 12, tzinfo=BERLIN))
    assert moment is not None
    assert moment.when == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert moment.when.hour == 3


def test_the_grain_says_how_exact() -> None:
    """A caller can tell a day from a week and from a minute."""
    grains = [parse_moment(text, NOW) for text in ("today", "this week", "at 7", "this evening")]
    assert [moment and moment.grain for moment in grains] == [
        Grain.DAY,
        Grain.WEEK,
        Grain.MINUTE,
        Grain.PART,
    ]


@given(YEARS)
def test_written_moments_are_read_back(moment: datetime) -> None:
    """An ISO date and time is read as itself."""
    expected = moment.replace(second=0)
    found = parse_moment(f"{expected:%Y-%m-%d %H:%M}", NOW.astimezone(UTC))
    assert found is not None
    assert found.when == expected


@given(
    st.integers(1, 12),
    st.integers(0, 59),
    st.sampled_from(["am", "pm"]),
    YEARS,
)
def test_bare_times_come_next(hour: int, minute: int, half: str, present: datetime) -> None:
    """A bare time is in the future, at most a day (and a change of clocks) away."""
    found = parse_moment(f"{hour}:{minute:02} {half}", present)
    assert found is not None
    assert timedelta(0) < found.when - present <= timedelta(days=1)
    assert (found.when.hour % 12, found.when.minute) == (hour % 12, minute)


@pytest.mark.parametrize(
    ("text", "prefer", "when"),
    [
        ("at 3", "day", "11-21 15:00"),
        ("at 9", "day", "11-20 21:00"),
        ("at 8", "evening", "11-20 20:00"),
        ("tomorrow at 8", "evening", "11-21 20:00"),
        ("tomorrow at 8", "day", "11-21 08:00"),
        ("on friday at 9", "evening", "11-20 21:00"),
        ("on friday at 6", "day", "11-27 18:00"),
        ("at 8 am", "evening", "11-21 08:00"),
    ],
)
def test_appointments_are_not_at_night(text: str, prefer: Prefer, when: str) -> None:
    """On a Friday at half past seven, appointments are by day and dinners in the evening."""
    moment = parse_moment(text, NOW.replace(hour=19, minute=30), prefer=prefer)
    assert moment is not None and f"{moment.when:%m-%d %H:%M}" == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("two saturdays from now", "11-28 00:00"),
        ("one monday from now", "11-23 00:00"),
        ("on friday at 8", "11-20 20:00"),
        ("friday at 9 am", "11-27 09:00"),
        ("next friday at 8", "11-27 08:00"),
        ("how long until new year", "01-01 00:00"),
        ("new year", "01-01 00:00"),
    ],
)
def test_days_of_the_week_count_from_today(text: str, when: str) -> None:
    """Friday at eight, said on a Friday morning, is tonight; two Saturdays from now are counted."""
    assert said(text) == when


@pytest.mark.parametrize(
    "text",
    [
        "remind me about the parents evening",
        "remind me about parents' evening",
        "our quiz night",
        "about the team lunch",
        "the coffee morning",
        "school evening",
    ],
)
def test_events_named_after_a_part_of_the_day(text: str) -> None:
    """A parents evening is an event and no time."""
    assert said(text) == ""


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("the meeting tomorrow evening", "11-21 18:00"),
        ("the parents evening this evening", "11-20 18:00"),
        ("bins on friday evening", "11-27 18:00"),
        ("call mum in the evening", "11-20 18:00"),
        ("remind me evening", "11-20 18:00"),
        ("the parents evening on thursday at 7 pm", "11-26 19:00"),
        ("at half past ten to join the call", "11-20 22:30"),
        ("at quarter to six to leave", "11-20 17:45"),
        ("half six", "11-20 18:30"),
        ("half six tomorrow", "11-21 18:30"),
        ("the day before christmas", "12-24 00:00"),
        ("two days after christmas at noon", "12-27 12:00"),
        ("a week before christmas", "12-18 00:00"),
        ("the day after tomorrow", "11-22 00:00"),
        ("at half seven to put the bins out", "11-20 19:30"),
    ],
)
def test_times_beside_events(text: str, when: str) -> None:
    """A time is found beside words that look like one."""
    assert said(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("ten to seven in the morning", "11-21 06:50"),
        ("remind me at ten to seven in the morning to call", "11-21 06:50"),
        ("wake me tomorrow at ten to seven am", "11-21 06:50"),
        ("ten to seven am", "11-21 06:50"),
        ("at ten to seven tomorrow", "11-21 18:50"),
        ("twenty to eight in the evening", "11-20 19:40"),
        ("an alarm for five to six in the morning", "11-21 05:55"),
        ("at five to seven pm", "11-20 18:55"),
        ("at ten to midnight", "11-20 23:50"),
        ("quarter to six in the morning", "11-21 05:45"),
    ],
)
def test_minutes_to_the_hour(text: str, when: str) -> None:
    """Ten to seven in the morning is one time, and not from ten in the evening on."""
    moment = parse_moment(text, NOW)
    assert moment is not None
    assert (said(text), moment.until) == (when, None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("from ten to seven", "11-20 22:00", "11-21 07:00"),
        ("from ten to seven in the morning", "11-20 22:00", "11-21 07:00"),
        ("a meeting ten to eleven am", "11-21 10:00", "11-21 11:00"),
        ("a meeting for ten to eleven am", "11-21 10:00", "11-21 11:00"),
        ("between five and seven in the evening", "11-20 17:00", "11-20 19:00"),
        ("drinks five to seven in the evening", "11-20 17:00", "11-20 19:00"),
        ("open 10 to 6 pm tomorrow", "11-21 10:00", "11-21 18:00"),
        ("nine to five in the afternoon tomorrow", "11-21 09:00", "11-21 17:00"),
    ],
)
def test_two_ends(text: str, start: str, end: str) -> None:
    """What is said of both ends stays a span."""
    moment = parse_moment(text, NOW)
    assert moment is not None and moment.until is not None
    assert (said(text), f"{moment.until:%m-%d %H:%M}") == (start, end)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("an alarm for 25:00", "25:00"),
        ("at 9:75", "9:75"),
        ("at 27 o'clock", "27 o'clock"),
        ("at 13:00", ""),
        ("7:30 pm", ""),
        ("12 am", ""),
    ],
)
def test_what_is_no_time_is_told_from_times(text: str, said: str) -> None:
    """A time that no clock shows is found, to be refused."""
    assert impossible_clock(text) == said
