"""Small durable memory of skills, in the journal's database."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, and_, delete, insert, select

from gnothi.core.plain import Json
from gnothi.journal.database import Database
from gnothi.journal.tables import entries


@dataclass(frozen=True, slots=True)
class Memory:
    """Something that is remembered of a person."""

    namespace: str
    key: str
    value: Json


def remembered(database: Database, person: str) -> list[Memory]:
    """Return all that is remembered of *person*, in whatever namespace."""
    columns = (entries.c.namespace, entries.c.key, entries.c.value)
    with database.read() as connection:
        rows = connection.execute(select(*columns).where(entries.c.person == person)).all()
    found = [Memory(row.namespace, row.key, json.loads(row.value)) for row in rows]
    return sorted(found, key=lambda one: (one.namespace, one.key))


class DatabaseStore:
    """A namespace of keys and JSON values; a :class:`gnothi.core.protocols.Store`.

    With a *person*, the store is that person's own: it does not show the household's entries nor
    anybody else's, and erasing the person erases it.
    """

    def __init__(self, database: Database, namespace: str, *, person: str | None = None) -> None:
        """Keep entries of *namespace* in *database*, for *person* or for the household."""
        self._database = database
        self._namespace = namespace
        self._person = person or ""

    def of(self, person: str) -> "DatabaseStore":
        """Return *person*'s own store under the same namespace."""
        return DatabaseStore(self._database, self._namespace, person=person)

    def get(self, key: str) -> Json:
        """Return the value under *key*, ``None`` when there is none."""
        with self._database.read() as connection:
            value = connection.execute(select(entries.c.value).where(self._at(key))).scalar()
        return None if value is None else cast("Json", json.loads(value))

    def put(self, key: str, value: Json) -> None:
        """Keep *value* under *key*; durable when this returns."""
        row = {"namespace": self._namespace, "person": self._person, "key": key}
        with self._database.write() as connection:
            connection.execute(delete(entries).where(self._at(key)))
            connection.execute(insert(entries).values(**row, value=json.dumps(value)))

    def delete(self, key: str) -> None:
        """Forget *key*; nothing happens when it is unknown."""
        with self._database.write() as connection:
            connection.execute(delete(entries).where(self._at(key)))

    def items(self, prefix: str = "") -> Sequence[tuple[str, Json]]:
        """Return the pairs whose key begins with *prefix*, in order of the key."""
        query = select(entries.c.key, entries.c.value).where(self._mine())
        with self._database.read() as connection:
            pairs = [(str(key), str(value)) for key, value in connection.execute(query)]
        # Prefix and order here: collations of databases disagree about both.
        return sorted(
            ((key, json.loads(value)) for key, value in pairs if key.startswith(prefix)),
            key=lambda pair: pair[0],
        )

    def _at(self, key: str) -> ColumnElement[bool]:
        return and_(self._mine(), entries.c.key == key)

    def _mine(self) -> ColumnElement[bool]:
        return and_(entries.c.namespace == self._namespace, entries.c.person == self._person)
