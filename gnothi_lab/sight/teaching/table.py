"""What a comparison of methods is made of: rows of runs, what came of them, and their means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count, product, takewhile

import numpy as np
from numpy.typing import NDArray

from gnothi_lab.sight.teaching.domains import Domain
from gnothi_lab.sight.teaching.runs import USUAL, Outcome, Run
from gnothi_train.vision.teach.methods import Method

EVERYDAY = "coco128"
"""Ten classes from 58 photos."""
FOUR = "_four"
"""Ends the names of means that leave out :data:`EVERYDAY`."""
BOOTSTRAPS = 2000
Values = NDArray[np.float64]
"""Shape (domains, draws)."""


@dataclass(frozen=True, slots=True)
class Row:
    """The runs that a figure is the mean of: one for every domain and draw of examples."""

    name: str
    method: Method
    count: int = 10
    architecture: str = "pyramid"
    basis: str = "large"
    rate: float = USUAL
    draws: int = 1
    everyday: bool = False
    """Whether everyday photos are tried as well."""

    def domains(self, known: Iterable[str]) -> list[str]:
        """Return those of *known* that it is about."""
        return [name for name in known if self.everyday or name != EVERYDAY]

    def runs(self, known: Iterable[str], seed: int) -> list[Run]:
        """Return its runs, domain by domain; draws are numbered from *seed* times a hundred."""
        basis = "" if self.method is Method.SCRATCH else self.basis
        return [
            Run(
                name,
                self.method,
                self.count,
                100 * seed + draw,
                self.architecture,
                basis,
                self.rate,
            )
            for name, draw in product(self.domains(known), range(self.draws))
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """What was measured, by row, domain and draw."""

    known: Mapping[str, Domain]
    seed: int
    measured: dict[Run, Outcome]

    def kept(self, row: Row) -> Row:
        """Return *row* with the draws that every domain of it has; they may be none."""
        wanted = (set(replace(row, draws=more).runs(self.known, self.seed)) for more in count(1))
        there = takewhile(lambda runs: runs <= self.measured.keys(), wanted)
        return replace(row, draws=min(row.draws, sum(1 for _ in there)))

    def values(self, row: Row, what: str = "ap50") -> Values:
        """Return one of the figures of an outcome, of every domain and draw of *row*."""
        runs = row.runs(self.known, self.seed)
        flat = [float(getattr(self.measured[one], what)) for one in runs]
        return np.array(flat).reshape(-1, row.draws)

    def means(self, row: Row) -> dict[str, Values]:
        """Return AP50 by what the name of its mean ends in: of four domains, and of all five."""
        all_of_them = self.values(row)
        names = row.domains(self.known)
        four = all_of_them[[at for at, name in enumerate(names) if name != EVERYDAY]]
        return {FOUR: four} | ({"": all_of_them} if EVERYDAY in names else {})

    def gaps(self, row: Row, other: Row) -> dict[str, Values]:
        """Return how much better *row* is than *other* on the draws of both, as :meth:`means`."""
        draws = min(row.draws, other.draws)
        mine, others = (self.means(replace(one, draws=draws)) for one in (row, other))
        return {end: mine[end] - others[end] for end in mine if end in others}

    def seconds(self, row: Row) -> Values:
        """Return the time that a class takes, of every run of *row*."""
        classes = [self.known[name].classes for name in row.domains(self.known)]
        return self.values(row, "seconds") / np.array(classes)[:, None]


def within(values: Values, rng: np.random.Generator) -> tuple[float, float]:
    """Return the 95 % interval of the mean over *these* domains: draws are drawn within each.

    What it would be on other domains is not told of: there are too few of them.
    """
    domains, draws = values.shape
    picked = rng.integers(draws, size=(BOOTSTRAPS, domains, draws))
    means = values[np.arange(domains)[None, :, None], picked].mean(axis=(1, 2))
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
