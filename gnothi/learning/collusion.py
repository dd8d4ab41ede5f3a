"""Accounts that push the same things together count as one voice.

A few accounts may outnumber the honest wherever a request is rare. What gives them away is what
else they support: who rephrases one rare request as many others do seldom shares a second, quite
different one with the same people. So two *steps* (a request that failed, and the one said
instead) that have nothing to do with each other, and many more homes in common than chance would
give them, were pushed; the accounts that took both are one voice in everything that is learned
for everybody. What an account teaches itself stays its own.

It is the co-occurrence test of group spamming (Mukherjee, Liu, Glance: "Spotting fake reviewer
groups in consumer reviews", WWW 2012, section 3), with rephrases for reviews. It depends on the
log alone, not on its order. Accounts that push one thing each, and nothing together, can't be told
from honest people by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np

from gnothi.learning.mining import MILLIONTHS, Account, Aggregates, Rows
from gnothi.learning.turns import as_understood

Matrix: TypeAlias = Any  # of scipy.sparse, which has no types

_WEIGHT = 0.3
"""Turns that a step must weigh for an account to support it."""
_BLOCK = 4096
"""Steps that are compared with all others at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What two steps must have in common to have been pushed."""

    homes: int = 4
    """Homes that took both."""
    lift: float = 3.0
    """How many times more homes that is than by chance."""
    share: float = 0.3
    """Share of the homes of the rarer step."""


def colluders_of(aggregates: Aggregates, limits: Limits | None = None) -> frozenset[Account]:
    """Return the accounts that *aggregates* show to push things together."""
    limits = limits or Limits()
    weight = round(_WEIGHT * MILLIONTHS)
    return find_colluders(aggregates.supporters(homes=limits.homes, weight=weight), limits)


def find_colluders(supporters: Rows, limits: Limits | None = None) -> frozenset[Account]:
    """Return the accounts among *supporters* that push things together.

    *supporters* have columns ``before, after, person, household``, each row once.
    """
    limits = limits or Limits()
    steps, accounts = _Steps.of(supporters), _Numbered.of(supporters, ("person", "household"))
    taken = _matrix(accounts.numbers, steps.numbers, len(accounts), len(steps))
    homes = _Numbered.of(supporters, ("household",))
    lived = _matrix(homes.numbers, steps.numbers, len(homes), len(steps))
    found: set[int] = set()
    for one, other in _pushed(lived, steps, limits):
        both = taken[:, [one]].multiply(taken[:, [other]])
        found.update(both.nonzero()[0].tolist())
    return frozenset((accounts.keys[place][0], accounts.keys[place][1]) for place in found)


@dataclass(frozen=True, slots=True)
class _Numbered:
    """The different values of some columns, in order, and which of them each row has."""

    keys: list[tuple[str, ...]]
    numbers: np.ndarray[Any, np.dtype[np.int64]]

    @classmethod
    def of(cls, rows: Rows, names: tuple[str, ...]) -> "_Numbered":
        values = list(zip(*(rows[name].to_pylist() for name in names), strict=True))
        keys = sorted(set(values))
        place = {key: number for number, key in enumerate(keys)}
        numbers = np.fromiter((place[value] for value in values), np.int64, len(values))
        return cls(keys, numbers)

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Steps by number, and the requests that each is about."""

    numbers: np.ndarray[Any, np.dtype[np.int64]]
    about: list[tuple[str, str]]

    @classmethod
    def of(cls, rows: Rows) -> "_Steps":
        known = _Numbered.of(rows, ("before", "after"))
        about = [(as_understood(before), as_understood(after)) for before, after in known.keys]
        return cls(known.numbers, about)

    def __len__(self) -> int:
        return len(self.about)

    def is_repetition(self, number: int) -> bool:
        """Whether the same was said again: that supports nothing."""
        before, after = self.about[number]
        return before == after

    def are_unrelated(self, one: int, other: int) -> bool:
        """Whether two steps have no request in common."""
        return set(self.about[one]).isdisjoint(self.about[other])


def _pushed(lived: Matrix, steps: _Steps, limits: Limits) -> Iterable[tuple[int, int]]:
    """Yield pairs of unrelated steps that too many homes have taken both.

    *lived* has shape ``(homes, steps)``.
    """
    sizes = np.asarray(lived.sum(axis=0)).ravel()
    by_step = lived.T.tocsr()
    for first in range(0, len(steps), _BLOCK):
        common = (by_step[first : first + _BLOCK] @ lived).tocoo()
        rows, columns, both = common.row + first, common.col, common.data
        expected = sizes[rows] * sizes[columns] / max(1, lived.shape[0])
        rarer = np.minimum(sizes[rows], sizes[columns])
        many = (both >= limits.homes) & (both >= limits.lift * expected)
        chosen = (columns > rows) & many & (both >= limits.share * rarer)
        for one, other in zip(rows[chosen].tolist(), columns[chosen].tolist(), strict=True):
            repeated = steps.is_repetition(one) or steps.is_repetition(other)
            if not repeated and steps.are_unrelated(one, other):
                yield one, other


def _matrix(rows: Any, columns: Any, height: int, width: int) -> Matrix:  # noqa: ANN401
    """Return which row has which column, as zeros and ones."""
    sparse: Any = import_module("scipy.sparse")
    ones = np.ones(len(rows), dtype=np.int64)
    counted = sparse.coo_matrix((ones, (rows, columns)), shape=(height, width)).tocsc()
    counted.data[:] = 1
    return counted
