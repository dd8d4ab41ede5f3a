"""Backups: one zip file with everything that an installation keeps.

Databases are copied with SQLite's online backup, so that a running assistant is not disturbed and
the copy is consistent. A manifest carries the sha256 of every file. A journal in PostgreSQL is not
in the folder: back it up with ``pg_dump``.
"""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from gnothi.core.errors import InputError, StorageError

MANIFEST = "manifest.json"
_DATABASES = (".sqlite", ".db")
_TRANSIENT = ("-wal", "-shm", "-journal", ".lock", ".new")
"""Endings of files that belong to a running process."""
_FETCHED = "models"
"""The folder of what was fetched and may be fetched again: it is large, and not ours."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    at: datetime
    files: Mapping[str, str]
    """Name of each file to its sha256."""


def backup(folder: Path, file: Path, *, now: datetime) -> Backup:
    """Write everything in *folder* to *file*; the assistant may go on running.

    Links are not followed. *file* appears when it is complete, and replaces an older one.

    Raises:
        StorageError: something can't be read, or *file* can't be written.
    """
    fresh = file.with_name(f".{file.name}.new")
    try:
        with ZipFile(fresh, "w", ZIP_DEFLATED, strict_timestamps=False) as archive:
            files = {name: _pack(archive, folder / name, name) for name in _names(folder, file)}
            made = Backup(now, files)
            archive.writestr(MANIFEST, json.dumps({"format": 1, **_manifest(made)}, indent=2))
        fresh.chmod(0o600)
        fresh.replace(file)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        raise StorageError(f"{folder} can't be backed up to {file}: {error}.") from error
    return made


def restore(file: Path, folder: Path, *, overwrite: bool = False) -> Backup:
    """Put back what :func:`backup` wrote; nothing is touched before all of it is verified.

    Stop the assistant first. With *overwrite*, *folder* is replaced as a whole.

    Raises:
        InputError: *file* is no backup, is damaged, or *folder* is not empty.
        StorageError: *folder* can't be written.
    """
    if not overwrite and folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty: choose another folder, or say to overwrite it.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".restore-") as place:
            fresh = Path(place) / "fresh"
            made = _unpack(file, fresh)
            _swap(fresh, folder, Path(place) / "old")
        return made
    except OSError as error:
        raise StorageError(f"{file} can't be restored to {folder}: {error}.") from error


def _names(folder: Path, file: Path) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        if place == str(folder) and _FETCHED in folders:
            folders.remove(_FETCHED)
        for name in sorted(names):
            path = Path(place) / name
            is_ours = path.resolve() == file.resolve() or name == f".{file.name}.new"
            is_kept = not name.endswith(_TRANSIENT) and not is_ours
            if is_kept and path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def _pack(archive: ZipFile, path: Path, name: str) -> str:
    if path.suffix not in _DATABASES:
        return _store(archive, path, name)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "copy"
        with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(copy)) as to:
            live.backup(to)
        return _store(archive, copy, name)


def _store(archive: ZipFile, path: Path, name: str) -> str:
    # Hash what was packed, not the file: it may change in between.
    archive.write(path, name)
    with archive.open(name) as packed:
        return _digest(packed)


def _digest(stream: IO[bytes]) -> str:
    return file_digest(stream, "sha256").hexdigest()  # pyright: ignore[reportArgumentType]


def _manifest(made: Backup) -> dict[str, object]:
    return {"at": made.at.isoformat(), "files": dict(made.files)}


def _unpack(file: Path, fresh: Path) -> Backup:
    try:
        with ZipFile(file) as archive:
            found: Any = json.loads(archive.read(MANIFEST))
            made = Backup(datetime.fromisoformat(found["at"]), dict(found["files"]))
            fresh.mkdir()
            for name, expected in made.files.items():
                _extract(archive, name, expected, fresh)
            return made
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{file} is not a backup of Gnothi, or is damaged: {error}.") from error


def _extract(archive: ZipFile, name: str, expected: str, fresh: Path) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise InputError(f"The backup names {name!r}, which lies outside of its folder.")
    target = fresh / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as packed, target.open("wb") as out:
        shutil.copyfileobj(packed, out)
    target.chmod(0o600)
    with target.open("rb") as written:
        if _digest(written) != expected:
            raise InputError(f"{name} of the backup is damaged (sha256).")


def _swap(fresh: Path, folder: Path, old: Path) -> None:
    """Put *fresh* in the place of *folder*; renames, so that there is no half state."""
    if folder.exists():
        folder.replace(old)
    try:
        fresh.replace(folder)
    except OSError:
        if old.exists():
            old.replace(folder)
        raise
