"""Finding things with upright boxes: average precision as COCO counts it, with pycocotools."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.vision.boxes import Boxes


@dataclass(frozen=True, slots=True, eq=False)
class TruthBoxes:
    """What is in one picture."""

    boxes: Boxes
    """Shape (n, 4): left, top, right, bottom."""
    classes: NDArray[np.int64]
    """Shape (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundBoxes:
    """What a detector found in one picture."""

    boxes: Boxes
    classes: NDArray[np.int64]
    scores: NDArray[np.float64]
    """Shape (n,): only their order matters."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Average precision over classes, from 0 to 1."""

    ap: float
    """Mean over overlaps from .50 to .95."""
    ap50: float
    """At an overlap of one half."""
    by_class: dict[int, float]
    """``ap50`` of each class that is there."""


def precision(truth: Sequence[TruthBoxes], found: Sequence[FoundBoxes]) -> Precision:
    """Return the average precision of *found*; both have one entry for each picture, in order.

    Lin et al., Microsoft COCO (2014), as ``pycocotools`` counts it: 101 points of recall, at most
    100 boxes a picture, classes without truth left out.
    """
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    classes = sorted({int(one) for picture in truth for one in picture.classes})
    if not classes:
        return Precision(0.0, 0.0, {})
    with contextlib.redirect_stdout(io.StringIO()):  # it prints whatever it does
        known: Any = COCO()
        known.dataset = _document(truth, classes)
        known.createIndex()
        rows = _rows(found)
        guessed: Any = known.loadRes(rows) if len(rows) else COCO()
        judge: Any = COCOeval(known, guessed, "bbox")
        judge.evaluate()
        judge.accumulate()
    values = judge.eval["precision"][:, :, :, 0, -1]  # overlaps, recalls, classes
    by_class = {one: _mean(values[0, :, at]) for at, one in enumerate(classes)}
    return Precision(_mean(values), _mean(values[0]), by_class)


def _mean(values: NDArray[np.float64]) -> float:
    known = values[values > -1]
    return float(known.mean()) if known.size else 0.0


def _document(truth: Sequence[TruthBoxes], classes: Sequence[int]) -> dict[str, Any]:
    annotations: list[dict[str, Any]] = []
    for image, picture in enumerate(truth):
        for (left, top, right, bottom), kind in zip(picture.boxes, picture.classes, strict=True):
            size = [float(right - left), float(bottom - top)]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image,
                    "category_id": int(kind),
                    "bbox": [float(left), float(top), *size],
                    "area": size[0] * size[1],
                    "iscrowd": 0,
                }
            )
    return {
        "info": {},
        "images": [{"id": image} for image in range(len(truth))],
        "categories": [{"id": one} for one in classes],
        "annotations": annotations,
    }


def _rows(found: Sequence[FoundBoxes]) -> NDArray[np.float64]:
    """Return what was found as ``loadRes`` takes it: picture, x, y, width, height, score, class."""
    rows = [
        [image, left, top, right - left, bottom - top, score, kind]
        for image, one in enumerate(found)
        for (left, top, right, bottom), kind, score in zip(
            one.boxes, one.classes, one.scores, strict=True
        )
    ]
    return np.asarray(rows, dtype=np.float64).reshape(-1, 7)
