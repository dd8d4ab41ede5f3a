"""The journal as Parquet, one folder a day, for mining with DuckDB, Spark or pandas.

Layout: ``day=YYYY-MM-DD/part-0.parquet`` (Hive partitioning; days are UTC), rows in order of
arrival, columns as in :data:`COLUMNS`, described in ``docs/reference/journal.md``. A file carries
a fingerprint of the day it was written from: a day is written again only when its turns or signals
have changed, and another program never sees half a file.
"""

import json
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, func, select

from gnothi.core.errors import StorageError
from gnothi.core.interaction import Interaction
from gnothi.core.plain import plain
from gnothi.journal.database import Database
from gnothi.journal.document import storable
from gnothi.journal.reading import Query, read_pages, select_turns
from gnothi.journal.tables import interactions, signals

SCHEMA = "2"
"""Version of the columns; a change rewrites every day."""
_FINGERPRINT = b"gnothi.fingerprint"
_PART = "part-0.parquet"
COLUMNS = (
    "id",
    "session",
    "position",
    "at",
    "person",
    "device",
    "language",
    "text",
    "understood",
    "domain",
    "intent",
    "score",
    "slots",
    "requests",
    "out_of_scope",
    "status",
    "actions",
    "reply",
    "expects",
    "signals",
    "propensities",
    "artifacts",
)
"""Names of the columns, in order; ``day`` comes from the folder."""
Rows: TypeAlias = "list[dict[str, object]]"


def write_days(
    database: Database, folder: Path, *, first: date | None = None, last: date | None = None
) -> list[date]:
    """Write the changed days of *first* to *last* into *folder*; return them in order.

    Days in the range of which nothing is left are removed.
    """
    with database.read() as connection:
        wanted = {
            day: mark
            for day, mark in _fingerprints(connection).items()
            if _within(day, first, last)
        }
    try:
        for day in _days_in(folder) - wanted.keys():
            if _within(day, first, last):
                _remove(_part(folder, day))
        changed = [day for day in sorted(wanted) if _written(_part(folder, day)) != wanted[day]]
        for day in changed:
            _write(database, _part(folder, day), day, wanted[day])
    except OSError as error:
        raise StorageError(f"{folder} can't be written: {error.strerror or error}.") from error
    return [date.fromisoformat(day) for day in changed]


def _within(day: str, first: date | None, last: date | None) -> bool:
    return (first is None or day >= first.isoformat()) and (last is None or day <= last.isoformat())


def _fingerprints(connection: Connection) -> dict[str, str]:
    """Tell days apart by their numbers of turns and signals and the newest of each.

    Rows are only added or erased and numbers are never given twice, so every change shows.
    """
    turns = _extent(
        connection,
        select(interactions.c.day, func.count(), func.max(interactions.c.number)).group_by(
            interactions.c.day
        ),
    )
    attached = _extent(
        connection,
        select(interactions.c.day, func.count(), func.max(signals.c.number))
        .join(signals, signals.c.interaction == interactions.c.id)
        .group_by(interactions.c.day),
    )
    return {day: f"{SCHEMA} {mark} {attached.get(day, '')}" for day, mark in turns.items()}


def _extent(connection: Connection, query: Query) -> dict[str, str]:
    return {day: f"{number}:{newest}" for day, number, newest in connection.execute(query)}


def _part(folder: Path, day: str) -> Path:
    return folder / f"day={day}" / _PART


def _days_in(folder: Path) -> set[str]:
    return {part.parent.name.removeprefix("day=") for part in folder.glob(f"day=*/{_PART}")}


def _remove(part: Path) -> None:
    part.unlink()
    if not any(part.parent.iterdir()):
        part.parent.rmdir()


def _written(part: Path) -> str | None:
    if not part.exists():
        return None
    pa, pq = _pyarrow()
    try:
        metadata: dict[bytes, bytes] = pq.read_schema(part).metadata or {}
    except pa.ArrowInvalid:
        return None
    return metadata.get(_FINGERPRINT, b"").decode()


def _write(database: Database, part: Path, day: str, fingerprint: str) -> None:
    pa, pq = _pyarrow()
    schema = _schema().with_metadata({_FINGERPRINT: fingerprint.encode()})
    part.parent.mkdir(parents=True, exist_ok=True)
    fresh = part.with_suffix(".new")
    with pq.ParquetWriter(fresh, schema, compression="zstd") as writer:
        for rows in _rows(database, day):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    fresh.replace(part)


def _pyarrow() -> tuple[Any, Any]:
    """Load the library where it is needed: it is large, and it has no type stubs."""
    return import_module("pyarrow"), import_module("pyarrow.parquet")


def _schema() -> Any:  # noqa: ANN401 - a schema of an untyped library
    pa, _ = _pyarrow()
    kinds = {
        "position": pa.int32(),
        "at": pa.timestamp("us", tz="UTC"),
        "score": pa.float32(),
        "out_of_scope": pa.bool_(),
    }
    required = {"id", "session", "position", "at", "text", "out_of_scope"}
    return pa.schema(
        [
            pa.field(name, kinds.get(name, pa.string()), nullable=name not in required)
            for name in COLUMNS
        ]
    )


def _rows(database: Database, day: str) -> Iterator[Rows]:
    positions = _Positions(database, day)
    for page in read_pages(database, select_turns().where(interactions.c.day == day)):
        yield [_row(turn, positions.next(turn.session)) for turn in page]


class _Positions:
    """Counts the turns of each session, those of earlier days included."""

    def __init__(self, database: Database, day: str) -> None:
        today = select(interactions.c.session).where(interactions.c.day == day)
        earlier = (
            select(interactions.c.session, func.count())
            .where(interactions.c.session.in_(today), interactions.c.day < day)
            .group_by(interactions.c.session)
        )
        with database.read() as connection:
            self._counters = {session: count(n) for session, n in connection.execute(earlier)}

    def next(self, session: str) -> int:
        return next(self._counters.setdefault(session, count()))


def _row(turn: Interaction, position: int) -> dict[str, object]:
    requests = turn.understanding.requests
    first = requests[0] if requests else None
    return {
        "id": turn.id,
        "session": storable(turn.session),
        "position": position,
        "at": turn.at,
        "person": turn.user and storable(turn.user),
        "device": turn.utterance.device and storable(turn.utterance.device),
        "language": storable(turn.utterance.language),
        "text": storable(turn.utterance.text),
        "understood": _rewritten(turn),
        "domain": first and storable(first.domain),
        "intent": first and storable(first.intent),
        "score": first and first.score,
        "slots": _json(first.slots if first else ()),
        "requests": _json(requests),
        "out_of_scope": turn.understanding.out_of_scope,
        "status": turn.actions[0].status.value if turn.actions else None,
        "actions": _json(turn.actions),
        "reply": storable(turn.reply.text),
        "expects": turn.reply.expects,
        "signals": _json(turn.signals),
        "propensities": _json(turn.propensities),
        "artifacts": _json(turn.artifacts),
    }


def _rewritten(turn: Interaction) -> str | None:
    """Return the words that a learned rewrite put in the place of what was said, if one did."""
    understood = turn.understanding.text
    return storable(understood) if understood != turn.utterance.text else None


def _json(value: object) -> str:
    return json.dumps(plain(value), separators=(",", ":"))
