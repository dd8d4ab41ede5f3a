"""What nothing else may be taken for: calls for help, and the wish to be forgotten."""

import pytest

from gnothi.core.settings import Settings
from gnothi.skills.builtin.unavailable.actions import is_emergency, is_erasing
from tests.dialogue.scene import Scene


@pytest.mark.parametrize(
    "text",
    [
        "call the police",
        "please call an ambulance for my mother!",
        "there is a fire",
        "there's a fire in the kitchen",
        "the living room is on fire",
        "help, my father had a heart attack",
        "can you dial 911",
    ],
)
async def test_who_needs_help_hears_whom_to_call(text: str) -> None:
    """It calls nobody, says so, and names the number."""
    turn = await Scene(Settings.from_environment()).say(text)
    assert turn.reply.text.startswith("I can't call anybody.")
    assert "911" in turn.reply.text
    assert turn.changes == {}


async def test_help_goes_before_an_open_question() -> None:
    """A call for help is no answer and is not followed by a question; that stays open."""
    scene = Scene(Settings.from_environment())
    await scene.say("set a timer")
    turn = await scene.say("there is a fire in the kitchen")
    assert [act.key for act in turn.reply.acts] == ["unavailable-emergency"]
    await scene.say("ten minutes")
    assert len(scene.alarms.all()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "remind me to call the police tomorrow",
        "add call the doctor to my list",
        "is there a fire in the fireplace",
        "there is a fire alarm in the hall",
        "play there is a fire",
        "a song about the house is on fire",
    ],
)
def test_what_only_speaks_of_it_calls_for_no_help(text: str) -> None:
    """Reminders, lists, music and questions keep their words."""
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "forget everything about me",
        "forget me",
        "delete all my data",
        "erase my journal",
        "can you please delete my history?",
        "how do I delete my recordings",
    ],
)
@pytest.mark.parametrize("asked", [False, True])
async def test_who_wants_to_be_forgotten_hears_where(text: str, *, asked: bool) -> None:
    """Nothing is said to be erased, and the page's journal is named."""
    scene = Scene(Settings.from_environment())
    if asked:
        await scene.say("set a timer")
    turn = await scene.say(text)
    assert turn.reply.text.startswith("I have erased nothing")
    assert "Journal" in turn.reply.text


@pytest.mark.parametrize(
    "text", ["forget it", "clear my shopping list", "delete the meeting about my data", "erase it"]
)
def test_other_things_are_taken_back_as_ever(text: str) -> None:
    """Only what is kept of a person is meant."""
    assert not is_erasing(text)
