"""Rendered pictures in typefaces that nothing was learned from, on photos that nothing was."""

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from gnothi.core.seeing import Pixels
from gnothi_lab.sight.scenes import Scene, TruthWord
from gnothi_train.vision.text.batches import readable
from gnothi_train.vision.text.grounds import Grounds
from gnothi_train.vision.text.pages import Rendered, Renderer
from gnothi_train.vision.text.typefaces import Group, typefaces

PHOTOS = "vision/clothing-small/train_validation_96.npz"
SIDE = 640
"""Pixels of a picture."""
_MOST = 400
"""Photos that pictures are laid on."""


def renders(
    data: Path, angle: float, count: int, seed: int, group: Group = Group.TEST
) -> Sequence[Scene]:
    """Return *count* pictures whose writing is turned clockwise by *angle*, give or take 2.

    Each of each angle is a page of its own; its typefaces are those of *group*.
    """
    pages = rendered(data, count, seed + int(angle), angle=angle, group=group)
    return [_scene(f"render-{angle:g}-{at}", page) for at, page in enumerate(pages)]


def rendered(
    data: Path,
    count: int,
    seed: int,
    *,
    angle: float | None = None,
    steepest: float = 180.0,
    side: int = SIDE,
    group: Group = Group.TEST,
) -> Sequence[Rendered]:
    """Return *count* pictures of *side* pixels, turned by *angle*, or by *steepest* at most."""
    grounds = Grounds(list(_photos(data)))
    renderer = Renderer(typefaces(group), grounds, angle=angle, steepest=steepest)
    rng = np.random.default_rng((seed, 77))
    return [renderer.render(side, rng) for _ in range(count)]


def _scene(name: str, one: Rendered) -> Scene:
    words = [TruthWord(w.text if readable(w) else "", w.corners) for w in one.words]
    return Scene(name, one.pixels, tuple(words))


def _photos(data: Path) -> Iterator[Pixels]:
    with np.load(data / PHOTOS, allow_pickle=False) as kept:
        jpeg, ends = kept["jpeg"], kept["offsets"]
        for begin, end in pairwise(ends[: _MOST + 1]):
            with Image.open(io.BytesIO(jpeg[begin:end].tobytes())) as photo:
                yield np.asarray(photo.convert("RGB"))
