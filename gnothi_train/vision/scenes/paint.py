"""Colours by name: painting a cut-out thing, keeping its light and shade, and naming its colour."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

COLOURS: Mapping[str, tuple[tuple[int, int, int], ...]] = {
    "red": ((200, 30, 35), (222, 44, 40), (160, 20, 30)),
    "orange": ((240, 130, 30), (232, 108, 20)),
    "yellow": ((245, 205, 40), (250, 222, 90), (228, 182, 20)),
    "green": ((50, 150, 60), (30, 110, 50), (110, 180, 70)),
    "blue": ((40, 90, 200), (30, 60, 150), (70, 140, 220)),
    "purple": ((125, 60, 165), (95, 40, 135), (150, 95, 195)),
    "pink": ((245, 140, 180), (240, 110, 160), (248, 175, 200)),
    "brown": ((120, 75, 40), (95, 58, 32), (146, 98, 60)),
    "black": ((35, 35, 38), (48, 47, 50)),
    "white": ((240, 240, 238), (232, 230, 224)),
    "grey": ((140, 140, 142), (115, 117, 120), (165, 165, 166)),
}
"""Names, and paints in red, green and blue of which one is taken and varied a little."""
ALSO: Mapping[str, tuple[str, ...]] = {
    "grey": ("gray", "silver"),
    "purple": ("violet",),
    "yellow": ("golden",),
}
"""Other words for some of them."""
_WEIGHTS = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_COLOURFUL = 46.0
"""Largest less smallest channel from which a pixel has a hue."""
_NEAR = 28.0
"""Degrees of hue that belong together."""
_MOST_SHADE, _MOST_LIGHT = 0.3, 1.7
"""Brightness against that of the paint itself, where a thing is in shade and where it shines."""
_OWN = 0.5
"""Share of a thing that has to be of one hue, for it to have a colour of its own."""


def paintable(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how much each pixel of *rgba* (height, width, 4) takes paint, 0 to 1: its main part.

    That is what has its commonest hue; of a thing without hues all that is not black; else all.
    """
    rgb, alpha = rgba[..., :3].astype(np.float32), rgba[..., 3].astype(np.float32) / 255
    hue, chroma = _hue(rgb)
    coloured = alpha * (chroma > _COLOURFUL)
    whole = max(float(alpha.sum()), 1.0)
    counts = np.bincount((hue // 10).astype(int).ravel(), coloured.ravel(), minlength=36)
    spread = counts + np.roll(counts, 1) + np.roll(counts, -1)
    main = 10 * float(spread.argmax()) + 5
    apart = np.abs((hue - main + 180) % 360 - 180)
    if spread.max() > 0.3 * whole:
        return (
            np.clip((_NEAR + 10 - apart) / 10, 0, 1) * np.clip(chroma / _COLOURFUL - 0.4, 0, 1)
        ) * (alpha > 0)
    grey = (chroma <= _COLOURFUL) & (rgb @ _WEIGHTS > 50)
    if float((alpha * grey).sum()) > 0.4 * whole:
        return grey.astype(np.float32)
    return np.ones(alpha.shape, np.float32)


def painted(
    rgb: NDArray[np.uint8], part: NDArray[np.float32], paint: tuple[int, int, int]
) -> NDArray[np.uint8]:
    """Return *rgb* (height, width, 3) with its *part* in *paint*; what was darker stays darker."""
    light = rgb.astype(np.float32) @ _WEIGHTS
    inside = light[part > 0.5]
    usual = float(np.percentile(inside, 65)) if inside.size else 128.0
    ratio = np.clip((light + 12) / (usual + 12), _MOST_SHADE, _MOST_LIGHT)[..., None]
    tone = np.asarray(paint, dtype=np.float32)
    shaded = np.where(ratio < 1, tone * ratio, tone + (255 - tone) * (ratio - 1))
    mixed = rgb + part[..., None] * (shaded - rgb)
    return np.clip(mixed, 0, 255).astype(np.uint8)


def varied(name: str, random: np.random.Generator) -> tuple[int, int, int]:
    """Return a paint that people call *name*."""
    options = COLOURS[name]
    paint = np.asarray(options[int(random.integers(len(options)))], dtype=np.float32)
    red, green, blue = np.clip(paint + random.normal(0, 8, 3), 0, 255).astype(int).tolist()
    return red, green, blue


def own_colour(rgba: NDArray[np.uint8]) -> str | None:
    """Return the name of the colour that most of *rgba* has by itself; ``None`` for several."""
    rgb = rgba[..., :3][rgba[..., 3] > 128].astype(np.float32)
    if not len(rgb):
        return None
    names = list(COLOURS)
    told = np.array([paint for name in names for paint in COLOURS[name]], dtype=np.float32)
    owner = np.array([at for at, name in enumerate(names) for _ in COLOURS[name]])
    nearest = owner[((rgb[:, None] - told) ** 2).sum(axis=2).argmin(axis=1)]
    shares = np.bincount(nearest, minlength=len(names)) / len(rgb)
    best = int(shares.argmax())
    return names[best] if shares[best] > _OWN else None


def _hue(rgb: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return hue in degrees and chroma (0 to 255) of each pixel."""
    high, low = rgb.max(axis=-1), rgb.min(axis=-1)
    chroma = high - low
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    safe = np.maximum(chroma, 1)
    hue = np.where(
        high == red,
        ((green - blue) / safe) % 6,
        np.where(high == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    return (60 * hue) % 360, chroma
