"""Trees as arrays: the same predictions as those that were fitted."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from gnothi.recommend.learner import exported
from gnothi.recommend.trees import Forest


def _fitted() -> tuple[HistGradientBoostingRegressor, np.ndarray]:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(400, 5)).astype(np.float32)
    worth = features[:, 0] * (features[:, 1] > 0) + 0.1 * rng.normal(size=400)
    model = HistGradientBoostingRegressor(max_iter=20, max_leaf_nodes=8, random_state=0)
    return model.fit(features, worth), features


def test_what_is_served_predicts_what_was_fitted() -> None:
    """Exported trees give the predictions of the regression that they came from."""
    model, features = _fitted()
    told = exported(model).predict(features.astype(np.float64))
    assert np.allclose(told, model.predict(features), atol=1e-5)


def test_trees_survive_being_kept() -> None:
    """What is kept as arrays comes back as it was."""
    model, features = _fitted()
    forest = exported(model)
    again = Forest.of(forest.arrays("a"), "a")
    assert np.array_equal(again.predict(features), forest.predict(features))


def test_trees_that_lead_nowhere_are_refused() -> None:
    """A damaged file is noticed before anything is predicted."""
    arrays = exported(_fitted()[0]).arrays("a")
    arrays["a.left"] = arrays["a.left"] + np.int16(1000)
    with pytest.raises(ValueError, match="out of its tree"):
        Forest.of(arrays, "a")
