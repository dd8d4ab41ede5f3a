"""PASCAL VOC: an XML file for each picture, with the same name."""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from gnothi.core.errors import InputError
from gnothi.vision.teaching.folders.collection import Collection, Drawn, Entry, collected
from gnothi.vision.teaching.folders.places import Pictures, text_of

_SIDES = ("xmin", "ymin", "xmax", "ymax")


def read_voc(files: Sequence[Path], pictures: Pictures) -> Collection:
    """Return what the XML *files* tell.

    Raises:
        InputError: one is not what VOC describes, or its picture is missing.
    """
    return collected([_entry(path, pictures) for path in files])


def _entry(path: Path, pictures: Pictures) -> Entry:
    root = _parsed(path)
    try:
        boxes = [_drawn(one) for one in root.iter("object")]
        told = root.find("size")
        size = (_number(told, "width"), _number(told, "height")) if told is not None else None
    except ValueError as error:
        raise InputError(f"{path.name} is not as PASCAL VOC describes it: {error}.") from error
    name = (root.findtext("filename") or "").strip()
    picture = pictures.beside(path) or pictures.find(name or path.stem, path.name)
    return Entry(picture, tuple(boxes), size if size and min(size) > 0 else None)


def _parsed(path: Path) -> ElementTree.Element:
    text = text_of(path)
    if re.search(r"<!(DOCTYPE|ENTITY)", text):  # the ways in which XML does harm begin here
        raise InputError(f"{path.name} declares entities: annotations need none.")
    try:
        return ElementTree.fromstring(text)  # noqa: S314 - no declarations, as looked for above
    except ElementTree.ParseError as error:
        raise InputError(f"{path.name} is no sound XML: {error}.") from error


def _drawn(element: ElementTree.Element) -> Drawn:
    box = element.find("bndbox")
    name = (element.findtext("name") or "").strip()
    if box is None or not name:
        raise ValueError("an object lacks its name or its bndbox")
    left, top, right, bottom = (_number(box, side) for side in _SIDES)
    return Drawn(name, (left - 1, top - 1, right, bottom))  # VOC counts pixels from 1


def _number(element: ElementTree.Element, name: str) -> float:
    told = element.findtext(name)
    if told is None:
        raise ValueError(f"<{name}> is missing")
    try:
        return float(told)
    except ValueError as error:
        raise ValueError(f"<{name}> is {told!r}, no number") from error
