"""What things lie on: wood, cloth, tiles, shelves and rooms drawn here, and crops of photos."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from gnothi_train.vision.scenes.sprites import below

_FOLDER = "backgrounds"
_UNNAMED = ("licorice-", "truchet-", "vnc-")
"""Wallpapers of gnome-backgrounds whose authors and licence the package does not name."""
_LARGE = 1024
"""Pixels of the longer side of a photo that is kept."""
_NOISE = 512
Picture = Image.Image


def read_backgrounds(folder: Path) -> tuple[Picture, ...]:
    """Return the pictures in folders called ``backgrounds`` in *folder* and below, if any."""
    found: list[Picture] = []
    for path in below(folder, ".jpg", ".jpeg", ".png", ".webp"):
        is_one = _FOLDER in path.relative_to(folder).parts[:-1]
        if is_one and not path.name.startswith(_UNNAMED):
            with Image.open(path) as picture:
                picture.draft("RGB", (_LARGE, _LARGE))
                whole = picture.convert("RGB")
            whole.thumbnail((_LARGE, _LARGE))
            found.append(whole)
    return tuple(found)


def background(photos: Sequence[Picture], side: int, random: np.random.Generator) -> Picture:
    """Return a background of *side* by *side* pixels."""
    if photos and random.random() < 0.12:
        return _crop(photos[int(random.integers(len(photos)))], side, random)
    drawn = _DRAWN[int(random.choice(len(_DRAWN), p=_SHARES))]
    return drawn(side, random)


def _crop(photo: Picture, side: int, random: np.random.Generator) -> Picture:
    """Return a square part of *photo*."""
    length = random.uniform(0.3, 1.0) * min(photo.size)
    left, top = (random.uniform(0, whole - length) for whole in photo.size)
    box = (left, top, left + length, top + length)
    return photo.resize((side, side), Image.Resampling.BILINEAR, box=box, reducing_gap=2.0)


def _tone(random: np.random.Generator) -> NDArray[np.float32]:
    """Return a colour of furniture, walls and cloth: mostly dull, sometimes strong."""
    grey = random.uniform(40, 235)
    spread = random.choice([8, 25, 60], p=[0.4, 0.4, 0.2])
    return np.clip(grey + random.normal(0, spread, 3), 0, 255).astype(np.float32)


def _plain(side: int, random: np.random.Generator) -> Picture:
    """A surface that is lit from one side."""
    first, second = _tone(random), _tone(random)
    second = first + 0.3 * (second - first)
    turn = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side
    along = np.clip(0.5 + (x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn), 0, 1)[..., None]
    return _with_grain(first + along * (second - first), random, random.uniform(0, 10))


def _wood(side: int, random: np.random.Generator) -> Picture:
    """Boards with grain along them."""
    base = np.array([150, 105, 65], dtype=np.float32) * random.uniform(0.45, 1.55)
    boards = int(random.integers(1, 7))
    rows = np.linspace(0, boards, side, endpoint=False)
    shade = random.normal(0, 12, boards)[rows.astype(int)]
    grain = _smooth(side, (side // 4, 6), random) * random.uniform(6, 28)
    seam = np.where(rows % 1 < 0.02 * boards, -35.0, 0.0) if boards > 1 else np.zeros(side)
    light = (shade + seam)[:, None] + grain
    picture = _with_grain(base + light[..., None], random, 4)
    return picture.transpose(Image.Transpose.ROTATE_90) if random.random() < 0.4 else picture


def _cloth(side: int, random: np.random.Generator) -> Picture:
    """Cloth with stripes, checks or dots, and folds."""
    first, second = _tone(random), _tone(random)
    period = random.uniform(8, 60)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    kind = int(random.integers(4))
    across, down = np.sin(2 * np.pi * x / period) > 0, np.sin(2 * np.pi * y / period) > 0
    dots = np.hypot(x % period - period / 2, y % period - period / 2) < period / 4
    pattern = (across, 0.5 * across + 0.5 * down, dots, np.zeros_like(x))[kind]
    cloth = first + np.asarray(pattern, np.float32)[..., None] * (second - first) * 0.7
    folds = _smooth(side, (5, 5), random) * random.uniform(0, 28)
    return _with_grain(cloth + folds[..., None], random, 5)


def _tiles(side: int, random: np.random.Generator) -> Picture:
    """Tiles with joints, each a little different."""
    count = int(random.integers(2, 9))
    tone, joint = _tone(random), _tone(random)
    places = np.linspace(0, count, side, endpoint=False)
    each = random.normal(0, random.uniform(2, 16), (count, count))
    owner = places.astype(int)
    light = each[owner[:, None], owner[None]]
    lines = (places % 1 < 0.05)[:, None] | (places % 1 < 0.05)[None]
    tiles = np.where(lines[..., None], joint, tone + light[..., None])
    return _with_grain(tiles, random, 4)


def _shelf(side: int, random: np.random.Generator) -> Picture:
    """A wall with boards."""
    picture = _plain(side, random).copy()
    pen = ImageDraw.Draw(picture)
    count = int(random.integers(1, 4))
    tone, thick = _tone(random), int(random.integers(4, 12))
    for number in range(count):
        y = int((number + random.uniform(0.6, 1.0)) * side / count) - thick
        pen.rectangle((0, y, side, y + thick), fill=_ink(tone))
        pen.rectangle((0, y + thick, side, y + thick + 3), fill=_ink(tone * 0.5))
    return picture


def _room(side: int, random: np.random.Generator) -> Picture:
    """A wall over a table or floor that runs away from who looks."""
    wall = (_plain, _cloth, _tiles)[int(random.choice(3, p=[0.7, 0.15, 0.15]))](side, random)
    floor = (_wood, _tiles, _cloth, _plain)[int(random.integers(4))](side, random)
    horizon = int(side * random.uniform(0.15, 0.6))
    shrink = random.uniform(0.05, 0.35) * side
    far = (-shrink, 0.0, -shrink, float(side), side + shrink, float(side), side + shrink, 0.0)
    # The four corners of the floor as seen: its far edge is narrower, so more of it is shown there.
    quad = (far[0], 0.0, 0.0, float(side), float(side), float(side), far[6], 0.0)
    seen = floor.transform(
        (side, side - horizon), Image.Transform.QUAD, quad, Image.Resampling.BILINEAR,
        fillcolor=_ink(np.asarray(floor.resize((1, 1)), np.float32)[0, 0]),
    )  # fmt: skip
    picture = wall.copy()
    picture.paste(seen, (0, horizon))
    if random.random() < 0.5:
        _furnish(picture, horizon, random)
    return picture


def _furnish(picture: Picture, horizon: int, random: np.random.Generator) -> None:
    """Draw windows, pictures and cupboards as rectangles, that are none of our things."""
    pen = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(1, 4))):
        width, height = (int(random.uniform(0.1, 0.45) * picture.width) for _ in range(2))
        left, top = int(random.uniform(-0.1, 0.9) * picture.width), horizon - height
        top -= int(random.uniform(0, 0.3) * picture.height)
        box = (left, top, left + width, top + height)
        pen.rectangle(box, fill=_ink(_tone(random)), outline=_ink(_tone(random)), width=2)


def _clutter(side: int, random: np.random.Generator) -> Picture:
    """Shapes without a name, so that not all that stands out is a thing."""
    picture = _plain(side, random).copy()
    pen = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(3, 16))):
        points = random.uniform(0, side, 2) + random.normal(
            0, side / 10, (int(random.integers(3, 7)), 2)
        )
        shape = [(float(x), float(y)) for x, y in points]
        if random.random() < 0.3:
            (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
            pen.ellipse((left, top, right, bottom), fill=_ink(_tone(random)))
        else:
            pen.polygon(shape, fill=_ink(_tone(random)))
    return picture.filter(ImageFilter.GaussianBlur(float(random.uniform(0, 3))))


def _with_grain(rgb: NDArray[np.floating], random: np.random.Generator, much: float) -> Picture:
    side = rgb.shape[0]
    left, top = random.integers(0, _NOISE - min(side, _NOISE) + 1, 2)
    grain = _grain()[top : top + side, left : left + side]
    if grain.shape != rgb.shape[:2]:
        grain = np.resize(grain, rgb.shape[:2])
    return Image.fromarray(np.clip(rgb + much * grain[..., None], 0, 255).astype(np.uint8))


@cache
def _grain() -> NDArray[np.float32]:
    return np.random.default_rng(0).normal(0, 1, (_NOISE, _NOISE)).astype(np.float32)


def _smooth(side: int, cells: tuple[int, int], random: np.random.Generator) -> NDArray[np.float32]:
    """Return smooth noise (side, side) of about unit size, of so many *cells* down and across."""
    coarse = Image.fromarray(random.normal(0, 1, cells).astype(np.float32))
    return np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))


def _ink(tone: NDArray[np.floating]) -> tuple[int, int, int]:
    red, green, blue = np.clip(tone, 0, 255).astype(int).tolist()
    return red, green, blue


_DRAWN: Sequence[Callable[[int, np.random.Generator], Picture]] = (
    _plain, _wood, _cloth, _tiles, _shelf, _room, _clutter,
)  # fmt: skip
_SHARES = (0.1, 0.15, 0.12, 0.1, 0.13, 0.25, 0.15)
