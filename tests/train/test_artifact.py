"""What a trainer writes is what the product lets in."""

from pathlib import Path

import pytest

from gnothi.core.artifact import Card, read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi_train.artifact import write_artifact


def test_what_is_written_is_verified(tmp_path: Path) -> None:
    """The card holds the hash of each file; a file that changes later is refused."""
    card = Card("a/name", "2026-01-01.1", "json", files={}, parents=("another@1",))
    write_artifact(tmp_path / "new", card, {"one": b"1", "two": b"2"})
    found = read_card(tmp_path / "new")
    assert found.parents == card.parents
    verify(tmp_path / "new", found)
    (tmp_path / "new" / "two").write_bytes(b"3")
    with pytest.raises(ArtifactError):
        verify(tmp_path / "new", found)
