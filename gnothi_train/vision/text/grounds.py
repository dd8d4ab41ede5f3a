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
        return self.paper(size, size, rng.uniform(0, 255, 3), rng)

    def scrap(self, height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return a small surface, shape (height, width, 3); photos are not resized for it."""
        if self._photos and rng.random() < _PHOTOS:
            photo = self._photos[int(rng.integers(len(self._photos)))]
            spare = np.maximum(0, np.array(photo.shape[:2]) - (height, width))
            y, x = (int(rng.integers(0, most + 1)) for most in spare)
            piece = photo[y : y + height, x : x + width]
            if piece.shape == (height, width, 3):
                return piece.astype(np.float32)
        return self.paper(height, width, rng.uniform(0, 255, 3), rng)

    def paper(
        self, height: int, width: int, colour: NDArray[np.float64], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """Return a surface of one *colour* with grain, folds and light, (height, width, 3)."""
        flat = np.full((height, width, 1), 1, np.float32) * colour.astype(np.float32)
        if rng.random() < 0.6:
            flat += self.grain(height, width, rng)[:, :, None] * np.float32(rng.uniform(0, 6))
        if rng.random() < 0.3:
            coarse = self.grain(24, 24, rng)
            soft = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
            flat += np.asarray(soft)[:, :, None] * np.float32(rng.uniform(2, 14))
        return flat

    def grain(self, height: int, width: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return normal noise, shape (height, width); the same noise comes again elsewhere."""
        y, x = (int(rng.integers(0, 1024 - min(side, 1000))) for side in (height, width))
        piece = self._grain[y : y + height, x : x + width]
        return piece if piece.shape == (height, width) else np.resize(piece, (height, width))

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
