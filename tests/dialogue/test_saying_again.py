"""What was said before is told again: by the person, and by the assistant."""

import pytest

from gnothi.core.settings import Settings
from tests.dialogue.scene import Scene


@pytest.mark.parametrize("text", ["what was the last thing I said", "What did I just say?"])
async def test_what_a_person_said_is_told(text: str) -> None:
    """It is what the person said, not what the assistant answered; at first it is nothing."""
    scene = Scene(Settings.from_environment())
    assert (await scene.say(text)).reply.acts[0].key == "general-heard-nothing"
    await scene.say("turn on the kitchen light")
    assert (await scene.say(text)).reply.text == "You said: “turn on the kitchen light”."


async def test_what_the_assistant_said_is_repeated() -> None:
    """As ever, "say that again" is for the answer."""
    scene = Scene(Settings.from_environment())
    said = await scene.say("turn on the kitchen light")
    assert (await scene.say("say that again")).reply.text == said.reply.text
