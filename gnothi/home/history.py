"""What happened at home, kept for questions ("how long has the heating been on?")."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gnothi.core.errors import StorageError

_TABLE = """
CREATE TABLE IF NOT EXISTS events (
    entity TEXT NOT NULL, at REAL NOT NULL, state TEXT, previous TEXT
);
CREATE INDEX IF NOT EXISTS events_by_entity ON events (entity, at);
"""
_INSERT = "INSERT INTO events VALUES (?, ?, ?, ?)"
_SELECT = "SELECT entity, at, state, previous FROM events"
_NEWEST = "ORDER BY at DESC, rowid DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Event:
    """A device went from one state into another."""

    entity: str
    at: datetime
    state: str | None
    previous: str | None = None


class History:
    """Every change of a state, the newest first when asked; durable in SQLite."""

    def __init__(self, database: str | Path) -> None:
        """Open the file *database*, or make it."""
        self._where = str(database)
        self._opened: sqlite3.Connection | None = None

    @classmethod
    def in_memory(cls) -> "History":
        """Return a history that is gone with this process."""
        return cls(":memory:")

    def record(self, event: Event) -> None:
        """Keep *event*.

        Raises:
            StorageError: it can't be written.
        """
        row = (event.entity, event.at.timestamp(), event.state, event.previous)
        try:
            with self._database as transaction:
                transaction.execute(_INSERT, row)
        except sqlite3.Error as error:
            raise StorageError(f"The history {self._where} can't be written: {error}.") from error

    def events(self, entity: str, *, state: str | None = None, limit: int = 100) -> Sequence[Event]:
        """Return the changes of a device (into *state*), newest first.

        Raises:
            StorageError: they can't be read.
        """
        if self._opened is None and self._where == ":memory:":
            return ()
        wanted = "" if state is None else "AND state = ?"
        values = (entity, *(() if state is None else (state,)), limit)
        try:
            query = f"{_SELECT} WHERE entity = ? {wanted} {_NEWEST}"
            rows = self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"The history {self._where} can't be read: {error}.") from error
        return [Event(name, _moment(at), now, before) for name, at, now, before in rows]

    def last(self, entity: str, *states: str) -> Event | None:
        """Return the newest change of a device into one of *states* (any, when none is given)."""
        newest = [
            event
            for state in states or (None,)
            for event in self.events(entity, state=state, limit=1)
        ]
        return max(newest, key=lambda event: event.at, default=None)

    def changed(self, entity: str, state: str | None) -> datetime | None:
        """Return when a device came into *state*, if that was the last thing it did."""
        newest = self.last(entity)
        return newest.at if newest is not None and newest.state == state else None

    def forget_before(self, moment: datetime) -> None:
        """Drop what happened before *moment*."""
        with self._database as transaction:
            transaction.execute("DELETE FROM events WHERE at < ?", (moment.timestamp(),))

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def _database(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> sqlite3.Connection:
        try:
            database = sqlite3.connect(self._where, check_same_thread=False)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.executescript(_TABLE)
        except sqlite3.Error as error:
            raise StorageError(f"The history {self._where} can't be opened: {error}.") from error
        return database


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
