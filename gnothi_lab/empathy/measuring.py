"""How well a score tells sessions that end well from others, and whether success follows it.

AUC is the chance that a moment of a session that ends well has a higher score than one of a
session that does not; ties count half. Moments of one listener hang together, so intervals come
from drawing listeners.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.recommend.noise import Floats
from gnothi.recommend.tone import Signs
from gnothi_lab.empathy.moments import Moments

STEPS = 11
"""Values of a factor that partial dependence is computed for."""
_LEAF = 100
_FOLDS = 5


def auc(scores: Floats, hits: NDArray[np.bool_], weights: Floats | None = None) -> float:
    """Return the area under the ROC curve; ``nan`` where all or none are *hits*.

    Mann and Whitney (1947): ``sum over hits of (others below + half of those alike)``, divided by
    the number of pairs. *weights* are for the bootstrap.
    """
    return _auc(_Ranked(scores, hits), np.ones(len(scores)) if weights is None else weights)


def auc_interval(
    scores: Floats,
    hits: NDArray[np.bool_],
    groups: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    draws: int = 1000,
) -> tuple[float, float]:
    """Return the 95 % interval of :func:`auc`, drawing whole *groups* (percentile bootstrap)."""
    ranked, count = _Ranked(scores, hits), int(groups.max()) + 1
    values = np.empty(draws)
    for draw in range(draws):
        times = np.bincount(rng.integers(0, count, count), minlength=count).astype(np.float64)
        values[draw] = _auc(ranked, times[groups])
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)


class _Ranked:
    """Scores in order, so that drawing again costs no sorting."""

    def __init__(self, scores: Floats, hits: NDArray[np.bool_]) -> None:
        values, self.places = np.unique(scores, return_inverse=True)
        self.size = len(values)
        self.hits = hits.astype(np.float64)


def _auc(ranked: _Ranked, weights: Floats) -> float:
    right = np.bincount(ranked.places, weights * ranked.hits, ranked.size)
    wrong = np.bincount(ranked.places, weights * (1 - ranked.hits), ranked.size)
    pairs = right.sum() * wrong.sum()
    if not pairs:
        return float("nan")
    return float(right @ (np.cumsum(wrong) - wrong / 2) / pairs)


def logistic(moments: Moments, columns: Floats) -> Floats:
    """Return the chance of success by a logistic regression of *columns*, cross-validated."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return _foretold(moments, columns, make_pipeline(StandardScaler(), LogisticRegression()))


def boosted(moments: Moments, columns: Floats) -> Floats:
    """Return the same by boosted trees, which bend and combine the columns as they like."""
    return _foretold(moments, columns, _trees())


def _foretold(moments: Moments, columns: Floats, model: Any) -> Floats:  # noqa: ANN401 - the same
    """Each listener's moments are foretold by a model that saw nothing of that listener."""
    from sklearn.model_selection import GroupKFold, cross_val_predict

    told = cross_val_predict(
        model,
        columns,
        moments.is_success,
        groups=moments.listeners,
        cv=GroupKFold(_FOLDS),
        method="predict_proba",
    )
    return np.asarray(told[:, 1], np.float64)


def of_score(moments: Moments, factor: int) -> Floats:
    """Return the mean score if one *factor* had each of several values in all moments."""
    return _dependence(
        moments, factor, lambda signs: np.array([Signs(*row).score for row in signs])
    )


def of_success(moments: Moments, factor: int) -> Floats:
    """Return the mean chance of success if one *factor* had each of several values.

    By trees that are free to fall where the score must rise (Friedman 2001): whether its law is
    one of the world.
    """
    model = _trees().fit(moments.signs, moments.is_success)
    return _dependence(moments, factor, lambda signs: model.predict_proba(signs)[:, 1])


def _dependence(moments: Moments, factor: int, told: Callable[[Floats], Floats]) -> Floats:
    grid = np.unique(np.quantile(moments.signs[:, factor], np.linspace(0.02, 0.98, STEPS)))
    means: list[float] = []
    for value in grid:
        signs = moments.signs.copy()
        signs[:, factor] = value
        means.append(float(told(signs).mean()))
    return np.array(means)


def _trees() -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=60, max_leaf_nodes=8, min_samples_leaf=_LEAF, learning_rate=0.1, random_state=0
    )
