"""What the household chose by a command rather than by an environment variable.

``choices.json`` in the installation's folder; an environment variable of the same meaning wins.
"""

import json
from pathlib import Path
from typing import Any, cast

from gnothi.core.errors import StorageError

FILE = "choices.json"


def chosen(folder: Path, what: str) -> str:
    """Return what was chosen for *what*; empty where nothing was, or it can't be read."""
    return str(_read(folder).get(what, ""))


def choose(folder: Path, what: str, value: str) -> None:
    """Keep *value* for *what*; an empty value goes back to the usual.

    Raises:
        StorageError: it can't be written.
    """
    kept = _read(folder)
    if value:
        kept[what] = value
    else:
        kept.pop(what, None)
    fresh = folder / f".{FILE}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(kept, indent=1, sort_keys=True), encoding="utf-8")
        fresh.replace(folder / FILE)
    except OSError as error:
        raise StorageError(f"{folder / FILE} can't be written: {error}.") from error


def _read(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
