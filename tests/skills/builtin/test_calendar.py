"""The calendar. It is Friday, 20 November 2026, nine in the morning, in Berlin."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.journal.memory import MemoryStore
from gnothi.skills.builtin.calendar.agenda import Agenda, Event
from gnothi.testing.talk import Talk

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=BERLIN)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

IMPORTED = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//Else//EN
BEGIN:VEVENT
UID:choir@example.org
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20261103T193000
DTEND;TZID=Europe/Berlin:20261103T213000
RRULE:FREQ=WEEKLY;COUNT=6
EXDATE;TZID=Europe/Berlin:20261124T193000
SUMMARY:Choir
LOCATION:Town hall
ATTENDEE:mailto:ana@example.org
END:VEVENT
BEGIN:VEVENT
UID:choir@example.org
RECURRENCE-ID;TZID=Europe/Berlin:20261201T193000
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20261202T180000
DTEND;TZID=Europe/Berlin:20261202T200000
SUMMARY:Choir, moved
END:VEVENT
BEGIN:VEVENT
UID:holiday@example.org
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20261225
SUMMARY:Christmas
END:VEVENT
END:VCALENDAR
"""


def agenda() -> Agenda:
    """Return an empty calendar."""
    return Agenda(MemoryStore(), BERLIN)


def test_an_imported_calendar_repeats_as_it_says() -> None:
    """Repetitions, exceptions and moved occurrences of an imported calendar hold."""
    events = agenda()
    assert events.read(IMPORTED) == 2
    found = events.between(NOW, NOW + 20 * DAY)
    assert [(one.title, one.start.isoformat()[:16]) for one in found] == [
        ("Choir, moved", "2026-12-02T18:00"),
        ("Choir", "2026-12-08T19:30"),
    ]
    assert events.between(NOW + 30 * DAY, NOW + 40 * DAY)[0].all_day


def test_a_changed_event_is_told_as_it_is_now() -> None:
    """An event that was read before and then changed or removed is never told as it was."""
    events = agenda()
    start = NOW + HOUR
    events.add(Event("one", "Swimming", start, start + HOUR), NOW)
    assert [one.title for one in events.between(NOW, NOW + DAY)] == ["Swimming"]
    events.add(Event("one", "Diving", start, start + HOUR), NOW)
    assert [one.title for one in events.between(NOW, NOW + DAY)] == ["Diving"]
    assert events.first("one") == Event("one", "Diving", start, start + HOUR)
    events.remove("one")
    assert (events.between(NOW, NOW + DAY), events.first("one")) == ([], None)


def test_nothing_is_lost_on_the_way_out() -> None:
    """What was imported goes out again with what we do not understand."""
    events = agenda()
    events.read(IMPORTED)
    written = events.write().decode()
    assert "ATTENDEE:mailto:ana@example.org" in written
    again = agenda()
    assert again.read(written) == 2
    assert again.between(NOW, NOW + 60 * DAY) == events.between(NOW, NOW + 60 * DAY)


@pytest.mark.parametrize("data", ["nonsense", b"\xff\xfe"])
def test_other_files_are_refused(data: str | bytes) -> None:
    """A file that is no calendar is refused in a sentence and changes nothing."""
    with pytest.raises(InputError):
        agenda().read(data)


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1),
    st.integers(0, 400),
    st.integers(1, 600),
)
def test_events_come_back_as_they_went_in(title: str, days: int, minutes: int) -> None:
    """Whatever the title and the time, an event survives iCalendar."""
    start = (NOW + days * DAY).astimezone(BERLIN)
    end = start + timedelta(minutes=minutes)
    events = agenda()
    events.add(Event("one", title, start, end), NOW)
    (found,) = events.between(start, end)
    assert (found.title, found.start, found.end) == (title, start, end)


@pytest.mark.parametrize(
    ("text", "title", "start"),
    [
        ("add dentist on monday at ten to my calendar", "dentist", "2026-11-23T10:00"),
        (
            "schedule a meeting with laura for thursday at one",
            "meeting with laura",
            "2026-11-26T13:00",
        ),
        ("lunch with anna tomorrow from twelve to two", "lunch with anna", "2026-11-21T12:00"),
        ("create an event called team dinner tomorrow at 7 pm", "team dinner", "2026-11-21T19:00"),
        (
            "add {meal_type: lunch} with {person: laura} for {date: thursday} at {time: one}",
            "lunch with laura",
            "2026-11-26T13:00",
        ),
        ("add lily's wedding next saturday", "lily's wedding", "2026-11-28T00:00"),
        ("dinner with anna on friday at 8", "dinner with anna", "2026-11-20T20:00"),
        ("dinner with anna on saturday at 8", "dinner with anna", "2026-11-21T20:00"),
        ("breakfast with tom on sunday at 6", "breakfast with tom", "2026-11-22T06:00"),
        ("dentist today at 3", "dentist", "2026-11-20T15:00"),
        (
            "put parents' evening on the calendar on tuesday at 7",
            "parents' evening",
            "2026-11-24T19:00",
        ),
        ("dentist two saturdays from now at 4", "dentist", "2026-11-28T16:00"),
    ],
)
async def test_adding(talk: Talk, text: str, title: str, start: str) -> None:
    """Title and time are found however they are said."""
    assert await talk(text, "calendar_set") == "calendar-added"
    _, arguments = talk.call
    assert (arguments["title"], arguments["start"].isoformat()[:16]) == (title, start)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("move the dentist to tuesday", "2026-11-24T10:00"),
        ("move the dentist to tuesday at four", "2026-11-24T16:00"),
        ("move the dentist to eleven", "2026-11-23T11:00"),
        ("reschedule my dentist appointment for wednesday at 9 am", "2026-11-25T09:00"),
        ("push the dentist back to december 3", "2026-12-03T10:00"),
    ],
)
async def test_moving(talk: Talk, text: str, start: str) -> None:
    """An event is moved, not added again; what was not said stays, and undo moves it back."""
    await talk("add dentist appointment on monday at ten to my calendar", "calendar_set")
    events = Agenda(talk.stage.services("calendar").store, BERLIN)
    assert await talk(text, "calendar_set") == "calendar-moved"
    (event,) = events.between(NOW, NOW + 60 * DAY)
    assert (event.start.isoformat()[:16], event.end - event.start) == (start, HOUR)
    await talk.undo()
    (event,) = events.between(NOW, NOW + 60 * DAY)
    assert event.start.isoformat()[:16] == "2026-11-23T10:00"


async def test_a_correction_moves_the_same_event(talk: Talk) -> None:
    """After moving an event, "no, at five" moves it again, on its new day."""
    await talk("add dentist on monday at ten to my calendar", "calendar_set")
    await talk("move the dentist to tuesday", "calendar_set")
    assert await talk("no, at eleven") == "calendar-moved"
    assert talk.call[1]["start"].isoformat()[:16] == "2026-11-24T11:00"
    assert talk.call[1]["end"].isoformat()[:16] == "2026-11-24T12:00"


async def test_what_repeats_is_not_moved(talk: Talk) -> None:
    """A single time of what repeats can't be moved, which is said, and nothing changes."""
    await talk("add choir every tuesday at seven pm", "calendar_set")
    assert await talk("move choir to wednesday", "calendar_set") == "calendar-cant-move"


async def test_the_day_it_is(talk: Talk) -> None:
    """On a Friday, questions about Friday are about today."""
    await talk("dinner with anna on friday at 8", "calendar_set")
    assert "today at 8:00 PM" in talk.spoken
    assert await talk("what's on friday", "calendar_query") == "calendar-event"


async def test_a_day_of_every_year(talk: Talk) -> None:
    """A birthday comes every year on its own day, and keeps whose it is."""
    text = "add anna's {event_name: birthday} on {date: march 3} every year"
    assert await talk(text, "calendar_set") == "calendar-added"
    arguments = talk.call[1]
    assert (arguments["title"], arguments["rule"]) == ("anna's birthday", "FREQ=YEARLY")
    assert arguments["start"].isoformat()[:10] == "2027-03-03"


async def test_length_and_conflicts(talk: Talk) -> None:
    """An event lasts as long as is said, and what it collides with is told."""
    await talk("add yoga tomorrow at six pm for two hours", "calendar_set")
    assert talk.call[1]["end"] - talk.call[1]["start"] == 2 * HOUR
    keys = await talk("add dinner tomorrow at seven pm", "calendar_set")
    assert keys == "calendar-added calendar-conflict"


async def test_asks_for_what_is_missing(talk: Talk) -> None:
    """Title and time are asked for, one after the other."""
    assert await talk("add an event", "calendar_set") == "calendar-ask-title"
    assert await talk("swimming") == "calendar-ask-start"
    assert await talk("tomorrow at four pm") == "calendar-added"
    assert talk.call[1]["title"] == "swimming"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("what do i have tomorrow", "calendar-event"),
        ("what is on my calendar", "calendar-count calendar-event calendar-event"),
        ("what is my next event", "calendar-next"),
        ("when is my dentist appointment", "calendar-when"),
        ("where is yoga", "calendar-where"),
        ("what's on next week", "calendar-event"),
        ("am i free on sunday", "calendar-free"),
        ("am i free tomorrow", "calendar-busy"),
        ("what's on my calendar next month", "calendar-none-on"),
        ("when is my {event_name: haircut}", "calendar-none-called"),
    ],
)
async def test_questions(talk: Talk, text: str, keys: str) -> None:
    """Questions about events are answered."""
    await talk("add yoga tomorrow at six pm", "calendar_set")
    await talk("add dentist appointment on monday at ten am", "calendar_set")
    assert await talk(text, "calendar_query") == keys


async def test_removing(talk: Talk) -> None:
    """One event goes at once, all of them only after a confirmation; undo brings them back."""
    await talk("add yoga tomorrow at six pm", "calendar_set")
    await talk("add dentist on monday at ten am", "calendar_set")
    assert (
        await talk("cancel my {event_name: haircut}", "calendar_remove") == "calendar-none-called"
    )
    assert await talk("delete the dentist", "calendar_remove") == "calendar-removed"
    await talk.undo()
    assert await talk("delete my event", "calendar_remove") == "calendar-ask-which"
    assert await talk("the yoga") == "calendar-removed"
    keys = await talk("clear my calendar", "calendar_remove")
    assert talk.last.proposal.risk == "guarded"
    assert keys == "calendar-confirm-clear calendar-removed"
    assert await talk.undo() == "calendar-restored"
    assert await talk("what is my next event", "calendar_query") == "calendar-next"


@pytest.mark.parametrize(
    ("text", "title", "start", "hours"),
    [
        ("move it to six", "yoga class", "21T18:00", 2),
        ("make it thursday", "yoga class", "26T17:00", 2),
        ("half an hour later", "yoga class", "21T17:30", 2),
        ("and the dentist on monday at ten", "dentist", "23T10:00", 2),
        ("lunch with Ana on sunday at one", "lunch with Ana", "22T13:00", 2),
        ("the yoga at seven", "yoga class", "21T19:00", 2),
    ],
)
async def test_going_on_from_an_event(
    talk: Talk, text: str, title: str, start: str, hours: int
) -> None:
    """What follows an event moves it, or is one of its own when it names it."""
    await talk("schedule a yoga class tomorrow from five pm to seven pm", "calendar_set")
    await talk(text)
    call = talk.call[1]
    assert (call["title"], call["start"].isoformat()[8:16]) == (title, start)
    assert (call["end"] - call["start"]).seconds == hours * 3600


async def test_removed_by_its_time(talk: Talk) -> None:
    """The half past two one is the event at that time, whatever its day."""
    await talk("schedule a dentist appointment on thursday at half past two", "calendar_set")
    await talk("schedule a yoga class on thursday at five", "calendar_set")
    assert await talk("cancel the half past two one", "calendar_remove") == "calendar-removed"
    assert "dentist" in talk.spoken
