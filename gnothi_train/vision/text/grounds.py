"""What writing is on, and what is around it: photos, paper, plain and grained surfaces."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gnothi.core.errors import InputError
from gnothi.core.seeing import Pixels

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_LONGEST = 1400
_PHOTOS = 0.55


class Grounds:
    """Surfaces, drawn at random from photos and from what is made here."""

    def __init__(self, photos: Sequence[Pixels] = ()) -> None:
        """Take *photos*; without any, surfaces are plain or grained."""
        self._photos = photos
        noise = np.random.default_rng(0).normal(0, 1, (1024, 1024))
        self._grain: NDArray[np.float32] = noise.astype(np.float32)

    @classmethod
    def read(cls, *folders: Path) -> "Grounds":
        """Read the photos in *folders* and what is below them.

        Raises:
            InputError: there is none.
        """
        paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
        paths = [path for path in paths if path.suffix.lower() in _SUFFIXES]
        if folders and not paths:
            told = ", ".join(map(str, folders))
            raise InputError(f"There are no pictures in {told}: JPEG, PNG and WebP are taken.")
        return cls([_small(path) for path in paths])

    @property
    def mark(self) -> str:
        """A hash of the photos."""
        told = hashlib.sha256()
        for photo in self._photos:
            told.update(np.ascontiguousarray(photo).data)
        return told.hexdigest()

    def ground(self, size: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return a surface, shape (size, size, 3), from 0 to 255."""
        if self._photos and rng.random() < _PHOTOS:
            return self._photo(size, rng)
        return self.paper(size, rng.uniform(0, 255, 3), rng)

    def paper(
        self, size: int, colour: NDArray[np.float64], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Return a surface of one *colour*, with grain, folds and light, shape (size, size, 3)."""
        flat = np.full((size, size, 1), 1, np.float32) * colour.astype(np.float32)
        if rng.random() < 0.6:
            flat += self.grain(size, rng)[:, :, None] * np.float32(rng.uniform(0, 6))
        if rng.random() < 0.3:
            coarse = self.grain(24, rng)
            soft = Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC)
            flat += np.asarray(soft)[:, :, None] * np.float32(rng.uniform(2, 14))
        return flat

    def grain(self, size: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return normal noise, shape (size, size); the same noise comes again elsewhere."""
        x, y = rng.integers(0, 1024 - min(size, 1000), 2)
        piece = self._grain[y : y + size, x : x + size]
        return piece if piece.shape == (size, size) else np.resize(piece, (size, size))

    def _photo(self, size: int, rng: np.random.Generator) -> NDArray[np.float32]:
        photo = self._photos[int(rng.integers(len(self._photos)))]
        side = int(min(photo.shape[:2]) * rng.uniform(0.3, 1))
        x = int(rng.integers(0, photo.shape[1] - side + 1))
        y = int(rng.integers(0, photo.shape[0] - side + 1))
        piece = Image.fromarray(photo[y : y + side, x : x + side])
        return np.asarray(piece.resize((size, size), Image.Resampling.BILINEAR), dtype=np.float32)


def _small(path: Path) -> Pixels:
    with Image.open(path) as picture:
        picture.draft("RGB", (_LONGEST, _LONGEST))
        small = picture.convert("RGB")
    small.thumbnail((_LONGEST, _LONGEST))
    return np.asarray(small)
