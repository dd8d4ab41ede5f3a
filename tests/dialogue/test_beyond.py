import pytest

from gnothi.core.settings import Settings
from tests.dialogue.scene import Scene


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("set the thermostat to 500 degrees", "only between 5 and 35 degrees"),
        ("set the kitchen light to 500 percent", "only between 0 and 100 percent"),
        ("set volume to 500 percent", "only between 0 and 100 percent"),
    ],
)
async def test_who_asks_for_too_much_is_told_what_is_possible(text: str, told: str) -> None:
    """Nothing is set, neither to that nor to what comes nearest."""
    scene = Scene(Settings.from_environment())
    before = {one.id: scene.house.state(one.id) for one in scene.house.devices()}
    volume = scene.player.state().get("volume")
    answer = await scene.say(text)
    assert told in answer.reply.text
    assert {one.id: scene.house.state(one.id) for one in scene.house.devices()} == before
    assert scene.player.state().get("volume") == volume
