"""Typed sessions with an honest label for each turn: did it fail the person, or not?

Nobody lived them: they were written by hand, in several styles, and played to a real household on
disk. ``scripts.json`` is what is typed; ``turns.json`` is what the journal had of it, with labels
that belong to *those* answers. Another understanding answers otherwise: ``python -m
gnothi_lab.typed`` plays the scripts anew and says which answers have changed, which need another
look. Half of the sessions are for development; the others are locked, for figures.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gnothi.learning.mining import connect
from gnothi.learning.turns import Judge

SCRIPTS = Path(__file__).parent / "scripts.json"
TURNS = Path(__file__).parent / "turns.json"
DEVELOPMENT, LOCKED = "development", "locked"
_MISSED = "failed"
"""The label; all else in a row is the journal's."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of a script."""

    after: float
    """Seconds since the turn before."""
    say: str


@dataclass(frozen=True, slots=True)
class Script:
    """What somebody types."""

    name: str
    split: str
    now: datetime
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a model makes of typed turns, beside what happened."""

    session: npt.NDArray[np.object_]
    text: npt.NDArray[np.object_]
    chance: npt.NDArray[np.float64]
    """Of having failed, from 0 to 1."""
    failed: npt.NDArray[np.bool_]
    """By hand."""


def read_scripts(path: Path = SCRIPTS) -> list[Script]:
    """Return all scripts."""
    written = json.loads(path.read_text(encoding="utf-8"))["sessions"]
    return [
        Script(
            one["name"],
            one["split"],
            datetime.fromisoformat(one["now"]),
            [Line(step["after"], step["say"]) for step in one["steps"]],
        )
        for one in written
    ]


def read_turns(split: str, path: Path = TURNS) -> list[dict[str, Any]]:
    """Return the labelled turns of *split* as the journal had them, in order."""
    names = {script.name for script in read_scripts() if script.split == split}
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [row for row in rows if row["session"] in names]


def judged(judge: Judge, split: str) -> Verdicts:
    """Judge the typed turns of *split*."""
    rows = read_turns(split)
    found = judge(as_log(rows)).order_by(["session", "position"])
    told = found.select("session", "text", "defect").to_pyarrow().to_pylist()
    ordered = sorted(rows, key=lambda row: (row["session"], row["position"]))
    return Verdicts(
        session=np.array([row["session"] for row in told], dtype=object),
        text=np.array([row["text"] for row in told], dtype=object),
        chance=np.array([row["defect"] for row in told]) / 1000,
        failed=np.array([row[_MISSED] for row in ordered]),
    )


def as_log(rows: Sequence[Json]) -> Any:  # noqa: ANN401 - ibis has no types
    """Return labelled *rows* as the table that a learner reads, without the labels."""
    pa: Any = import_module("pyarrow")
    plain = [
        {name: value for name, value in row.items() if name != _MISSED}
        | {"at": datetime.fromisoformat(row["at"]).astimezone(UTC)}
        for row in rows
    ]
    table = pa.Table.from_pylist(plain)
    kinds = [pa.string() if pa.types.is_null(one.type) else one.type for one in table.schema]
    typed = table.cast(pa.schema(zip(table.column_names, kinds, strict=True)))
    return connect(threads=1).create_table("turns", import_module("ibis").memtable(typed))


def moments(script: Script) -> Iterator[tuple[datetime, str]]:
    """Yield what is typed, and when."""
    now = script.now
    for line in script.lines:
        now += timedelta(seconds=line.after)
        yield now, line.say
