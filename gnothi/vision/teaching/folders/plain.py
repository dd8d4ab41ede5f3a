"""Our own format: ``boxes.json``, an object from the name of a picture to its boxes.

``{"one.jpg": [[10, 20, 110, 90]], "two.jpg": [{"name": "red bowl", "box": [5, 5, 60, 70]}]}``:
a box is left, top, right, bottom in pixels of the picture as it is seen (upright).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from gnothi.core.errors import InputError
from gnothi.vision.teaching.folders.collection import Collection, Drawn, Entry, collected
from gnothi.vision.teaching.folders.places import Pictures

NAMES = ("boxes.json", "_boxes.json")
_SHAPE = '{"picture.jpg": [[left, top, right, bottom]]}'


def read_plain(path: Path, document: object, pictures: Pictures, name: str) -> Collection:
    """Return what the *document* in *path* tells; boxes that have no name are called *name*.

    Raises:
        InputError: it is not as described above, or a picture is missing.
    """
    if not isinstance(document, Mapping):
        raise InputError(f"{path.name} is not of the form {_SHAPE}.")
    told = cast("Mapping[str, Any]", document)
    entries = [
        Entry(
            pictures.find(picture, path.name), tuple(_drawn(one, name, path) for one in _list(rows))
        )
        for picture, rows in told.items()
    ]
    return collected(entries)


def _list(rows: Any) -> list[Any]:  # noqa: ANN401 - from a stranger's file
    if isinstance(rows, Mapping):
        return [rows]
    return cast("list[Any]", rows) if isinstance(rows, list) else [None]  # refused below


def _drawn(told: object, name: str, path: Path) -> Drawn:
    row = _fields(told)
    try:
        left, top, right, bottom = map(float, row["box"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path.name} is not of the form {_SHAPE}: {str(row)[:60]} is in it."
        ) from error
    return Drawn(str(row.get("name") or name), (left, top, right, bottom))


def _fields(told: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", told) if isinstance(told, Mapping) else {"box": told}
