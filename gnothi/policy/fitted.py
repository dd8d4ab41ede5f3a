"""Values of actions under a policy, fitted to a log: fitted-Q evaluation.

The regression behind it is a Protocol; a ridge regression and boosted trees are here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from gnothi.core.errors import InputError
from gnothi.policy.logs import Floats, Ints, Log, Mask, Target

Predictor: TypeAlias = Callable[[Floats], Floats]
"""From features, shape ``(rows, features)``, to a value an action: ``(rows, actions)``."""

_STEPS = 12
"""Steps that a regression may tell apart; what comes later is one."""


class Regression(Protocol):
    """Learns what an action is worth from rows in which one action was taken."""

    def fit(self, features: Floats, actions: Ints, worth: Floats, *, count: int) -> Predictor:
        """Return a predictor of *worth*, shape ``(rows,)``, for each of *count* actions."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What actions are worth, for each row of a log."""

    q: Floats
    """``Q(x, a)`` of every action; shape ``(rows, actions)``."""
    taken: Floats
    """``Q(x, a)`` of what was chosen; shape ``(rows,)``."""
    value: Floats
    """``V(x) = sum_a target(a | x) * Q(x, a)``; shape ``(rows,)``."""


@dataclass(frozen=True, slots=True)
class Ridge:
    """A ridge regression for all actions together, and one an action for what is left.

        worth = phi(x) @ (b + b_a),    minimising  |residuals|**2 + penalty * |b_a|**2

    With ``degree`` 2, phi has squares and products. An action that was hardly ever taken falls
    back to all actions together. Features are scaled to mean 0 and deviation 1.
    """

    penalty: float = 10.0
    degree: int = 1

    def fit(self, features: Floats, actions: Ints, worth: Floats, *, count: int) -> Predictor:
        """Return the predictor; costs ``rows * len(phi)**2``, twice."""
        centre, spread = features.mean(0), features.std(0)
        scale = np.where(spread > 1e-9, spread, 1.0)

        def phi(values: Floats) -> Floats:
            scaled = (values - centre) / scale
            parts = [np.ones((len(values), 1)), scaled]
            if self.degree > 1:
                one, other = np.triu_indices(scaled.shape[1])
                parts.append(scaled[:, one] * scaled[:, other])
            return np.concatenate(parts, axis=1)

        seen = phi(features)
        shared = _solve(seen, worth, self.penalty)
        left = worth - seen @ shared
        own = np.zeros((seen.shape[1], count))
        for action in np.unique(actions):
            rows = actions == action
            own[:, action] = _solve(seen[rows], left[rows], self.penalty)
        weights = shared[:, None] + own
        return lambda values: phi(values) @ weights


def _solve(seen: Floats, worth: Floats, penalty: float) -> Floats:
    gram = seen.T @ seen + penalty * np.eye(seen.shape[1])
    return np.linalg.solve(gram, seen.T @ worth).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Boosted:
    """Boosted regression trees of one action each (Friedman 2001), on histograms of features.

    Each tree takes squared error greedily down to ``depth``; leaves hold at least ``leaf`` rows
    and are shrunk by ``rate``. Slower than :class:`Ridge` by far, and free of its straight lines.
    """

    trees: int = 40
    depth: int = 3
    rate: float = 0.15
    leaf: int = 20
    bins: int = 32

    def fit(self, features: Floats, actions: Ints, worth: Floats, *, count: int) -> Predictor:
        """Return the predictor; costs ``trees * depth * rows * features``."""
        edges = [
            np.unique(np.quantile(column, np.arange(1, self.bins) / self.bins))
            for column in features.T
        ]
        binned = _binned(features, edges)
        mean = float(worth.mean())
        forests: list[tuple[float, list[_Tree]]] = [(mean, [])] * count
        for action in np.unique(actions):
            rows = actions == action
            forests[action] = self._grow(binned[rows], worth[rows], mean)

        def predict(values: Floats) -> Floats:
            places = _binned(values, edges)
            return np.stack(
                [base + sum((tree.read(places) for tree in trees), np.zeros(len(values)))
                 for base, trees in forests],
                axis=1,
            )  # fmt: skip

        return predict

    def _grow(self, binned: Ints, worth: Floats, mean: float) -> "tuple[float, list[_Tree]]":
        # Few rows are drawn towards the mean of all actions.
        base = (float(worth.sum()) + self.leaf * mean) / (len(worth) + self.leaf)
        left = worth - base
        trees: list[_Tree] = []
        for _ in range(self.trees if binned.shape[1] else 0):
            tree = _plant(binned, left, self.depth, self.leaf, self.bins, self.rate)
            if tree is None:
                break
            left = left - tree.read(binned)
            trees.append(tree)
        return base, trees


@dataclass(frozen=True, slots=True, eq=False)
class _Tree:
    """A complete binary tree: node k has the children 2k+1 and 2k+2."""

    feature: Ints
    threshold: Ints
    leaves: Floats

    def read(self, binned: Ints) -> Floats:
        node = np.zeros(len(binned), dtype=np.int64)
        rows = np.arange(len(binned))
        first = 0
        while first < self.feature.size:
            split = self.feature[first + node]
            right = binned[rows, split] > self.threshold[first + node]
            first, node = 2 * first + 1, 2 * node + right
        return self.leaves[node]


def _plant(
    binned: Ints, left: Floats, depth: int, leaf: int, bins: int, rate: float
) -> _Tree | None:
    """Grow a tree level by level; ``None`` where nothing can be split."""
    count = int(binned.shape[1])
    feature = np.zeros(2**depth - 1, dtype=np.int64)
    threshold = np.full(2**depth - 1, bins, dtype=np.int64)
    node = np.zeros(len(binned), dtype=np.int64)
    rows = np.arange(len(binned))
    for level in range(depth):
        nodes, first = 2**level, 2**level - 1
        cell: Ints = ((node[:, None] * count + np.arange(count)) * bins + binned).ravel()
        shape = nodes, count, bins
        sizes = np.bincount(cell, minlength=nodes * count * bins).reshape(shape)
        sums = np.bincount(
            cell, weights=np.repeat(left, count), minlength=nodes * count * bins
        ).reshape(shape)
        below, total = sizes.cumsum(2), sizes.sum(2, keepdims=True)
        low, whole = sums.cumsum(2), sums.sum(2, keepdims=True)
        above = total - below
        gain = low**2 / np.maximum(below, 1) + (whole - low) ** 2 / np.maximum(above, 1)
        gain -= whole**2 / np.maximum(total, 1)
        gain = np.where((below >= leaf) & (above >= leaf), gain, 0.0).reshape(nodes, -1)
        best = gain.argmax(1)
        found = gain[np.arange(nodes), best] > 1e-12
        if level == 0 and not found.any():
            return None
        feature[first : first + nodes] = best // bins
        threshold[first : first + nodes] = np.where(found, best % bins, bins)
        node = 2 * node + (binned[rows, feature[first + node]] > threshold[first + node])
    ends = 2**depth
    sums = np.bincount(node, weights=left, minlength=ends)
    sizes = np.bincount(node, minlength=ends)
    return _Tree(feature, threshold, rate * sums / np.maximum(sizes, 1))


def _binned(features: Floats, edges: list[Floats]) -> Ints:
    columns: list[Ints] = [
        np.searchsorted(own, column, side="left")
        for own, column in zip(edges, features.T, strict=True)
    ]
    shape = len(features), len(columns)
    return np.stack(columns, axis=1) if columns else np.zeros(shape, dtype=np.int64)


def fit_q(
    log: Log,
    target: Target,
    regression: Regression | None = None,
    *,
    discount: float = 1.0,
    folds: int = 2,
    seed: int = 0,
) -> Fitted:
    """Return what actions are worth when *target* goes on after them: fitted-Q evaluation.

    Repeated as often as the longest episode has steps, from Q = 0:

        Q <- regress  r_t + discount * V(x_{t+1})  on  (x_t, step t, a_t)
        V(x) = sum_a target(a | x) * Q(x, a),   0 after the end of an episode

    (Le, Voloshin and Yue 2019, "Batch policy learning under constraints", algorithm 3.) Values
    stay within those that were ever seen from some step on. What is predicted of a person's
    episodes was fitted to other people's (cross-fitting: Chernozhukov et al. 2018), so that a
    regression that learns by heart flatters nobody; people go to *folds* by *seed*. With 1 fold,
    all is fitted to all.

    Raises:
        InputError: only the probabilities of what was done are known, or folds are too many.
    """
    if target.probabilities is None:
        raise InputError(f"A model needs the probabilities of all actions of '{target.name}'.")
    people = int(log.clusters.max()) + 1
    if not 1 <= folds <= people:
        raise InputError(f"From 1 to {people} folds can be made of this log, not {folds}.")
    features = _features(log)
    fold = np.random.default_rng(seed).permutation(np.arange(people) % folds)[log.clusters]
    fold_of_row = fold[log.episodes]
    q = np.zeros(log.allowed.shape)
    for one in range(folds):
        held = fold_of_row == one
        known = ~held if folds > 1 else held
        predict = _fit(log, target, regression or Ridge(), features, known, discount)
        q[held] = predict(features[held])
    return Fitted(q, log.taken(q), (target.probabilities * q).sum(1))


def _fit(
    log: Log,
    target: Target,
    regression: Regression,
    features: Floats,
    known: Mask,
    discount: float,
) -> Predictor:
    assert target.probabilities is not None
    own, actions = features[known], log.actions[known]
    rewards, chances = log.rewards[known], target.probabilities[known]
    episodes = log.episodes[known]
    goes_on = np.append(episodes[1:] == episodes[:-1], [False])
    low, high = _seen(rewards, goes_on, discount)
    after = np.zeros(len(own))
    predict: Predictor = lambda values: np.zeros((len(values), len(log.names)))  # noqa: E731
    for _ in range(log.horizon):
        fitted = regression.fit(own, actions, rewards + discount * after, count=len(log.names))
        predict = _clipped(fitted, low, high)
        value = (chances * predict(own)).sum(1)
        after = np.where(goes_on, np.append(value[1:], [0.0]), 0.0)
    return predict


def _clipped(predict: Predictor, low: float, high: float) -> Predictor:
    return lambda values: np.clip(predict(values), low, high)


def _seen(rewards: Floats, goes_on: Mask, discount: float) -> tuple[float, float]:
    """Return the least and the largest sum of rewards from any step of an episode on."""
    ahead = np.zeros(len(rewards) + 1)
    for row in range(len(rewards) - 1, -1, -1):
        ahead[row] = rewards[row] + (discount * ahead[row + 1] if goes_on[row] else 0.0)
    return float(ahead[:-1].min()), float(ahead[:-1].max())


def _features(log: Log) -> Floats:
    """Return the features with an indicator for each step but the first."""
    steps = np.minimum(log.steps, _STEPS - 1)
    later = np.arange(1, min(log.horizon, _STEPS))
    return np.concatenate([log.contexts, (steps[:, None] == later).astype(np.float64)], axis=1)
