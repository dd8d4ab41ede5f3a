"""What is let into the registry: plain files of safe formats, exactly those on the card."""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from gnothi.core.artifact import CARD, Card, verify
from gnothi.core.errors import ArtifactError
from gnothi.core.plain import plain

KINDS = frozenset({"onnx", "npz", "json", "parquet"})
SUFFIXES = frozenset({".onnx", ".npz", ".json", ".parquet", ".safetensors", ".txt"})
"""Formats that can't run code when they are read. Pickle can, so nothing like it is here."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


def write_card(folder: Path, card: Card) -> None:
    """Write *card* into *folder*."""
    text = json.dumps(plain(card), indent=2, ensure_ascii=False)
    (folder / CARD).write_text(text + "\n", encoding="utf-8")


def seal(folder: Path, card: Card) -> Card:
    """Return *card* with the hashes of the files that lie in *folder* now."""
    return replace(card, files={name: _digest(folder / name) for name in _files_in(folder)})


def check_card(card: Card) -> None:
    """Check that *card* names things that are safe to keep and to load.

    Raises:
        ArtifactError: a name would leave its folder, or a format is not allowed.
    """
    if not _NAME.fullmatch(card.name):
        raise ArtifactError(
            f"{card.name!r} is not a name of an artifact, like language/understand."
        )
    if not _VERSION.fullmatch(card.version):
        raise ArtifactError(f"{card.version!r} is not a version, like 2026-11-20.1.")
    if card.kind not in KINDS:
        raise ArtifactError(f"{card.name} is of the kind {card.kind!r}, not {_listed(KINDS)}.")
    # A card from a file may hold anything: nothing has checked its types.
    if not card.files or not hasattr(card.files, "keys"):
        raise ArtifactError(f"The card of {card.name} lists no files.")
    for name in card.files:
        _check_file_name(card, name)


def inspect(folder: Path, card: Card) -> None:
    """Check that *folder* holds exactly what *card* says.

    Raises:
        ArtifactError: a file is missing, changed, unlisted, of an unsafe format, or outside.
    """
    check_card(card)
    present = set(_files_in(folder))
    if missing := card.files.keys() - present:
        raise ArtifactError(f"{folder} lacks {_listed(missing)}, which its card names.")
    if extra := present - card.files.keys():
        raise ArtifactError(f"{folder} holds {_listed(extra)}, which its card does not name.")
    verify(folder, card)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _check_file_name(card: Card, name: str) -> None:
    path = PurePosixPath(name)
    is_inside = not path.is_absolute() and ".." not in path.parts and str(path) == name
    if not is_inside or "\\" in name or "\0" in name or name == CARD:
        raise ArtifactError(f"The card of {card.name} names {name!r}, which is no file of its own.")
    if path.suffix not in SUFFIXES:
        raise ArtifactError(f"{name!r} of {card.name} is of no safe format: {_listed(SUFFIXES)}.")


def _files_in(folder: Path) -> list[str]:
    """Return the relative names of everything in *folder* but the card; links are refused."""
    names: list[str] = []
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if (Path(place) / name).is_symlink():
                raise ArtifactError(f"{Path(place) / name} is a link; artifacts hold plain files.")
        names += [(Path(place) / name).relative_to(folder).as_posix() for name in files]
    return sorted(name for name in names if name != CARD)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
