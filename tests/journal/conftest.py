"""A journal in each database, PostgreSQL being a real server of the test's own."""

import os
import pwd
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gnothi.journal.journal import Journal

# Tests are imported one by one: their neighbours are found by the folder.
sys.path.insert(0, str(Path(__file__).parent))
from postgres_server import PostgresServer, find_programs


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server that a test may stop, if it starts it again."""
    pytest.importorskip("psycopg", reason="needs pip install 'gnothi[postgresql]'")
    programs = find_programs()
    if not programs:
        pytest.skip("PostgreSQL is not here: apt-get install postgresql")
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


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> PostgresServer:
    """The server, with an empty database."""
    _empty(postgres_server.url)
    return postgres_server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/journal.sqlite"
    server: PostgresServer = request.getfixturevalue("postgres")
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
