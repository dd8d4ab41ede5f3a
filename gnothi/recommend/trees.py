"""Boosted regression trees as arrays: fitted elsewhere, evaluated by numpy, kept without pickle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.noise import Floats

Arrays: TypeAlias = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Forest:
    """A sum of trees; all arrays have the shape ``(trees, nodes)``, the root first."""

    base: float
    """What is predicted before any tree."""
    feature: NDArray[np.int16]
    """Which feature a node looks at."""
    threshold: NDArray[np.float32]
    """Up to it, rows go left."""
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    """Where rows go on; leaves lead to themselves."""
    value: NDArray[np.float32]
    """What a leaf adds; 0 for others."""
    depth: int

    def predict(self, features: Floats) -> Floats:
        """Return the prediction for each row of *features*, shape ``(rows,)``."""
        rows, trees = np.arange(len(features))[:, None], np.arange(len(self.left))[None, :]
        nodes = np.zeros((len(features), len(self.left)), np.int16)
        for _ in range(self.depth):
            seen = features[rows, self.feature[trees, nodes]]
            goes_left = seen <= self.threshold[trees, nodes]
            nodes = np.where(goes_left, self.left[trees, nodes], self.right[trees, nodes])
        return self.base + self.value[trees, nodes].sum(1, dtype=np.float64)

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what is kept in a file, under names that begin with *name*."""
        return {
            f"{name}.base": np.float64(self.base),
            f"{name}.feature": self.feature,
            f"{name}.threshold": self.threshold,
            f"{name}.left": self.left,
            f"{name}.right": self.right,
            f"{name}.value": self.value,
            f"{name}.depth": np.int64(self.depth),
        }  # type: ignore[return-value]

    @classmethod
    def of(cls, held: Arrays, name: str) -> Self:
        """Return the forest that :meth:`arrays` gave.

        Raises:
            KeyError: there is none of that name.
            ValueError: its parts do not fit together.
        """
        parts = {part: held[f"{name}.{part}"] for part in _PARTS}
        made = cls(
            float(held[f"{name}.base"]),
            parts["feature"],
            parts["threshold"],
            parts["left"],
            parts["right"],
            parts["value"],
            int(held[f"{name}.depth"]),
        )
        made.check()
        return made

    def check(self) -> None:
        """Refuse arrays that lead nowhere.

        Raises:
            ValueError: shapes differ, or a node leads out of its tree.
        """
        shape = self.left.shape
        parts = (self.feature, self.threshold, self.right, self.value)
        if len(shape) != 2 or any(part.shape != shape for part in parts):
            raise ValueError("its trees are not of one shape")
        for part in (self.left, self.right):
            if part.size and not 0 <= int(part.min()) <= int(part.max()) < shape[1]:
                raise ValueError("a node leads out of its tree")


_PARTS = ("feature", "threshold", "left", "right", "value")
