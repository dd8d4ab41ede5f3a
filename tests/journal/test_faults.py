import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from journal_turns import turn, undo
from postgres_server import PostgresServer
from sqlalchemy import event

from gnothi.core.errors import StorageError
from gnothi.journal.journal import Journal
from gnothi.journal.resilient import PAUSE_S, ResilientJournal

_WRITER = """
import sys
from journal_turns import turn
from gnothi.journal.journal import Journal
journal = Journal.open(sys.argv[1])
for number in range(10_000):
    journal.append(turn(number))
    print(turn(number).id, flush=True)
"""


class Watch:
    """A clock for pauses that a test can wind."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds

    def wait(self) -> None:
        """Let the pause between two attempts pass."""
        self.seconds += PAUSE_S + 1


def _resilient(url: str, folder: Path) -> tuple[ResilientJournal, Watch]:
    journal, watch = ResilientJournal.open(url, spool=folder / "waiting.jsonl"), Watch()
    return ResilientJournal(journal.database, folder / "waiting.jsonl", monotonic=watch), watch


def _lock(folder: Path) -> sqlite3.Connection:
    """Hold the lock of the journal in *folder*, as another program might."""
    other = sqlite3.connect(folder / "journal.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def _hurry(journal: Journal) -> None:
    """Give up on locks at once rather than after seconds."""

    def set_timeout(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout = 1")

    journal.close()
    event.listen(journal.database.engine, "connect", set_timeout)


def _fill(journal: Journal) -> None:
    """Let the disk be full: the database may not grow any more."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(journal.database.engine, "connect", limit)
    journal.close()


def test_a_killed_process_loses_no_acknowledged_turn(url: str) -> None:
    """What ``append`` has acknowledged is there after kill -9."""
    folder = str(Path(__file__).parent)
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([folder, *sys.path])},
    )
    assert writer.stdout
    acknowledged = [writer.stdout.readline().strip() for _ in range(50)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += writer.stdout.read().split("\n")[:-1]
    writer.stdout.close()
    writer.wait()
    with Journal.open(url) as journal:
        assert {found.id for found in journal.iterate()} >= set(acknowledged)


def test_a_full_disk_is_said_and_survived(tmp_path: Path) -> None:
    """On a full disk a turn is refused in words; what was written stays readable."""
    with Journal.open(f"sqlite:///{tmp_path}/journal.sqlite") as journal:
        journal.append(turn(1))
        _fill(journal)
        with pytest.raises(StorageError, match="disk is full: free some space"):
            journal.append(turn(2, text="long " * 10_000))
        assert journal.recent() == [turn(1)]


def test_a_locked_database_is_said(tmp_path: Path) -> None:
    """A program that holds the lock is named as the reason; afterwards all is well."""
    with Journal.open(f"sqlite:///{tmp_path}/journal.sqlite") as journal:
        _hurry(journal)
        other = _lock(tmp_path)
        with pytest.raises(StorageError, match="Another program holds its lock"):
            journal.append(turn())
        other.close()
        journal.append(turn())


@pytest.mark.parametrize(
    ("content", "reason"), [(b"no database at all" * 100, "restore a backup"), (None, "folder")]
)
def test_a_useless_file_is_said(tmp_path: Path, content: bytes | None, reason: str) -> None:
    """A damaged file, or a folder in its place, is explained."""
    file = tmp_path / "journal.sqlite"
    if content:
        file.write_bytes(content)
    else:
        file.mkdir()
    with pytest.raises(StorageError, match=reason):
        Journal.open(f"sqlite:///{file}")


def test_a_journal_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """A database that a newer Gnothi has migrated is not touched."""
    url = f"sqlite:///{tmp_path}/journal.sqlite"
    Journal.open(url).close()
    with sqlite3.connect(tmp_path / "journal.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(StorageError, match="newer Gnothi"):
        Journal.open(url)


def test_a_dead_server_comes_back(postgres: PostgresServer) -> None:
    """A journal works again, without a restart, once its server is back."""
    with Journal.open(postgres.url) as journal:
        journal.append(turn(1))
        postgres.stop()
        try:
            with pytest.raises(StorageError, match="server does not answer"):
                journal.append(turn(2))
        finally:
            postgres.start()
        journal.append(turn(2))
        assert journal.get(turn(2).id) == turn(2)


def test_turns_wait_for_a_dead_server(postgres: PostgresServer, tmp_path: Path) -> None:
    """While the server is away turns are kept in a file; later they arrive in order, once."""
    journal, watch = _resilient(postgres.url, tmp_path)
    postgres.stop()
    try:
        for number in (10, 11):
            journal.append(turn(number))
        journal.attach(turn(10).id, undo())
        assert journal.waiting == 3
    finally:
        postgres.start()
    watch.wait()
    journal.append(turn(12))
    assert journal.waiting == 0
    ids = [found.id for found in journal.recent(3)]
    assert ids == [turn(12).id, turn(11).id, turn(10).id]
    assert journal.recent(3)[-1].signals == (undo(),)
    journal.close()


def test_turns_wait_for_a_locked_file(tmp_path: Path) -> None:
    """While another program holds the database, no turn is lost and nobody waits twice."""
    journal, watch = _resilient(f"sqlite:///{tmp_path}/journal.sqlite", tmp_path)
    _hurry(journal)
    other = _lock(tmp_path)
    journal.append(turn(1))
    other.close()
    journal.append(turn(2))
    assert (journal.count(), journal.waiting) == (0, 2)
    watch.wait()
    assert journal.drain() == 2
    assert journal.recent() == [turn(2), turn(1)]
    journal.close()


def test_waiting_turns_survive_a_crash(tmp_path: Path) -> None:
    """A new process finds what waited, without the half line that was never acknowledged."""
    url, waiting = f"sqlite:///{tmp_path}/journal.sqlite", tmp_path / "journal.waiting.jsonl"
    journal = ResilientJournal.open(url)
    _hurry(journal)
    other = _lock(tmp_path)
    journal.append(turn(1))
    other.close()
    journal.close()
    with waiting.open("a") as file:
        file.write('{"turn": "half a l')
    with ResilientJournal.open(url) as after:
        assert after.recent() == [turn(1)]
        assert not waiting.exists()


def test_a_drain_that_is_cut_off_repeats_nothing(tmp_path: Path) -> None:
    """When the power fails between writing a waiting turn and forgetting it, it counts once."""
    url, waiting = f"sqlite:///{tmp_path}/journal.sqlite", tmp_path / "journal.waiting.jsonl"
    journal = ResilientJournal.open(url)
    _hurry(journal)
    other = _lock(tmp_path)
    journal.append(turn(1))
    journal.attach(turn(1).id, undo())
    other.close()
    journal.close()
    content = waiting.read_bytes()
    for _ in range(2):
        waiting.write_bytes(content)
        ResilientJournal.open(url).close()
    with ResilientJournal.open(url) as after:
        assert [found.signals for found in after.recent()] == [(undo(),)]


def test_a_damaged_line_holds_up_nothing(tmp_path: Path) -> None:
    """A line that a failing disk has spoilt is put aside, and the rest arrives."""
    url, waiting = f"sqlite:///{tmp_path}/journal.sqlite", tmp_path / "journal.waiting.jsonl"
    waiting.write_text("spoilt\n")
    with ResilientJournal.open(url) as journal:
        assert journal.waiting == 0
    assert (tmp_path / "journal.waiting.damaged").read_text() == "spoilt\n"


def test_erasing_reaches_what_waits(tmp_path: Path) -> None:
    """A person who is erased is also gone from the file of waiting turns."""
    journal, watch = _resilient(f"sqlite:///{tmp_path}/journal.sqlite", tmp_path)
    _hurry(journal)
    other = _lock(tmp_path)
    journal.append(turn(1))
    journal.append(turn(2, user="ben"))
    journal.attach(turn(1).id, undo())
    other.close()
    journal.erase("ana")
    assert journal.waiting == 1
    watch.wait()
    journal.drain()
    assert journal.recent() == [turn(2, user="ben")]
    journal.close()
