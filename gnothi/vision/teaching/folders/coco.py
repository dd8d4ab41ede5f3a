"""COCO JSON: one file with ``images``, ``annotations`` and ``categories``."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeGuard, cast

from gnothi.core.errors import InputError
from gnothi.vision.teaching.folders.collection import Collection, Drawn, Entry, collected
from gnothi.vision.teaching.folders.places import Pictures

KEYS = frozenset({"images", "annotations", "categories"})


def is_coco(document: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether *document*, the content of a JSON file, is one of COCO's."""
    return isinstance(document, dict) and cast("dict[str, Any]", document).keys() >= KEYS


def read_coco(path: Path, document: Mapping[str, Any], pictures: Pictures) -> Collection:
    """Return what the *document* in *path* tells; crowds are left out.

    Raises:
        InputError: it is not what COCO describes, or a picture is missing.
    """
    try:
        names = {one["id"]: str(one["name"]) for one in document["categories"]}
        drawn: defaultdict[Any, list[Drawn]] = defaultdict(list)
        for one in document["annotations"]:
            if not one.get("iscrowd"):
                drawn[one["image_id"]].append(Drawn(names[one["category_id"]], _box(one["bbox"])))
        entries = [
            Entry(
                pictures.find(str(one["file_name"]), path.name),
                tuple(drawn[one["id"]]),
                (float(one["width"]), float(one["height"])),
            )
            for one in document["images"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path.name} is not as COCO describes it: {error!r} in it.") from error
    return collected(entries, [names[one] for one in sorted(names)])


def _box(told: Any) -> tuple[float, float, float, float]:  # noqa: ANN401 - from a stranger's file
    left, top, width, height = map(float, told)
    return left, top, left + width, top + height
