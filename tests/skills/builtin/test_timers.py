"""Timers in conversation."""

from datetime import timedelta

import pytest

from gnothi.testing.talk import Talk

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "minutes", "name"),
    [
        ("set a timer for ten minutes", 10, None),
        ("timer ten minutes", 10, None),
        ("set a pasta timer for 12 minutes", 12, "pasta"),
        ("start a timer called big roast for two hours", 120, "big roast"),
        ("can you please set a 5 minute timer for the eggs", 5, "eggs"),
        ("set a timer for an hour and a half", 90, None),
        ("start a half hour timer", 30, None),
        ("set another timer for 45 mins", 45, None),
    ],
)
async def test_length_and_name(talk: Talk, text: str, minutes: int, name: str | None) -> None:
    """Length and name are found however they are said."""
    assert await talk(text, "timer_set") == "timers-set"
    assert talk.call[1].get("duration") == minutes * MINUTE
    assert talk.call[1].get("name") == name


async def test_asks_how_long(talk: Talk) -> None:
    """A timer without a length is asked for, and keeps its name."""
    assert await talk("set a pizza timer", "timer_set") == "timers-ask-duration"
    assert await talk("fifteen minutes") == "timers-set"
    assert talk.call[1] == {"duration": 15 * MINUTE, "name": "pizza"}


async def test_a_correction_changes_the_length(talk: Talk) -> None:
    """Saying "no, fifteen" changes the length and keeps the name."""
    await talk("set an egg timer for five minutes", "timer_set")
    await talk("seven minutes")
    assert talk.call[1] == {"duration": 7 * MINUTE, "name": "egg"}


async def test_time_left(talk: Talk) -> None:
    """The time that is left is told for one timer, a named one, or all."""
    assert await talk("how long is left", "timer_query") == "timers-none"
    await talk("set a timer for ten minutes", "timer_set")
    await talk("set a pasta timer for six minutes", "timer_set")
    talk.stage.clock.moment += 2 * MINUTE
    assert await talk("how long on the pasta timer", "timer_query") == "timers-left"
    assert talk.spoken == "4 minutes left on the pasta timer."
    assert await talk("how much time is left", "timer_query") == "timers-left timers-left"


async def test_which_one(talk: Talk) -> None:
    """With two timers it asks which to cancel; length, name and order tell them apart."""
    for text in ("set a timer for ten minutes", "set a pasta timer for six minutes"):
        await talk(text, "timer_set")
    assert await talk("cancel the timer", "timer_cancel") == "timers-ask-which"
    assert "pasta" in talk.spoken
    assert await talk("the ten minute one") == "timers-cancelled"
    assert [one.name for one in talk.stage.alarms.all()] == ["pasta"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("cancel the first timer", {"b"}),
        ("cancel all timers", set()),
        ("cancel the last timer", {"a"}),
    ],
)
async def test_order_and_all(talk: Talk, text: str, left: set[str]) -> None:
    """Timers can be meant by their order, or all at once."""
    await talk("set a timer called a for one minute", "timer_set")
    await talk("set a timer called b for two minutes", "timer_set")
    talk.stage.alarms.all()
    await talk(text, "timer_cancel")
    assert {one.length for one in talk.stage.alarms.all()} == {
        MINUTE if name == "a" else 2 * MINUTE for name in left
    }


async def test_pause_resume_and_change(talk: Talk) -> None:
    """A timer can be paused, resumed, made longer and shorter."""
    await talk("set a timer for ten minutes", "timer_set")
    assert await talk("pause the timer", "timer_pause") == "timers-paused"
    talk.stage.clock.moment += 60 * MINUTE
    assert await talk("pause it", "timer_pause") == "timers-already-paused"
    assert await talk("how long is left", "timer_query") == "timers-paused-left"
    assert await talk("go on", "timer_resume") == "timers-resumed"
    assert await talk("go on", "timer_resume") == "timers-not-paused"
    assert await talk("add five minutes", "timer_increase") == "timers-added"
    assert "15 minutes left" in talk.spoken
    assert await talk("take off", "timer_decrease") == "timers-ask-less"
    assert await talk("one minute") == "timers-taken"
    assert "14 minutes left" in talk.spoken
    assert await talk("take an hour off", "timer_decrease") == "timers-taken-all"


async def test_undo(talk: Talk) -> None:
    """Setting, cancelling and changing can be taken back."""
    await talk("set a timer for ten minutes", "timer_set")
    await talk("add five minutes", "timer_increase")
    await talk.undo()
    assert talk.stage.alarms.all()[0].length == 10 * MINUTE
    await talk("cancel the timer", "timer_cancel")
    await talk.undo()
    assert len(talk.stage.alarms.all()) == 1


async def test_another_one_is_a_new_timer(talk: Talk) -> None:
    """Asking for another one sets one more; asking for another five minutes does not."""
    await talk("set a tea timer for {duration: three minutes}", "timer_set")
    assert await talk("and another one for five minutes", "timer_increase") == "timers-set"
    assert [one.name for one in talk.stage.alarms.all()] == ["tea", ""]
    await talk("add another five minutes to the tea timer", "timer_increase")
    assert len(talk.stage.alarms.all()) == 2


@pytest.mark.parametrize(
    ("text", "minutes", "name"),
    [
        ("another for fifteen, called chicken", 15, "chicken"),
        ("and another for fifteen called chicken", 15, "chicken"),
        ("one more for the rice, twenty minutes", 20, "rice"),
        ("and another one for 20 minutes for the sauce", 20, "sauce"),
        ("another 20 minute timer for the sauce", 20, "sauce"),
        ("another one, pasta, nine minutes", 9, "pasta"),
        ("a second one for eight minutes", 8, None),
        ("and one for five minutes", 5, None),
        ("fifteen", 15, "egg"),
        ("and fifteen for the chicken", 15, "chicken"),
        ("set it again, 75 minutes", 75, "egg"),
        ("no wait, eight minutes", 8, "egg"),
        ("call it dinner", 6, "dinner"),
        ("the rice one", 6, "egg"),
        ("a rice timer for 12 minutes", 12, "rice"),
    ],
)
async def test_going_on_from_a_timer(talk: Talk, text: str, minutes: int, name: str | None) -> None:
    """What follows a timer changes its length or its name, or sets one of its own."""
    await talk("set an egg timer for six minutes", "timer_set")
    assert await talk(text) == "timers-set"
    assert talk.call[1].get("duration") == minutes * MINUTE
    assert talk.call[1].get("name") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("timer for 25 minutes for the lasagne", "lasagne"),
        ("timer for six minutes called rice", "rice"),
        ("a ten minute timer for the pasta so that it doesn't burn this time", "pasta"),
        ("set a timer named mum's cake for 40 minutes", "mum's cake"),
        ("timer for the next ten minutes", None),
        ("set a timer for 20 minutes for {timer_name: the potatoes}", "potatoes"),
    ],
)
async def test_names(talk: Talk, text: str, name: str | None) -> None:
    """A timer is called what it is for."""
    await talk(text, "timer_set")
    assert talk.call[1].get("name") == name


async def test_an_answer_may_name(talk: Talk) -> None:
    """The answer to "how long?" may give a name along with the length."""
    await talk("set a timer", "timer_set")
    await talk("twenty minutes for the rice please")
    assert talk.call[1] == {"duration": 20 * MINUTE, "name": "rice"}


async def test_more_time_by_name(talk: Talk) -> None:
    """Two more minutes go to the timer that is named."""
    for name in ("eggs", "pasta"):
        await talk(f"set a timer called {name} for six minutes", "timer_set")
    assert await talk("give the eggs two more minutes", "timer_increase") == "timers-added"
    assert "Added 2 minutes to the eggs timer" in talk.spoken
    assert await talk("another minute for the pasta", "timer_increase") == "timers-added"
    assert await talk("Scrap the pasta one", "timer_cancel") == "timers-cancelled"
    assert [one.name for one in talk.stage.alarms.all()] == ["eggs"]


@pytest.mark.parametrize(
    "length", ["minus five minutes", "-5 minutes", "0 seconds", "zero minutes"]
)
async def test_a_length_that_no_timer_has_is_refused(talk: Talk, length: str) -> None:
    """Nothing is set, and the reason is told."""
    assert await talk(f"set a timer for {length}", "timer_set") == "timers-no-length"
    assert await talk("set a 45-minute timer", "timer_set") == "timers-set"
