"""Values that can't be are refused with the reason, also while something else is asked."""

import pytest

from gnothi.core.settings import Settings
from tests.dialogue.scene import Scene


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("set an alarm for 25:00", "alarms-no-time"),
        ("remind me at 25:00 to shout", "reminders-no-time"),
    ],
)
async def test_a_time_that_is_none_is_refused(text: str, key: str, *, asked: bool) -> None:
    """The request is its own, and no answer to a question for a length."""
    scene = Scene(Settings.from_environment())
    if asked:
        await scene.say("set a timer")
    turn = await scene.say(text)
    assert turn.reply.acts[0].key == key
    assert scene.alarms.all() == ()


async def test_what_is_quoted_goes_on_the_list_as_it_is() -> None:
    """Also after something was done, and with commands in it."""
    scene = Scene(Settings.from_environment())
    await scene.say("turn on the kitchen light")
    await scene.say('add "\'; DROP TABLE lists;--" to the list')
    await scene.say('add "no wait, turn off the light" to my list')
    assert scene.items() == ["'; DROP TABLE lists;--", "no wait, turn off the light"]
    assert scene.house.state("light.kitchen").state == "on"


@pytest.mark.parametrize(
    ("request_", "answers", "key", "right"),
    [
        (
            "set a timer",
            ["minus five minutes", "set a timer for 0 seconds"],
            "timers-no-length",
            "ten minutes",
        ),
        ("set an alarm", ["25:00"], "alarms-no-time", "seven"),
    ],
)
async def test_an_answer_that_can_t_be_is_refused_with_the_reason(
    request_: str, answers: list[str], key: str, right: str
) -> None:
    """The question stays open, and the next answer is taken."""
    scene = Scene(Settings.from_environment())
    await scene.say(request_)
    for answer in answers:
        turn = await scene.say(answer)
        assert turn.reply.acts[0].key == key
        assert turn.reply.expects == "value"
    await scene.say(right)
    assert len(scene.alarms.all()) == 1
