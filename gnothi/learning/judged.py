"""A copy of a log's turns in which each was judged once.

Judging compares what was said with what was said next, and is slow; learners read the same turns
several times a night. Days are judged again when their turns, or those of the next day, have
changed; days that the log no longer has are removed.
"""

import json
import shutil
from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from gnothi.core.errors import StorageError
from gnothi.learning.turns import Backend, Log, Table, day_after, open_days, part_of

_MARKS = "marks.json"
_PART = "part-0.parquet"
_FEW = 31
"""Days that are judged at once."""
_HEAD = 120
"""Seconds of the next day that may tell how the last turns of a day went."""


def judged_copy(log: Log, backend: Backend, folder: Path) -> Log:
    """Bring the copy in *folder* up to date with *log*, and return it as a log.

    Raises:
        StorageError: the folder can't be written.
    """
    try:
        _update(log, folder)
    except OSError as error:
        raise StorageError(f"{folder} can't be written: {error.strerror or error}.") from error
    if not log.days:
        return log
    turns = open_days(backend, folder)
    turns = turns.mutate(day=turns.day.cast("string"))

    def read(days: Collection[str], begun: Collection[str], seconds: int) -> Table:
        return part_of(turns, days, begun, seconds)

    return Log(log.days, read)


def _update(log: Log, folder: Path) -> None:
    kept = _read_marks(folder / _MARKS)
    marks = {day: _mark(log, day) for day in log.days}
    for day in kept.keys() - marks.keys():
        shutil.rmtree(folder / f"day={day}", ignore_errors=True)
    stale = [
        day
        for day in sorted(marks)
        if kept.get(day) != marks[day]
        or not log.days[day].fingerprint
        or not _part(folder, day).exists()
    ]
    for first in range(0, len(stale), _FEW):
        _write(log, stale[first : first + _FEW], folder)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{_MARKS}.new"
    fresh.write_text(json.dumps(marks, sort_keys=True), encoding="utf-8")
    fresh.replace(folder / _MARKS)


def _mark(log: Log, day: str) -> str:
    following = log.days.get(day_after(day))
    return f"{log.days[day].fingerprint} {following.fingerprint if following else ''}"


def _write(log: Log, days: Sequence[str], folder: Path) -> None:
    compute: Any = import_module("pyarrow.compute")
    parquet: Any = import_module("pyarrow.parquet")
    following = ({day_after(day) for day in days} & log.days.keys()) - set(days)
    rows = log.read(days, following, _HEAD).to_pyarrow()
    for day in days:
        part = _part(folder, day)
        part.parent.mkdir(parents=True, exist_ok=True)
        fresh = part.with_name(f".{part.name}.new")
        chosen = rows.filter(compute.equal(rows["day"], day)).drop_columns(["day"])
        parquet.write_table(chosen, fresh, compression="zstd")
        fresh.replace(part)


def _part(folder: Path, day: str) -> Path:
    return folder / f"day={day}" / _PART


def _read_marks(path: Path) -> dict[str, str]:
    """Return what is kept in *path*; nothing where it is absent or spoilt."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}
