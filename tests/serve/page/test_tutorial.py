"""The tutorial promises only what works."""

import re
from pathlib import Path

import pytest

from gnothi.core.settings import Settings
from gnothi.core.understanding import Utterance
from gnothi.serve.household import Household

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorial" / "first-evening.md"


def _sentences() -> list[str]:
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \|$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE
    )
    return rows[1:]


@pytest.mark.asyncio
async def test_every_sentence_of_the_first_evening_works(tmp_path: Path) -> None:
    """A newcomer who says what the tutorial says is understood, and nothing fails."""
    household = Household.open(Settings.from_environment({"GNOTHI_FOLDER": str(tmp_path)}))
    try:
        turns = [
            await household.assistant.turn(Utterance(one), session="s") for one in _sentences()
        ]
    finally:
        household.close()
    assert len(turns) == 10
    lost = [turn.utterance.text for turn in turns if turn.understanding.out_of_scope]
    failed = [action for turn in turns for action in turn.actions if action.status == "failed"]
    assert lost == failed == []
    assert household.house.state("light.kitchen").state == "off"
    locks = [one.id for one in household.house.devices() if one.domain == "lock"]
    assert {household.house.state(one).state for one in locks} == {"locked"}
