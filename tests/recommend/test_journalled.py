"""What learners get of conversations, from the journal."""

from datetime import timedelta
from pathlib import Path

import pytest

from gnothi.core.settings import Settings
from gnothi.policy.reading import read_log
from gnothi.recommend.decisions import table
from gnothi.recommend.features import NAMES
from gnothi.recommend.journalled import logged
from tests.dialogue.scene import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A household without music of its own."""
    return Scene(Settings(tmp_path, f"sqlite:///{tmp_path}/journal.sqlite"))


async def _turns(scene: Scene, *lines: str) -> list[object]:
    found = []
    for line in lines:
        scene.clock.moment += timedelta(seconds=5)
        found.append(await scene.say(line))
    return found


async def test_conversations_are_logs_of_decisions(scene: Scene) -> None:
    """Two talks and a light in between are two episodes, and the estimators read them."""
    turns = await _turns(
        scene,
        *("suggest a film", "something funny", "turn on the kitchen light", "surprise me", "great"),
        *("what should I cook", "I don't know", "stop"),
    )
    film, dinner = logged(turns)
    assert (film.kind, dinner.kind) == ("film", "recipe")
    assert (film.rewards[-1], sum(dinner.rewards)) == (1.0, 0.0)
    assert [one.step for one in dinner.decisions] == [0, 1]
    made = table((film, dinner), key=b"once")
    read = read_log(made, features=["turn", "entropy"])
    assert read.log.count == 2
    assert len(made.column("menu")[0]) == len(NAMES) * len(made.column("candidates")[0])


async def test_an_export_holds_no_words_and_no_names(scene: Scene) -> None:
    """Neither what was said nor who said it can be read in it."""
    turns = await _turns(scene, "help me find music", "Nina Simone", "thanks")
    text = str(table(logged(turns), key=b"once").to_pylist())
    assert "Simone" not in text
    assert turns[0].session not in {
        one["episode"] for one in table(logged(turns), key=b"x").to_pylist()
    }


async def test_how_much_a_prompt_helped_is_a_reward_too(scene: Scene) -> None:
    """What was asked on the way to what was played is worth what it told."""
    turns = await _turns(scene, "help me find music", "jazz", "surprise me", "brilliant, thank you")
    (found,) = logged(turns, useful=True)
    assert found.rewards[0] > 0
