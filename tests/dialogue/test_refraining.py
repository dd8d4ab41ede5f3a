import pytest

from gnothi.core.settings import Settings
from gnothi.dialogue.lexicon import lexicon
from gnothi.dialogue.refraining import forbidden, without
from tests.dialogue.scene import Scene


def open_scene() -> Scene:
    """Open a conversation over the starter home."""
    return Scene(Settings.from_environment())


@pytest.mark.parametrize(
    "text",
    [
        "do not unlock the front door",
        "don't turn on the kitchen light",
        "never turn on the fan",
        "please don't open the garage",
        "I don't want you to open the garage",
        "you shouldn't unlock the front door",
        "never ever unlock the front door",
        "don't turn on the fan and turn on the kitchen light",
        "don\u2019t set the thermostat to 25 degrees",
        "don't add milk to my shopping list",
    ],
)
async def test_what_is_forbidden_is_neither_done_nor_asked_for(text: str) -> None:
    """A negated command changes nothing, asks nothing, and is told to be left."""
    scene = open_scene()
    items, home = (
        scene.items(),
        {one.id: scene.house.state(one.id) for one in scene.house.devices()},
    )
    answer = await scene.say(text)
    assert answer.reply.text == "All right, I leave it."
    assert answer.reply.expects is None
    assert not answer.actions
    assert scene.items() == items
    assert {one.id: scene.house.state(one.id) for one in scene.house.devices()} == home


@pytest.mark.parametrize(
    "text",
    [
        "don't turn on the kitchen light, turn on the fan",
        "don't turn on the kitchen light but turn on the fan",
        "turn on the fan but don't turn on the kitchen light",
        "can't you turn on the fan",
        "why don't you turn on the fan",
    ],
)
async def test_what_stands_beside_it_is_done(text: str) -> None:
    """The fan is turned on, and the light that is forbidden stays off."""
    scene = open_scene()
    await scene.say(text)
    assert scene.house.state("fan.bedroom").state == "on"
    assert scene.house.state("light.kitchen").state == "off"


async def test_what_is_forbidden_answers_the_question_whether_to_do_it() -> None:
    """After "Unlock Front Door?", "don't unlock it" is a no, and a later yes opens nothing."""
    scene = open_scene()
    asked = await scene.say("unlock the front door")
    assert asked.reply.expects == "confirmation"
    await scene.say("do not unlock the front door")
    await scene.say("yes")
    assert scene.house.state("lock.front_door").state == "locked"


async def test_what_is_awaited_may_forbid_things() -> None:
    """An entry of a list may begin with a negation."""
    scene = open_scene()
    await scene.say("add don't turn on the oven to my shopping list")
    assert any("turn on the oven" in item for item in scene.items())


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("don't turn off the light, turn on the fan", "turn on the fan"),
        ("turn on the fan and don't turn on the light", "turn on the fan and"),
        ("don't turn on the lamp, the heater or the fan", ""),
        ("don't open it. Is it cold?", "Is it cold?"),
        ("don't forget to turn on the fan", "don't forget to turn on the fan"),
        ("don't wake me tomorrow", "don't wake me tomorrow"),
        ("play don't stop me now", "play don't stop me now"),
        ("never mind", "never mind"),
    ],
)
def test_what_is_forbidden_ends_where_something_else_is_asked_for(text: str, rest: str) -> None:
    """Of each sentence only what is forbidden is left out, and the rest stays where it stood."""
    left = without(text, forbidden(text, lexicon()))
    assert left.strip() == rest
    assert len(left) == len(text)
