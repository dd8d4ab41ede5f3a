"""Which request to make instead: an absorbing Markov chain over interpretations.

States are interpretations. From each one a person is understood and content (*r+*), gives up
(*r-*), or says it again in another way, which is a step to another state. With the counts divided
by their sums the chain is ``P = [Q R; 0 I]``, and ``N = (I - Q)^-1`` says how often each state is
visited before the end. Rewriting *h0* to *h* scores

    S(h0, h) = N[h0, h] * R[h, r+],

the probability that success is reached with *h* as the last thing said; over all *h* these add up
to the probability of success, ``B[h0, r+]``. After Ponnusamy, Roshan Ghias, Guo and Sarikaya,
"Feedback-based self-learning in large-scale conversational AI agents" (IAAI 2020,
arXiv:1911.02557).

A best state is its own best: ``N[a, c] >= F * N[b, c]``, where *F* is the probability of getting
from *a* to *b* and ``N[a, b] = F * N[b, b]``, so that whatever beats *b* from *b* beats it from
*a*, too. Rewrites therefore never form chains or cycles within one solution.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from importlib import import_module
from math import log
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Numbers: TypeAlias = npt.NDArray[np.int64]
Matrix: TypeAlias = Any  # a matrix of scipy, which has no types

DENSE = 200
"""Components of up to so many states are inverted, all of one size at once."""
FACTORED = 2000
"""Components of up to so many states are factored; larger ones, where factors may fill up to the
square, are summed up as ``I + Q + Q^2 + ...``, which needs little memory."""
BLOCK = 4_000_000
"""Numbers in one working array: 32 MB."""
_TIE = 1e-9
"""Relative difference of scores that is no difference."""
_REST = 1e-13
"""Probability of still being under way at which a sum of powers is finished."""
_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Transitions:
    """Counted steps from state to state, in any order; the same step may come several times.

    All three have shape ``(steps,)``. Counts are whole numbers, in whatever unit: sums are then
    exact, and the order can't matter.
    """

    sources: Numbers
    targets: Numbers
    counts: Numbers


@dataclass(frozen=True, slots=True)
class Scores:
    """What is best for each state that was asked for; shape ``(asked,)`` throughout."""

    states: Numbers
    best: Numbers
    """The state with the highest score; the state itself where nothing is better."""
    best_score: Floats
    """``S(h0, best)``."""
    own_score: Floats
    """``S(h0, h0)``: success is reached without another word for it."""
    success: Floats
    """``B[h0, r+]``, the sum of all scores of the state."""


def solve(
    transitions: Transitions, success: Numbers, failure: Numbers, *, wanted: Numbers | None = None
) -> Scores:
    """Return the best rewrite of the *wanted* states, of all by default.

    *success* and *failure*, shape ``(states,)``, count how often a state was the last one and
    led to content or to nothing, in the unit of the transitions.

    Raises:
        ValueError: a count is negative.
    """
    return Chain.of(transitions, success, failure).scores(wanted)


@dataclass(frozen=True, slots=True)
class Chain:
    """Probabilities of a chain: ``Q``, and how each state ends."""

    steps: Matrix
    """``Q``, sparse, shape ``(states, states)``."""
    success: Floats
    """``R[:, r+]``, shape ``(states,)``."""
    components: Numbers
    """Number of the weakly connected component of each state, shape ``(states,)``."""

    @classmethod
    def of(cls, transitions: Transitions, success: Numbers, failure: Numbers) -> "Chain":
        """Divide counts by their sums.

        A state that was never counted fails. So does one from which no end can be reached.

        Raises:
            ValueError: a count is negative.
        """
        if min(counts.min(initial=0) for counts in (transitions.counts, success, failure)) < 0:
            raise ValueError("Counts of a chain can't be negative.")
        counts = _counted(transitions, len(success))
        leaving = np.asarray(counts.sum(axis=1), dtype=np.int64).ravel()
        total = leaving + success + failure
        share = 1.0 / np.maximum(total, 1) * _ends(counts, leaving < np.maximum(total, 1))
        steps = _sparse().diags_array(share) @ counts
        _, components = _graphs().connected_components(counts, directed=False)
        return cls(steps.tocsr(), success * share, np.asarray(components, dtype=np.int64))

    def absorption(self) -> Floats:
        """Return ``B``, shape ``(states, 2)``: the probabilities to end in success and failure.

        Memory is linear in states and steps, whatever the components.
        """
        failure = 1.0 - np.asarray(self.steps.sum(axis=1)).ravel() - self.success
        return _summed(self.steps, np.column_stack([self.success, failure.clip(min=0.0)]))

    def scores(self, wanted: Numbers | None = None) -> Scores:
        """Return the best rewrite of the *wanted* states, of all by default; in rising order.

        Among equals the state itself wins, and then the lowest number. Large components cost
        time by the wanted state.
        """
        asked = np.arange(len(self.success)) if wanted is None else np.unique(wanted)
        best = np.arange(len(self.success))
        found = np.zeros((3, len(self.success)))
        for states, rows, columns, visits in self._visits(asked):
            scores = visits * self.success[columns][..., None, :]
            chosen = _choose(scores, rows)
            best[states] = np.take_along_axis(columns, chosen, axis=-1)
            found[0, states] = np.take_along_axis(scores, chosen[..., None], -1)[..., 0]
            found[1, states] = np.take_along_axis(scores, rows[..., None], -1)[..., 0]
            found[2, states] = scores.sum(axis=-1)
        return Scores(asked, best[asked], *found[:, asked])

    def way(self, begin: int, end: int) -> list[int]:
        """Return the states on the most probable way from *begin* to *end*, both included.

        Among equally probable ways the one over lower numbers is taken; without any way the
        list is empty.
        """
        waiting = [(0.0, begin, begin)]
        came_from: dict[int, int] = {}
        while waiting and end not in came_from:
            cost, state, before = heappop(waiting)
            if state in came_from:
                continue
            came_from[state] = before
            for target, probability in self._followers(state):
                if target not in came_from and probability > 0.0:
                    heappush(waiting, (cost - log(probability), target, state))
        return _traced(came_from, begin, end) if end in came_from else []

    def _followers(self, state: int) -> Iterator[tuple[int, float]]:
        first, last = self.steps.indptr[state : state + 2]
        return zip(
            self.steps.indices[first:last].tolist(),
            self.steps.data[first:last].tolist(),
            strict=True,
        )

    def _visits(self, asked: Numbers) -> "Iterator[_Visits]":
        """Yield rows of ``N``, component by component; many small ones at once."""
        sizes = np.bincount(self.components, minlength=1)[self.components]
        needed = np.isin(self.components, self.components[asked])
        small = np.flatnonzero(needed & (sizes <= DENSE))
        yield from _small(self.steps, self.components, sizes, small)
        large = needed & (sizes > DENSE)
        for component in np.unique(self.components[large]):
            inside = np.flatnonzero(self.components == component)
            yield from _large(self.steps, inside, np.flatnonzero(np.isin(inside, asked)))


_Visits: TypeAlias = tuple[Numbers, Numbers, Numbers, Floats]
"""States, their places among the columns, the columns' states, and ``N[states, columns]``.

Shapes ``(..., rows)``, ``(..., rows)``, ``(..., columns)`` and ``(..., rows, columns)``.
"""


def _traced(came_from: Mapping[int, int], begin: int, end: int) -> list[int]:
    states = [end]
    while states[-1] != begin:
        states.append(came_from[states[-1]])
    return states[::-1]


def _counted(transitions: Transitions, states: int) -> Matrix:
    places = (transitions.sources, transitions.targets)
    counts = _sparse().coo_array(
        (transitions.counts.astype(np.int64), places), shape=(states, states)
    )
    matrix = counts.tocsr()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


def _ends(counts: Matrix, leaks: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell from which states an end can be reached; *leaks* are those where some paths end."""
    states = len(leaks)
    exits = np.flatnonzero(leaks)
    steps = counts.tocoo()
    backwards = _sparse().coo_array(
        (
            np.ones(len(steps.row) + len(exits)),
            (
                np.concatenate([steps.col, np.full(len(exits), states)]),
                np.concatenate([steps.row, exits]),
            ),
        ),
        shape=(states + 1, states + 1),
    )
    reached = _graphs().breadth_first_order(backwards.tocsr(), states, return_predecessors=False)
    return np.isin(np.arange(states), reached)


def _choose(scores: Floats, own: Numbers) -> Numbers:
    """Return the column of the best score of each row; *own* is the row's own column."""
    enough = scores.max(axis=-1, keepdims=True) * (1.0 - _TIE)
    first = (scores >= enough).argmax(axis=-1)
    kept = np.take_along_axis(scores >= enough, own[..., None], axis=-1)[..., 0]
    return np.where(kept, own, first)


def _small(
    steps: Matrix, components: Numbers, sizes: Numbers, states: Numbers
) -> Iterator[_Visits]:
    """Invert small components, those of one size in stacks of limited size."""
    ordered = states[np.lexsort((states, components[states], sizes[states]))]
    for size in np.unique(sizes[ordered]):
        stack = ordered[sizes[ordered] == size].reshape(-1, int(size))
        for part in _parts(stack, BLOCK // int(size) ** 2):
            rows = np.broadcast_to(np.arange(int(size)), part.shape)
            yield part, rows, part, _inverted(steps, part)


def _inverted(steps: Matrix, stack: Numbers) -> Floats:
    """Return ``N`` of components of one size; *stack* and result ``(components, size, ...)``."""
    components, size = int(stack.shape[0]), int(stack.shape[1])
    place = np.zeros(int(steps.shape[0]), dtype=np.int64)
    place[stack.ravel()] = np.tile(np.arange(size), components)
    inside = steps[stack.ravel()].tocoo()
    system = np.zeros((components, size, size))
    system[:, np.arange(size), np.arange(size)] = 1.0
    component, row = np.divmod(inside.row, size)
    np.subtract.at(system, (component, row, place[inside.col]), inside.data)
    return np.linalg.inv(system).astype(np.float64, copy=False)


def _large(steps: Matrix, inside: Numbers, wanted: Numbers) -> Iterator[_Visits]:
    """Yield the *wanted* rows of one component's ``N``, in blocks; *inside* are its states."""
    system = steps[inside][:, inside].T.tocsc()
    solver = None
    if len(inside) <= FACTORED:
        unit = _sparse().eye_array(len(inside), format="csc")
        solver = import_module("scipy.sparse.linalg").splu(unit - system)
    for rows in _parts(wanted, BLOCK // len(inside)):
        units = np.zeros((len(inside), len(rows)))
        units[rows, np.arange(len(rows))] = 1.0
        visits = solver.solve(units) if solver else _summed(system.tocsr(), units)
        yield inside[rows], rows, inside, visits.T


def _summed(steps: Matrix, start: Floats) -> Floats:
    """Return ``(I + Q + Q^2 + ...) @ start``; what is left after many rounds is negligible."""
    total, added = start.copy(), start
    for _ in range(_ROUNDS):
        added = steps @ added
        total += added
        if added.sum(axis=0).max(initial=0.0) < _REST:
            break
    return total


def _parts(items: Numbers, size: int) -> Iterator[Numbers]:
    size = max(1, size)
    for begin in range(0, len(items), size):
        yield items[begin : begin + size]


def _sparse() -> Any:  # noqa: ANN401 - scipy has no types
    """Load the library where it is needed: the assistant starts without it."""
    return import_module("scipy.sparse")


def _graphs() -> Any:  # noqa: ANN401 - scipy has no types
    return import_module("scipy.sparse.csgraph")
