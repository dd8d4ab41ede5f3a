"""Pictures whose words are known: real receipts and real photos, at any angle and any size."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gnothi.core.seeing import Corners, Pixels
from gnothi.vision.pictures import read_picture
from gnothi.vision.reading.rapid import part_of
from gnothi.vision.reading.upright import turned_back
from gnothi.vision.rotated import RotatedBox

RECEIPTS, PHOTOS = "vision/text_receipts", "vision/text_scene_ic15"


@dataclass(frozen=True, slots=True, eq=False)
class TruthWord:
    """A word that is written in a picture."""

    text: str
    """Empty where people can't read it: finding it is neither right nor wrong."""
    corners: Corners
    """Four, clockwise from where its reading begins."""

    @property
    def height(self) -> float:
        """Pixels from top to bottom of its letters, whichever way it is turned."""
        return RotatedBox.read(self.corners).height


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture, and what is written in it."""

    name: str
    pixels: Pixels
    words: tuple[TruthWord, ...]
    key: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of a receipt: its company, date, address and total."""
    rows: tuple[str, ...] = ()
    """Whole lines as they were transcribed, from top to bottom."""
    places: tuple[Corners, ...] = ()
    """Where those lines are, as the picture was given: turning leaves them."""


def receipts(data: Path) -> Sequence[Scene]:
    """Return the shared receipts of SROIE, by name.

    Their lines were transcribed with a box for each; the place of a word is its share of the
    line's letters, which is nearly exact in the fonts of tills.
    """
    rows = sorted(_rows(data / RECEIPTS), key=lambda row: row["image"])
    return [_receipt(data / RECEIPTS, row) for row in rows]


def photos(data: Path) -> Sequence[Scene]:
    """Return the shared photos of ICDAR 2015, some ten readable words in all."""
    return [_photo(data / PHOTOS, row) for row in _rows(data / PHOTOS)]


def turned(scene: Scene, degrees: float) -> Scene:
    """Return *scene* turned clockwise by *degrees*, on white."""
    if not degrees:
        return scene
    pixels, back = turned_back(scene.pixels, -degrees)
    inverse = np.linalg.inv(back[:, :2])
    words = tuple(
        replace(word, corners=(word.corners - back[:, 2]) @ inverse.T) for word in scene.words
    )
    return replace(scene, name=f"{scene.name}@{degrees:g}", pixels=pixels, words=words)


def resized(scene: Scene, scale: float) -> Scene:
    """Return *scene* reduced or enlarged: letters *scale* times as high."""
    height, width = scene.pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    pixels = np.asarray(Image.fromarray(scene.pixels).resize(size, Image.Resampling.LANCZOS))
    words = tuple(replace(word, corners=word.corners * scale) for word in scene.words)
    return replace(scene, name=f"{scene.name}x{scale:g}", pixels=pixels, words=words)


def _rows(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "labels.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


def _receipt(folder: Path, row: Mapping[str, Any]) -> Scene:
    words = [word for line in row["lines"] for word in _split(line["text"], line["quad"])]
    rows = tuple(line["text"] for line in row["lines"])
    places = tuple(_quad(line["quad"]) for line in row["lines"])
    pixels = read_picture(folder / row["image"])
    return Scene(Path(row["image"]).stem, pixels, tuple(words), row["key"], rows, places)


def _photo(folder: Path, row: Mapping[str, Any]) -> Scene:
    words = tuple(TruthWord(one["text"] or "", _quad(one["polygon"])) for one in row["instances"])
    return Scene(Path(row["image"]).stem, read_picture(folder / row["image"]), words)


def _split(text: str, quad: Sequence[float]) -> Iterator[TruthWord]:
    corners, at = _quad(quad), 0
    for word in text.split():
        at = text.index(word, at)
        yield TruthWord(word, part_of(corners, at / len(text), (at + len(word)) / len(text)))
        at += len(word)


def _quad(numbers: Sequence[float]) -> Corners:
    return np.asarray(numbers, dtype=np.float64).reshape(-1, 2)
