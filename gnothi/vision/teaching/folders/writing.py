"""Write pictures with boxes to a folder, as other programs read them."""

import json
from collections.abc import Iterable
from pathlib import Path

from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes
from gnothi.vision.pictures import write_jpeg
from gnothi.vision.teaching.folders.plain import NAMES


def write_folder(folder: Path, name: str, pictures: Iterable[tuple[str, Pixels, Boxes]]) -> None:
    """Write *pictures* (name, pixels, boxes of what is called *name*) and boxes.json."""
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, object] = {}
    for label, pixels, boxes in pictures:
        (folder / label).write_bytes(write_jpeg(pixels, 95))
        told[label] = [{"name": name, "box": box} for box in boxes.round(1).tolist()]
    (folder / NAMES[0]).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
