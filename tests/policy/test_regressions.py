"""Every regression passes the same checks, and those find what is wrong."""

import numpy as np
import pytest

from gnothi.policy.fitted import Boosted, Predictor, Regression, Ridge
from gnothi.policy.logs import Floats, Ints
from gnothi.testing.policy import regression_complaints


@pytest.mark.parametrize("regression", [Ridge(), Ridge(degree=2), Boosted(trees=10)])
def test_ours_pass(regression: Regression) -> None:
    """Nothing is wrong with the regressions that ship."""
    assert list(regression_complaints(regression)) == []


class _Lazy:
    def fit(self, features: Floats, actions: Ints, worth: Floats, *, count: int) -> Predictor:
        worth[0] = 0.0
        return lambda values: np.full((len(values), count), np.nan)


def test_a_lazy_one_is_told_what_is_wrong() -> None:
    """Predictions that are no numbers, and changes of what was given, are noticed."""
    told = " ".join(regression_complaints(_Lazy()))
    assert "is a number" in told
    assert "stays as it was" in told
