"""What is under way is kept, and damage is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gnothi.core.errors import StorageError
from gnothi.learning.rollout import Phase, State
from gnothi.learning.workshop import Track, UnderWay

UNDER_WAY = UnderWay(
    State("1.abc", Phase.CANARY, 0.2, 40), datetime(2026, 11, 2, 3, 30, tzinfo=UTC), "digest"
)


def test_what_is_under_way_survives_a_restart(tmp_path: Path) -> None:
    """Another process finds it as it was, until it is forgotten."""
    path = tmp_path / "new" / "state.json"
    Track(path).keep(UNDER_WAY)
    assert Track(path).read() == UNDER_WAY
    Track(path).forget()
    assert Track(path).read() is None


@pytest.mark.parametrize("content", ["", "{}", '{"state": {"phase": "?"}, "since": "now"}', "[1]"])
def test_a_damaged_file_is_told(tmp_path: Path, content: str) -> None:
    """It is no reason to begin anew in silence."""
    path = tmp_path / "state.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StorageError, match="damaged"):
        Track(path).read()
