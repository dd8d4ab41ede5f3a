"""What can be recommended: items of one kind, and the facts that tell them apart.

A catalogue is a sparse boolean matrix, items by attributes, kept as two arrays in the layout of a
CSR matrix (compressed rows). Looking up the items of an attribute, or what goes together with it,
takes microseconds for ten thousand items and milliseconds for a million.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int32]
Starts: TypeAlias = NDArray[np.int64]
Weights: TypeAlias = NDArray[np.float32]

KINDS = ("artist", "song", "album", "film", "recipe", "station")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One fact that items may share: the genre rock, the sixties, France."""

    facet: str
    """What it is about: ``genre``, ``mood``, ``decade``, ``country`` …"""
    value: str
    """Its short form, as files write it: ``60s``."""
    label: str
    """How people say it: "the sixties"."""
    also: tuple[str, ...] = ()
    """Other ways to say it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be recommended."""

    id: str
    title: str
    creator: str
    facts: tuple[Attribute, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Items of one kind, never changed; items and attributes are called by their numbers."""

    kind: str
    """One of :data:`KINDS`."""
    ids: Sequence[str]
    titles: Sequence[str]
    creators: Sequence[str]
    """Who made each item; empty strings where nobody is known."""
    weights: Weights
    """How much likelier an item is than one of weight 1, before anything is known of a wish."""
    attributes: tuple[Attribute, ...]
    starts: Starts
    """Item ``i`` has the attributes ``members[starts[i]:starts[i + 1]]``, in ascending order."""
    members: Numbers
    also: Sequence[tuple[str, ...]] = field(default=())
    """Other names of each item, as people say them; empty, or one entry an item."""

    def __len__(self) -> int:
        return len(self.ids)

    def item(self, number: int) -> Item:
        """Return an item with what is known of it."""
        known: list[int] = self.facts(number).tolist()
        facts = tuple(self.attributes[one] for one in known)
        return Item(self.ids[number], self.titles[number], self.creators[number], facts)

    def number(self, id: str) -> int | None:  # noqa: A002 - that is what it is
        """Return the number of the item called *id*, ``None`` when there is none."""
        return self._numbers.get(id)

    def facts(self, number: int) -> Numbers:
        """Return the attributes of an item."""
        return self.members[self.starts[number] : self.starts[number + 1]]

    def attribute(self, facet: str, value: str) -> int | None:
        """Return the number of an attribute, ``None`` when no item has it."""
        return self._attributes.get((facet, value))

    def facet(self, name: str) -> Numbers:
        """Return the attributes of a facet."""
        found = [at for at, one in enumerate(self.attributes) if one.facet == name]
        return np.asarray(found, dtype=np.int32)

    @property
    def facets(self) -> tuple[str, ...]:
        """The names of the facets, in the order of their attributes."""
        return tuple(dict.fromkeys(one.facet for one in self.attributes))

    def items_with(self, attribute: int) -> Numbers:
        """Return the items that have an *attribute*, in ascending order."""
        first, last = self._columns[0][attribute : attribute + 2]
        return self._columns[1][first:last]

    @cached_property
    def counts(self) -> Starts:
        """How many items have each attribute."""
        return np.diff(self._columns[0])

    def together(self, attribute: int) -> Starts:
        """Return for each attribute how many items have it together with *attribute*."""
        shared = gather(self.starts, self.members, self.items_with(attribute))
        return np.bincount(shared, minlength=len(self.attributes)).astype(np.int64)

    @cached_property
    def prior(self) -> NDArray[np.float64]:
        """The chance of each item before anything is known of a wish; sums to 1."""
        weights = self.weights.astype(np.float64)
        return weights / weights.sum()

    @cached_property
    def matrix(self) -> Any:  # noqa: ANN401 - scipy has no types
        """The facts as a :class:`scipy.sparse.csr_array` of float32, items by attributes."""
        ones = np.ones(len(self.members), np.float32)
        shape = (len(self), len(self.attributes))
        return import_module("scipy.sparse").csr_array((ones, self.members, self.starts), shape)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.ids)}

    @cached_property
    def _attributes(self) -> dict[tuple[str, str], int]:
        return {(one.facet, one.value): at for at, one in enumerate(self.attributes)}

    @cached_property
    def _columns(self) -> tuple[Starts, Numbers]:
        """The same facts by attribute: the layout of a CSC matrix."""
        turned = self.matrix.tocsc()
        return turned.indptr.astype(np.int64), turned.indices.astype(np.int32)


def starts_of(sizes: NDArray[np.integer[Any]]) -> Starts:
    """Return where rows of these *sizes* start, and at the end where the last one ends."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def gather(starts: Starts, members: Numbers, rows: Numbers) -> Numbers:
    """Return the members of all *rows*, one after the other, without a loop in Python."""
    sizes = starts[rows + 1] - starts[rows]
    ends = np.cumsum(sizes)
    steps = np.arange(int(sizes.sum()), dtype=np.int64) - np.repeat(ends - sizes, sizes)
    return members[np.repeat(starts[rows], sizes) + steps]
