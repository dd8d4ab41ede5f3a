import pytest

from gnothi.core.settings import Settings
from tests.dialogue.scene import Scene


@pytest.mark.parametrize(
    "text",
    [
        "turn off the lights in the sauna",
        "turn off the light in the sauna",
        "turn off all the sauna lights",
        "turn off all of the sauna lights",
        "turn off the lights on the back roof",
        "dim the lights in the kids room",
        "close the blinds in the shed",
        "turn off all the lights in our steam room",
    ],
)
async def test_what_is_asked_for_a_place_the_home_has_not_is_done_nowhere(text: str) -> None:
    """The home has no sauna: its lights stay as they are, and the answer names the sauna."""
    scene = Scene(Settings.from_environment())
    await scene.say("turn on the lights")
    before = {one.id: scene.house.state(one.id) for one in scene.house.devices()}
    answer = await scene.say(text)
    assert {one.id: scene.house.state(one.id) for one in scene.house.devices()} == before
    assert "I know no" in answer.reply.text


async def test_a_remark_about_a_place_is_still_no_place_of_the_request() -> None:
    """The lawn that is dry is why the sprinkler shall run, and not where."""
    scene = Scene(Settings.from_environment())
    await scene.say("turn the sprinkler on the lawn is dry")
    assert scene.house.state("valve.sprinkler").state == "open"
