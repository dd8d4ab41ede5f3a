"""Who says "stop" is obeyed: what rings is silent, what plays stops, what was asked is let go."""

from datetime import timedelta

import pytest

from gnothi.core.protocols import Track
from gnothi.core.settings import Settings
from tests.dialogue.scene import Scene

STOP = [
    "stop",
    "Stop!",
    "stop it",
    "stop please",
    "shut up",
    "that's enough",
    "okay stop",
]
QUIET = ["quiet", "be quiet please"]
SONG = Track("a", "Song", "Queen", seconds=200.0)


async def ring(scene: Scene) -> None:
    """Let a timer ring that was set by a sentence."""
    await scene.say("set a timer for 2 minutes")
    scene.clock.moment += timedelta(minutes=2)
    await scene.alarms.run_due()
    assert scene.alarms.ringing()


@pytest.mark.parametrize("text", [*STOP, *QUIET])
async def test_a_ringing_timer_is_silenced(text: str) -> None:
    """Whoever set a timer silences it with any word for it."""
    scene = Scene(Settings.from_environment())
    await ring(scene)
    await scene.say(text)
    assert not scene.alarms.ringing()


@pytest.mark.parametrize("text", STOP)
async def test_music_stops(text: str) -> None:
    """Music stops, whatever was asked for before."""
    scene = Scene(Settings.from_environment())
    await scene.say("turn on the kitchen light")
    await scene.say("what time is it")
    await scene.player.play([SONG])
    await scene.say(text)
    assert scene.player.state()["status"] == "idle"


async def test_what_rings_is_silenced_before_a_question_is_answered() -> None:
    """A question waits while an alarm is silenced."""
    scene = Scene(Settings.from_environment())
    await ring(scene)
    await scene.say("set a timer")
    await scene.say("stop")
    assert not scene.alarms.ringing()
    await scene.say("ten minutes")
    assert len(scene.alarms.all()) == 1


async def test_a_question_is_let_go() -> None:
    """Where a question waits, "stop" is for it and not for the music."""
    scene = Scene(Settings.from_environment())
    await scene.player.play([SONG])
    await scene.say("set a timer")
    await scene.say("stop")
    assert scene.player.state()["status"] == "playing"
    await scene.say("stop")
    assert scene.player.state()["status"] == "idle"


async def test_nothing_rings_and_nothing_plays() -> None:
    """Without anything to silence, "stop" ends the question that is open."""
    scene = Scene(Settings.from_environment())
    await scene.say("set a timer")
    await scene.say("stop")
    await scene.say("ten minutes")
    assert not scene.alarms.ringing()
    last = await scene.say("stop")
    assert "silence" not in [action.call.api for action in last.actions]


@pytest.mark.parametrize("text", ["next", "skip"])
async def test_the_next_piece_is_no_more_of_the_volume(text: str) -> None:
    """After "louder", "next" is the next piece."""
    scene = Scene(Settings.from_environment())
    await scene.player.play([SONG, Track("b", "Other", "Queen", seconds=200.0)])
    await scene.say("louder")
    loud = scene.player.state()["volume"]
    await scene.say(text)
    assert scene.player.state()["volume"] == loud
    assert scene.player.state()["place"] == 1
