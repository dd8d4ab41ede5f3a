"""Help with choosing is asked for in many ways, misspelt ones and vague ones among them."""

from pathlib import Path

import pytest

from gnothi.core.settings import Settings
from gnothi.skills.builtin.recommend.actions import is_kind, is_open
from gnothi.skills.builtin.recommend.spelling import spelt
from tests.dialogue.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A household without music."""
    return Scene(Settings(tmp_path, f"sqlite:///{tmp_path}/journal.sqlite"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("help me find musik", "help me find music"),
        ("a good moovie", "a good movie"),
        ("a Recipie for dinner", "a recipe for dinner"),
        ("a radoi staion", "a radio station"),
        ("some moves", "some moves"),
        ("find soap and a receipt", "find soap and a receipt"),
        ("the artist's songs", "the artist's songs"),
    ],
)
def test_kinds_are_known_misspelt(text: str, written: str) -> None:
    """Other words stay, however near they are."""
    assert spelt(text) == written


@pytest.mark.parametrize(
    ("text", "shelf"),
    [
        ("help me find musik", "music"),
        ("help me find a good moovie", "films"),
        ("recommend me a recipie for dinner", "dinner"),
        ("help me choose a radoi station", "radio"),
        ("I want to hear something", "music"),
        ("I'd like to listen to something nice", "music"),
    ],
)
async def test_what_is_misspelt_or_left_open_begins_a_talk(
    scene: Scene, text: str, shelf: str
) -> None:
    """The words say what is sought, whatever else they are taken for."""
    turn = await scene.say(text)
    (action,) = turn.actions
    assert (action.call.skill, action.call.api) == ("recommend", "start")
    assert action.call.arguments["shelf"] == shelf


@pytest.mark.parametrize(
    "text", ["help me find my keys", "help me find a contact for the music school"]
)
def test_other_things_are_for_others(text: str) -> None:
    """A school is no music."""
    assert not is_kind(text)


@pytest.mark.parametrize(
    "text", ["I want to hear something by Queen", "I want to hear something else"]
)
def test_who_says_what_to_play_leaves_nothing_open(text: str) -> None:
    """That is for the player, or for the talk that goes on."""
    assert not is_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "hi, help us find something to listen to, we're four people and one hates country",
        "help me find music and no country please",
    ],
)
async def test_all_that_is_said_of_what_is_sought_counts(scene: Scene, text: str) -> None:
    """What is refused in the same breath, and who is there; a greeting asks nothing back."""
    turn = await scene.say(text)
    assert turn.actions[-1].call.api == "start"
    assert "country" in turn.reply.text
    assert "Hello! What" not in turn.reply.text and "How can I help" not in turn.reply.text


async def test_a_command_in_the_same_breath_is_one(scene: Scene) -> None:
    """It is no part of what is sought."""
    turn = await scene.say("help me find music and turn on the kitchen light")
    assert [action.call.skill for action in turn.actions] == ["recommend", "home"]
    turn = await scene.say("recommend a film and play some jazz")
    assert [action.call.skill for action in turn.actions] == ["recommend", "music"]


@pytest.mark.parametrize("text", ["with Tom Hanks", "something starring Brad Pitt"])
async def test_who_plays_in_films_is_not_known_and_that_is_said(scene: Scene, text: str) -> None:
    """The catalogue has directors; the question stays open."""
    await scene.say("help me find something to watch")
    turn = await scene.say(text)
    assert "recommend-no-cast" in [act.key for act in turn.reply.acts]
    assert turn.reply.expects == "talk"
