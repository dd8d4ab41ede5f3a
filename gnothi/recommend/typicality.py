"""How typical a fact is of an item, told from its other facts.

Catalogues say who is called "soul", not how much so: a rock band with one soul song has the fact
as much as a soul singer has. The facts beside it tell them apart. Every attribute is regressed on
all others by ridge regression without a diagonal (the closed form of EASE: Steck, WWW 2019, on
items by attributes instead of people by items).
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gnothi.recommend.catalogue import Catalogue, Numbers, gather, starts_of
from gnothi.recommend.noise import Floats, Singles

_RIDGE = 20.0
"""Items that speak for no connection between two attributes."""
_ENOUGH = 50_000
"""Items by which it is told what goes with what, spread evenly over larger catalogues."""
_LEAST = 0.05
"""Typicality that every fact has, whatever stands beside it."""
_USUAL = 0.9
"""Share of the items with a value of which it is no more than wholly typical …"""
_MOST = 2.0
"""… and how much more so it can be of the others."""


@dataclass(frozen=True, eq=False)
class Typicality:
    """How typical attributes are of items, from 0 to 1."""

    catalogue: Catalogue
    _degrees: dict[tuple[int, float], Singles] = field(
        default_factory=dict[tuple[int, float], Singles], init=False, repr=False
    )

    def degree(self, value: int, power: float) -> Singles:
        """Return how much of a *value* the items have that :meth:`Catalogue.items_with` gives.

        About 1 where it is typical, towards 0 where what else they have speaks against it; with a
        *power* of 0 they all have it alike. Of an item with few other facts little can be told.
        """
        if (value, power) not in self._degrees:
            self._degrees[value, power] = self._degree(value, power)
        return self._degrees[value, power]

    def _degree(self, value: int, power: float) -> Singles:
        items = self.catalogue.items_with(value)
        if not power or not len(items):
            return np.ones(len(items), np.float32)
        told = (_LEAST + self._told(items, value)) ** power
        told = np.minimum(told / np.quantile(told, _USUAL), _MOST)
        others = self.catalogue.starts[items + 1] - self.catalogue.starts[items] - 1
        return np.asarray((told * others + 1) / (others + 1), np.float32)

    def of(self, items: Numbers, values: "list[int] | tuple[int, ...]") -> Floats:
        """Return how typical each of *values* is of each of *items*; shape (items, values).

        That an item has a value does not count; only what else it has does.
        """
        told = np.zeros((len(items), len(values)))
        for column, value in enumerate(values):
            told[:, column] = self._told(items, value)
        return told

    def _told(self, items: Numbers, value: int) -> Floats:
        catalogue = self.catalogue
        facts = gather(catalogue.starts, catalogue.members, items)
        bounds = starts_of(catalogue.starts[items + 1] - catalogue.starts[items])
        sums = np.concatenate(([0.0], np.cumsum(self._weights[facts, value])))
        return np.asarray(np.clip(sums[bounds[1:]] - sums[bounds[:-1]], 0.0, 1.0), np.float64)

    @cached_property
    def _weights(self) -> Floats:
        """What having one attribute (rows) says of another (columns)."""
        matrix = self.catalogue.matrix[:: -(-len(self.catalogue) // _ENOUGH) or 1]
        shared = np.asarray((matrix.T @ matrix).toarray(), np.float64)
        inverse = np.linalg.inv(shared + _RIDGE * np.eye(len(shared)))
        weights = -inverse / np.diag(inverse)[None, :]
        np.fill_diagonal(weights, 0.0)
        return np.asarray(weights, np.float64)
