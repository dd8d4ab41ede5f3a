"""Accounts that push the same things together count as one voice.

A few accounts may outnumber the honest wherever a request is rare. What gives them away is what
else they support: who rephrases one rare request as many others do seldom shares a second, quite
different one with the same people. So two *steps* (a request that failed, and the one said
instead) that have nothing to do with each other, and more homes in common than chance would ever
give them, were pushed; the accounts that took both are one voice in everything that is learned
for everybody. What an account teaches itself stays its own.

Chance is that of the configuration model: homes take steps independently, each as many as it has
taken. The number of homes in common is then about Poisson, and its tail is bounded by Chernoff's
``exp(-(n log(n / m) - n + m))`` for ``n`` above the mean ``m``; it is
compared with what all comparisons together may cost (Bonferroni). The idea is that of finding
groups of fake reviewers by what they review together (Mukherjee, Liu, Glance: "Spotting fake
reviewer groups in consumer reviews", WWW 2012, section 3). It depends on the log alone, not on its
order. Accounts that push one thing each, and nothing together, can't be told from honest people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np

from gnothi.learning.mining import MILLIONTHS, Account, Aggregates, Rows
from gnothi.learning.turns import as_understood

Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
Matrix: TypeAlias = Any  # of scipy.sparse, which has no types

_WEIGHT = 0.3
"""Turns that a step must weigh for an account to support it."""
_BLOCK = 4096
"""Steps that are compared with all others at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What two steps must have in common to have been pushed."""

    homes: int = 5
    """Homes that took both."""
    chance: float = 0.5
    """Pairs of steps that chance alone may make suspicious in a whole log, at most."""
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
    if not supporters.num_rows:
        return frozenset()
    steps = _Steps.of(supporters)
    accounts, number_of_accounts = _numbered(supporters, "person", "household")
    homes, number_of_homes = _numbered(supporters, "household")
    lived = _matrix(homes, steps.numbers, number_of_homes, len(steps))
    taken = _matrix(accounts, steps.numbers, number_of_accounts, len(steps))
    found: set[int] = set()
    for one, other in _pushed(lived, steps, limits):
        both = taken[:, [one]].multiply(taken[:, [other]])
        found.update(both.nonzero()[0].tolist())
    rows = np.flatnonzero(np.isin(accounts, list(found)))
    told = supporters.select(["person", "household"]).take(rows).to_pylist()
    return frozenset((row["person"], row["household"]) for row in told)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Steps by number, and the requests that each is about."""

    numbers: Numbers
    """The step of each row."""
    about: list[tuple[str, str]]

    @classmethod
    def of(cls, rows: Rows) -> "_Steps":
        numbers, _ = _numbered(rows, "before", "after")
        _, first = np.unique(numbers, return_index=True)
        told = rows.select(["before", "after"]).take(first).to_pylist()
        about = [(as_understood(row["before"]), as_understood(row["after"])) for row in told]
        return cls(numbers, about)

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
    sizes, active = (np.asarray(lived.sum(axis=axis)).ravel().astype(float) for axis in (0, 1))
    by_chance = (active**2).sum() / active.sum() ** 2
    comparisons = max(1.0, len(steps) * (len(steps) - 1) / 2)
    surely = np.log(comparisons / limits.chance)
    by_step = lived.T.tocsr()
    for first in range(0, len(steps), _BLOCK):
        common = (by_step[first : first + _BLOCK] @ lived).tocoo()
        rarer = np.minimum(sizes[common.row + first], sizes[common.col])
        many = (common.data >= limits.homes) & (common.data >= limits.share * rarer)
        chosen = np.flatnonzero(many & (common.col > common.row + first))
        rows, columns = common.row[chosen] + first, common.col[chosen]
        both, mean = common.data[chosen], sizes[rows] * sizes[columns] * by_chance
        rare = (both > mean) & (both * np.log(both / mean) - both + mean >= surely)
        for one, other in zip(rows[rare].tolist(), columns[rare].tolist(), strict=True):
            repeated = steps.is_repetition(one) or steps.is_repetition(other)
            if not repeated and steps.are_unrelated(one, other):
                yield one, other


def _numbered(rows: Rows, *names: str) -> tuple[Numbers, int]:
    """Return for each of *rows* which of the different values of some columns it has."""
    numbers, size = np.zeros(rows.num_rows, np.int64), 1
    for name in names:
        encoded = rows[name].combine_chunks().dictionary_encode()
        size = len(encoded.dictionary)
        numbers = numbers * size + encoded.indices.to_numpy().astype(np.int64)
        different, numbers = np.unique(numbers, return_inverse=True)
        size = len(different)
    return numbers, size


def _matrix(rows: Numbers, columns: Numbers, height: int, width: int) -> Matrix:
    """Return which row has which column, as zeros and ones."""
    sparse: Any = import_module("scipy.sparse")
    ones = np.ones(len(rows), dtype=np.int64)
    counted = sparse.coo_matrix((ones, (rows, columns)), shape=(height, width)).tocsc()
    counted.data[:] = 1
    return counted
