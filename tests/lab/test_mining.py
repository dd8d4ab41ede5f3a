from pathlib import Path

import pytest

from gnothi_lab.benchmarks import mining


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the log of two small days, of few requests."""
    monkeypatch.setattr(mining, "A_DAY", 20_000)
    monkeypatch.setattr(mining, "INTERPRETATIONS", 400)
    for day in range(2):
        mining.make_day(tmp_path / "log", day, seed=1)
    return tmp_path


def test_what_was_planted_is_found(log: Path) -> None:
    """Rewrites lead from requests that were made to fail to those said next, and nowhere else."""
    told = mining.mine(log)
    assert told["rewrites"] > 10
    assert told["planted_share"] == 1.0
    assert 30_000 < told["turns"] < 40_001


def test_the_same_seed_makes_the_same_log(log: Path, tmp_path: Path) -> None:
    """A log is made again, turn by turn; only rows of one moment may change places."""
    again = tmp_path / "again"
    mining.make_day(again, 1, seed=1)
    part = f"day={mining.BEGINS.replace(day=2)}/part-0.parquet"
    pq = pytest.importorskip("pyarrow.parquet")
    order = [("at", "ascending"), ("session", "ascending"), ("position", "ascending")]
    one, other = (
        pq.ParquetFile(folder / part).read().sort_by(order) for folder in (log / "log", again)
    )
    assert one.equals(other)


def test_engines_that_differ_are_noticed(log: Path) -> None:
    """Aggregates with one row less are not the same, and no aggregates are nothing to compare."""
    mining.mine(log)
    assert mining._same_rows(log / "aggregates", log / "aggregates")
    assert not mining._same_rows(log / "nowhere", log / "aggregates")
