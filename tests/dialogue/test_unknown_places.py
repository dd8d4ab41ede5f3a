import json

import pytest

from gnothi.core.settings import Settings
from gnothi.home.grounding.ground import ground
from gnothi.home.grounding.result import Doing, Problem
from gnothi.home.house import STARTER, House
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


def test_a_room_may_have_another_common_name() -> None:
    """The living room is the great room of a home that has none, and no second one."""
    written = json.loads(STARTER.read_text("utf-8"))
    written["areas"] = [
        {**one, "name": "Great Room", "aliases": []} if one["id"] == "living_room" else one
        for one in written["areas"]
    ]
    found = ground("turn on the lights in the living room", "", House.from_json(written))
    assert isinstance(found, Doing)
    assert found.areas == ("living_room",)
    assert isinstance(
        ground("turn on the lights in the lounge", "", House.from_json(written)), Problem
    )
