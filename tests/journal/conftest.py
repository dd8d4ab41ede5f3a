"""A journal in each database, PostgreSQL being a real server of the test's own."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gnothi.journal.journal import Journal

# Tests are imported one by one: their neighbours are found by the folder.
sys.path.insert(0, str(Path(__file__).parent))


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A PostgreSQL server on a socket in a folder of its own, reachable by nobody else."""

    folder: Path
    programs: Path

    @property
    def url(self) -> str:
        """Where the journal is."""
        return f"postgresql:///postgres?host={self.folder}&user=gnothi"

    def initialise(self) -> None:
        """Make an empty cluster."""
        self._run("initdb", "-D", "cluster", "-U", "gnothi", "-A", "trust", "--no-sync")

    def start(self) -> None:
        """Start the server; it is ready when this returns."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-D", "cluster", "-w", "-l", "log", "-o", options, "start")

    def stop(self) -> None:
        """Stop the server at once, as if somebody had pulled its plug."""
        self._run("pg_ctl", "-D", "cluster", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        # The server refuses to run as root.
        user = "nobody" if os.getuid() == 0 else None
        command = [str(self.programs / program), *arguments]
        subprocess.run(
            command,
            cwd=self.folder,
            user=user,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )


def _programs() -> Path:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb", path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    if not found:
        pytest.skip("PostgreSQL is not here: apt-get install postgresql")
    return Path(found).resolve().parent


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server that a test may stop, if it starts it again."""
    pytest.importorskip("psycopg", reason="needs pip install 'gnothi[postgresql]'")
    programs = _programs()
    # A short path: the names of sockets may have 107 characters only.
    folder = Path(tempfile.mkdtemp(prefix="gnothi-pg-"))
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    server = PostgresServer(folder, programs)
    server.initialise()
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/journal.sqlite"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    _empty(server.url)
    return server.url


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    """An empty journal in each kind of database."""
    with Journal.open(url) as opened:
        yield opened


def _empty(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
