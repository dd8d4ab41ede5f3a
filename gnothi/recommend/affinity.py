"""What a person may like, from what they and others played: affinity of a history to items.

Every model here answers the same question: given how often somebody played some items, how well
does each item of the catalogue fit? Most are *item weights*: a sparse matrix that says how much
having played one item speaks for another. Which model is the default was decided by measurement
(``gnothi-lab run catalogue``; ``docs/decisions/0014-catalogues-and-affinity.md``).
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, Self, TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import ArtifactError, InputError
from gnothi.recommend.catalogue import Numbers, Starts, starts_of

Floats: TypeAlias = NDArray[np.float32]
Matrix: TypeAlias = Any  # of scipy.sparse, which has no types

FILE = "affinity.npz"
"""The name of the file in an artifact of kind ``npz``."""


@dataclass(frozen=True, eq=False)
class Plays:
    """Who played what, and how often: a sparse matrix, people by items."""

    starts: Starts
    """The plays of person ``p`` are at ``starts[p]`` to ``starts[p + 1]``."""
    items: Numbers
    counts: Floats
    size: int
    """How many items there are, played or not."""

    @classmethod
    def of(
        cls,
        people: NDArray[Any],
        items: NDArray[Any],
        counts: NDArray[Any],
        *,
        shape: tuple[int, int],
    ) -> Self:
        """Gather plays that are listed one by one; those of one person and item are added up.

        Raises:
            InputError: a number is out of range, or a count is not positive.
        """
        if not len(people) == len(items) == len(counts):
            raise InputError("There have to be as many people as items and counts.")
        if len(people) and not _within(people, items, counts, shape):
            raise InputError("Plays have to name people and items that exist, and be above 0.")
        places = people.astype(np.int64) * shape[1] + items
        found, where = np.unique(places, return_inverse=True)
        added = np.bincount(where, weights=counts, minlength=len(found)).astype(np.float32)
        sizes = np.bincount(found // shape[1], minlength=shape[0])
        return cls(starts_of(sizes), (found % shape[1]).astype(np.int32), added, shape[1])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def history(self, person: int) -> tuple[Numbers, Floats]:
        """Return the items that a person played, and how often."""
        mine = slice(*self.starts[person : person + 2])
        return self.items[mine], self.counts[mine]

    @property
    def listeners(self) -> NDArray[np.int64]:
        """How many people played each item."""
        return np.bincount(self.items, minlength=self.size)

    def matrix(self, values: Floats | None = None) -> Matrix:
        """Return the plays, or *values* in their places, as a CSR array of scipy."""
        held = (self.counts if values is None else values, self.items, self.starts)
        return sparse().csr_array(held, shape=(len(self), self.size))


class Affinity(Protocol):
    """A fitted model."""

    def scores(self, items: Numbers, counts: Floats) -> Floats:
        """Return how well each item fits somebody who played *items* so often.

        Only the order means something. Items that were played are scored like all others.
        """
        ...


@dataclass(frozen=True, eq=False)
class ItemWeights:
    """Affinity as a matrix: the score of an item is a sum over what was played."""

    starts: Starts
    """Playing item ``i`` speaks for ``members[starts[i]:starts[i + 1]]``."""
    members: Numbers
    values: Floats
    heaviness: Floats
    """How much it tells of a person that they played an item: rare ones tell more."""
    fallback: Floats
    """Scores for somebody of whom nothing is known."""
    by_plays: bool = True
    """Whether playing something more often counts for more."""

    @classmethod
    def of(
        cls, weights: Matrix, heaviness: Floats, fallback: Floats, *, by_plays: bool = True
    ) -> Self:
        """Take the *weights* from a matrix of scipy, played items by scored items."""
        rows = sparse().csr_array(weights)
        return cls(
            rows.indptr.astype(np.int64),
            rows.indices.astype(np.int32),
            rows.data.astype(np.float32),
            heaviness.astype(np.float32),
            fallback.astype(np.float32),
            by_plays,
        )

    def scores(self, items: Numbers, counts: Floats) -> Floats:
        """Return how well each item fits somebody who played *items* so often."""
        if not len(items):
            return self.fallback.copy()
        told = self._told(items, counts)
        history = sparse().csr_array(
            (told, items, np.array([0, len(items)])), shape=(1, len(self.fallback))
        )
        return np.asarray((history @ self._matrix).toarray()[0], np.float32)

    def save(self, file: Path) -> None:
        """Write the weights to *file*, as ``npz``: arrays only, nothing that runs."""
        np.savez_compressed(
            file,
            starts=self.starts,
            members=self.members,
            values=self.values,
            heaviness=self.heaviness,
            fallback=self.fallback,
            by_plays=np.array(self.by_plays),
        )

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what :meth:`save` wrote.

        Raises:
            ArtifactError: the file is missing, damaged, or holds something else.
        """
        with reading(file), file.open("rb") as stream, np.load(stream) as held:
            made = cls(
                held["starts"],
                held["members"],
                held["values"],
                held["heaviness"],
                held["fallback"],
                bool(held["by_plays"]),
            )
            if len(made.starts) != len(made.fallback) + 1 or made.starts[-1] != len(made.members):
                raise ValueError("its parts do not fit together")
        return made

    def _told(self, items: Numbers, counts: Floats) -> Floats:
        how = loudness(counts) if self.by_plays else np.ones(len(items), np.float32)
        return np.asarray(how * self.heaviness[items], np.float32)

    @cached_property
    def _matrix(self) -> Matrix:
        size = len(self.fallback)
        return sparse().csr_array((self.values, self.members, self.starts), shape=(size, size))


def loudness(counts: Floats) -> Floats:
    """Return what play counts tell, from 0 to 1: logarithms, relative to the most played item.

    Somebody's thousandth play says little more than their hundredth, and ten plays of one person
    are not comparable with ten of another.
    """
    if not len(counts):
        return np.zeros(0, np.float32)
    heard = np.log1p(counts)
    return np.asarray(heard / heard.max(), np.float32)


def rarity(plays: Plays) -> Floats:
    """Return how much it tells that somebody played an item: log(people / (1 + listeners))."""
    seen = 1.0 + plays.listeners
    return np.maximum(np.log(max(len(plays), 2) / seen), 0.05).astype(np.float32)


def loud(plays: Plays) -> Floats:
    """Return :func:`loudness` of all plays, person by person."""
    heard = np.log1p(plays.counts)
    most = np.maximum.reduceat(heard, plays.starts[:-1][np.diff(plays.starts) > 0])
    sizes = np.diff(plays.starts)
    return (
        np.asarray(heard / np.repeat(most, sizes[sizes > 0]), np.float32) if len(heard) else heard
    )


@dataclass(frozen=True, eq=False)
class Popularity:
    """What most people play, whoever asks: the baseline that ought to lose."""

    listeners: Floats

    @classmethod
    def fit(cls, plays: Plays, facts: Matrix | None = None) -> Self:
        """Count listeners; *facts* are not used."""
        del facts
        return cls(plays.listeners.astype(np.float32))

    def scores(self, items: Numbers, counts: Floats) -> Floats:
        """Return how many people played each item."""
        del items, counts
        return self.listeners.copy()


@contextmanager
def reading(file: Path) -> Generator[None]:
    """Tell what is wrong with *file* when reading it fails. Arrays only: nothing is unpickled."""
    try:
        yield
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ArtifactError(f"{file} holds no affinity: {error}") from error


def sparse() -> Any:  # noqa: ANN401 - scipy has no types
    """Load scipy's sparse matrices when they are needed."""
    return import_module("scipy.sparse")


def _within(
    people: NDArray[Any], items: NDArray[Any], counts: NDArray[Any], shape: tuple[int, int]
) -> bool:
    low, high = min(people.min(), items.min()), people.max() < shape[0] and items.max() < shape[1]
    return bool(low >= 0 and high and np.isfinite(counts).all() and counts.min() > 0)
