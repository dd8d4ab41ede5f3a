import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from journal_turns import NOON, turn, undo

from gnothi.journal.journal import Journal
from gnothi.journal.parquet import COLUMNS

TODAY, TOMORROW = NOON.date(), (NOON + timedelta(days=1)).date()


def _later(number: int) -> Any:
    return turn(number, at=NOON + timedelta(days=1, seconds=number))


def _rows(folder: Path, day: object) -> list[dict[str, Any]]:
    return pq.ParquetFile(folder / f"day={day}" / "part-0.parquet").read().to_pylist()


def test_a_day_is_a_folder(journal: Journal, tmp_path: Path) -> None:
    """Each day becomes one Parquet file with the documented columns."""
    journal.append_all([turn(1), _later(2)])
    assert journal.parquet(tmp_path / "lake") == [TODAY, TOMORROW]
    (row,) = _rows(tmp_path / "lake", TODAY)
    assert tuple(row) == COLUMNS
    assert (row["session"], row["person"], row["intent"]) == ("s1", "ana", "timer_set")
    assert row["at"] == turn(1).at
    assert json.loads(row["slots"])[0]["value"] == "five minutes"
    assert json.loads(row["actions"])[0]["call"]["arguments"] == {"duration": 300.0}


def test_positions_go_on_over_midnight(journal: Journal, tmp_path: Path) -> None:
    """A turn's position counts from the beginning of its session, whatever the day."""
    journal.append_all([turn(1), turn(2), turn(3, session="s2"), _later(4)])
    journal.parquet(tmp_path)
    assert [row["position"] for row in _rows(tmp_path, TODAY)] == [0, 1, 0]
    assert [row["position"] for row in _rows(tmp_path, TOMORROW)] == [2]


def test_only_changed_days_are_written(journal: Journal, tmp_path: Path) -> None:
    """A second export writes nothing; a signal or a turn rewrites its own day only."""
    journal.append_all([turn(1), _later(2)])
    journal.parquet(tmp_path)
    assert journal.parquet(tmp_path) == []
    journal.attach(turn(1).id, undo())
    assert journal.parquet(tmp_path) == [TODAY]
    assert json.loads(_rows(tmp_path, TODAY)[0]["signals"])[0]["name"] == "undo"
    journal.append(_later(3))
    assert journal.parquet(tmp_path) == [TOMORROW]


def test_erased_turns_leave_the_copy(journal: Journal, tmp_path: Path) -> None:
    """After an erasure the next export rewrites days and removes empty ones."""
    journal.append_all([turn(1), turn(2, user="ben"), _later(3)])
    journal.parquet(tmp_path)
    journal.erase("ana")
    assert journal.parquet(tmp_path) == [TODAY]
    assert [row["person"] for row in _rows(tmp_path, TODAY)] == ["ben"]
    assert not (tmp_path / f"day={TOMORROW}").exists()


def test_a_range_of_days(journal: Journal, tmp_path: Path) -> None:
    """Days outside of the range are neither written nor removed."""
    journal.append_all([turn(1), _later(2)])
    assert journal.parquet(tmp_path, first=TOMORROW) == [TOMORROW]
    journal.erase("ana")
    journal.parquet(tmp_path, last=TODAY)
    assert (tmp_path / f"day={TOMORROW}").exists()


def test_a_damaged_copy_is_written_again(journal: Journal, tmp_path: Path) -> None:
    """A file that is no Parquet is replaced."""
    journal.append(turn(1))
    (tmp_path / f"day={TODAY}").mkdir()
    (tmp_path / f"day={TODAY}" / "part-0.parquet").write_bytes(b"rubbish")
    assert journal.parquet(tmp_path) == [TODAY]
