"""The journal: everything that the assistant heard, decided and did, in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, ScalarSelect, func, select

from gnothi.core.clock import Clock, SystemClock
from gnothi.core.errors import InputError
from gnothi.core.interaction import Interaction, Signal
from gnothi.journal.database import Database
from gnothi.journal.document import (
    read_moment,
    storable,
    write_interaction,
    write_moment,
    write_signal,
)
from gnothi.journal.erasure import Erasure, erase
from gnothi.journal.reading import Query, read_pages, read_turns, select_turns
from gnothi.journal.store import DatabaseStore, Memory, remembered
from gnothi.journal.tables import interactions, signals


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A conversation in short."""

    id: str
    user: str | None
    """Who spoke last."""
    turns: int
    last: datetime
    text: str
    """What was said last."""


class Journal:
    """Turns in order of their arrival, their signals, and the memory of skills.

    Turns are appended and never changed; signals are attached beside them; the only way to lose a
    turn is :meth:`erase`. Every method raises :class:`gnothi.core.errors.StorageError` while the
    database is away and works again once it is back. Any thread may call.
    """

    def __init__(self, database: Database, *, clock: Clock | None = None) -> None:
        """Use *database*, which is opened by the first call."""
        self.database = database
        self._clock = clock or SystemClock()

    @classmethod
    def open(cls, url: str, *, clock: Clock | None = None) -> Self:
        """Open the journal at a SQLAlchemy *url*; make and migrate its tables as needed.

        Raises:
            StorageError: the database can't be opened.
            InputError: *url* names no database of a known kind.
        """
        journal = cls(Database(url), clock=clock)
        journal.database.prepare()
        return journal

    def append(self, interaction: Interaction) -> None:
        """Record a turn; it is durable when this returns. A known id changes nothing."""
        with self.database.write() as connection:
            self._insert(connection, [interaction])

    def append_all(self, turns: Iterable[Interaction]) -> None:
        """Record many turns in one transaction: all of them, or none."""
        with self.database.write() as connection:
            self._insert(connection, list(turns))

    def attach(self, interaction_id: str, signal: Signal) -> None:
        """Attach *signal* to a turn. The very same signal is attached once, however often told.

        Raises:
            InputError: there is no such turn.
        """
        with self.database.write() as connection:
            query = select(interactions.c.number).where(interactions.c.id == interaction_id)
            if connection.execute(query).first() is None:
                raise InputError(f"The journal has no turn {interaction_id!r}.")
            row = _signal_row(interaction_id, signal)
            self.database.insert_once(connection, signals, row, "digest")

    def get(self, interaction_id: str) -> Interaction | None:
        """Return one turn with its signals, ``None`` when there is no such turn."""
        query = select_turns().where(interactions.c.id == interaction_id)
        with self.database.read() as connection:
            return next(iter(read_turns(connection, query)), None)

    def recent(
        self,
        limit: int = 50,
        *,
        user: str | None = None,
        session: str | None = None,
        before: str | None = None,
        containing: str | None = None,
        guests: bool = False,
    ) -> list[Interaction]:
        """Return the latest turns, newest first.

        Args:
            limit: how many at most.
            user: only turns of this person.
            session: only turns of this conversation.
            before: only turns that came before the turn with this id, for paging.
            containing: only turns in which this was said, in whatever case.
            guests: only turns of nobody we know.
        """
        query = select_turns().order_by(interactions.c.number.desc()).limit(limit)
        if user is not None:
            query = query.where(interactions.c.person == storable(user))
        if session is not None:
            query = query.where(interactions.c.session == storable(session))
        if before is not None:
            query = query.where(interactions.c.number < _number_of(before))
        if containing:
            query = query.where(
                interactions.c.text.icontains(storable(containing), autoescape=True)
            )
        if guests:
            query = query.where(interactions.c.person.is_(None))
        with self.database.read() as connection:
            return read_turns(connection, query)

    def sessions(self, limit: int = 50, *, user: str | None = None) -> list[SessionSummary]:
        """Return the latest conversations, newest first; with *user*, those this person ended."""
        with self.database.read() as connection:
            rows = connection.execute(_last_turns(user).limit(limit)).all()
        return [
            SessionSummary(row.session, row.person, row.turns, read_moment(row.at), row.text)
            for row in rows
        ]

    def count(self, *, user: str | None = None, day: date | None = None) -> int:
        """Return how many turns there are: in all, of a person, of a day (UTC)."""
        query = select(func.count()).select_from(interactions)
        if user is not None:
            query = query.where(interactions.c.person == storable(user))
        if day is not None:
            query = query.where(interactions.c.day == day.isoformat())
        with self.database.read() as connection:
            return connection.execute(query).scalar_one()

    def iterate(
        self, first: date | None = None, last: date | None = None, *, user: str | None = None
    ) -> Iterator[Interaction]:
        """Walk through the turns of the days *first* to *last* (UTC, both included), in order.

        Turns that arrive during the walk are part of it.
        """
        query = select_turns()
        if first is not None:
            query = query.where(interactions.c.day >= first.isoformat())
        if last is not None:
            query = query.where(interactions.c.day <= last.isoformat())
        if user is not None:
            query = query.where(interactions.c.person == storable(user))
        for page in read_pages(self.database, query):
            yield from page

    def export(self, user: str, file: Path) -> int:
        """Write every turn of *user* to *file*, one JSON object a line; return how many turns.

        What is remembered of *user* follows, as ``{"memory": {"namespace", "key", "value"}}``.
        """
        from gnothi.journal.export import write_lines

        return write_lines(self.iterate(user=user), self.memory(user), file)

    def memory(self, user: str) -> list[Memory]:
        """Return what skills and importers remember of *user*: their own memory."""
        return remembered(self.database, storable(user))

    def parquet(
        self, folder: Path, *, first: date | None = None, last: date | None = None
    ) -> list[date]:
        """Bring a Parquet copy in *folder* up to date; return the days that were written.

        See :mod:`gnothi.journal.parquet` for the layout. Only days that changed are written, and
        days of which everything was erased are removed.
        """
        from gnothi.journal.parquet import write_days

        return write_days(self.database, folder, first=first, last=last)

    def erase(self, user: str) -> Erasure:
        """Forget a person: turns, signals and own memory are gone from the database's files.

        What remains is that something was erased at some time. Copies made before (exports,
        backups, Parquet until its next update) are not reached.
        """
        return erase(self.database, storable(user), self._clock.now())

    def store(self, namespace: str, *, person: str | None = None) -> DatabaseStore:
        """Return durable memory for a skill; a *person*'s own memory goes when they are erased."""
        return DatabaseStore(self.database, namespace, person=person)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _insert(self, connection: Connection, turns: Sequence[Interaction]) -> None:
        if not turns:
            return
        rows = [_turn_row(turn) for turn in turns]
        self.database.insert_once(connection, interactions, rows, "id")
        attached = [_signal_row(turn.id, signal) for turn in turns for signal in turn.signals]
        if attached:
            self.database.insert_once(connection, signals, attached, "digest")


def _turn_row(turn: Interaction) -> dict[str, object]:
    request = turn.understanding.requests[0] if turn.understanding.requests else None
    return {
        "id": turn.id,
        "at": write_moment(turn.at),
        "day": turn.at.astimezone(UTC).date().isoformat(),
        "session": storable(turn.session),
        "person": None if turn.user is None else storable(turn.user),
        "device": storable(turn.utterance.device) if turn.utterance.device else None,
        "domain": request.domain if request else None,
        "intent": request.intent if request else None,
        "status": turn.actions[0].status.value if turn.actions else None,
        "text": storable(turn.utterance.text),
        "document": write_interaction(replace(turn, signals=())),
    }


def _signal_row(interaction_id: str, signal: Signal) -> dict[str, object]:
    document = write_signal(signal)
    return {
        "interaction": interaction_id,
        "digest": sha256(f"{interaction_id} {document}".encode()).hexdigest(),
        "name": storable(signal.name),
        "at": write_moment(signal.at),
        "value": signal.value,
        "document": document,
    }


def _number_of(interaction_id: str) -> ScalarSelect[int]:
    query = select(interactions.c.number).where(interactions.c.id == interaction_id)
    return query.scalar_subquery()


def _last_turns(user: str | None) -> Query:
    """Select the last turn of each session; stops as soon as a limit is reached."""
    later, whole = interactions.alias(), interactions.alias()
    is_not_last = select(later.c.number).where(
        later.c.session == interactions.c.session, later.c.number > interactions.c.number
    )
    turns = select(func.count()).where(whole.c.session == interactions.c.session)
    query = (
        select(
            interactions.c.session,
            interactions.c.person,
            interactions.c.at,
            interactions.c.text,
            turns.scalar_subquery().label("turns"),
        )
        .where(~is_not_last.exists())
        .order_by(interactions.c.number.desc())
    )
    return query if user is None else query.where(interactions.c.person == storable(user))
