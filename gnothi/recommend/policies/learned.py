"""What was learned from logs: the worth of every candidate by boosted trees, one set an act.

The artifact ``recommend/policy`` is a card and one ``npz`` of arrays.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.recommend.acts import Ask
from gnothi.recommend.features import NAMES
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Chooser, only
from gnothi.recommend.prompts import Menu
from gnothi.recommend.trees import Forest

NAME = "recommend/policy"
FILE = "policy.npz"


@dataclass(frozen=True, eq=False)
class Learned(Chooser):
    """Takes what is worth most by a regression from logged decisions."""

    forests: Mapping[Ask, Forest]
    """One for each act; an act without one is never worth anything."""
    deviation: float = 0.1
    """How far the worth of a prompt may be off: for exploring."""

    def chances(self, menu: Menu) -> Floats:
        """Return 1 for what is worth most."""
        return only(menu, int(np.argmax(self.worth(menu))))

    def worth(self, menu: Menu) -> Floats:
        """Return what each candidate is worth, in units of the reward."""
        return self.predict(menu.features, [one.prompt.ask for one in menu.candidates])

    def predict(self, features: Floats, asks: "list[Ask]") -> Floats:
        """Return what candidates with these *features* are worth, shape ``(candidates,)``."""
        worth = np.full(len(asks), -1.0)
        for ask, forest in self.forests.items():
            rows = np.array([at for at, one in enumerate(asks) if one is ask], np.int64)
            if len(rows):
                worth[rows] = forest.predict(features[rows])
        return worth

    def dump(self) -> bytes:
        """Return the artifact's file."""
        arrays: dict[str, Any] = {
            "names": np.frombuffer(" ".join(NAMES).encode(), np.uint8),
            "deviation": np.float64(self.deviation),
        }
        for ask, forest in self.forests.items():
            arrays |= forest.arrays(ask.value)
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is damaged, no policy, or made for other features.
        """
        verify(folder, read_card(folder))
        try:
            with np.load(folder / FILE, allow_pickle=False) as held:
                if held["names"].tobytes().decode() != " ".join(NAMES):
                    raise ValueError("it was learned from other features")
                asks = [ask for ask in Ask if f"{ask.value}.left" in held]
                forests = {ask: Forest.of(held, ask.value) for ask in asks}
                return cls(forests, float(held["deviation"]))
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{folder} holds no policy: {error}") from error
