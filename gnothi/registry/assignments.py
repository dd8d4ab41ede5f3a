"""Which version of each artifact is in use: one JSON file, written atomically, watched cheaply."""

import fcntl
import json
import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from gnothi.core.errors import StorageError
from gnothi.core.plain import Json, plain


@dataclass(frozen=True, slots=True)
class Canary:
    """A version that serves a share of the keys, to see how it does."""

    version: str
    share: float
    """From 0 to 1, both excluded."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One entry of an artifact's history."""

    at: datetime
    act: str
    """``live``, ``canary``, ``end-canary``, ``rollback`` or ``discard``."""
    version: str | None
    """The version it was about; ``None`` for the shipped one."""
    reason: str = ""
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is in use of one artifact, and what was before."""

    live: str | None = None
    """``None`` for the version that Gnothi ships."""
    canary: Canary | None = None
    earlier: tuple[str | None, ...] = ()
    """Versions that a rollback returns to, the last one first to come."""
    history: tuple[Switch, ...] = ()


Change = Callable[[Assignment], Assignment]
_Signature = tuple[int, int, int] | None


class Assignments:
    """The file of all assignments.

    Reading costs one ``stat`` while nothing changes; a change by any process is seen by the next
    read. Writers of several processes wait for each other.
    """

    def __init__(self, file: Path) -> None:
        """Use *file*, which need not exist."""
        self._file = file
        self._lock = RLock()
        self._signature: _Signature = None
        self._known: Mapping[str, Assignment] = {}

    def of(self, name: str) -> Assignment:
        """Return what is assigned for the artifact *name* now."""
        return self.all().get(name, Assignment())

    def all(self) -> Mapping[str, Assignment]:
        """Return every assignment, by name of artifact."""
        signature = self._look()
        if signature != self._signature:
            with self._lock:
                self._known = self._read()
                self._signature = signature
        return self._known

    def change(self, name: str, change: Change) -> Assignment:
        """Replace the assignment of *name* by what *change* makes of it; return the new one."""
        with self._lock, self._alone():
            known = dict(self._read())
            known[name] = change(known.get(name, Assignment()))
            self._write(known)
            return known[name]

    def _look(self) -> _Signature:
        try:
            seen = self._file.stat()
        except FileNotFoundError:
            return None
        # A file that is replaced gets a new inode, even within the clock's resolution.
        return seen.st_mtime_ns, seen.st_size, seen.st_ino

    def _read(self) -> Mapping[str, Assignment]:
        try:
            found: Any = json.loads(self._file.read_text(encoding="utf-8"))
            return {name: _assignment(value) for name, value in found["artifacts"].items()}
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageError(f"{self._file} can't be read: {error.strerror}.") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(
                f"{self._file} is damaged ({error}). Restore it from a backup, or delete it to"
                " return to the versions that Gnothi ships."
            ) from error

    def _write(self, known: Mapping[str, Assignment]) -> None:
        fresh = self._file.with_suffix(".new")
        document: Json = {"format": 1, "artifacts": plain(known)}
        try:
            with fresh.open("w", encoding="utf-8") as stream:
                json.dump(document, stream, indent=2)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(self._file)
        except OSError as error:
            raise StorageError(f"{self._file} can't be written: {error.strerror}.") from error

    @contextmanager
    def _alone(self) -> Generator[None]:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise StorageError(f"{self._file} can't be locked: {error.strerror}.") from error


def made_live(now: Assignment, version: str, at: datetime, reason: str) -> Assignment:
    """Return *now* with *version* live and no canary; the one before is kept for a rollback."""
    earlier = now.earlier if now.live == version else (*now.earlier, now.live)
    done = Switch(at, "live", version, reason)
    return Assignment(version, None, earlier, (*now.history, done))


def with_canary(now: Assignment, canary: Canary, at: datetime, reason: str) -> Assignment:
    """Return *now* with *canary* serving its share."""
    done = Switch(at, "canary", canary.version, reason, canary.share)
    return replace(now, canary=canary, history=(*now.history, done))


def without_canary(now: Assignment, at: datetime, reason: str) -> Assignment:
    """Return *now* with the live version serving everybody."""
    if not now.canary:
        return now
    done = Switch(at, "end-canary", now.canary.version, reason)
    return replace(now, canary=None, history=(*now.history, done))


def rolled_back(now: Assignment, at: datetime, reason: str) -> Assignment:
    """Return *now* with the version before live again: the shipped one when there is no other."""
    *earlier, live = now.earlier or (None,)
    done = Switch(at, "rollback", live, reason)
    return Assignment(live, None, tuple(earlier), (*now.history, done))


def _assignment(found: Mapping[str, Any]) -> Assignment:
    canary = found["canary"]
    return Assignment(
        live=found["live"],
        canary=Canary(canary["version"], float(canary["share"])) if canary else None,
        earlier=tuple(found["earlier"]),
        history=tuple(_switch(entry) for entry in found["history"]),
    )


def _switch(found: Mapping[str, Any]) -> Switch:
    return Switch(
        at=datetime.fromisoformat(found["at"]),
        act=found["act"],
        version=found["version"],
        reason=found["reason"],
        share=float(found["share"]),
    )
