"""Things cut out of their background, read from a folder of emoji, clip art and photos.

The folder is searched by names of sub-folders, as :data:`STYLES` tells; the how-to page says where
people get each. Vector drawings are taken as PNG files made beforehand.
"""

import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from gnothi_train.vision.scenes.paint import own_colour, paintable
from gnothi_train.vision.scenes.things import Thing, things

STYLES = ("fluent", "noto", "twemoji", "openmoji", "clip art", "photo", "drawn")
"""The hand that drew a sprite; ``drawn`` is for tests, that need no pictures."""
LEARNED = ("fluent", "noto", "twemoji", "clip art", "photo")
"""Styles that training sees; ``openmoji`` is kept for testing."""
SIDE = 128
"""Pixels of the longer side of a sprite."""
_FOLDERS = {
    "fluent": "fluent",
    "google": "noto",
    "twemoji": "twemoji",
    "openmoji": "openmoji",
}
_FONT = "NotoColorEmoji.ttf"
_FONT_SIZE = 109
"""The one size of that font's bitmaps."""
_CLIP_ART = "openclipart"
_RIGHT_SHELVES = frozenset(
    "food tools office computer hardware recreation electronics plants animals furniture education "
    "vehicles containers clocks music sports toys books beverages fruit vegetables bulb people "
    "telephone medicine buildings desserts dairy".split()
)
_WRONG_SHELVES = frozenset("icons weapons duplicates logos religion cards flags".split())
_LARGEST, _LONGEST = 500_000, 3_000
"""Bytes of a file and pixels of a side: the few larger ones would take most of the time."""
_PHOTOS = "train_validation_96.npz"
_MOST_PHOTOS = 60
"""Of each class."""
_CLEAR = 24
"""Alpha up to which a pixel is outside."""
_COVERED = 0.4
"""Share of a thing that takes paint, from which on people name the thing by the paint."""
_FEWEST = 0.12
"""Share of its box that a thing fills at least: less is a drawing of lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """One picture of a thing."""

    thing: Thing
    style: str
    picture: Image.Image
    """RGBA, cut to the thing, its longer side at most ``SIDE``."""
    part: Image.Image
    """Of the same size, in greys: what takes paint."""
    colour: str | None
    """Its own colour; ``None`` where there are several."""
    takes_paint: bool
    """Whether paint covers enough of it to be called by its colour."""


def sprite(thing: Thing, style: str, picture: Image.Image) -> Sprite | None:
    """Return *picture* as a sprite; ``None`` where next to nothing is in it."""
    whole = picture.convert("RGBA")
    inside = whole.getchannel("A").point(lambda alpha: 255 if alpha > _CLEAR else 0)
    box = inside.getbbox()
    if box is None or min(box[2] - box[0], box[3] - box[1]) < 8:
        return None
    cut = whole.crop(box)
    cut.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    rgba = np.asarray(cut)
    if (rgba[..., 3] > _CLEAR).mean() < _FEWEST:
        return None
    part = paintable(rgba)
    covered = float((part * (rgba[..., 3] > _CLEAR)).sum() / (rgba[..., 3] > _CLEAR).sum())
    takes_paint = thing.is_painted and style != "photo" and covered > _COVERED
    grey = Image.fromarray((part * 255).astype(np.uint8))
    return Sprite(thing, style, cut, grey, own_colour(rgba), takes_paint)


def read_sprites(folder: Path) -> tuple[Sprite, ...]:
    """Return every sprite of a thing in our table that is found in *folder* and below.

    Raises:
        FileNotFoundError: there is none.
    """
    found = [*_emoji(folder), *_font(folder), *_clip_art(folder), *_photos(folder)]
    if not found:
        raise FileNotFoundError(f"There are no pictures of things in {folder}.")
    return tuple(found)


def below(folder: Path, *endings: str) -> Sequence[Path]:
    """Return the files in *folder* and below whose names end so, through links too, in order."""
    return sorted(
        Path(above, name)
        for above, _, names in os.walk(folder, followlinks=True)
        for name in names
        if name.endswith(endings)
    )


def _emoji(folder: Path) -> Iterator[Sprite]:
    """Yield what is in files named by code points, in folders named by style."""
    wanted = {code: thing for thing in things() for code in thing.emoji}
    for path in below(folder, ".png", ".webp"):
        above = "/".join(path.relative_to(folder).parts[:-1]).lower()
        style = next((style for name, style in _FOLDERS.items() if name in above), None)
        thing = wanted.get(path.stem.lower().replace("-fe0f", ""))
        if style and thing:
            with Image.open(path) as picture:
                made = sprite(thing, style, picture)
            if made:
                yield made


def _font(folder: Path) -> Iterator[Sprite]:
    for path in below(folder, _FONT):
        font = ImageFont.truetype(path, _FONT_SIZE)
        for thing in things():
            for code in thing.emoji:
                text = "".join(chr(int(one, 16)) for one in code.split("-"))
                canvas = Image.new("RGBA", (160, 160))
                ImageDraw.Draw(canvas).text((10, 10), text, font=font, embedded_color=True)
                made = sprite(thing, "noto", canvas)
                if made:
                    yield made


def _clip_art(folder: Path) -> Iterator[Sprite]:
    """Yield clip art whose name begins with a word for a thing, on a shelf where things are."""
    wanted = {word: thing for thing in things() for word in thing.art}
    for path in below(folder, ".png"):
        parts = path.relative_to(folder).parts
        shelves = {part.lower() for part in parts[:-1]}
        if _CLIP_ART not in shelves or _WRONG_SHELVES & shelves or not _RIGHT_SHELVES & shelves:
            continue
        first = re.split(r"[^a-z]+", path.stem.lower())[0]
        thing = wanted.get(first)
        if thing and path.stat().st_size < _LARGEST:
            with Image.open(path) as picture:
                made = sprite(thing, "clip art", picture) if max(picture.size) < _LONGEST else None
            if made:
                yield made


def _photos(folder: Path) -> Iterator[Sprite]:
    """Yield photos of clothes, cut from their white margins, with a soft edge."""
    wanted = {thing.photos: thing for thing in things() if thing.photos}
    for path in below(folder, _PHOTOS):
        with np.load(path, allow_pickle=False) as data:
            jpeg, offsets = data["jpeg"], data["offsets"]
            kinds = [str(name) for name in data["classes"]]
            y, split = data["y"], data["split"]
        for number, thing in wanted.items():
            own = np.flatnonzero((y == kinds.index(number)) & (split == split[0]))[:_MOST_PHOTOS]
            for at in own:
                raw = jpeg[offsets[at] : offsets[at + 1]].tobytes()
                with Image.open(io.BytesIO(raw)) as picture:
                    made = sprite(thing, "photo", _soft(picture.convert("RGB")))
                if made:
                    yield made


def _soft(picture: Image.Image) -> Image.Image:
    rgb: NDArray[np.uint8] = np.asarray(picture)
    rows, columns = np.nonzero((rgb < 250).any(axis=2))
    if not rows.size:
        return Image.new("RGBA", picture.size)
    cut = picture.crop((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
    width, height = cut.size
    across = np.minimum(np.arange(width), np.arange(width)[::-1])
    down = np.minimum(np.arange(height), np.arange(height)[::-1])
    edge = np.minimum(across[None], down[:, None])
    cut.putalpha(Image.fromarray((np.clip(edge / 4, 0.12, 1) * 255).astype(np.uint8)))
    return cut


def of_styles(sprites: Sequence[Sprite], styles: Sequence[str]) -> tuple[Sprite, ...]:
    """Return those of *sprites* in one of *styles*.

    Raises:
        ValueError: there is none.
    """
    found = tuple(one for one in sprites if one.style in styles)
    if not found:
        raise ValueError(f"No picture is in the style {' or '.join(styles)}.")
    return found
