"""A backup, downloaded."""

from pathlib import Path

from starlette.testclient import TestClient

from gnothi.journal.backup import restore


def test_a_backup_can_be_put_back(here: TestClient, tmp_path: Path) -> None:
    """What is downloaded holds the journal, and restores to the same."""
    here.post("/api/turn", json={"text": "remember me"})
    answer = here.get("/api/backup")
    assert answer.headers["content-type"] == "application/zip"
    file = tmp_path / "downloaded.zip"
    file.write_bytes(answer.content)
    made = restore(file, tmp_path / "restored")
    assert "journal.sqlite" in made.files
