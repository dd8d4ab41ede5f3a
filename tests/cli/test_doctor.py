"""What ``gnothi doctor`` says."""

from pathlib import Path

from click.testing import CliRunner

from gnothi.cli import cli


def test_the_doctor_names_a_broken_skill(tmp_path: Path) -> None:
    """A skill of the household that can't be used is named, and how to get rid of it."""
    skill = tmp_path / "gnothi" / "skills" / "bell"
    skill.mkdir(parents=True)
    (skill / "skill.toml").write_text("name = ", encoding="utf-8")
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert "own skill: bell/skill.toml is no TOML" in result.output
