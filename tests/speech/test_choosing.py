"""Who was chosen listens, until somebody else is chosen or the environment says otherwise."""

from pathlib import Path

import pytest

from gnothi.core.choices import FILE, choose, chosen
from gnothi.core.errors import InputError, StorageError
from gnothi.core.settings import Settings
from gnothi.speech.backends import open_recogniser


def test_what_was_chosen_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command's choice stays; an environment variable wins; empty goes back to the usual."""
    folder = Settings.from_environment().folder
    choose(folder, "recogniser", "wyoming:tcp://127.0.0.1:10300")
    assert Settings.from_environment().recogniser == "wyoming:tcp://127.0.0.1:10300"
    assert open_recogniser().name == "wyoming"
    monkeypatch.setenv("GNOTHI_RECOGNISER", "magic")
    with pytest.raises(InputError, match="no recogniser 'magic'"):
        open_recogniser()
    monkeypatch.delenv("GNOTHI_RECOGNISER")
    choose(folder, "recogniser", "")
    assert Settings.from_environment().recogniser == ""


def test_a_damaged_file_chooses_nothing(tmp_path: Path) -> None:
    """The usual is taken, and the next choice is kept."""
    for damaged in ("{", "[1]", "\xff"):
        (tmp_path / FILE).write_text(damaged, encoding="latin-1")
        assert chosen(tmp_path, "recogniser") == ""
    choose(tmp_path, "recogniser", "gnothi")
    assert chosen(tmp_path, "recogniser") == "gnothi"
    with pytest.raises(StorageError, match="can't be written"):
        choose(tmp_path / FILE, "recogniser", "gnothi")
