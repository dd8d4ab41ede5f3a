"""How alike items are: the facts that they share, rare ones counting more, and who plays both."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gnothi.recommend.affinity import Affinity
from gnothi.recommend.catalogue import Catalogue, Numbers
from gnothi.recommend.noise import Singles
from gnothi.recommend.typicality import Typicality


@dataclass(frozen=True, eq=False)
class Likeness:
    """Likeness of items, from 0, nothing in common, to 1, the same."""

    catalogue: Catalogue
    affinity: Affinity | None = None
    """What people play together, when it is known."""
    share: float = 0.5
    """How much of a likeness is affinity; the rest is shared facts."""

    def to(self, item: int) -> Singles:
        """Return the likeness of all items to *item*."""
        alike = self._cosine(self.catalogue.matrix, self.norms, np.array([item], np.int32))[:, 0]
        if self.affinity is not None:
            alike = self._with_affinity(alike, item, self.affinity)
        alike[item] = 1.0
        return alike

    def between(self, facts: Any, norms: Singles, items: Numbers) -> Singles:  # noqa: ANN401
        """Return the likeness by facts of some rows to *items*: ``(rows, items)``.

        *facts* are rows of ``catalogue.matrix``, *norms* those of :attr:`norms`.
        """
        return self._cosine(facts, norms, items)

    @cached_property
    def typicality(self) -> Typicality:
        """How typical facts are of items."""
        return Typicality(self.catalogue)

    @cached_property
    def tells(self) -> Singles:
        """How much it tells that two items share an attribute: the logarithm of its rarity."""
        share = self.catalogue.counts / max(len(self.catalogue), 1)
        return np.maximum(-np.log(np.maximum(share, 1e-9)), 0.05).astype(np.float32)

    @cached_property
    def norms(self) -> Singles:
        """The length of each item's vector of facts; 1 where nothing is known."""
        norms = np.sqrt(np.asarray(self.catalogue.matrix @ self.tells, np.float32))
        norms[norms == 0] = 1.0
        return norms

    def _cosine(self, facts: Any, norms: Singles, items: Numbers) -> Singles:  # noqa: ANN401
        """Cosine of vectors whose entries are the square roots of :attr:`tells`."""
        sought = np.zeros((len(self.catalogue.attributes), len(items)), np.float32)
        for column, item in enumerate(items.tolist()):
            known = self.catalogue.facts(item)
            sought[known, column] = self.tells[known] / self.norms[item]
        if len(items) == 1:  # a product with a vector is twice as fast
            return np.asarray(facts @ sought[:, 0], np.float32)[:, None] / norms[:, None]
        return np.asarray(facts @ sought, np.float32) / norms[:, None]

    def _with_affinity(self, alike: Singles, item: int, affinity: Affinity) -> Singles:
        scores = affinity.scores(np.array([item], np.int32), np.ones(1, np.float32))
        others = np.delete(scores, item) if len(scores) > 1 else scores
        top = float(others.max(initial=0.0))
        if top <= 0:
            return alike
        played = np.clip(scores / np.float32(top), 0.0, 1.0)
        return np.asarray((1 - self.share) * alike + self.share * played, np.float32)
