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
