"""How much better one policy is than another, by what a third one logged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.policy.difference import betting_difference, worth

ACTIONS = 4
MEANS = np.array([0.2, 0.3, 0.4, 0.7])


def _log(
    count: int, seed: int, *, means: np.ndarray = MEANS
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return what was done how probably, rewards, and clusters of three."""
    rng = np.random.default_rng(seed)
    chances = np.full(ACTIONS, 0.125)
    chances[0] += 0.5
    actions = rng.choice(ACTIONS, count, p=chances)
    rewards = (rng.random(count) < means[actions]).astype(np.float64)
    return actions, chances[actions], rewards, np.arange(count) // 3


def _gain(count: int, seed: int, candidate: int, **how: np.ndarray) -> tuple[float, float]:
    actions, propensities, rewards, clusters = _log(count, seed, **how)
    found = betting_difference(
        (actions == candidate) / propensities,
        (actions == 0) / propensities,
        rewards,
        clusters,
        largest=2.0,
        alpha=0.1,
    )
    return found.low, found.high


def test_a_gain_is_proven_and_bounded() -> None:
    """The best action is 0.5 better than the usual one; the interval finds that."""
    low, high = _gain(3000, 0, 3)
    assert 0.3 < low < 0.5 < high < 0.7


def test_policies_that_do_the_same_differ_by_nothing() -> None:
    """Chance cancels out where both do the same, so that the lower bound is close."""
    low, _ = _gain(600, 0, 0)
    assert -0.06 < low <= 0


@pytest.mark.parametrize("candidate", [1, 3])
def test_intervals_hold(candidate: int) -> None:
    """Wrong in no more than their share of logs: 10 %, and bets are cautious."""
    true = MEANS[candidate] - MEANS[0]
    bounds = [_gain(150, seed, candidate) for seed in range(100)]
    assert sum(low <= true <= high for low, high in bounds) >= 90


def test_nothing_is_proven_where_nothing_matters() -> None:
    """All actions alike: hardly any lower bound is above 0."""
    alike = np.full(ACTIONS, 0.4)
    assert sum(_gain(300, seed, 3, means=alike)[0] > 0 for seed in range(60)) <= 6


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(3, 60))
def test_values_lie_in_their_intervals(seed: int, count: int) -> None:
    """Whatever the log, and however small."""
    actions, propensities, rewards, clusters = _log(count, seed)
    found = worth((actions == 3) / propensities, rewards, clusters, alpha=0.1)
    assert 0 <= found.interval.low <= found.value <= found.interval.high <= 1
    assert 0 <= found.effective <= clusters.max() + 1 + 1e-9


def test_wrong_propensities_show() -> None:
    """Weights whose mean is far from 1 are told by their drift."""
    actions, propensities, rewards, clusters = _log(3000, 0)
    assert worth((actions == 3) / propensities, rewards, clusters, alpha=0.1).drift < 4
    wrong = worth((actions == 3) / (propensities / 2), rewards, clusters, alpha=0.1)
    assert wrong.drift > 4


def test_a_live_weight_beyond_its_bound_is_refused() -> None:
    """The lower bound would not hold."""
    ones = np.ones(6)
    with pytest.raises(InputError, match="said to be the most"):
        betting_difference(ones, 3 * ones, ones, np.arange(6), largest=2.0, alpha=0.1)
