"""Folders of pictures with boxes, in the formats that people's tools write."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.vision.pictures import write_jpeg
from gnothi.vision.teaching.folders.reading import read_folder

BOX = [10, 20, 50, 60]
"""Left, top, right, bottom of the one box, in a picture of 100 by 80."""
_XML = """<annotation><filename>one.jpg</filename><size><width>100</width><height>80</height></size>
<object><name>bowl</name><bndbox><xmin>11</xmin><ymin>21</ymin><xmax>50</xmax><ymax>60</ymax>
</bndbox></object></annotation>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one picture of 100 by 80."""
    (tmp_path / "images").mkdir()
    pixels = np.full((80, 100, 3), 90, np.uint8)
    (tmp_path / "images" / "one.jpg").write_bytes(write_jpeg(pixels))
    return tmp_path


def _coco(folder: Path, **changes: object) -> None:
    document = {
        "images": [{"id": 7, "file_name": "one.jpg", "width": 100, "height": 80}],
        "annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 20, 40, 40]}],
        "categories": [{"id": 3, "name": "bowl"}],
    }
    (folder / "annotations.json").write_text(json.dumps(document | changes))


def _voc(folder: Path) -> None:
    (folder / "one.xml").write_text(_XML)


def _yolo(folder: Path) -> None:
    (folder / "labels").mkdir()
    (folder / "labels" / "one.txt").write_text("0 0.3 0.5 0.4 0.5\n")
    (folder / "classes.txt").write_text("bowl\n")


def _plain(folder: Path) -> None:
    (folder / "boxes.json").write_text(json.dumps({"one.jpg": [BOX]}))


@pytest.mark.parametrize(
    "write", [_coco, _voc, _yolo, _plain], ids=["coco", "voc", "yolo", "plain"]
)
def test_the_same_box_is_read_from_every_format(
    folder: Path, write: Callable[[Path], None]
) -> None:
    """COCO, VOC, YOLO and our own format give the same box of the same thing."""
    write(folder)
    found = read_folder(folder, "bowl")
    [example] = found.read()
    assert found.names == ("bowl",)
    assert example.classes.tolist() == [0]
    np.testing.assert_allclose(example.boxes, [BOX], atol=1e-6)


def test_names_of_a_yaml_file_are_read(folder: Path) -> None:
    """What a data.yaml calls the classes is what they are called."""
    _yolo(folder)
    (folder / "data.yaml").write_text("train: images\nnames:\n  0: red bowl\n  1: mug\n")
    assert read_folder(folder).names == ("red bowl", "mug")


def test_pictures_that_were_made_smaller_keep_their_boxes(folder: Path) -> None:
    """Boxes of a picture of 200 by 160 fit the same picture at 100 by 80."""
    _coco(folder, images=[{"id": 7, "file_name": "one.jpg", "width": 200, "height": 160}])
    np.testing.assert_allclose(read_folder(folder).read()[0].boxes, [[5, 10, 25, 30]])


def test_notes_beside_pictures_are_no_annotations(folder: Path) -> None:
    """A text file that is called like no picture tells of none."""
    (folder / "info.txt").write_text("Taken in the kitchen.\n")
    assert [len(one.drawn) for one in read_folder(folder).entries] == [0]


def test_pictures_alone_have_no_boxes(folder: Path) -> None:
    """A folder without annotations gives its pictures without boxes."""
    found = read_folder(folder)
    assert [len(one.drawn) for one in found.entries] == [0]


def _turned(folder: Path) -> None:
    _coco(folder, images=[{"id": 7, "file_name": "one.jpg", "width": 80, "height": 100}])


def _missing(folder: Path) -> None:
    _coco(folder, images=[{"id": 7, "file_name": "two.jpg", "width": 80, "height": 100}])


def _nameless(folder: Path) -> None:
    _coco(folder, categories=[])


def _outside(folder: Path) -> None:
    (folder / "boxes.json").write_text(json.dumps({"one.jpg": [[110, 20, 150, 60]]}))


def _backwards(folder: Path) -> None:
    (folder / "boxes.json").write_text(json.dumps({"one.jpg": [[50, 60, 10, 20]]}))


def _words(folder: Path) -> None:
    (folder / "boxes.json").write_text(json.dumps({"one.jpg": [["left", "top", 3, 4]]}))


def _cut_json(folder: Path) -> None:
    (folder / "boxes.json").write_text('{"one.jpg": [')


def _pixels_in_yolo(folder: Path) -> None:
    _yolo(folder)
    (folder / "labels" / "one.txt").write_text("0 30 40 40 40\n")


def _unknown_in_yolo(folder: Path) -> None:
    _yolo(folder)
    (folder / "labels" / "one.txt").write_text("4 0.3 0.5 0.4 0.5\n")


def _no_names_in_yolo(folder: Path) -> None:
    _yolo(folder)
    (folder / "classes.txt").unlink()


def _entities(folder: Path) -> None:
    (folder / "one.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]>' + _XML)


def _cut_xml(folder: Path) -> None:
    (folder / "one.xml").write_text(_XML[:120])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_turned, "was turned or cut"),
        (_missing, "no such picture"),
        (_nameless, "not as COCO describes"),
        (_outside, "does not lie in one.jpg"),
        (_backwards, "does not lie in one.jpg"),
        (_words, "not of the form"),
        (_cut_json, "no sound JSON"),
        (_pixels_in_yolo, "shares from 0 to 1"),
        (_unknown_in_yolo, "has no name"),
        (_no_names_in_yolo, "classes.txt"),
        (_entities, "declares entities"),
        (_cut_xml, "no sound XML"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_what_is_broken_is_told_in_a_sentence(
    folder: Path, spoil: Callable[[Path], None], told: str
) -> None:
    """Broken annotations are refused with the file, and what is wrong in it."""
    spoil(folder)
    with pytest.raises(InputError, match=told):
        read_folder(folder).read()


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """Without a picture there is nothing to read."""
    with pytest.raises(InputError, match="no picture"):
        read_folder(tmp_path)
