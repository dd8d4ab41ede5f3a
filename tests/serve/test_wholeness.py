"""Words are a whole request where nothing is missing, and a skill serves what they ask for."""

from pathlib import Path

import pytest

from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import Hints
from gnothi.core.protocols import Name
from gnothi.language.endings import Endings
from gnothi.language.understand import NeuralUnderstander
from gnothi.serve.wholeness import Wholeness
from gnothi.skills.skillset import SkillSet
from gnothi.speech.endpoint.stopping import Whole

SKILL = """
name = "coffee"
title = "Coffee"
[[api]]
name = "order"
intents = ["order_drink"]
samples = ["brew me a mocha"]
"""
NAMES = (Name("moon glow", "light.moon", "device"), Name("den", "den", "area"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A judge in a home with a lamp of an unusual name, and a skill of its own."""
    folder = tmp_path_factory.mktemp("skills")
    (folder / "coffee").mkdir()
    (folder / "coffee" / "skill.toml").write_text(SKILL, encoding="utf-8")
    (folder / "coffee" / "actions.py").write_text("async def order(turn): ...", encoding="utf-8")
    judge = Wholeness(NeuralUnderstander(), SkillSet.load(folder))
    return judge(Hints(names=NAMES))


@pytest.mark.parametrize(
    ("part", "rest"),
    [
        ("turn on the", "moon glow"),
        ("set a timer for", "ten minutes"),
        ("what is the weather in", "london"),
        ("add milk to", "the shopping list"),
    ],
)
def test_a_beginning_is_not_whole(whole: Whole, part: str, rest: str) -> None:
    """The home's own names end a request as well as any other."""
    assert whole(part) < 0.2 < 0.6 < whole(f"{part} {rest}")


@pytest.mark.parametrize("words", ["", "mm", "the singer shut mob", "who mo"])
def test_what_nobody_understands_is_not_whole(whole: Whole, words: str) -> None:
    """A recogniser makes something of any noise."""
    assert whole(words) < 0.3


def test_a_damaged_judge_is_told_before_anybody_listens(tmp_path: Path) -> None:
    """In the thread that listens nobody could help it."""
    with pytest.raises(ArtifactError):
        Wholeness(NeuralUnderstander(), SkillSet.load(), Endings(tmp_path))
