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
_OFFERS = "offers"


@dataclass(frozen=True, eq=False)
class Learned(Chooser):
    """Takes what is worth most by a regression from logged decisions."""

    forests: Mapping[Ask, Forest]
    """One for each act; an act without one is never worth anything."""
    deviation: float = 0.1
    """How far the worth of a prompt may be off: for exploring."""
    offers: Forest | None = None
    """How likely an item is to be kept once it is played: puts the plays of a menu in order."""

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
        plays = np.array([at for at, one in enumerate(asks) if one is Ask.PLAY], np.int64)
        if self.offers is not None and Ask.PLAY in self.forests and len(plays):
            # To play something is worth what the best of the plays is; items differ by their own.
            kept = self.offers.predict(features[plays])
            worth[plays] = worth[plays[np.argmax(kept)]] - (kept.max() - kept)
        return worth

    def dump(self) -> bytes:
        """Return the artifact's file."""
        arrays: dict[str, Any] = {
            "names": np.frombuffer(" ".join(NAMES).encode(), np.uint8),
            "deviation": np.float64(self.deviation),
        }
        for ask, forest in self.forests.items():
            arrays |= forest.arrays(ask.value)
        if self.offers is not None:
            arrays |= self.offers.arrays(_OFFERS)
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
                offers = Forest.of(held, _OFFERS) if f"{_OFFERS}.left" in held else None
                return cls(forests, float(held["deviation"]), offers)
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{folder} holds no policy: {error}") from error
