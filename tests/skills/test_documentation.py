"""The documentation for authors is true."""

import re
from pathlib import Path

from gnothi.skills.types import TYPES
from gnothi.testing.skills import check

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```\w+ file=(\S+)\n(.*?)```", re.DOTALL)


def test_the_skill_of_the_guide_passes(tmp_path: Path) -> None:
    """Who copies the guide has a skill that works."""
    folder = tmp_path / "plants"
    folder.mkdir()
    for name, text in BLOCK.findall((ROOT / "docs/how-to/write-a-skill.md").read_text()):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    assert check(folder) == ()


def test_every_type_is_documented() -> None:
    """The reference names every built-in type."""
    reference = (ROOT / "docs/reference/skill-format.md").read_text()
    assert [name for name in TYPES if f"`{name}`" not in reference] == []
