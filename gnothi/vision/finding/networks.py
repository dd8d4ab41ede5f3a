"""The two networks of the eyes: one finds things in a picture, one looks at each of them.

``eyes.onnx`` takes a picture (1, 3, height, width) from 0 to 1 and tells of each of n places:
``boxes`` (1, n, 4) in pixels of its input, ``objectness`` (1, n) and ``features`` (1, n, c).
``regions.onnx`` takes ``crops`` (things, 3, side, side) and the share that each is of its picture
(``shares``), and tells of each what it means (``meanings``) and what it looks like (``looks``),
unit vectors. They are never changed by what people teach.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import Boxes, clipped
from gnothi.vision.finding.cutting import cut_out
from gnothi.vision.networks import Network, fitted

NETWORK, NAMING = "eyes.onnx", "regions.onnx"
SIDE = 320
"""Pixels that the longer side of a larger picture is brought to."""
_STEP = 32
"""Sides of what goes in are multiples of this."""
Floats = NDArray[np.float32]


class Runs(Protocol):
    """A network with names for what goes in and comes out."""

    def run(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return every output by name, for *inputs* by name."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where something seems to be in a picture, surest first."""

    boxes: Boxes
    """Shape (n, 4), in pixels of the picture."""
    objectness: Floats
    """How surely something is there, from 0 to 1, shape (n,)."""
    features: Floats
    """Shape (n, c)."""


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """What is in some boxes, as unit vectors."""

    meanings: Floats
    """What meets phrases, shape (n, dimensions)."""
    looks: Floats
    """What it looks like, shape (n, m)."""


class SightNetworks:
    """What finds and what names; safe to share between threads."""

    def __init__(self, finding: Runs, naming: Runs) -> None:
        """Look with *finding*, then at each thing with *naming*."""
        self._finding, self._naming = finding, naming

    @classmethod
    def read(cls, folder: Path, *, threads: int = 1) -> "SightNetworks":
        """Open the networks of the artifact in *folder*.

        Raises:
            ArtifactError: there are none, or they are damaged.
        """
        return cls(*(Network(folder / name, threads=threads) for name in (NETWORK, NAMING)))

    def places(self, pixels: Pixels, *, most: int, enlarge: bool = False) -> Places:
        """Return the *most* likely places of things in *pixels*.

        A small picture is looked at as it is, or with *enlarge* as large as others.
        """
        height, width = pixels.shape[:2]
        scale = SIDE / max(height, width)
        scale = scale if enlarge else min(1.0, scale)
        across, down = (max(_STEP, _STEP * round(side * scale / _STEP)) for side in (width, height))
        taken = fitted(pixels, across, down)
        told = self._finding.run(picture=taken.tensor)
        sure = np.asarray(told["objectness"][0], dtype=np.float32)
        best = np.argsort(-sure, kind="stable")[:most]
        corners = np.asarray(told["boxes"][0][best], dtype=np.float64).reshape(-1, 2, 2)
        boxes = clipped(taken.back(corners).reshape(-1, 4), width, height)
        return Places(boxes, sure[best], np.asarray(told["features"][0][best], np.float32))

    def named(self, pixels: Pixels, boxes: Boxes) -> Named:
        """Return what is in each of *boxes* (n, 4) of *pixels*."""
        crops, shares = cut_out(pixels, boxes)
        told = self._naming.run(crops=crops, shares=shares)
        return Named(*(np.asarray(told[name], np.float32) for name in ("meanings", "looks")))
