from collections.abc import Callable

import pytest

from gnothi.core.acting import Status
from gnothi.core.interaction import Interaction
from gnothi.core.settings import Settings
from gnothi.core.understanding import Heard
from tests.dialogue.scene import Scene

Open = Callable[..., Scene]


@pytest.fixture
def scene() -> Scene:
    """Open a conversation over the starter home."""
    return Scene(Settings.from_environment())


def repaired(turn: Interaction) -> str:
    """Return what the trace says of repair."""
    return " ".join(stage.note for stage in turn.trace if stage.stage == "repair")


async def test_what_is_missing_is_asked_and_the_answer_spliced_in(scene: Scene) -> None:
    """Nothing is done before the room is known, and then only there."""
    asked = await scene.say("turn on the lights in the")
    assert asked.reply.text == "Turn on the lights in which room?"
    assert asked.reply.expects == "value"
    assert not asked.changes
    assert "[SL:house_place UNKNOWN ]" in repaired(asked)
    done = await scene.say("the kitchen")
    assert set(done.changes) == {"light.kitchen"}
    assert done.utterance.text == "the kitchen", "the journal keeps what was said"
    assert done.understanding.text == "turn on the lights in the kitchen"


@pytest.mark.parametrize(
    ("begun", "rest", "api"),
    [
        ("remind me to", "call mum at six", "set_reminder"),
        ("set a timer for", "ten minutes", "set_timer"),
        ("wake me up at", "seven tomorrow", "set_alarm"),
        ("add milk to the", "to-do list", "add_items"),
        ("what is the temperature in the", "kitchen", "query"),
        ("how many grams are in", "a pound", "convert"),
        ("dim the bedroom lights to", "30 percent", "control"),
    ],
)
async def test_skills_of_all_kinds_take_the_rest(
    scene: Scene, begun: str, rest: str, api: str
) -> None:
    """One question, one answer, and it is done as if it had been said in one breath."""
    asked = await scene.say(begun)
    assert asked.reply.expects == "value"
    done = await scene.say(rest)
    assert [(one.call.api, one.status) for one in done.actions] == [(api, Status.DONE)]
    assert done.understanding.text == f"{begun} {rest}"


async def test_a_new_request_drops_the_old_one(scene: Scene) -> None:
    """Who asks for something else gets that, and is not asked again."""
    await scene.say("turn on the lights in the")
    other = await scene.say("what time is it")
    assert "6:00" in other.reply.text
    assert other.reply.expects is None
    later = await scene.say("the kitchen")
    assert "light.living_room" not in later.changes


async def test_the_whole_sentence_again_is_no_answer(scene: Scene) -> None:
    """Saying all of it once more is understood, too."""
    await scene.say("turn on the lights in the")
    again = await scene.say("turn on the lights in the kitchen")
    assert set(again.changes) == {"light.kitchen"}


async def test_a_cut_off_request_can_be_left(scene: Scene) -> None:
    """The words "never mind" end it."""
    await scene.say("turn on the lights in the")
    left = await scene.say("never mind")
    assert not left.changes
    assert left.reply.expects is None


async def test_what_makes_no_sense_is_asked_once_more(scene: Scene) -> None:
    """An answer that says nothing changes nothing."""
    asked = await scene.say("turn on the lights in the")
    unclear = await scene.say("flibber the wug")
    assert not unclear.changes
    assert asked.reply.text in unclear.reply.text
    done = await scene.say("kitchen")
    assert set(done.changes) == {"light.kitchen"}


async def test_nothing_missing_can_be_said(scene: Scene) -> None:
    """Who says that this is all gets what the words ask for."""
    await scene.say("turn on the lights in the")
    done = await scene.say("that's all")
    assert len(done.changes) > 1


async def test_what_was_spoken_of_is_inferred(scene: Scene) -> None:
    """After a question about the living room, its light is meant, and nothing is asked."""
    await scene.say("turn on the living room light")
    inferred = await scene.say("turn off the lights in the")
    assert set(inferred.changes) == {"light.living_room"}
    assert "fits" in repaired(inferred)


async def test_a_yes_in_advance_is_none_for_what_was_not_named(scene: Scene) -> None:
    """Whoever confirms beforehand has confirmed what was said, and no door was."""
    asked = await scene.say("unlock the", confirm=True)
    assert not asked.changes
    assert "front door" in asked.reply.text.lower()


async def test_guarded_actions_stay_guarded(scene: Scene) -> None:
    """A door is not opened before a yes, however its name came about."""
    await scene.say("open the")
    named = await scene.say("garage door")
    assert [one.status for one in named.actions] == [Status.NEEDS_CONFIRMATION]
    assert not named.changes
    opened = await scene.say("yes")
    assert set(opened.changes) == {"cover.garage_door"}


@pytest.mark.parametrize(
    "text", ["turn on the lights", "what should I listen to", "which lights are on", "add milk"]
)
async def test_complete_requests_are_not_questioned(scene: Scene, text: str) -> None:
    """Nobody is asked for more who has said it all."""
    turn = await scene.say(text)
    assert not any(act.key.startswith("dialogue-cut") for act in turn.reply.acts)


@pytest.mark.parametrize(
    ("begun", "rest", "changed"),
    [
        ("turn on the bedroom", "bedroom light", {"light.bedroom"}),
        ("turn on the kit", "kitchen light", {"light.kitchen"}),
        ("dim the kitchen light", "to thirty percent", {"light.kitchen"}),
    ],
)
async def test_what_broke_off_in_its_sound_is_asked_about(
    scene: Scene, begun: str, rest: str, changed: set[str]
) -> None:
    """Even where the words alone could be all: and what is half a word gives way to the answer."""
    asked = await scene.say(begun, heard=Heard("script", 1.0, broke_off=True))
    assert not asked.changes
    assert asked.reply.expects == "value"
    assert "the sound broke off" in repaired(asked)
    done = await scene.say(rest)
    assert set(done.changes) == changed


async def test_who_is_asked_without_need_says_so_or_commands_anew(scene: Scene) -> None:
    """A question too many costs a word, and nothing is mixed up."""
    await scene.say("turn on the kitchen light", heard=Heard("script", 1.0, broke_off=True))
    done = await scene.say("that's all")
    assert set(done.changes) == {"light.kitchen"}
    await scene.say("turn off the kitchen light", heard=Heard("script", 1.0, broke_off=True))
    other = await scene.say("turn on the bedroom light")
    assert set(other.changes) == {"light.bedroom"}
