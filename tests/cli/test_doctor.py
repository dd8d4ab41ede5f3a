"""What ``gnothi doctor`` says."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gnothi.cli import cli, doctor
from gnothi.core.settings import Settings
from gnothi.serve import sight


def test_the_doctor_names_a_broken_skill(tmp_path: Path) -> None:
    """A skill of the household that can't be used is named, and how to get rid of it."""
    skill = tmp_path / "gnothi" / "skills" / "bell"
    skill.mkdir(parents=True)
    (skill / "skill.toml").write_text("name = ", encoding="utf-8")
    result = CliRunner().invoke(cli, ["doctor"])
    assert result.exit_code == 1
    assert "own skill: bell/skill.toml is no TOML" in result.output


def test_the_doctor_tries_the_eyes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how many things they know, and what is wrong where they can't be opened."""
    monkeypatch.setenv("GNOTHI_FOLDER", str(tmp_path))
    settings = Settings.from_environment()
    assert "kinds of things" in doctor._finding(settings)
    monkeypatch.setattr(sight, "NAME", "sight/none")
    found = doctor._tried("finding", lambda: doctor._finding(settings))
    assert (found.state, "not installed" in found.advice) == (doctor.MISSING, True)
