import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from journal_turns import NOON, turn

from gnothi.core.errors import InputError, StorageError
from gnothi.journal.backup import backup, restore
from gnothi.journal.journal import Journal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation with a journal and other files."""
    place = tmp_path / "gnothi"
    (place / "skills" / "bins").mkdir(parents=True)
    (place / "home.json").write_text("{}")
    (place / "skills" / "bins" / "skill.toml").write_text("name = 'bins'")
    return place


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/journal.sqlite"


def test_a_backup_of_a_running_assistant(folder: Path, tmp_path: Path) -> None:
    """A backup that is made while the journal is open holds everything written so far."""
    with Journal.open(_url(folder)) as journal:
        journal.append(turn(1))
        made = backup(folder, tmp_path / "all.zip", now=NOON)
        journal.append(turn(2))
    assert restore(tmp_path / "all.zip", tmp_path / "new") == made
    assert sorted(made.files) == ["home.json", "journal.sqlite", "skills/bins/skill.toml"]
    assert (tmp_path / "new" / "skills" / "bins" / "skill.toml").read_text() == "name = 'bins'"
    with Journal.open(_url(tmp_path / "new")) as restored:
        assert restored.recent() == [turn(1)]


def test_what_was_fetched_is_left_out(folder: Path, tmp_path: Path) -> None:
    """Models of others are large, and can be fetched again; a skill's own models are kept."""
    for place in (folder / "models", folder / "skills" / "models"):
        place.mkdir()
        (place / "weights.bin").write_bytes(b"large")
    files = backup(folder, tmp_path / "all.zip", now=NOON).files
    assert sorted(files) == ["home.json", "skills/bins/skill.toml", "skills/models/weights.bin"]


def test_a_backup_inside_of_its_folder(folder: Path) -> None:
    """A backup that lies in the folder does not swallow itself."""
    backup(folder, folder / "all.zip", now=NOON)
    assert "all.zip" not in backup(folder, folder / "all.zip", now=NOON).files


def test_a_restore_overwrites_only_when_told(folder: Path, tmp_path: Path) -> None:
    """What is there stays, unless somebody says to overwrite it."""
    backup(folder, tmp_path / "all.zip", now=NOON)
    (folder / "home.json").write_text('{"name": "changed"}')
    (folder / "later.json").write_text("{}")
    with pytest.raises(InputError, match="not empty"):
        restore(tmp_path / "all.zip", folder)
    restore(tmp_path / "all.zip", folder, overwrite=True)
    assert (folder / "home.json").read_text() == "{}"
    assert not (folder / "later.json").exists()


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\..\\evil"])
def test_a_restore_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    """A forged backup can't write outside of the folder."""
    with ZipFile(tmp_path / "forged.zip", "w") as archive:
        archive.writestr(name, b"evil")
        manifest = {"at": NOON.isoformat(), "files": {name: "0" * 64}}
        archive.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(InputError, match="outside"):
        restore(tmp_path / "forged.zip", tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "gnothi") == [
        "forged.zip"
    ]


def test_a_changed_file_is_noticed(folder: Path, tmp_path: Path) -> None:
    """A backup whose content does not fit its hashes touches nothing."""
    backup(folder, tmp_path / "all.zip", now=NOON)
    with ZipFile(tmp_path / "all.zip") as archive, ZipFile(tmp_path / "bad.zip", "w") as bad:
        for name in archive.namelist():
            bad.writestr(name, b"changed" if name == "home.json" else archive.read(name))
    with pytest.raises(InputError, match="damaged"):
        restore(tmp_path / "bad.zip", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_other_files_are_no_backups(tmp_path: Path) -> None:
    """A file that is no backup is refused in words; one that is not there, too."""
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(InputError, match="not a backup"):
        restore(tmp_path / "text.zip", tmp_path / "new")
    with pytest.raises(StorageError, match="No such file"):
        restore(tmp_path / "none.zip", tmp_path / "new")
