"""A scene: things laid on a background so that few are hidden, then seen by a mediocre camera."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from gnothi.core.seeing import Pixels
from gnothi_train.vision.scenes.backgrounds import Picture, background
from gnothi_train.vision.scenes.paint import painted, varied
from gnothi_train.vision.scenes.sprites import Sprite

SIDE = 256
"""Pixels of a side of a scene."""
_SMALLEST, _LARGEST = 0.085, 0.48
"""Longer side of a thing, as a share of the scene's."""
_HIDDEN = 0.3
"""Share of a thing's box that may lie under later things."""
_TRIES = 14
_OUTLINE = [255 * (alpha > 24) for alpha in range(256)]
"""From alpha to what belongs to a thing."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing in a scene."""

    noun: str
    colour: str | None
    """``None`` where it has several, or none that has a name."""
    style: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom in pixels, what is hidden included."""

    @property
    def length(self) -> float:
        """Pixels of the longer side."""
        return max(self.box[2] - self.box[0], self.box[3] - self.box[1])


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture, and what is in it."""

    jpeg: bytes
    placed: tuple[Placed, ...]

    @property
    def pixels(self) -> Pixels:
        """The picture, shape (SIDE, SIDE, 3)."""
        with Image.open(io.BytesIO(self.jpeg)) as picture:
            return np.asarray(picture.convert("RGB"))


def compose(
    wanted: Sequence[tuple[Sprite, str | None]],
    photos: Sequence[Picture],
    random: np.random.Generator,
    *,
    side: int = SIDE,
) -> Scene:
    """Return a scene of *wanted* sprites, each painted in a colour or left as it is.

    What finds no place is left out.
    """
    canvas = background(photos, side, random)
    boxes: list[tuple[float, float, float, float]] = []
    placed: list[Placed] = []
    low, high = np.log(_SMALLEST), np.log(random.uniform(0.2, _LARGEST))
    for sprite, colour in wanted:
        length = side * float(np.exp(random.uniform(low, high)))
        cut = _cut_out(sprite, colour, length, random)
        place = _place(cut.size, boxes, side, random)
        if place is None:
            continue
        _lay(canvas, cut, place, random)
        box = (place[0], place[1], place[0] + cut.width, place[1] + cut.height)
        boxes.append(box)
        left, top, right, bottom = (float(min(max(value, 0), side)) for value in box)
        told = colour or sprite.colour
        placed.append(Placed(sprite.thing.noun, told, sprite.style, (left, top, right, bottom)))
    return Scene(_photographed(canvas, random), tuple(placed))


def _cut_out(
    sprite: Sprite, colour: str | None, length: float, random: np.random.Generator
) -> Picture:
    """Return the sprite at about *length* pixels, in *colour*, squeezed, mirrored and turned."""
    scale, squeeze = length / max(sprite.picture.size), random.uniform(0.85, 1.15)
    size = (
        max(4, round(sprite.picture.width * scale * squeeze)),
        max(4, round(sprite.picture.height * scale / squeeze)),
    )
    rgba = np.asarray(sprite.picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
    rgb = rgba[..., :3]
    if colour:
        part = np.asarray(sprite.part.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
        rgb = painted(rgb, part.astype(np.float32) / 255, varied(colour, random))
    light = random.uniform(0.85, 1.1) + random.uniform(-0.2, 0.2) * np.linspace(-1, 1, rgb.shape[1])
    lit = np.clip(rgb * light[:, None].astype(np.float32), 0, 255).astype(np.uint8)
    cut = Image.fromarray(np.dstack([lit, rgba[..., 3]]))
    if random.random() < 0.5:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    angle = random.normal(0, 12) if random.random() < 0.85 else random.uniform(-180, 180)
    turned = cut.rotate(float(angle), Image.Resampling.BILINEAR, expand=True)
    return turned.crop(turned.getchannel("A").point(_OUTLINE).getbbox())


def _place(
    size: tuple[int, int],
    taken: Sequence[tuple[float, float, float, float]],
    side: int,
    random: np.random.Generator,
) -> tuple[int, int] | None:
    """Return where a thing may lie that hides little of each box in *taken*, or ``None``."""
    width, height = size
    others = np.asarray(taken, dtype=np.float64).reshape(-1, 4)
    whole = (others[:, 2:] - others[:, :2]).prod(axis=1)
    out = 0.12  # of a thing may lie beyond the edge
    for _ in range(_TRIES):
        left = int(random.uniform(-out * width, side - (1 - out) * width))
        top = int(random.uniform(-out * height, side - (1 - out) * height))
        low = np.maximum(others[:, :2], [left, top])
        high = np.minimum(others[:, 2:], [left + width, top + height])
        hidden = np.clip(high - low, 0, None).prod(axis=1)
        if (hidden <= _HIDDEN * np.minimum(whole, width * height)).all():
            return left, top
    return None


def _lay(
    canvas: Picture, cut: Picture, place: tuple[int, int], random: np.random.Generator
) -> None:
    """Lay *cut* on *canvas*, mostly with a soft shadow."""
    if random.random() < 0.7:
        margin = 8
        shadow = Image.new("L", (cut.width + 2 * margin, cut.height + 2 * margin))
        dark = int(random.integers(30, 130))
        shadow.paste(cut.getchannel("A").point(lambda alpha: alpha * dark // 255), (margin, margin))
        shadow = shadow.filter(ImageFilter.BoxBlur(float(random.uniform(1, 5))))
        x, y = random.integers(-5, 6, 2).tolist()
        canvas.paste(0, (place[0] - margin + x, place[1] - margin + y + 3), shadow)
    canvas.paste(cut, place, cut)


def _photographed(canvas: Picture, random: np.random.Generator) -> bytes:
    """Return what a camera makes of it: light, cast, blur, noise, and JPEG."""
    if random.random() < 0.4:
        canvas = canvas.filter(ImageFilter.GaussianBlur(float(random.uniform(0.2, 1.3))))
    gain = random.uniform(0.6, 1.2) * random.normal(1, 0.05, 3)
    levels = np.linspace(0, 1, 256)[:, None] ** random.uniform(0.8, 1.25) * gain * 255
    picture = canvas.point(np.clip(levels, 0, 255).astype(np.uint8).T.ravel().tolist())
    if random.random() < 0.5:
        noise = random.uniform(1, 9) * random.standard_normal((*canvas.size[::-1], 1), np.float32)
        rgb = np.asarray(picture, dtype=np.float32) + noise
        picture = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=int(random.integers(55, 95)))
    return file.getvalue()
