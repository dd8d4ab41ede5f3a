"""Models of recognisers that can be fetched: where each lies, how large it is, what it must be.

``catalogue.json`` holds them. No hash there was made up: ``source`` says who published it, which
is seldom who published the model. Where nobody did, ``sha256`` is missing, and whoever fetches it
is shown the hash and asked (:mod:`gnothi.speech.shelf` then remembers it). No model was downloaded
to write this list.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from gnothi.core.errors import InputError

_FILE = Path(__file__).with_name("catalogue.json")


@dataclass(frozen=True, slots=True)
class Download:
    """One file to fetch."""

    url: str
    bytes: int | None = None
    """Its size; ``None`` where it is not known."""
    sha256: str | None = None
    """Its hash; ``None`` where nobody published one."""

    @property
    def name(self) -> str:
        """The last part of its address."""
        return PurePosixPath(unquote(self._split.path)).name

    @property
    def host(self) -> str:
        """Who is asked for it."""
        return self._split.netloc

    @property
    def scheme(self) -> str:
        """How it is asked for."""
        return self._split.scheme

    @property
    def _split(self) -> SplitResult:
        try:
            return urlsplit(self.url)
        except ValueError as error:
            raise InputError(f"'{self.url}' is no address of a file: {error}.") from error


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be fetched, as one archive or as some files."""

    name: str
    backend: str
    """Which recogniser opens it, as ``gnothi speech`` lists them."""
    files: tuple[Download, ...]
    about: str = ""
    """What it is good for, in a sentence."""
    languages: tuple[str, ...] = ()
    licence: str = ""
    speed: str = ""
    """quick, moderate, slow or very slow on a small computer: expected, not measured."""
    keep: tuple[str, ...] = ()
    """Patterns of what is kept of an archive; empty for all of it."""
    source: str = ""
    """Who published the hashes."""

    @property
    def bytes(self) -> int | None:
        """How much is fetched; ``None`` where it is not known."""
        sizes = [one.bytes for one in self.files]
        return None if None in sizes else sum(size or 0 for size in sizes)

    @property
    def choice(self) -> str:
        """How it is written where a recogniser is chosen."""
        return f"{self.backend}:{self.name}"


@cache
def catalogue() -> tuple[Model, ...]:
    """Return the models that can be fetched by name, by recogniser and size."""
    found: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))["models"]
    return tuple(_model(one) for one in found)


def find(name: str) -> Model:
    """Return the model called *name*.

    Raises:
        InputError: there is none; the sentence says which there are.
    """
    for one in catalogue():
        if one.name == name:
            return one
    known = ", ".join(one.name for one in catalogue())
    raise InputError(f"There is no model '{name}' in the list. There are: {known}")


def _model(told: dict[str, Any]) -> Model:
    return Model(
        name=told["name"],
        backend=told["backend"],
        files=tuple(Download(**file) for file in told["files"]),
        about=told["about"],
        languages=tuple(told["languages"]),
        licence=told["licence"],
        speed=told["speed"],
        keep=tuple(told.get("keep", ())),
        source=told["source"],
    )
