"""Forgetting a person, so that nothing of theirs is left in the database's files."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from gnothi.journal.database import Database
from gnothi.journal.tables import entries, erasures, interactions, signals


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased."""

    turns: int
    entries: int
    """Entries of skills' memory that belonged to the person."""


def erase(database: Database, person: str, now: datetime) -> Erasure:
    """Delete the turns, signals and own memory of *person*, then compact the database.

    SQLite overwrites what it deletes and writes its file anew (``VACUUM``); PostgreSQL frees the
    rows for reuse. A tombstone without personal data says that and when it happened.
    """
    with database.write() as connection:
        erasure = _delete(connection, person)
        connection.execute(
            insert(erasures).values(
                at=now.isoformat(), turns=erasure.turns, entries=erasure.entries
            )
        )
    database.compact()
    return erasure


def _delete(connection: Connection, person: str) -> Erasure:
    theirs = interactions.c.person == person
    turns = connection.execute(
        select(func.count()).select_from(interactions).where(theirs)
    ).scalar_one()
    ids = select(interactions.c.id).where(theirs)
    connection.execute(delete(signals).where(signals.c.interaction.in_(ids)))
    connection.execute(delete(interactions).where(theirs))
    forgotten = connection.execute(delete(entries).where(entries.c.person == person))
    return Erasure(turns, forgotten.rowcount)
