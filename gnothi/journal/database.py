"""One database, SQLite or PostgreSQL: connections, transactions, migrations, errors in words."""

import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock, RLock
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from gnothi.core.errors import InputError, MissingExtraError, StorageError
from gnothi.journal.tables import HEAD

PATIENCE_S = 5
"""How long to wait for a locked database or a silent server before giving up."""
_WRITES = "gnothi_writes"
_HINTS = (
    (("disk is full", "no space left", "disk full"), "The disk is full: free some space."),
    (("locked", "busy"), "Another program holds its lock: close that program."),
    (("readonly", "read-only"), "It may not be written: check the permissions of its folder."),
    (("unable to open",), "It can't be opened: check that its folder exists and may be written."),
    (("malformed", "not a database"), "The file is damaged: restore a backup."),
    (("disk i/o",), "The disk does not answer as it should: check its space and health."),
    (("authentication", "password"), "The server refuses the user or the password in the URL."),
    (
        ("connection", "server closed", "terminat", "could not translate", "starting up"),
        "The server does not answer: check that it runs and that the URL is right.",
    ),
)


class Database:
    """A database by its SQLAlchemy URL. Nothing is opened before the first use.

    A database that is away raises :class:`StorageError`, each time it is asked; once it is back,
    the next call works again. Any thread may call.
    """

    def __init__(self, url: str) -> None:
        """Remember where the database is.

        Raises:
            InputError: *url* is not a URL of SQLite or PostgreSQL.
        """
        self.url = _understood(url)
        self.engine: Engine = _engine(self.url)
        self._prepared = False
        self._preparing = Lock()
        self._writers: AbstractContextManager[object] = RLock() if self.is_sqlite else nullcontext()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.url.get_backend_name() == "sqlite"

    def prepare(self) -> None:
        """Bring the tables to the newest version, once."""
        with self._errors(), self._preparing:
            if not self._prepared:
                self._migrate()
                self._prepared = True

    @contextmanager
    def write(self) -> Generator[Connection]:
        """Run one transaction that is durable when the block ends, or has not happened at all."""
        self.prepare()
        # Writers of one process queue here: SQLite's own lock polls, and polling is slow.
        with self._errors(), self._writers, self._connection(writes=True) as connection:
            yield connection

    @contextmanager
    def read(self) -> Generator[Connection]:
        """See one consistent state of the database."""
        self.prepare()
        with self._errors(), self._connection(writes=False) as connection:
            yield connection

    def insert_once(
        self,
        connection: Connection,
        table: Table,
        values: Mapping[str, object] | Sequence[Mapping[str, object]],
        unique: str,
    ) -> None:
        """Insert rows, except those whose column *unique* is known already."""
        dialect = sqlite if self.is_sqlite else postgresql
        statement = dialect.insert(table).on_conflict_do_nothing(index_elements=[unique])
        connection.execute(statement, values)

    def compact(self) -> None:
        """Give back the space of deleted rows, and leave nothing of them in the files."""
        self.prepare()
        with self._errors(), self._writers:
            if self.is_sqlite:
                self._vacuum_file()
            else:
                with self.engine.connect() as connection:
                    connection.execution_options(isolation_level="AUTOCOMMIT")
                    connection.execute(text("VACUUM"))

    def close(self) -> None:
        """Close every connection; a later call opens new ones."""
        self.engine.dispose()

    def _vacuum_file(self) -> None:
        raw = self.engine.raw_connection()
        try:
            for command in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.cursor().execute(command).fetchall()
        except sqlite3.Error as error:
            raise StorageError(_sentence(self.url, error)) from error
        finally:
            raw.close()

    @contextmanager
    def _connection(self, *, writes: bool) -> Generator[Connection]:
        with self.engine.connect() as connection:
            connection.execution_options(**{_WRITES: writes})
            with connection.begin():
                yield connection

    @contextmanager
    def _errors(self) -> Generator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StorageError(_sentence(self.url, error)) from error

    def _migrate(self) -> None:
        self._make_folder()
        with self._connection(writes=True) as connection:
            if _version(connection) != HEAD:
                _upgrade(connection)

    def _make_folder(self) -> None:
        if not self.is_sqlite or not self.url.database or self.url.database == ":memory:":
            return
        try:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(_sentence(self.url, error)) from error


def _understood(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InputError(f"{url!r} is not the URL of a database.") from error
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise InputError(f"The journal lives in SQLite or PostgreSQL, not in {backend}.")
    return parsed.set(drivername="postgresql+psycopg") if backend == "postgresql" else parsed


def _engine(url: URL) -> Engine:
    return _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)


def _sqlite_engine(url: URL) -> Engine:
    options: dict[str, Any] = {}
    if url.database in (None, "", ":memory:"):
        from sqlalchemy.pool import QueuePool

        # A database in memory lives as long as its one connection.
        options = {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    arguments = {"check_same_thread": False, "timeout": PATIENCE_S}
    engine = create_engine(url, connect_args=arguments, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql_engine(url: URL) -> Engine:
    # A dead peer is noticed after seconds, not after the hours that TCP takes by itself.
    arguments = {
        "connect_timeout": PATIENCE_S,
        "tcp_user_timeout": PATIENCE_S * 1_000,
        # A cluster made in the C locale would answer in bytes.
        "client_encoding": "utf8",
    }
    try:
        return create_engine(url, pool_pre_ping=True, connect_args=arguments)
    except ModuleNotFoundError as error:
        raise MissingExtraError("postgresql", "A journal in PostgreSQL") from error


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Transactions begin when we say so (_begin_sqlite), not when the driver guesses.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        # NORMAL: a killed process loses nothing. A power cut may lose the turns since the last
        # checkpoint (the file stays sound); FULL would cost an fsync a turn, 4 ms where measured.
        "synchronous = NORMAL",
        "foreign_keys = ON",
        # What is deleted is overwritten: erasing a person means that.
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: two writers wait for each other at the beginning instead of failing in the middle.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    configuration.attributes["connection"] = connection
    try:
        command.upgrade(configuration, "head")
    except CommandError as error:
        raise StorageError(
            f"The journal was written by a newer Gnothi ({error}). Update Gnothi to read it."
        ) from error


def _sentence(url: URL, error: Exception) -> str:
    cause = str(getattr(error, "orig", None) or error).strip()
    what = cause.splitlines()[0] if cause else type(error).__name__
    hint = next((hint for words, hint in _HINTS if any(w in cause.lower() for w in words)), "")
    where = url.render_as_string(hide_password=True)
    return f"The journal {where} can't be used now ({what}). {hint}".strip()
