"""A real PostgreSQL server for tests."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


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


def find_programs() -> Path | None:
    """Return the folder of the server's programs, which Debian keeps off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb", path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    return Path(found).resolve().parent if found else None
