"""Alarms in conversation. It is Friday, 20 November 2026, nine in the morning, in Berlin."""

from datetime import timedelta

import pytest

from gnothi.testing.talk import Talk

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("wake me up at seven", "2026-11-21T07:00"),
        ("wake me up at seven am on friday", "2026-11-27T07:00"),
        ("set an alarm for two hours from now", "2026-11-20T11:00"),
        ("set an alarm for ten minutes", "2026-11-20T09:10"),
        ("set an alarm for half past six pm", "2026-11-20T18:30"),
        ("alarm tomorrow at 5:45 am please", "2026-11-21T05:45"),
        ("i need a six am wake up call", "2026-11-21T06:00"),
    ],
)
async def test_moments(talk: Talk, text: str, due: str) -> None:
    """An alarm is set for the moment that is said."""
    assert await talk(text, "alarm_set") == "alarms-set"
    assert talk.stage.alarms.all()[0].due.isoformat()[:16] == due


@pytest.mark.parametrize(
    ("text", "rule", "due"),
    [
        (
            "wake me every weekday at 6:30 am",
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "2026-11-23T06:30",
        ),
        ("set the alarm for nine am on weekends", "FREQ=WEEKLY;BYDAY=SA,SU", "2026-11-21T09:00"),
        ("set a daily alarm at eight pm", "FREQ=DAILY", "2026-11-20T20:00"),
    ],
)
async def test_recurring(talk: Talk, text: str, rule: str, due: str) -> None:
    """An alarm may come again and again."""
    await talk(text, "alarm_set")
    (alarm,) = talk.stage.alarms.all()
    assert (alarm.rule, alarm.due.isoformat()[:16]) == (rule, due)


@pytest.mark.parametrize(
    ("text", "dues"),
    [
        ("set alarms for 6 am and 7 am tomorrow", ["11-21T06:00", "11-21T07:00"]),
        (
            "set alarms for 6, 6:15 and 6:30 am tomorrow",
            ["11-21T06:00", "11-21T06:15", "11-21T06:30"],
        ),
        ("wake me tomorrow at six and at half past six", ["11-21T06:00", "11-21T06:30"]),
        ("set an alarm for 7 pm and another for 8 pm", ["11-20T19:00", "11-20T20:00"]),
        ("set alarms every weekday at 6 am and 6:30 am", ["11-23T06:00", "11-23T06:30"]),
        ("set an alarm for 7 pm and call it yoga", ["11-20T19:00"]),
        ("set two alarms for seven and nine", ["11-20T19:00", "11-20T21:00"]),
    ],
)
async def test_several_in_a_sentence(talk: Talk, text: str, dues: list[str]) -> None:
    """Every time in the sentence gets an alarm, and undo removes them all."""
    keys = await talk(text, "alarm_set")
    assert keys == ("alarms-set-several" if len(dues) > 1 else "alarms-set")
    assert [one.due.isoformat()[5:16] for one in talk.stage.alarms.all()] == dues
    await talk.undo()
    assert talk.stage.alarms.all() == ()


async def test_asks_for_the_time_and_keeps_the_day(talk: Talk) -> None:
    """Setting "an alarm for tomorrow" needs a time; the day is kept while it is asked for."""
    assert await talk("set an alarm for tomorrow", "alarm_set") == "alarms-ask-due-day"
    assert await talk("half past seven") == "alarms-set"
    assert talk.stage.alarms.all()[0].due.isoformat()[:16] == "2026-11-21T07:30"


async def test_corrections_keep_what_they_do_not_change(talk: Talk) -> None:
    """Saying "no, eight" keeps the day, "no, on sunday" keeps the time, and both keep the rule."""
    await talk("wake me tomorrow at seven", "alarm_set")
    await talk("eight")
    assert talk.call[1]["due"].isoformat()[:16] == "2026-11-21T08:00"
    await talk("on sunday")
    assert talk.call[1]["due"].isoformat()[:16] == "2026-11-22T08:00"


async def test_questions(talk: Talk) -> None:
    """Alarms are told: all, those of a day, the next."""
    assert await talk("any alarms", "alarm_query") == "alarms-none"
    await talk("wake me at seven am", "alarm_set")
    assert await talk("what alarms do i have", "alarm_query") == "alarms-one"
    await talk("set an alarm for ten am", "alarm_set")
    assert await talk("which alarms are set", "alarm_query") == "alarms-several"
    assert await talk("what alarms are set for sunday", "alarm_query") == "alarms-none-then"
    assert await talk("when is my next alarm", "alarm_query") == "alarms-next"
    assert "10:00" in talk.spoken


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("cancel my seven am alarm", 2),
        ("cancel the alarm at seven", 2),
        ("remove all alarms", 0),
        ("delete tomorrow's alarms", 1),
        ("cancel the recurring alarm", 2),
        ("cancel my next alarm", 2),
    ],
)
async def test_removing(talk: Talk, text: str, left: int) -> None:
    """Alarms are removed by time, by day, by kind, or all of them; undo brings them back."""
    for one in ("seven am", "noon", "eight pm every saturday"):
        await talk(f"set an alarm for {one}", "alarm_set")
    assert await talk(text, "alarm_remove") == "alarms-removed"
    assert len(talk.stage.alarms.all()) == left
    await talk.undo()
    assert len(talk.stage.alarms.all()) == 3


async def test_ringing(talk: Talk) -> None:
    """What rings can be snoozed and stopped; a recurring alarm stays set."""
    assert await talk("snooze", "alarm_remove") == "alarms-none-rings"
    await talk("set a daily alarm at ten am", "alarm_set")
    talk.stage.clock.moment += 60 * MINUTE
    await talk.stage.alarms.run_due()
    assert await talk("snooze for five minutes", "alarm_set") == "alarms-snoozed"
    talk.stage.clock.moment += 5 * MINUTE
    await talk.stage.alarms.run_due()
    assert await talk("turn off the alarm", "alarm_remove") == "alarms-stopped"
    (alarm,) = talk.stage.alarms.all()
    assert alarm.due.isoformat()[:16] == "2026-11-21T10:00"


async def test_missed_alarms_are_told(talk: Talk) -> None:
    """An alarm that could not ring is mentioned once."""
    await talk("set an alarm for ten am", "alarm_set")
    talk.stage.clock.moment += 300 * MINUTE
    await talk.stage.alarms.run_due()
    assert await talk("any alarms", "alarm_query") == "alarms-none alarms-missed"
    assert await talk("any alarms", "alarm_query") == "alarms-none"


async def test_the_past_is_refused(talk: Talk) -> None:
    """An alarm for yesterday is no alarm."""
    assert await talk("set an alarm for yesterday at noon", "alarm_set") == "alarms-past"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("six", "21T06:00"),
        ("move it to six", "21T06:00"),
        ("push it to quarter past seven", "21T07:15"),
        ("bump the alarm to half six", "21T06:30"),
        ("make it half an hour later", "21T06:00"),
        ("ten minutes earlier", "21T05:20"),
        ("on sunday", "22T05:30"),
        ("and one for half past seven", "21T07:30"),
    ],
)
async def test_going_on_from_an_alarm(talk: Talk, text: str, due: str) -> None:
    """What follows an alarm moves it in its half of the day."""
    await talk("set an alarm for 5:30 am", "alarm_set")
    await talk(text)
    assert talk.call[1]["due"].isoformat()[8:16] == due


@pytest.mark.parametrize("intent", ["alarm_remove", "calendar_remove"])
async def test_removed_by_time(talk: Talk, intent: str) -> None:
    """The seven o'clock one is the alarm at seven, whatever the request was taken for."""
    await talk("set alarms for 7 am and 7:30 am tomorrow", "alarm_set")
    assert await talk("cancel the seven o'clock one", intent) == "alarms-removed"
    assert [one.due.minute for one in talk.stage.alarms.all()] == [30]


async def test_a_time_that_no_clock_shows_is_refused(talk: Talk) -> None:
    """There is no 25:00, and no alarm for it."""
    assert await talk("set an alarm for 25:00", "alarm_set") == "alarms-no-time"
    assert "25:00" in talk.spoken
