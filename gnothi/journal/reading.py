"""Reading turns out of the database, their signals joined on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Select, select

from gnothi.core.interaction import Interaction, Signal
from gnothi.journal.database import Database
from gnothi.journal.document import read_interaction, read_signal
from gnothi.journal.tables import interactions, signals

Query: TypeAlias = "Select[*tuple[Any, ...]]"
_PAGE = 500
"""Turns that are read at a time: long walks hold no transaction and little memory."""


def select_turns() -> Query:
    """Select what :func:`read_turns` reads; callers add their conditions and order."""
    return select(interactions.c.number, interactions.c.id, interactions.c.document)


def read_pages(database: Database, query: Query) -> Iterator[list[Interaction]]:
    """Yield the turns that *query* selects in order of arrival, some hundred at a time.

    Each page is a transaction of its own: turns that arrive meanwhile are found too.
    """
    number = 0
    while True:
        page = query.where(interactions.c.number > number).order_by(interactions.c.number)
        with database.read() as connection:
            rows = connection.execute(page.limit(_PAGE)).all()
            turns = _with_signals(connection, rows)
        if not rows:
            return
        number = rows[-1].number
        yield turns


def read_turns(connection: Connection, query: Query) -> list[Interaction]:
    """Return the turns that *query* selects, with their signals."""
    return _with_signals(connection, connection.execute(query).all())


def _with_signals(connection: Connection, rows: Sequence[Row[Any]]) -> list[Interaction]:
    attached = _signals_of(connection, [row.id for row in rows])
    turns = [read_interaction(row.document) for row in rows]
    return [
        replace(turn, signals=tuple(attached[turn.id])) if turn.id in attached else turn
        for turn in turns
    ]


def _signals_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[Signal]]:
    found: dict[str, list[Signal]] = {}
    for start in range(0, len(ids), _PAGE):
        query = (
            select(signals.c.interaction, signals.c.document)
            .where(signals.c.interaction.in_(ids[start : start + _PAGE]))
            .order_by(signals.c.number)
        )
        for owner, document in connection.execute(query):
            found.setdefault(owner, []).append(read_signal(document))
    return found
