"""Where the pictures of a folder are."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from gnothi.core.errors import InputError

SUFFIXES = frozenset(".jpg .jpeg .png .webp .gif .bmp .tif .tiff .ppm".split())
MOST = 20_000
"""Pictures of one folder."""
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Pictures:
    """The pictures below a folder, found by the names that annotations give them."""

    def __init__(self, folder: Path) -> None:
        """Look into *folder*.

        Raises:
            InputError: it is no folder, can't be read, or holds too many pictures.
        """
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder.")
        self._folder = folder
        found = sorted(path for path in _files(folder) if path.suffix.lower() in SUFFIXES)
        if len(found) > MOST:
            raise InputError(f"{folder} holds {len(found)} pictures; {MOST} at most are read.")
        self.paths: Sequence[Path] = found
        self._by_name = {path.name: path for path in reversed(found)}
        self._by_stem = {path.stem: path for path in reversed(found)}

    def find(self, name: str, where: str) -> Path:
        """Return the picture that an annotation in the file *where* calls *name*.

        Its folder need not be right, since people move their folders; nothing outside is taken.

        Raises:
            InputError: there is none.
        """
        own = name.replace("\\", "/").rpartition("/")[2]
        exact = self._folder / name
        if exact in self.paths:
            return exact
        found = self._by_name.get(own) or self._by_stem.get(own)
        if found is None:
            raise InputError(f"{where} tells of {name!r}, and no such picture is in the folder.")
        return found

    def beside(self, annotation: Path) -> Path | None:
        """Return the picture with the name of the file *annotation*."""
        return self._by_stem.get(annotation.stem)


def files_of(folder: Path, suffix: str) -> list[Path]:
    """Return the files below *folder* that end in *suffix*, in order."""
    return sorted(path for path in _files(folder) if path.suffix.lower() == suffix)


def text_of(path: Path) -> str:
    """Return the text in *path*.

    Raises:
        InputError: it can't be read, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8").lstrip(_BOM)
    except OSError as error:
        raise InputError(f"{path.name} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is no text in UTF-8.") from error


def _files(folder: Path) -> Iterable[Path]:
    try:
        return [path for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]
    except OSError as error:
        raise InputError(f"{folder} can't be read: {error.strerror}.") from error
