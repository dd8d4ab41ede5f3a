"""Reminders in conversation. It is Friday, 20 November 2026, nine in the morning, in Berlin."""

import pytest

from gnothi.testing.talk import Talk


@pytest.mark.parametrize(
    ("text", "thing", "due"),
    [
        ("remind me to call mom at five tomorrow", "call mom", "2026-11-21T17:00"),
        ("remind me in ten minutes to check the oven", "check the oven", "2026-11-20T09:10"),
        ("set a reminder for tomorrow to pay the rent", "pay the rent", "2026-11-21T09:00"),
        ("tomorrow at noon remind me about the dentist please", "the dentist", "2026-11-21T12:00"),
        ("can you set a reminder to wash the car on sunday", "wash the car", "2026-11-22T09:00"),
        ("don't let me forget to call alex at six pm", "call alex", "2026-11-20T18:00"),
        ("remind me about my meeting at two p. m.", "my meeting", "2026-11-20T14:00"),
    ],
)
async def test_thing_and_moment(talk: Talk, text: str, thing: str, due: str) -> None:
    """Thing and moment are told apart wherever they stand, also through the calendar's intents."""
    assert await talk(text, "calendar_set") == "reminders-set"
    (reminder,) = talk.stage.alarms.all()
    assert (reminder.name, reminder.due.isoformat()[:16]) == (thing, due)


@pytest.mark.parametrize(
    ("text", "things"),
    [
        (
            "remind me to call mum at 7 pm and to feed the cat at 8 pm",
            [("call mum", "11-20T19:00"), ("feed the cat", "11-20T20:00")],
        ),
        (
            "remind me in ten minutes to check the oven and remind me at 9 pm to lock up",
            [("check the oven", "11-20T09:10"), ("lock up", "11-20T21:00")],
        ),
        ("remind me tomorrow to call mum and to feed the cat", [("call mum", "")]),
        ("remind me to go to the shop and to buy milk at 7 pm", [("go to the shop", "")]),
    ],
)
async def test_several_in_a_sentence(talk: Talk, text: str, things: list[tuple[str, str]]) -> None:
    """Two things with two times are two reminders; two things at one time stay together."""
    await talk(text, "reminder_set")
    found = [(one.name, one.due.isoformat()[5:16]) for one in talk.stage.alarms.all()]
    if len(things) > 1:
        assert found == things
    else:
        assert len(found) == 1 and " and to " in found[0][0]
    await talk.undo()
    assert talk.stage.alarms.all() == ()


async def test_asks_when_and_what(talk: Talk) -> None:
    """It asks for whichever is missing."""
    assert await talk("remind me to water the plants", "calendar_set") == "reminders-ask-due"
    assert await talk("on monday at ten am") == "reminders-set"
    assert talk.call[1]["text"] == "water the plants"
    assert await talk("remind me at five p. m.", "calendar_set") == "reminders-ask-text"
    assert await talk("buy milk") == "reminders-set"
    assert talk.call[1]["text"] == "buy milk"


async def test_recurring(talk: Talk) -> None:
    """A reminder may come again and again."""
    await talk("remind me every monday at 7 pm to take out the trash", "calendar_set")
    (reminder,) = talk.stage.alarms.all()
    assert reminder.rule == "FREQ=WEEKLY;BYDAY=MO"
    assert "every Monday at 7:00 PM: take out the trash" in talk.spoken


async def test_every_other_day(talk: Talk) -> None:
    """What comes every other day is told so."""
    await talk("remind me to water the plants every other day at nine am", "calendar_set")
    assert "every other day at 9:00 AM: water the plants" in talk.spoken
    await talk("remind me to water the cactus every 3 days at nine am", "calendar_set")
    assert "every 3 days at 9:00 AM: water the cactus" in talk.spoken


async def test_for_somebody_else(talk: Talk) -> None:
    """Somebody else of the household can be reminded."""
    await talk("remind sam to buy flowers at six pm", "calendar_set")
    (reminder,) = talk.stage.alarms.all()
    assert (reminder.user, reminder.name) == ("sam", "buy flowers")


async def test_questions_and_removal(talk: Talk) -> None:
    """Reminders are told and removed by their words; undo brings them back."""
    assert await talk("what reminders do i have", "calendar_query") == "reminders-none"
    await talk("remind me about the dentist tomorrow", "calendar_set")
    assert await talk("what reminders do i have", "calendar_query") == "reminders-one"
    await talk("remind me to call mom on sunday", "calendar_set")
    assert await talk("any reminders", "calendar_query") == "reminders-several"
    assert await talk("reminders for monday", "calendar_query") == "reminders-none-then"
    assert await talk("delete my reminder", "calendar_remove") == "reminders-ask-which"
    assert await talk("the dentist") == "reminders-removed"
    assert [one.name for one in talk.stage.alarms.all()] == ["call mom"]
    await talk.undo()
    assert len(talk.stage.alarms.all()) == 2
    assert await talk("cancel all my reminders", "calendar_remove") == "reminders-removed"
    assert talk.stage.alarms.all() == ()


async def test_an_event_is_no_time(talk: Talk) -> None:
    """Nobody said when the parents evening is, so it asks."""
    assert await talk("remind me about the parents evening", "calendar_set") == "reminders-ask-due"
    await talk("thursday at seven pm")
    assert talk.call[1]["text"] == "the parents evening"
    assert talk.call[1]["due"].isoformat()[:16] == "2026-11-26T19:00"


@pytest.mark.parametrize(
    ("text", "thing", "due"),
    [
        ("at nine pm to put the bins out", "put the bins out", "20T21:00"),
        ("and at 9 to put the bins out", "put the bins out", "20T21:00"),
        ("to feed the cat at eight", "feed the cat", "20T20:00"),
        ("and the bins at nine", "the bins", "20T21:00"),
        ("about the dentist tomorrow", "the dentist", "21T19:00"),
        ("push it to quarter past seven", "ring Mum", "20T19:15"),
        ("make it half six", "ring Mum", "20T18:30"),
        ("six", "ring Mum", "20T18:00"),
        ("the mum one at eight", "ring Mum", "20T20:00"),
        ("an hour later", "ring Mum", "20T20:00"),
        ("push it back half an hour", "ring Mum", "20T19:30"),
        ("half an hour earlier", "ring Mum", "20T18:30"),
        ("tomorrow instead", "ring Mum", "21T19:00"),
        ("to ring dad", "ring dad", "20T19:00"),
    ],
)
async def test_going_on_from_a_reminder(talk: Talk, text: str, thing: str, due: str) -> None:
    """What follows a reminder moves it, or is one of its own when it says of what."""
    await talk("remind me to ring Mum at 7 pm", "calendar_set")
    assert await talk(text) == "reminders-set"
    assert (talk.call[1]["text"], talk.call[1]["due"].isoformat()[8:16]) == (thing, due)


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("remind me about that at nine pm", "call the plumber"),
        ("remind me to do that tomorrow at ten", "call the plumber"),
        ("remind me of it at nine pm please", "call the plumber"),
        ("set a reminder for that at nine pm", "call the plumber"),
    ],
)
async def test_that_is_what_was_spoken_of(talk: Talk, text: str, thing: str) -> None:
    """A reminder of "that" is one of what was just read out or added."""
    await talk("add call the plumber to my to do list", "lists_createoradd")
    assert await talk(text, "calendar_set") == "reminders-set"
    assert talk.call[1]["text"] == thing


async def test_what_is_to_be_got(talk: Talk) -> None:
    """Things of a list are to be bought."""
    await talk("add milk and eggs to the shopping list", "lists_createoradd")
    await talk("remind me to buy them at nine pm", "calendar_set")
    assert talk.call[1]["text"] == "buy milk and eggs"


async def test_that_may_be_unclear(talk: Talk) -> None:
    """Where nothing or too much was spoken of, it asks what "that" is."""
    assert await talk("remind me about that at nine pm", "calendar_set") == "reminders-ask-text"
    await talk("add milk, eggs and bread to the shopping list", "lists_createoradd")
    assert await talk("remind me about that at nine pm", "calendar_set") == "reminders-ask-text"


@pytest.mark.parametrize("intent", ["reminder_remove", "calendar_remove", "alarm_remove"])
@pytest.mark.parametrize("text", ["forget the Mum one", "cancel the seven o'clock one"])
async def test_removed_by_name_or_time(talk: Talk, text: str, intent: str) -> None:
    """A reminder is told by its words or its time, whatever the request was taken for."""
    await talk("remind me to ring Mum at 7 pm", "calendar_set")
    await talk("remind me to put the bins out at 9 pm", "calendar_set")
    assert await talk(text, intent) == "reminders-removed"
    assert [one.name for one in talk.stage.alarms.all()] == ["put the bins out"]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("remind sam to take the bins out tonight", "20T20:00"),
        ("remind me every sunday evening to put the bins out", "22T18:00"),
        ("remind me every morning to take my pills", "21T09:00"),
        ("remind me tomorrow morning to call mum", "21T09:00"),
    ],
)
async def test_parts_of_the_day(talk: Talk, text: str, due: str) -> None:
    """An evening's reminder comes in the evening, and a morning's not at six."""
    assert await talk(text, "calendar_set") == "reminders-set"
    assert talk.stage.alarms.all()[0].due.isoformat()[8:16] == due


async def test_a_time_that_no_clock_shows_is_refused(talk: Talk) -> None:
    """There is no 25:00, and no reminder then."""
    assert await talk("remind me at 25:00 to call mum", "calendar_set") == "reminders-no-time"
