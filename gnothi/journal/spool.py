"""A file beside the journal that takes its turns while the database is away."""

import json
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import RLock

from gnothi.core.errors import StorageError

_log = logging.getLogger(__name__)


class Spool:
    """Lines of JSON that survive a crash, in order.

    A line is acknowledged when :meth:`add` returns, after an fsync. What a crash left half
    written was never acknowledged and is cut off.
    """

    def __init__(self, file: Path) -> None:
        """Use *file*, which need not exist."""
        self._file = file
        self._lock = RLock()
        self._waiting = self._recover()

    @property
    def waiting(self) -> int:
        """How many lines wait."""
        return self._waiting

    def add(self, *entries: object) -> None:
        """Keep *entries*, durably.

        Raises:
            StorageError: the file can't be written either.
        """
        lines = _lines(entries)
        with self._lock, self._errors_of("written"):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            size = self._file.stat().st_size if self._file.exists() else 0
            try:
                self._append(lines)
            except OSError:
                # Half a line would spoil the next one.
                self._cut(size)
                raise
            self._waiting += len(entries)

    def drain(self, take: Callable[[object], None]) -> int:
        """Give every line to *take*, in order, and forget them all once the last one is taken.

        When *take* fails, every line stays and is given again: *take* must bear that. Returns
        how many lines were taken.
        """
        with self._lock:
            entries = self._entries()
            for entry in entries:
                take(entry)
            self._clear()
            return len(entries)

    def keep(self, wanted: Callable[[object], bool]) -> int:
        """Drop the lines that are not *wanted*; return how many were dropped."""
        with self._lock:
            entries = self._entries()
            kept = [entry for entry in entries if wanted(entry)]
            if len(kept) < len(entries):
                self._rewrite(kept)
            return len(entries) - len(kept)

    def _recover(self) -> int:
        with self._errors_of("read"):
            if not self._file.exists():
                return 0
            content = self._file.read_bytes()
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                self._cut(whole)
            return content.count(b"\n")

    def _entries(self) -> list[object]:
        with self._errors_of("read"):
            if not self._file.exists():
                return []
            lines = self._file.read_bytes().splitlines(keepends=True)
            return [entry for line in lines for entry in self._parsed(line)]

    def _parsed(self, line: bytes) -> list[object]:
        try:
            return [json.loads(line)]
        except ValueError:
            # A failing disk: one bad line must not hold up all that come after it.
            _log.error("A damaged line of %s is put aside in a file beside it.", self._file)
            with self._file.with_suffix(".damaged").open("ab") as aside:
                aside.write(line)
            return []

    def _rewrite(self, entries: Sequence[object]) -> None:
        fresh = self._file.with_suffix(".new")
        with self._errors_of("written"):
            with fresh.open("w", encoding="ascii") as stream:
                stream.write(_lines(entries))
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(self._file)
            self._waiting = len(entries)

    def _append(self, lines: str) -> None:
        with self._file.open("a", encoding="ascii") as stream:
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())

    def _cut(self, size: int) -> None:
        with self._file.open("r+b") as stream:
            stream.truncate(size)

    def _clear(self) -> None:
        with self._errors_of("emptied"):
            self._file.unlink(missing_ok=True)
            self._waiting = 0

    def _errors_of(self, what: str) -> "_Errors":
        return _Errors(self._file, what)


def _lines(entries: Iterable[object]) -> str:
    return "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in entries)


class _Errors:
    """Says which file failed, and in what."""

    def __init__(self, file: Path, what: str) -> None:
        self._file, self._what = file, what

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError):
            raise StorageError(
                f"{self._file} can't be {self._what}: {error.strerror or error}."
            ) from error
