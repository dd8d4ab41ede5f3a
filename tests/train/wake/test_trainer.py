"""``gnothi-train wake`` says what it lacks before it begins."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gnothi_train.wake.trainer import main


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        (["--word", "hey gnothi"], "Name a folder to fill"),
        (["--recordings", "{folder}"], "Recordings are of one word"),
        (["--word", "a1", "--out", "{folder}/out"], "no word to wake by"),
        (["--word", "ok", "--out", "{folder}/out"], "take a longer word"),
    ],
)
def test_what_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: list[str], complaint: str
) -> None:
    """In a sentence, and nothing is written."""
    monkeypatch.setenv("GNOTHI_DATA", str(tmp_path))
    arguments = [one.format(folder=tmp_path) for one in told]
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code
    assert complaint in found.output
    assert not (tmp_path / "out").exists()


def test_without_data_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named."""
    monkeypatch.delenv("GNOTHI_DATA", raising=False)
    found = CliRunner().invoke(main, [])
    assert "Set GNOTHI_DATA" in found.output
