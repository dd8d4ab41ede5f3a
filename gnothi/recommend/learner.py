"""Learning which prompt to choose, from the anonymised export of randomised conversations.

Three ways, all by boosted regression trees, one forest for each act (the way that won in
Mairesse, Luo and Ye, RecSys 2021, doi 10.1145/3460231.3474600, is the first):

- *greedy*: the reward of the prompt itself; the policy takes the most promising.
- *fitted Q*: ``Q(s, a) = r + discount * max_b Q(s', b)``, fitted again and again (Ernst, Geurts and
  Wehenkel 2005).
- *conservative*: the same, and candidates that were not chosen are held down, the more the more
  they look best: ``Q - alpha * softmax(Q)``; what was chosen is lifted by as much (the functional
  gradient of discrete CQL: Kumar et al. 2020).

Which item is offered is learned apart from when to offer one: whether what was played was kept is
a much cleaner signal than what a whole conversation came to. Trees that may only rise with what
should speak for an item (how well it fits what was asked for) keep to that with few plays, too.

scikit-learn fits; what is learned is served by numpy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gnothi.core.errors import InputError
from gnothi.recommend.acts import Ask
from gnothi.recommend.features import NAMES
from gnothi.recommend.noise import Floats, Singles
from gnothi.recommend.policies.learned import Learned
from gnothi.recommend.trees import Forest

Ints: TypeAlias = NDArray[np.int64]
_PARTS: Mapping[str, Ask] = {"either": Ask.SUGGEST, **{ask.value: ask for ask in Ask}}
"""The first part of a slot's name, and the act that it stands for."""
_LEAST_ROWS = 50
_SPEAKS_FOR = frozenset(
    (
        "success",
        "relative_success",
        "typical",
        "least_typical",
        "has_wanted",
        "like_named",
        "like_liked",
        "was_liked",
    )
)
"""Features with which an item may only become more promising."""
_BLOCK = 100_000
_OTHERS = 2
"""Candidates of each menu that were not chosen and are held down, at random."""


class Method(StrEnum):
    """How worth is learned."""

    GREEDY = "greedy"
    FITTED_Q = "fitted-q"
    CONSERVATIVE = "conservative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to learn."""

    method: Method = Method.GREEDY
    trees: int = 80
    leaves: int = 12
    rate: float = 0.08
    least: int = 40
    """Decisions in a leaf, at least."""
    discount: float = 0.8
    rounds: int = 4
    """Of fitted Q."""
    alpha: float = 0.05
    """How much the conservative way holds down."""
    offers: bool = True
    """Whether it is learned which items are kept once they are played."""
    offers_trees: int = 120
    offers_leaves: int = 12
    offers_least: int = 60
    """Plays in a leaf of that, at least; with fewer than four times as many nothing is learned."""
    weighted: bool = False
    """Whether decisions count the more, the less likely they were: as under uniform choice."""


@dataclass(frozen=True, eq=False)
class Lessons:
    """Logged decisions: all candidates with their features, what was chosen, what came of it."""

    features: Singles
    """Of all candidates of all decisions, shape ``(candidates, features)``."""
    asks: Ints
    """Act of each candidate: a place among :class:`~gnothi.recommend.acts.Ask`."""
    starts: Ints
    """The candidates of decision ``d`` are ``starts[d]`` to ``starts[d + 1]``."""
    chosen: Ints
    """Candidate that each decision took, counted over all."""
    propensities: Floats
    rewards: Floats
    is_last: NDArray[np.bool_]
    """Whether a decision is the last one of its conversation."""

    def __len__(self) -> int:
        return len(self.chosen)

    @classmethod
    def of(cls, table: Any, *, rewards: Sequence[float] | None = None) -> "Lessons":  # noqa: ANN401
        """Read a table of :func:`gnothi.recommend.decisions.table`.

        Raises:
            InputError: it was made with other features, or holds nothing.
        """
        told: dict[bytes, bytes] = table.schema.metadata or {}
        names = told.get(b"names", b"").decode()
        if names != " ".join(NAMES):
            raise InputError("These decisions were logged with other features: log anew.")
        if not table.num_rows:
            raise InputError("There are no decisions to learn from.")
        slots: list[list[str]] = table["candidates"].to_pylist()
        starts = np.concatenate(([0], np.cumsum([len(each) for each in slots]))).astype(np.int64)
        flat = table["menu"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
        actions: list[str] = table["action"].to_pylist()
        chosen = [each.index(action) for each, action in zip(slots, actions, strict=True)]
        episodes = np.array(table["episode"].to_pylist())
        known = list(Ask)
        return cls(
            features=flat.reshape(-1, len(NAMES)).astype(np.float32),
            asks=np.array([known.index(act_of(one)) for each in slots for one in each], np.int64),
            starts=starts,
            chosen=starts[:-1] + np.array(chosen, np.int64),
            propensities=table["propensity"].to_numpy(),
            rewards=np.asarray(table["reward"].to_numpy() if rewards is None else rewards),
            is_last=np.append(episodes[1:] != episodes[:-1], True),
        )


def act_of(slot: str) -> Ask:
    """Return the act of a slot's name: ``suggest.1``, ``either.2``, ``open``."""
    return _PARTS[slot.partition(".")[0]]


def learn(lessons: Lessons, recipe: Recipe | None = None, *, seed: int = 0) -> Learned:
    """Return a policy that was learned from *lessons*."""
    learner = _Learner(lessons, recipe or Recipe(), seed)
    with _one_thread():
        models = learner.fit()
        deviation = learner.deviation(models)
        offers = learner.offers()
    forests = {ask: exported(model) for ask, model in models.items()}
    return Learned(forests, deviation, None if offers is None else exported(offers))


class _Learner:
    def __init__(self, lessons: Lessons, recipe: Recipe, seed: int) -> None:
        self._lessons, self._recipe, self._seed = lessons, recipe, seed
        self._rng = np.random.default_rng(seed)
        self._acts = list(Ask)

    def fit(self) -> dict[Ask, Any]:
        """Return one regression an act."""
        lessons, recipe = self._lessons, self._recipe
        models = self._regress(lessons.chosen, lessons.rewards)
        if recipe.method is Method.GREEDY:
            return models
        for _ in range(recipe.rounds):
            values = self._values(models)
            best = np.maximum.reduceat(values, lessons.starts[:-1])
            following = np.where(lessons.is_last, 0.0, np.append(best[1:], 0.0))
            targets = lessons.rewards + recipe.discount * following
            if recipe.method is Method.CONSERVATIVE:
                models = self._regress(*self._held_down(values, targets))
            else:
                models = self._regress(lessons.chosen, targets)
        return models

    def offers(self) -> Any:  # noqa: ANN401 - scikit-learn has no types
        """Return a regression of whether what was played was kept; ``None`` for too few plays."""
        lessons, recipe = self._lessons, self._recipe
        played = lessons.asks[lessons.chosen] == self._acts.index(Ask.PLAY)
        if not recipe.offers or played.sum() < 4 * recipe.offers_least:
            return None
        kept = (lessons.is_last & (lessons.rewards >= 1)).astype(np.float64)
        model = _boosted()(
            max_iter=recipe.offers_trees,
            max_leaf_nodes=recipe.offers_leaves,
            learning_rate=0.08,
            min_samples_leaf=recipe.offers_least,
            early_stopping=False,
            monotonic_cst=[int(name in _SPEAKS_FOR) for name in NAMES],
            random_state=self._seed,
        )
        return model.fit(lessons.features[lessons.chosen[played]], kept[played])

    def deviation(self, models: Mapping[Ask, Any]) -> float:
        """Return how far predictions of single rewards are off, over the root of a leaf's size.

        That is about the standard error of what a leaf says.
        """
        lessons = self._lessons
        told = self._predict(models, lessons.chosen)
        return float(np.std(lessons.rewards - told)) / self._recipe.least**0.5

    def _held_down(self, values: Floats, targets: Floats) -> tuple[Ints, Floats]:
        """Return rows and targets of the conservative way."""
        lessons, alpha = self._lessons, self._recipe.alpha
        sizes = np.diff(lessons.starts)
        owner = np.repeat(np.arange(len(lessons)), sizes)
        top = np.maximum.reduceat(values, lessons.starts[:-1])
        raised = np.exp((values - top[owner]) / max(alpha, 1e-6))
        share = raised / np.add.reduceat(raised, lessons.starts[:-1])[owner]
        lifted = targets + alpha * (1 - share[lessons.chosen])
        drawn = self._rng.integers(0, sizes, (_OTHERS, len(lessons)))
        others = (lessons.starts[:-1] + drawn).ravel()
        others = others[others != np.tile(lessons.chosen, _OTHERS)]
        rows = np.concatenate((lessons.chosen, others))
        return rows, np.concatenate((lifted, values[others] - alpha * share[others]))

    def _regress(self, rows: Ints, targets: Floats) -> dict[Ask, Any]:
        lessons = self._lessons
        weights = self._weights(len(rows))
        found: dict[Ask, Any] = {}
        for at, ask in enumerate(self._acts):
            mine = lessons.asks[rows] == at
            if mine.sum() >= _LEAST_ROWS:
                model = self._trees()
                counted = None if weights is None else weights[mine]
                model.fit(lessons.features[rows[mine]], targets[mine], counted)
                found[ask] = model
        return found

    def _weights(self, size: int) -> Floats | None:
        """Return how much rows count; ``None`` for all alike, which is quicker by far."""
        if not self._recipe.weighted:
            return None
        rare = 1 / self._lessons.propensities
        weights = np.ones(size)
        weights[: len(self._lessons)] = np.minimum(rare / rare.mean(), 5.0)
        return weights

    def _trees(self) -> Any:  # noqa: ANN401 - scikit-learn has no types
        recipe = self._recipe
        return _boosted()(
            max_iter=recipe.trees,
            max_leaf_nodes=recipe.leaves,
            learning_rate=recipe.rate,
            min_samples_leaf=recipe.least,
            early_stopping=False,
            random_state=self._seed,
        )

    def _values(self, models: Mapping[Ask, Any]) -> Floats:
        """Return what every candidate is worth by *models*."""
        return self._predict(models, np.arange(len(self._lessons.asks)))

    def _predict(self, models: Mapping[Ask, Any], rows: Ints) -> Floats:
        values = np.full(len(rows), -1.0)
        for ask, model in models.items():
            mine = np.flatnonzero(self._lessons.asks[rows] == self._acts.index(ask))
            for start in range(0, len(mine), _BLOCK):
                part = mine[start : start + _BLOCK]
                values[part] = model.predict(self._lessons.features[rows[part]])
        return values


def _boosted() -> Any:  # noqa: ANN401 - scikit-learn has no types
    return import_module("sklearn.ensemble").HistGradientBoostingRegressor


def _one_thread() -> Any:  # noqa: ANN401 - threadpoolctl has no types
    """Keep to one thread: where others need the cores, several would wait for one another."""
    return import_module("threadpoolctl").threadpool_limits(1)


def exported(model: Any) -> Forest:  # noqa: ANN401 - scikit-learn has no types
    """Return a fitted HistGradientBoostingRegressor as arrays.

    Its trees are not public; a test compares what both predict, so that a change shows.
    """
    trees: list[Any] = [stage[0].nodes for stage in model._predictors]
    size = max(len(nodes) for nodes in trees)
    shape = (len(trees), size)
    own = np.broadcast_to(np.arange(size, dtype=np.int16), shape)
    left, right = own.copy(), own.copy()
    feature, threshold = np.zeros(shape, np.int16), np.zeros(shape, np.float32)
    value = np.zeros(shape, np.float32)
    for at, nodes in enumerate(trees):
        inner = ~nodes["is_leaf"].astype(np.bool_)
        places = np.flatnonzero(inner)
        feature[at, places] = nodes["feature_idx"][inner]
        threshold[at, places] = nodes["num_threshold"][inner]
        left[at, places], right[at, places] = nodes["left"][inner], nodes["right"][inner]
        value[at, : len(nodes)] = np.where(inner, 0.0, nodes["value"])
    depth = max(int(nodes["depth"].max()) for nodes in trees)
    base = float(np.ravel(model._baseline_prediction)[0])
    return Forest(base, feature, threshold, left, right, value, depth)
