"""Checks of what may be implemented for off-policy evaluation."""

from collections.abc import Iterator

import numpy as np

from gnothi.policy.fitted import Regression


def regression_complaints(regression: Regression) -> Iterator[str]:
    """Yield what is wrong with a *regression*, in sentences; nothing where all is well.

    It must predict for every action, also for one that was never taken; give the same for the
    same rows; leave what it was given as it was; learn what plainly differs between actions; and
    bear features of which one is constant, or none at all.
    """
    rng = np.random.default_rng(0)
    features = np.column_stack([rng.normal(size=400), np.ones(400)])
    actions = rng.integers(0, 2, 400)
    worth = actions + 0.01 * rng.normal(size=400)
    given = features.copy(), actions.copy(), worth.copy()
    found = regression.fit(features, actions, worth, count=3)(features)
    again = regression.fit(features, actions, worth, count=3)(features)
    if found.shape != (400, 3):
        yield f"Predictions have the shape (rows, actions), (400, 3) here, not {found.shape}."
        return
    if not np.isfinite(found).all():
        yield "Every prediction is a number, also of an action that was never taken."
    if not np.array_equal(found, again):
        yield "The same rows lead to the same predictions."
    changed = zip(given, (features, actions, worth), strict=True)
    if any(not np.array_equal(before, after) for before, after in changed):
        yield "What it is given stays as it was."
    if (found[:, 1] - found[:, 0]).mean() < 0.5:
        yield "An action that is worth 1 more is found to be worth more."
    bare = regression.fit(features[:, :0], actions, worth, count=2)(features[:, :0])
    if bare.shape != (400, 2) or not np.isfinite(bare).all():
        yield "Without features, it predicts what each action is worth on average."
