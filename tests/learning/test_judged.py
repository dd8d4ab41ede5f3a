"""Turns that are judged once and read often."""

from collections.abc import Collection
from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from gnothi.learning.judged import judged_copy
from gnothi.learning.turns import Day, Log, Table


class Kept:
    """A log of three days that counts how often each is judged."""

    def __init__(self) -> None:
        self.backend = ibis.duckdb.connect()
        self.days = {f"2026-11-0{day}": Day(f"mark {day}", 1) for day in (1, 2, 3)}
        self.judged: list[str] = []

    def log(self) -> Log:
        """Return the log as it is now."""

        def read(days: Collection[str], begun: Collection[str], seconds: int) -> Table:
            del begun, seconds
            self.judged += sorted(days)
            shown = sorted(days)
            columns = {"day": shown, "at": [f"{day} 10:00" for day in shown], "text": shown}
            table = ibis.memtable(pa.table(columns))
            return table.mutate(at=table.at.cast("timestamp"))

        return Log(dict(self.days), read)

    def texts(self, folder: Path) -> list[str]:
        """Return what the copy says."""
        log = judged_copy(self.log(), self.backend, folder)
        rows = log.read(list(log.days), (), 0).to_pyarrow().to_pylist()
        return sorted(row["text"] for row in rows)


@pytest.fixture
def kept() -> Kept:
    """Return a log that nobody has judged."""
    return Kept()


def test_a_day_is_judged_once(kept: Kept, tmp_path: Path) -> None:
    """A second look reads what the first one has kept."""
    assert kept.texts(tmp_path) == kept.texts(tmp_path) == sorted(kept.days)
    assert kept.judged == sorted(kept.days)


def test_what_has_changed_is_judged_again(kept: Kept, tmp_path: Path) -> None:
    """So is the day before, whose last turns may have ended after midnight."""
    kept.texts(tmp_path)
    kept.judged.clear()
    kept.days["2026-11-03"] = Day("another", 1)
    kept.texts(tmp_path)
    assert kept.judged == ["2026-11-02", "2026-11-03"]


def test_what_is_gone_is_gone(kept: Kept, tmp_path: Path) -> None:
    """A day that the journal has forgotten leaves nothing in the copy."""
    kept.texts(tmp_path)
    del kept.days["2026-11-02"]
    assert kept.texts(tmp_path) == sorted(kept.days)
    assert not list(tmp_path.glob("day=2026-11-02/*"))
