from collections.abc import Callable
from datetime import timedelta

import pytest

from gnothi.core.acting import Status
from gnothi.core.errors import StorageError
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from tests.dialogue.scene import NOW, Known, Scene

ADD_MILK = {"add milk": ("lists_createoradd", {})}
TIMER = {
    "set a timer": ("timer_set", {}),
    "set a timer for ten minutes": ("timer_set", {"duration": "ten minutes"}),
    "what time is it": ("datetime_query", {}),
}
Open = Callable[..., Scene]


@pytest.fixture
def open_scene() -> Open:
    """Open a conversation whose understanding is written down."""

    def scene(known: Known, **options: object) -> Scene:
        return Scene(known, Settings.from_environment(), **options)

    return scene


async def test_a_correction_takes_back_what_it_corrects(open_scene: Open) -> None:
    """After "no, oat milk" the list holds oat milk, and no milk."""
    scene = open_scene(ADD_MILK)
    before = scene.items()
    await scene.say("add milk")
    await scene.say("no, oat milk")
    assert scene.items() == [*before, "oat milk"]


async def test_a_missing_value_is_asked_and_its_answer_taken(open_scene: Open) -> None:
    """A timer without a length is asked for its length."""
    scene = open_scene(TIMER)
    asked = await scene.say("set a timer")
    assert asked.reply.expects == "value"
    await scene.say("twelve minutes")
    [alarm] = scene.alarms.all()
    assert alarm.length == timedelta(minutes=12)


async def test_a_digression_is_answered_and_the_question_asked_again(open_scene: Open) -> None:
    """Asking the time in between loses nothing."""
    scene = open_scene(TIMER)
    asked = await scene.say("set a timer")
    aside = await scene.say("what time is it")
    assert "6:00" in aside.reply.text
    assert asked.reply.text in aside.reply.text
    await scene.say("five minutes")
    assert len(scene.alarms.all()) == 1


async def test_a_question_can_be_left(open_scene: Open) -> None:
    """The words "never mind" end what was asked, and nothing is done."""
    scene = open_scene(TIMER)
    await scene.say("set a timer")
    left = await scene.say("never mind")
    assert left.reply.expects is None
    await scene.say("five minutes")
    assert scene.alarms.all() == ()


async def test_undo_takes_the_last_turn_back(open_scene: Open) -> None:
    """What was added is gone after "undo that"."""
    scene = open_scene(ADD_MILK)
    before = scene.items()
    await scene.say("add milk")
    await scene.say("undo that")
    assert scene.items() == before


async def test_a_later_session_remembers_nothing_of_it(open_scene: Open) -> None:
    """Half an hour later "no, oat milk" corrects nothing."""
    scene = open_scene(ADD_MILK)
    before = scene.items()
    await scene.say("add milk")
    await scene.say("no, oat milk", now=NOW + timedelta(minutes=30))
    assert scene.items() == [*before, "milk"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00\x07", "🙂", "a" * 100_000, "\ud800"])
async def test_what_says_nothing_is_answered_all_the_same(open_scene: Open, text: str) -> None:
    """Silence, noise and endless text get a sentence and do nothing."""
    answer = await open_scene({}).say(text)
    assert answer.reply.text
    assert answer.actions == ()


async def test_a_dead_journal_is_said_and_the_work_done(open_scene: Open) -> None:
    """The light goes on even where the turn can't be written down."""

    def dead(interaction: Interaction) -> None:
        raise StorageError("the disk is full")

    scene = open_scene(ADD_MILK, journal=dead)
    answer = await scene.say("add milk")
    assert "the disk is full" in answer.reply.text
    assert "milk" in scene.items()


async def test_the_trace_says_what_every_stage_did(open_scene: Open) -> None:
    """A turn can be followed from reading to the sentence."""
    answer = await open_scene(TIMER).say("set a timer for ten minutes")
    assert [stage.stage for stage in answer.trace] == [
        "read",
        "understand",
        "propose",
        "act",
        "say",
    ]
    assert answer.artifacts == {"test": "1"}
    assert [action.status for action in answer.actions] == [Status.DONE]


async def test_one_of_several_things_can_be_corrected(open_scene: Open) -> None:
    """After "not onions, garlic" the tomatoes stay."""
    text = "add tomatoes and onions to the shopping list"
    scene = open_scene({text: ("lists_createoradd", {})})
    before = scene.items()
    await scene.say(text)
    await scene.say("not onions, garlic")
    assert scene.items() == [*before, "tomatoes", "garlic"]


async def test_small_talk_is_not_what_is_corrected(open_scene: Open) -> None:
    """A thank-you in between does not hide what "no, oat milk" corrects."""
    scene = open_scene({**ADD_MILK, "thank you": ("general_thanks", {})})
    before = scene.items()
    await scene.say("add milk")
    await scene.say("thank you")
    await scene.say("no, oat milk")
    assert scene.items() == [*before, "oat milk"]


async def test_the_last_answer_is_repeated(open_scene: Open) -> None:
    """Somebody who did not hear it hears it again."""
    scene = open_scene({**ADD_MILK, "once more for grandma": ("general_repeat", {})})
    first = await scene.say("add milk")
    assert (await scene.say("what did you say?")).reply.text == first.reply.text
    assert (await scene.say("once more for grandma")).reply.text == first.reply.text


async def test_after_a_no_a_whole_request_replaces_the_last(open_scene: Open) -> None:
    """The milk goes and the timer comes: that is what "no" was about."""
    scene = open_scene({**ADD_MILK, **TIMER})
    before = scene.items()
    await scene.say("add milk")
    await scene.say("no")
    await scene.say("set a timer for ten minutes")
    assert scene.items() == before
    assert len(scene.alarms.all()) == 1


async def test_what_is_made_precise_leaves_the_rest(open_scene: Open) -> None:
    """After "milk and eggs", "no, oat milk" keeps the eggs."""
    scene = open_scene({"add milk and eggs": ("lists_createoradd", {})})
    before = scene.items()
    await scene.say("add milk and eggs")
    await scene.say("no, oat milk")
    assert scene.items() == [*before, "oat milk", "eggs"]
