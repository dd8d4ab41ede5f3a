"""Small logs to mine, as Parquet by days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

EVE = datetime(2026, 11, 20, 23, 50, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """A turn of a log in the shape of the turns table."""

    session: str
    at: datetime
    position: int
    text: str
    interpretation: str
    defect: int
    person: str | None = "ana"
    household: str | None = "home"
    rephrase: int = 1000


def said(
    text: str,
    defect: int,
    seconds: float = 0.0,
    *,
    session: str = "s",
    person: str | None = "ana",
    rephrase: int = 1000,
) -> Said:
    """Return a turn that is understood as it is written, *seconds* after ten to midnight."""
    at = EVE + timedelta(seconds=seconds)
    return Said(session, at, 0, text, text.upper(), defect, person, rephrase=rephrase)


def write_log(folder: Path, turns: Iterable[Said]) -> Path:
    """Write *turns* to *folder*, replacing what was there; return the folder."""
    days: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for turn in turns:
        days[turn.at.date().isoformat()].append(asdict(turn))
    for old in folder.glob("day=*/*"):
        old.unlink()
    for day, rows in days.items():
        part = folder / f"day={day}" / "part-0.parquet"
        part.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), part)
    return folder


def random_log(seed: int, sessions: int = 200, days: int = 3) -> list[Said]:
    """Return sessions of a few people over some days, many of them over midnight."""
    rng = Random(seed)
    turns: list[Said] = []
    for session in range(sessions):
        at = EVE + timedelta(days=rng.randrange(days), seconds=rng.randrange(1000))
        person = rng.choice(["ana", "ben", "cleo", None])
        for position in range(rng.randint(1, 5)):
            text = f"text {rng.randrange(8)}"
            key = f"key {rng.randrange(5)}"
            defect = rng.choice([0, 20, 100, 500, 1000])
            rephrase = rng.choice([0, 300, 1000])
            home = f"home {rng.randrange(2)}"
            turns.append(
                Said(f"s{session}", at, position, text, key, defect, person, home, rephrase)
            )
            at += timedelta(seconds=rng.choice([0, 5, 45, 46, 400]))
    rng.shuffle(turns)
    return turns


SCHEMA = pa.schema(
    [
        ("session", pa.string()),
        ("at", pa.timestamp("us", tz="UTC")),
        ("position", pa.int32()),
        ("text", pa.string()),
        ("interpretation", pa.string()),
        ("defect", pa.int16()),
        ("person", pa.string()),
        ("household", pa.string()),
        ("rephrase", pa.int16()),
    ]
)
