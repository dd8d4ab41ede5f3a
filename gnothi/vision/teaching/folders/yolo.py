"""YOLO: a text file for each picture; a line is class, centre x and y, width, height, as shares."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from gnothi.core.errors import InputError
from gnothi.vision.teaching.folders.collection import SHARES, Collection, Drawn, Entry, collected
from gnothi.vision.teaching.folders.places import Pictures, text_of

LISTS = ("classes.txt", "obj.names", "_darknet.labels", "labels.txt", "data.names")
_FIELDS = 5


def read_yolo(folder: Path, files: Sequence[Path], pictures: Pictures) -> Collection:
    """Return what the text *files* in *folder* tell; pictures without a file are left out.

    Raises:
        InputError: a line is not what YOLO describes, or a picture or a name is missing.
    """
    names = _names(folder)
    entries: list[Entry] = []
    for path in files:
        picture = pictures.beside(path) or pictures.find(path.stem, path.name)
        lines = text_of(path).splitlines()
        drawn = [_drawn(line, f"{path.name}, line {at}", names)
                 for at, line in enumerate(lines, 1) if line.strip()]  # fmt: skip
        entries.append(Entry(picture, tuple(drawn), SHARES))
    return collected(entries, names)


def _drawn(line: str, where: str, names: Sequence[str]) -> Drawn:
    try:
        kind, *numbers = map(float, line.split())
        x, y, width, height = numbers[: _FIELDS - 1]
    except ValueError as error:
        raise InputError(f"{where}: a line is five numbers, not {line[:60]!r}.") from error
    if not 0 <= kind < len(names) or kind != int(kind):
        raise InputError(f"{where}: class {kind:g} has no name; there are {len(names)}.")
    if not all(0 <= one <= 1 for one in (x, y, width, height)):
        raise InputError(f"{where}: places and sizes are shares from 0 to 1, unlike {line[:60]!r}.")
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Drawn(names[int(kind)], box)


def _names(folder: Path) -> list[str]:
    for path in sorted(folder.rglob("data.y*ml")):
        if names := _from_yaml(text_of(path)):
            return names
    for name in LISTS:
        for path in sorted(folder.rglob(name)):
            return [line.strip() for line in text_of(path).splitlines() if line.strip()]
    raise InputError(
        f"Nothing in {folder.name} says what the classes are called: put their names into "
        "classes.txt, one a line."
    )


def _from_yaml(text: str) -> list[str]:
    """Return ``names`` of a data.yaml: a list in brackets, or one name a line."""
    inline = re.search(r"^names:\s*(\[.*?\])", text, re.MULTILINE | re.DOTALL)
    if inline:
        try:
            return [str(one) for one in json.loads(inline[1].replace("'", '"'))]
        except ValueError:
            return [one.strip(" '\"\n") for one in inline[1].strip("[]").split(",")]
    block = re.search(r"^names:\s*\n((?:[ \t]*(?:-|\d+:)[^\n]*\n?)+)", text, re.MULTILINE)
    lines = block[1].splitlines() if block else []
    return [re.sub(r"^\s*(-|\d+:)\s*", "", line).strip(" '\"") for line in lines]
