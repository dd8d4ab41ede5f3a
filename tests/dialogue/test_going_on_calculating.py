"""What points back to a calculation goes on with it, whatever else was done before."""

from gnothi.core.settings import Settings
from tests.dialogue.scene import Scene


async def test_half_of_that_halves_what_was_calculated_last() -> None:
    """A light that was turned on before stays as it is."""
    scene = Scene(Settings.from_environment())
    await scene.say("turn on the kitchen light")
    await scene.say("what's 15% of 80")
    turn = await scene.say("half of that")
    assert turn.changes == {}
    assert "6" in turn.reply.text
    assert (await scene.say("double it")).changes == {}


async def test_after_a_light_it_is_the_light() -> None:
    """Once a light was spoken of, "it" is no number any more."""
    scene = Scene(Settings.from_environment())
    await scene.say("what's 15% of 80")
    await scene.say("turn on the kitchen light")
    turn = await scene.say("set it to half")
    assert "light.kitchen" in turn.changes
