"""Read a folder of pictures, whatever its boxes are written in."""

import json
from pathlib import Path

from gnothi.core.errors import InputError
from gnothi.vision.teaching.folders.coco import is_coco, read_coco
from gnothi.vision.teaching.folders.collection import Collection, Entry, collected
from gnothi.vision.teaching.folders.places import Pictures, files_of, text_of
from gnothi.vision.teaching.folders.plain import NAMES, read_plain
from gnothi.vision.teaching.folders.voc import read_voc
from gnothi.vision.teaching.folders.yolo import LISTS, read_yolo


def read_folder(folder: Path, name: str = "thing") -> Collection:
    """Return the pictures of *folder* with the boxes that are written down beside them.

    Looks for ``boxes.json``, COCO JSON, PASCAL VOC's XML and YOLO's text files, in this order;
    boxes that say no name are called *name*. Without any of these its pictures have no boxes.

    Raises:
        InputError: it is no folder, holds no picture, or something in it is broken.
    """
    pictures = Pictures(folder)
    if not pictures.paths:
        raise InputError(f"There is no picture in {folder.name or folder}: put some JPEGs there.")
    for path in files_of(folder, ".json"):
        document = _json(path)
        if path.name in NAMES:
            return read_plain(path, document, pictures, name)
        if is_coco(document):
            return read_coco(path, document, pictures)
    if files := files_of(folder, ".xml"):
        return read_voc(files, pictures)
    texts = [path for path in files_of(folder, ".txt") if path.name not in LISTS]
    if files := [path for path in texts if pictures.beside(path)]:  # others are notes
        return read_yolo(folder, files, pictures)
    return collected([Entry(path, ()) for path in pictures.paths])


def _json(path: Path) -> object:
    try:
        return json.loads(text_of(path))
    except ValueError as error:
        raise InputError(f"{path.name} is no sound JSON: {error}.") from error
