"""Recordings of what a person said: kept only where that person asked for it, and theirs to take.

One Ogg Opus file for each turn, named by the turn's id, in a folder of the person's own.
"""

import io
import logging
import shutil
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import quote

from gnothi.core.errors import StorageError
from gnothi.core.hearing import RATE, Samples
from gnothi.core.plain import Json
from gnothi.journal.journal import Journal

NAMESPACE = "recordings"
FOLDER = "recordings"
_WANTED = "kept"
MOST = 5_000
"""Recordings of one person; after that the oldest go. Some 40 MB, at 8 kB each."""
_SUFFIX = ".ogg"
_TRIES = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one person."""

    is_wanted: bool
    files: Sequence[Path]
    """In order of time."""

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(file.stat().st_size for file in self.files if file.exists())


class Recordings:
    """The recordings of a household. Any thread may call."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        """Keep files under *folder*; *journal* remembers who asked for it."""
        self._folder = folder / FOLDER
        self._journal = journal

    def is_wanted(self, person: str | None) -> bool:
        """Whether *person* asked that recordings be kept; nobody has until they do.

        While the journal is away nobody knows, and nothing is kept.
        """
        if person is None:
            return False
        try:
            return self._journal.store(NAMESPACE, person=person).get(_WANTED) is True
        except StorageError:
            return False

    def want(self, person: str, *, kept: bool) -> None:
        """Keep what *person* says from now on, or no more; what there is stays until erased."""
        store = self._journal.store(NAMESPACE, person=person)
        if kept:
            store.put(_WANTED, cast("Json", True))
        else:
            store.delete(_WANTED)

    def keep(self, person: str | None, turn: str, samples: Samples) -> Path | None:
        """Write what was said in *turn* down, if *person* wants that; return where.

        Raises:
            StorageError: it can't be written.
        """
        if person is None or not len(samples) or not self.is_wanted(person):
            return None
        import soundfile  # pyright: ignore[reportMissingTypeStubs] - it has none

        folder = self._of(person)
        file = folder / f"{quote(turn, safe='')}{_SUFFIX}"
        sound = io.BytesIO()
        soundfile.write(sound, samples, RATE, format="OGG", subtype="OPUS")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.write_bytes(sound.getvalue())
        except OSError as error:
            raise StorageError(f"{file} can't be written: {error.strerror}.") from error
        if not self.is_wanted(person):  # they were erased meanwhile
            file.unlink(missing_ok=True)
            return None
        for old in self._files(person)[:-MOST]:
            old.unlink(missing_ok=True)
        return file

    def of(self, person: str) -> Kept:
        """Return what is kept of *person*."""
        return Kept(self.is_wanted(person), self._files(person))

    @property
    def are_there(self) -> bool:
        """Whether anything is kept of anybody."""
        return any(self._folder.glob(f"of-*/*{_SUFFIX}"))

    def find(self, person: str | None, turn: str) -> Path | None:
        """Return the recording of a turn of *person*, if there is one."""
        if person is None:
            return None
        file = self._of(person) / f"{quote(turn, safe='')}{_SUFFIX}"
        return file if file.is_file() else None

    def erase(self, person: str) -> int:
        """Delete every recording of *person*; return how many there were.

        Raises:
            StorageError: they can't be deleted.
        """
        files = self._files(person)
        for tries_left in reversed(range(_TRIES)):
            try:
                shutil.rmtree(self._of(person))
            except FileNotFoundError:
                break
            except OSError as error:  # one came in while the others went
                if not tries_left:
                    told = error.strerror or str(error)
                    raise StorageError(f"Recordings can't be deleted: {told}.") from error
        return len(files)

    def archive(self, person: str) -> bytes:
        """Return every recording of *person* in one ZIP archive."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for file in self._files(person):
                with suppress(FileNotFoundError):
                    archive.write(file, file.name)
        return packed.getvalue()

    def _files(self, person: str) -> list[Path]:
        return sorted(self._of(person).glob(f"*{_SUFFIX}"))  # ids of turns are in order of time

    def _of(self, person: str) -> Path:
        return self._folder / f"of-{quote(person, safe='')}"  # never "..", whoever is called so
