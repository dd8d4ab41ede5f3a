"""Pictures of what was found: examples, and failures, to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from gnothi.core.seeing import Corners, Pixels, WrittenLine
from gnothi.vision.reading.cutting import HEIGHT, WIDTH
from gnothi_lab.sight.scenes import Scene
from gnothi_lab.sight.spotting import letters, spotted, words_of

RIGHT, MISSED, EXTRA = "#1a7f37", "#cf222e", "#0969da"


def draw(scene: Scene, lines: Sequence[WrittenLine], path: Path) -> None:
    """Write *scene* to *path*: words read right in green, others in red, what was read in blue."""
    picture = Image.fromarray(scene.pixels)
    pen = ImageDraw.Draw(picture)
    for line in lines:
        for word in words_of(line):
            _outline(pen, word.corners, EXTRA)
            pen.text(tuple(word.corners[0]), word.text, fill=EXTRA, anchor="ls")
    for word in scene.words:
        if word.text:
            is_right = spotted([word], lines).right
            _outline(pen, word.corners, RIGHT if is_right else MISSED)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=80)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A word as each view has it, and what each reads."""

    truth: str
    whole: Pixels
    """Cut from the reduced picture, shape (HEIGHT, WIDTH, 3)."""
    piece: Pixels
    """Cut from the whole one."""
    texts: Sequence[str]
    """Read by the views, in their order."""


def draw_words(words: Sequence[Shown], views: Sequence[str], path: Path) -> None:
    """Write *words* to *path*, one a row: both cut-outs, what is written, what each view reads."""
    step, column = HEIGHT + 8, 2 * WIDTH + 30
    size = (column + 130 * (len(views) + 1), step * (len(words) + 1))
    sheet = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(sheet)
    titles = ("reduced", "whole", "written", *views)
    places = (10, WIDTH + 20, *(column + 130 * at for at in range(len(views) + 1)))
    for x, title in zip(places, titles, strict=True):
        pen.text((x, 14), title, fill="black")
    for row, word in enumerate(words, 1):
        sheet.paste(Image.fromarray(word.whole), (places[0], row * step))
        sheet.paste(Image.fromarray(word.piece), (places[1], row * step))
        for x, text in zip(places[2:], (word.truth, *word.texts), strict=True):
            is_right = letters(text) == letters(word.truth)
            fill = "black" if x == places[2] else RIGHT if is_right else MISSED
            pen.text((x, row * step + 10), text or "(nothing)", fill=fill)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, quality=80)


def _outline(pen: ImageDraw.ImageDraw, corners: Corners, colour: str) -> None:
    pen.polygon([(float(x), float(y)) for x, y in corners], outline=colour)
