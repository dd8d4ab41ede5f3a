"""The shipped eyes: networks that find and name things, and a projection for phrases."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import Card, read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes, suppressed
from gnothi.vision.finding.networks import SightNetworks

SHIPPED = Path(__file__).parent.parent.parent / "models" / "sight-eyes"
NAME = "sight/eyes"
PHRASES, SETTINGS = "phrases.npz", "finding.json"
MOST = 40
"""Things of a picture that are looked at, each by itself."""
SAME = 0.6
"""Overlap from which two boxes are around one thing."""
_KEPT = 512
"""Phrases whose vectors are kept."""
Floats = NDArray[np.float64]


class TextEncoder(Protocol):
    """Reads texts; :class:`gnothi.text.encoder.SharedEncoder` does."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (texts, 384)."""
        ...


Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""From texts to (texts, 384)."""


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """What a finder knows beside its networks."""

    words: Mapping[str, tuple[str, ...]]
    """Words that were learned, and the nouns that each may mean."""
    slope: float
    shift: float
    """From how well a thing fits to how likely it is meant: a logistic function."""
    weight: float
    """Of how surely there is a thing, against how well it fits."""
    least: float
    """Probability from which something is said to be seen."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The things of a picture, surest first."""

    boxes: Boxes
    """Shape (things, 4), in pixels of the picture."""
    sure: Floats
    """Probability of there being a thing, shape (things,)."""
    meanings: Floats
    """Unit vectors, shape (things, dimensions)."""


class Seer:
    """The eyes of one artifact, and the vectors of phrases; safe to share between threads."""

    def __init__(self, folder: Path, encode: Encode, *, threads: int = 1) -> None:
        """Open the artifact in *folder*; *encode* reads phrases.

        Raises:
            ArtifactError: there is none, or it is damaged.
        """
        self.card: Card = read_card(folder)
        verify(folder, self.card)
        self.folder, self._encode = folder, encode
        self.networks = SightNetworks.read(folder, threads=threads)
        self.settings = read_settings(folder / SETTINGS)
        self.vectors = lru_cache(maxsize=_KEPT)(self._vectors)

    def view(self, pixels: Pixels) -> View:
        """Return the things in *pixels*."""
        places = self.networks.places(pixels, most=4 * MOST)
        sure = places.objectness.astype(np.float64)
        kept = suppressed(places.boxes, sure, SAME)[:MOST]
        boxes = places.boxes[kept]
        meanings = self.networks.named(pixels, boxes).meanings.astype(np.float64)
        return View(boxes, sure[kept], meanings)

    def likely(self, view: View, phrases: tuple[str, ...]) -> Floats:
        """Return how likely each thing is meant by each phrase, shape (things, phrases).

        One dot product for each pair; the vectors of phrases are kept.
        """
        fits = view.meanings @ self.vectors(phrases).T * self._projection.sharpness
        logits = -np.logaddexp(0, -(fits + self._projection.bias))
        known = self.settings
        logits += known.weight * np.log(np.maximum(view.sure, 1e-9))[:, None]
        return 1 / (1 + np.exp(-(known.slope * logits + known.shift)))

    def _vectors(self, phrases: tuple[str, ...]) -> Floats:
        return self._projection(self._encode(phrases))

    @cached_property
    def _projection(self) -> "Projection":
        return read_projection(self.folder / PHRASES)


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """From a text as the shared encoder reads it to the space where it meets things."""

    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats
    sharpness: float
    """What the cosine is multiplied by."""
    bias: float

    def __call__(self, texts: NDArray[np.float32]) -> Floats:
        """Return unit vectors (texts, dimensions) of (texts, 384): two layers, GELU between."""
        hidden = texts @ self.first.T + self.first_bias
        special: Any = import_module("scipy.special")  # it has no types
        hidden = hidden * (1 + cast("Floats", special.erf(hidden / np.sqrt(2)))) / 2
        found = hidden @ self.second.T + self.second_bias
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def read_projection(path: Path) -> Projection:
    """Return the projection in *path*.

    Raises:
        ArtifactError: there is none, or it is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            arrays = {name: data[name].astype(np.float64) for name in data.files}
        sharpness, bias = float(arrays.pop("sharpness")), float(arrays.pop("bias"))
        return Projection(**arrays, sharpness=sharpness, bias=bias)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path} can't be read: {error}") from error


def read_settings(path: Path) -> Settings:
    """Return the settings in *path*.

    Raises:
        ArtifactError: there are none, or they are damaged.
    """
    try:
        told: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8")))
        words = {str(word): tuple(map(str, nouns)) for word, nouns in told.pop("words").items()}
        return Settings(words, **{name: float(value) for name, value in told.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(f"{path} can't be read: {error}") from error
