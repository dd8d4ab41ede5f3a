"""Who listens: the split of what they played, their strengths of opinion, their taste.

Everything that stays the same over sessions is worked out here, once.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi_lab.worlds.listeners.chance import Floats, mix, unit
from gnothi_lab.worlds.listeners.parameters import Parameters
from gnothi_lab.worlds.listeners.records import Ints, Records


@dataclass(frozen=True, eq=False)
class Played:
    """Part of what every listener played."""

    starts: Ints
    items: Ints
    plays: Floats

    def of(self, listener: int) -> tuple[Ints, Floats]:
        """Return what a listener played, and how often."""
        mine = slice(*self.starts[listener : listener + 2])
        return self.items[mine], self.plays[mine]


class People:
    """The population, with what is public of it and what is not."""

    def __init__(self, records: Records, parameters: Parameters, cache: Path | None) -> None:
        """Split *records*; the fitted taste is kept in the folder *cache*, if there is one."""
        self.records = records
        self._rules: Mapping[str, Any] = parameters.raw
        self.past, self.held_out = self._split()
        self.strength = self._strength()
        """Items by attributes, from 0 to 1: how sure people are that the tag fits."""
        self.tag_taggers = records.taggers.sum(axis=0)
        self.listening, self.traits = self._taste(cache)
        """Listeners by factors, and factors by items: what somebody may like, unheard."""

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Opaque names of listeners."""
        marks = mix(self._rules["split"]["key"], 11, np.arange(self.records.listeners))
        return tuple(f"{int(mark):016x}" for mark in marks)

    @cached_property
    def is_test(self) -> NDArray[np.bool_]:
        """Listeners whose sessions are kept for tests."""
        rules = self._rules["split"]
        drawn = unit(rules["key"], 12, np.arange(self.records.listeners))
        return drawn < rules["test_listeners"]

    @cached_property
    def popularity(self) -> Floats:
        """How many people are known to have played each item."""
        return np.bincount(self.past.items, minlength=len(self.records.titles)).astype(np.float64)

    @cached_property
    def rarity(self) -> Floats:
        """How rare each tag is: 0 for the one that is used most, towards 1."""
        used = np.log1p(self.tag_taggers)
        return 1 - used / used.max()

    @cached_property
    def usual(self) -> Floats:
        """The median of each listener's taste over what they play, to compare with."""
        known = self.records
        scores = np.einsum("nk,nk->n", self.listening[known.people], self.traits.T[known.items])
        found = np.ones(known.listeners)
        for listener in range(known.listeners):
            mine = scores[known.people == listener]
            found[listener] = max(float(np.median(mine)), 1e-6) if len(mine) else 1.0
        return found

    def _split(self) -> tuple[Played, Played]:
        """Split each listener's pairs at random: a history to be seen, and what they may want."""
        known = self.records
        rules = self._rules["split"]
        order = np.lexsort((unit(rules["key"], 1, known.people, known.items), known.people))
        sizes = np.bincount(known.people, minlength=known.listeners)
        firsts = np.cumsum(sizes) - sizes
        place = np.arange(len(order)) - np.repeat(firsts, sizes)
        seen = place < np.repeat(np.round(sizes * rules["history"]), sizes)
        return self._played(order[seen]), self._played(order[~seen])

    def _played(self, rows: Ints) -> Played:
        known = self.records
        sizes = np.bincount(known.people[rows], minlength=known.listeners)
        starts = np.concatenate(([0], np.cumsum(sizes)))
        return Played(starts, known.items[rows], known.plays[rows])

    def _strength(self) -> Floats:
        """``n / (n + half + share · most)``: one tagger says little of an artist with hundreds."""
        rules, counts = self._rules["strength"], self.records.taggers
        most = counts.max(axis=1, keepdims=True)
        return (counts / (counts + rules["half"] + rules["share"] * most)).astype(np.float32)

    def _taste(self, cache: Path | None) -> tuple[Floats, Floats]:
        """Factorise all that was played, history and held-out, or read it from the *cache*."""
        rules, known = self._rules["taste"], self.records
        values = 1 + np.log10(known.plays)
        told = repr(sorted(rules.items())).encode() + known.people.tobytes()
        mark = hashlib.sha256(told + known.items.tobytes() + values.tobytes()).hexdigest()[:16]
        file = cache / f"taste-{mark}.npz" if cache else None
        if file is not None and file.exists():
            with np.load(file, allow_pickle=False) as kept:
                return kept["listening"], kept["traits"]
        shape = (known.listeners, len(known.titles))
        found = factorise(known.people, known.items, values, shape, rules)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(file, listening=found[0], traits=found[1])
        return found


def factorise(
    rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int], rules: Mapping[str, Any]
) -> tuple[Floats, Floats]:
    """Return non-negative factors ``X ≈ W H`` under the Kullback-Leibler divergence.

    Lee, D., Seung, H. S. (2001), "Algorithms for non-negative matrix factorization"; the same as
    maximum likelihood of Poisson factorisation. Another class of model than those that recommend.
    """
    from scipy.sparse import csr_array

    size = rules["components"]
    left = 0.2 + unit(rules["key"], 1, np.arange(shape[0])[:, None], np.arange(size))
    right = 0.2 + unit(rules["key"], 2, np.arange(shape[1])[:, None], np.arange(size))
    for _ in range(rules["rounds"]):
        left *= _pull(csr_array, rows, columns, values, left, right, shape)
        right *= _pull(csr_array, columns, rows, values, right, left, shape[::-1])
    return left.astype(np.float32), right.T.astype(np.float32)


def _pull(
    csr: Any,  # noqa: ANN401 - scipy has no types
    rows: Ints,
    columns: Ints,
    values: Floats,
    mine: Floats,
    others: Floats,
    shape: tuple[int, ...],
) -> Floats:
    expected = np.einsum("nk,nk->n", mine[rows], others[columns])
    ratio = csr((values / np.maximum(expected, 1e-9), (rows, columns)), shape=shape)
    return (ratio @ others) / np.maximum(others.sum(axis=0), 1e-9)
