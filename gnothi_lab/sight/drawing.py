"""Pictures of what was found: examples, and failures, to be looked at."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from gnothi.core.seeing import Corners, WrittenLine
from gnothi_lab.sight.scenes import Scene
from gnothi_lab.sight.spotting import spotted, words_of

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


def _outline(pen: ImageDraw.ImageDraw, corners: Corners, colour: str) -> None:
    pen.polygon([(float(x), float(y)) for x, y in corners], outline=colour)
