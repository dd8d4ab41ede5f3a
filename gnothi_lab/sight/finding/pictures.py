"""What was found, drawn over scenes and photos: a sheet of what was right, and one of failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from gnothi.core.seeing import Pixels
from gnothi.vision.pictures import read_picture, reduced
from gnothi_lab.sight.finding.photos import Answered as Photographed
from gnothi_lab.sight.finding.rendered import Answered as Rendered

SIDE, COLUMNS, LINE = 256, 4, 16
"""Pixels of a picture on a sheet, pictures in a row, and pixels of the words below."""
_RIGHT, _WRONG, _TRUE = (30, 160, 60), (210, 40, 40), (40, 90, 220)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture, what was asked, and where it was found and where it is."""

    pixels: Pixels
    phrase: str
    found: Sequence[float]
    truth: Sequence[float]
    is_right: bool


def of_scenes(rows: Sequence[Rendered], *, right: bool, count: int) -> list[Shown]:
    """Return the first *count* questions about different scenes that were answered so."""
    first = {one.scene: one for one in reversed(rows) if one.right["ours"] is right}
    return [
        Shown(read_picture(one.picture), one.question.phrase.text, one.found,
              one.question.answer.box, right)
        for one in list(first.values())[:count]
    ]  # fmt: skip


def of_photos(rows: Sequence[Photographed], data: Path, *, right: bool, count: int) -> list[Shown]:
    """Return *count* phrases about different photos that were answered so, evenly chosen."""
    first = {one.asked.image: one for one in rows if one.right["ours"] is right and one.found}
    chosen = list(first.values())
    return [
        Shown(read_picture(data / "vision" / one.asked.image), one.asked.phrase, one.found,
              one.asked.box, right)
        for one in chosen[:: max(1, len(chosen) // count)][:count]
    ]  # fmt: skip


def sheet(shown: Sequence[Shown], path: Path) -> None:
    """Write *shown* to *path*: green where it was right, else red, and blue where it is."""
    rows = -(-len(shown) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * SIDE, rows * (SIDE + LINE)), "white")
    for at, one in enumerate(shown):
        left, top = at % COLUMNS * SIDE, at // COLUMNS * (SIDE + LINE)
        whole.paste(_drawn(one), (left, top))
        ImageDraw.Draw(whole).text((left + 4, top + SIDE + 2), one.phrase, fill="black")
    path.parent.mkdir(parents=True, exist_ok=True)
    whole.quantize(128).save(path, optimize=True)


def _drawn(one: Shown) -> Image.Image:
    picture = Image.fromarray(np.ascontiguousarray(reduced(one.pixels, SIDE)))
    scale = SIDE / max(one.pixels.shape[:2])
    pen = ImageDraw.Draw(picture)
    if not one.is_right:
        pen.rectangle([scale * side for side in one.truth], outline=_TRUE, width=2)
    colour = _RIGHT if one.is_right else _WRONG
    pen.rectangle([scale * side for side in one.found], outline=colour, width=3)
    canvas = Image.new("RGB", (SIDE, SIDE), "white")
    canvas.paste(picture, (0, 0))
    return canvas
