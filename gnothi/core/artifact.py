"""The card of a learned artifact (CONTRACTS, section 3)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from gnothi.core.errors import ArtifactError

CARD = "card.json"


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that must be known of an artifact before it is let in."""

    name: str
    version: str
    kind: str
    """``onnx``, ``npz``, ``json`` or ``parquet``."""
    files: Mapping[str, str]
    """File name to sha256 in hexadecimal."""
    parents: tuple[str, ...] = ()
    command: str = ""
    seed: int = 0
    data: tuple[Mapping[str, str], ...] = ()
    """Each with ``name``, ``sha256`` and ``licence``."""
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    intervals: Mapping[str, tuple[float, float]] = field(
        default_factory=dict[str, tuple[float, float]]
    )
    licence: str = "Apache-2.0"
    notices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name and version, as journal and traces write them."""
        return f"{self.name}@{self.version}"


def read_card(folder: Path) -> Card:
    """Return the card of the artifact in *folder*; unknown keys are ignored.

    Raises:
        ArtifactError: there is no card, or it can't be read.
    """
    try:
        content: dict[str, Any] = dict(json.loads((folder / CARD).read_text(encoding="utf-8")))
        content |= {key: tuple(content.get(key, ())) for key in ("parents", "data", "notices")}
        known = {field.name for field in fields(Card)}
        return Card(**{key: value for key, value in content.items() if key in known})
    except (OSError, ValueError, TypeError) as error:
        raise ArtifactError(f"{folder} holds no readable artifact: {error}") from error


def verify(folder: Path, card: Card) -> None:
    """Compare every file in *folder* with the sha256 on its *card*.

    Raises:
        ArtifactError: a file is missing or is not what the card says.
    """
    for name, expected in card.files.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ArtifactError(f"{card.label} lacks its file {name}: {error}") from error
        if found != expected:
            raise ArtifactError(
                f"{folder / name} is damaged or was changed: fetch {card.label} again."
            )
