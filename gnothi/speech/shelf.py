"""Models of recognisers that this installation has: fetched, checked, remembered.

Each lies in a folder of its own under ``models/hearing`` of the installation. ``lock.json`` beside
them holds the hash of every file, so that a model is checked each time before it is opened, and the
hash of every download that was once agreed to, so that the same address must give the same file
(trust on first use). A model appears in its place when it is whole, or not at all.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast

from gnothi.core.errors import ArtifactError, InputError, StorageError
from gnothi.core.settings import Settings
from gnothi.speech.catalogue import Download, Model
from gnothi.speech.fetch import Fetched, Fetcher, Told, hash_of, require_space
from gnothi.speech.unpack import is_archive, unpack

FOLDER = Path("models") / "hearing"
"""Where models lie in an installation's folder; backups leave them out."""
LOCK = "lock.json"
_UNPACKED = 2
"""How many times as large as an archive its content is, to begin with."""
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")

Agree = Callable[[Download, Fetched], bool]
"""Decides about a download whose hash nobody published."""
Telling = Callable[[Download], Told]
"""Returns who is told of the progress of a download."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A model that is here."""

    name: str
    backend: str
    source: str
    """The address or the folder that it came from."""
    licence: str
    files: Mapping[str, str]
    """Name of each file to its sha256."""

    @property
    def choice(self) -> str:
        """How it is written where a recogniser is chosen."""
        return f"{self.backend}:{self.name}"


class Shelf:
    """The models of one installation."""

    def __init__(self, folder: Path | None = None) -> None:
        """Look into *folder*, or where this installation keeps them."""
        self.folder = folder or Settings.from_environment().folder / FOLDER

    def models(self) -> tuple[Kept, ...]:
        """Return the models that are here, by name."""
        kept = self._read()["models"].items()
        return tuple(
            Kept(name, one["backend"], one["source"], one["licence"], one["files"])
            for name, one in sorted(kept)
            if (self.folder / name).is_dir()
        )

    def find(self, name: str) -> Kept | None:
        """Return the model called *name*, if it is here."""
        return next((one for one in self.models() if one.name == name), None)

    def place(self, name: str) -> Path:
        """Return the folder of the model called *name*, every file of which is as it was.

        Raises:
            InputError: there is none.
            ArtifactError: a file is missing or changed.
        """
        if (kept := self.find(name)) is None:
            raise InputError(f"There is no model '{name}' here: gnothi speech setup --get {name}")
        place = self.folder / name
        for file, expected in kept.files.items():
            if not (place / file).is_file() or hash_of(place / file) != expected:
                raise ArtifactError(
                    f"{place / file} is not what was fetched any more. "
                    f"Take it away (gnothi speech setup --remove {name}), and fetch it again."
                )
        return place

    def get(
        self,
        model: Model,
        *,
        agree: Agree = lambda download, fetched: False,
        telling: Telling = lambda download: lambda done, total: None,
        fetcher: Fetcher | None = None,
    ) -> Kept:
        """Fetch *model*, and return it as it is here; *agree* decides where no hash is known.

        What was broken off goes on where it was.

        Raises:
            InputError: nobody agreed, or it has a name that can't be a folder's.
            ProviderError: it can't be fetched now.
            ArtifactError: it is not what it should be.
            StorageError: there is no space for it, or it can't be written.
        """
        _require_name(model.name)
        fetcher = fetcher or Fetcher()
        parts = self.folder / ".parts" / model.name
        agreed: dict[str, str] = {}
        try:
            with self._incoming(model.name) as fresh:
                for file in model.files:
                    wanted = self._known(file)
                    self._require_space(model, wanted)
                    found = fetcher.fetch(wanted, parts / wanted.name, telling(wanted))
                    if wanted.sha256 is None and not agree(wanted, found):
                        found.part.unlink()
                        raise InputError(f"{wanted.url} was not agreed to: nothing of it is kept.")
                    agreed[wanted.url] = found.sha256
                    _lay_out(wanted.name, found.part, fresh, model)
                source = model.files[0].url
                kept = self._settle(model, source, fresh, agreed)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        shutil.rmtree(parts, ignore_errors=True)
        with suppress(OSError):  # others are on their way
            parts.parent.rmdir()
        return kept

    def take(self, place: Path, model: Model) -> Kept:
        """Copy a model that is on this machine already: a file, an archive or a folder.

        Raises:
            InputError: there is nothing, or it has a name that can't be a folder's.
            ArtifactError: an archive is damaged, or no model.
            StorageError: there is no space for it, or it can't be written.
        """
        _require_name(model.name)
        if not place.exists():
            raise InputError(f"There is no {place}.")
        try:
            with self._incoming(model.name) as fresh:
                files = [one for one in place.rglob("*") if one.is_file()] or [place]
                factor = 1 + (_UNPACKED if is_archive(place.name) else 0)
                require_space(self.folder, factor * sum(one.stat().st_size for one in files))
                if place.is_dir():
                    shutil.copytree(place, fresh, symlinks=False, dirs_exist_ok=True)
                elif is_archive(place.name):
                    unpack(place, fresh, model.keep)
                else:
                    shutil.copy(place, fresh)
                return self._settle(model, str(place.resolve()), fresh, {})
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def remove(self, name: str) -> None:
        """Take the model called *name* away; what was agreed to stays known.

        Raises:
            InputError: there is none.
        """
        lock = self._read()
        if lock["models"].pop(name, None) is None:
            raise InputError(f"There is no model '{name}' here.")
        try:
            if (self.folder / name).exists():
                shutil.rmtree(self.folder / name)
            self._write(lock)
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def _known(self, file: Download) -> Download:
        """Return *file* with the hash that was agreed to when it was fetched before."""
        if file.sha256 is not None:
            return file
        return Download(file.url, file.bytes, self._read()["agreed"].get(file.url))

    def _require_space(self, model: Model, file: Download) -> None:
        if file.bytes is not None:
            factor = 1 + (_UNPACKED if is_archive(file.name) else 0)
            require_space(self.folder, factor * file.bytes)

    @contextmanager
    def _incoming(self, name: str) -> Generator[Path]:
        """Make a folder for what comes in; what was not moved to its place goes away."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=self.folder))
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _settle(self, model: Model, source: str, fresh: Path, agreed: Mapping[str, str]) -> Kept:
        """Put what lies in *fresh* into its place."""
        place = self.folder / model.name
        files = {str(name): hash_of(fresh / name) for name in _names(fresh)}
        if not files:
            raise ArtifactError(f"{source} holds nothing that {model.backend} could open.")
        kept = Kept(model.name, model.backend, source, model.licence, files)
        lock = self._read()
        told = asdict(kept)
        lock["models"][told.pop("name")] = told
        lock["agreed"].update(agreed)
        if place.exists():
            shutil.rmtree(place)
        fresh.chmod(0o755)
        fresh.rename(place)
        self._write(lock)
        return kept

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found: Any = json.loads((self.folder / LOCK).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"models": {}, "agreed": {}}
        except (OSError, ValueError) as error:
            raise ArtifactError(
                f"{self.folder / LOCK} can't be read: {error}. It tells what models must be; take "
                "it away only to fetch every model again."
            ) from error
        return {"models": {}, "agreed": {}, **cast("dict[str, dict[str, Any]]", found)}

    def _write(self, lock: Mapping[str, object]) -> None:
        fresh = self.folder / f".{LOCK}.new"
        fresh.write_text(json.dumps(lock, indent=1, sort_keys=True), encoding="utf-8")
        fresh.replace(self.folder / LOCK)


def _lay_out(name: str, part: Path, fresh: Path, model: Model) -> None:
    """Put one download where the model will be."""
    whole = part.rename(part.with_name(name))
    if is_archive(name):
        try:
            unpack(whole, fresh, model.keep)
        finally:
            whole.unlink()
    else:
        shutil.move(whole, fresh / name)


def _names(folder: Path) -> Iterator[PurePosixPath]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield PurePosixPath(path.relative_to(folder).as_posix())


def _require_name(name: str) -> None:
    if not name or not set(name) <= _NAME or name.startswith((".", "-")):
        raise InputError(
            f"'{name}' can't be the name of a model: use small letters, digits, dots and dashes."
        )


def _unwritable(folder: Path, error: OSError) -> StorageError:
    return StorageError(f"{folder} can't be written: {error}.")
