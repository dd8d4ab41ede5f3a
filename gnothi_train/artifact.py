"""How an artifact is written: its files, and a card with their hashes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from gnothi.core.artifact import CARD, Card


def sources(licences: Mapping[str, str], sentences: object) -> tuple[dict[str, str], ...]:
    """Return for a card the names and *licences* of what *sentences* come from.

    Their hash is that of all *sentences* together, as ``repr`` writes them.
    """
    told = hashlib.sha256(repr(sentences).encode()).hexdigest()
    return tuple(
        {"name": name, "sha256": told, "licence": licence} for name, licence in licences.items()
    )


def write_artifact(folder: Path, card: Card, contents: Mapping[str, bytes]) -> None:
    """Write *contents* by file name to *folder*, and *card* with their hashes."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    told = asdict(replace(card, files=hashes))
    (folder / CARD).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
