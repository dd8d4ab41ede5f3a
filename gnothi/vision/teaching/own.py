"""A network of its own for a thing, which a heavy learner trained."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from gnothi.core.errors import ArtifactError
from gnothi.core.seeing import Pixels
from gnothi.vision.boxes import clipped, suppressed
from gnothi.vision.networks import Network, fitted
from gnothi.vision.teaching.learner import Found
from gnothi.vision.teaching.names import plain_name

NETWORK, TOLD = "detector.onnx", "detector.json"
"""Files that ``gnothi-train teach`` writes."""
_APART = 0.5
_MOST = 200


@dataclass(frozen=True, eq=False)
class OwnNetwork:
    """Tells where one thing is; see ``gnothi_train/vision/teach/export.py``."""

    content: bytes
    """The ONNX file: ``picture`` (1, 3, size, size) in; ``boxes`` (1, n, 4), ``scores`` out."""
    size: int
    threshold: float
    number: int = 0
    """Of its class among the scores, shape (1, n, classes)."""

    @cached_property
    def _network(self) -> Network:
        return Network(self.content)

    def find(self, pixels: Pixels, least: float | None = None) -> Found:
        """Return where the thing is in *pixels*, surest first, from the score *least* on."""
        taken = fitted(pixels, self.size, self.size)
        told = self._network.run(picture=taken.tensor)
        scores = np.asarray(told["scores"][0, :, self.number], np.float64)
        some = np.argsort(-scores, kind="stable")[:_MOST]
        some = some[scores[some] >= (self.threshold if least is None else least)]
        corners = np.asarray(told["boxes"][0][some], np.float64).reshape(-1, 2, 2)
        boxes = clipped(taken.back(corners).reshape(-1, 4), pixels.shape[1], pixels.shape[0])
        kept = suppressed(boxes, scores[some], _APART)
        return Found(boxes[kept], scores[some][kept])


def read_own(folder: Path, name: str) -> tuple[OwnNetwork, frozenset[str]]:
    """Return the network for the thing called *name* that a heavy learner wrote to *folder*.

    Beside it the names of the pictures that it did not learn from.

    Raises:
        ArtifactError: there is none, or not for this thing.
    """
    try:
        told: Mapping[str, Any] = json.loads((folder / TOLD).read_text(encoding="utf-8"))
        names = [plain_name(one) for one in told["names"]]
        own = OwnNetwork(
            (folder / NETWORK).read_bytes(),
            int(told["size"]),
            float(told["threshold"]),
            names.index(plain_name(name)),
        )
        return own, frozenset(map(str, told["held"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"What was trained for {name} can't be read: {error}") from error
