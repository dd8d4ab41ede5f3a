"""Intervals, where the truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.policy.intervals import (
    betting,
    betting_gain,
    bootstrap,
    empirical_bernstein,
    student,
)


def _weighted(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return weights of mean 1 with a heavy tail, and returns that hang together with them."""
    actions = rng.choice(4, size, p=[0.85, 0.1, 0.04, 0.01])
    weights = np.array([0.1 / 0.85, 0.3 / 0.1, 0.3 / 0.04, 0.3 / 0.01])[actions]
    returns = (rng.random(size) < np.array([0.9, 0.2, 0.5, 0.8])[actions]).astype(float)
    return weights, returns


TRUE, LOGGED = 0.1 * 0.9 + 0.3 * (0.2 + 0.5 + 0.8), 0.85 * 0.9 + 0.1 * 0.2 + 0.04 * 0.5 + 0.01 * 0.8


def test_betting_holds_for_small_logs_with_heavy_weights() -> None:
    """Where Student's interval fails, in a tenth of cases and more, the bet is rarely wrong."""
    rng = np.random.default_rng(0)
    missed = {"betting": 0, "gain": 0, "student": 0}
    for _ in range(300):
        weights, returns = _weighted(rng, 80)
        people = np.arange(80)
        told = {"low": 0.0, "high": 1.0, "alpha": 0.05}
        value = betting(weights, returns, people, **told)
        gain = betting_gain(weights, returns, people, **told)
        rough = student(weights * returns, people, alpha=0.05)
        missed["betting"] += not value.low <= TRUE <= value.high
        missed["gain"] += not gain.low <= TRUE - LOGGED <= gain.high
        missed["student"] += not rough.low <= TRUE <= rough.high
    assert missed["betting"] <= 15
    assert missed["gain"] <= 15
    assert missed["student"] >= 30


def test_betting_is_far_narrower_than_bernstein() -> None:
    """With the same guarantee, the bet needs no largest weight and is less than half as wide."""
    weights, returns = _weighted(np.random.default_rng(1), 4000)
    bet = betting(weights, returns, np.arange(4000), low=0, high=1, alpha=0.05)
    other = empirical_bernstein(weights * returns, reach=30.0, alpha=0.05)
    rough = student(weights * returns, np.arange(4000), alpha=0.05)
    assert rough.width < bet.width < 0.5 * other.width


def test_what_was_never_tried_widens_and_never_breaks_the_bet() -> None:
    """Where half of a policy's decisions have no support, what they are worth stays open."""
    rng = np.random.default_rng(2)
    weights, returns = np.full(5000, 0.5), (rng.random(5000) < 0.6).astype(float)
    found = betting(weights, returns, np.arange(5000), low=0, high=1, alpha=0.05)
    assert found.low < 0.3 < 0.8 < found.high
    assert found.width == pytest.approx(0.5, abs=0.05)


def test_a_known_largest_weight_bounds_rare_rewards() -> None:
    """Where one in a hundred earns something, betting from both sides tells how few they are."""
    rng = np.random.default_rng(6)
    missed = 0
    for _ in range(100):
        weights = rng.choice([0.5, 3.0], 1500, p=[0.8, 0.2])
        returns = (rng.random(1500) < 0.02).astype(float)
        told = {"low": 0.0, "high": 1.0, "alpha": 0.05}
        found = betting(weights, returns, np.arange(1500), **told, largest=3.0)
        missed += not found.low <= 0.02 <= found.high
    wide = betting(weights, returns, np.arange(1500), **told)
    gain = betting_gain(weights, returns, np.arange(1500), **told, largest=3.0)
    assert missed <= 5
    assert found.width < 0.6 * wide.width
    assert gain.low < 0 < gain.high
    with pytest.raises(InputError, match="said to be the largest"):
        betting(weights, returns, np.arange(1500), **told, largest=2.0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-5, 5), st.floats(0.1, 10))
def test_bets_move_with_the_scale_of_returns(seed: int, low: float, reach: float) -> None:
    """Returns in other units give the same interval in those units."""
    weights, returns = _weighted(np.random.default_rng(seed), 60)
    people = np.arange(60)
    plain = betting(weights, returns, people, low=0, high=1, alpha=0.1)
    moved = betting(weights, low + reach * returns, people, low=low, high=low + reach, alpha=0.1)
    assert moved.low == pytest.approx(low + reach * plain.low, abs=1e-5)
    assert moved.high == pytest.approx(low + reach * plain.high, abs=1e-5)


def test_people_count_and_not_episodes() -> None:
    """Episodes that repeat a person's first one make no interval narrower."""
    rng = np.random.default_rng(3)
    weights, returns = _weighted(rng, 200)
    people = np.arange(200)
    again = np.repeat(people, 5)
    for interval in (
        lambda w, g, who: betting(w, g, who, low=0, high=1, alpha=0.05),
        lambda w, g, who: betting_gain(w, g, who, low=0, high=1, alpha=0.05),
        lambda w, g, who: student(w * g, who, alpha=0.05),
        lambda w, g, who: bootstrap(w * g, who, alpha=0.05),
    ):
        once = interval(weights, returns, people)
        often = interval(np.repeat(weights, 5), np.repeat(returns, 5), again)
        assert often.width == pytest.approx(once.width, rel=1e-4)


def test_student_and_bootstrap_agree_where_tails_are_light() -> None:
    """In a large log of plain values the approximate intervals are the same, nearly."""
    scores = np.random.default_rng(4).normal(2, 1, 2000)
    one, other = (way(scores, np.arange(2000), alpha=0.05) for way in (student, bootstrap))
    assert one.width == pytest.approx(2 * 1.96 / np.sqrt(2000), rel=0.05)
    assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=0.01)


def test_the_gain_of_what_logged_is_nothing() -> None:
    """With all weights 1 the bet on the gain holds 0 closely."""
    returns = np.random.default_rng(5).random(3000)
    found = betting_gain(np.ones(3000), returns, np.arange(3000), low=0, high=1, alpha=0.05)
    assert -0.02 < found.low < 0 < found.high < 0.02


def test_impossible_things_are_refused() -> None:
    """Returns beyond their bounds, bounds without room, and error probabilities of 1."""
    ones, people = np.ones(3), np.arange(3)
    with pytest.raises(InputError, match="said to be possible"):
        betting(ones, 2 * ones, people, low=0, high=1, alpha=0.05)
    with pytest.raises(InputError, match="two different"):
        betting(ones, ones, people, low=1, high=1, alpha=0.05)
    with pytest.raises(InputError, match="error probability"):
        student(ones, people, alpha=1)
    assert student(ones[:1], people[:1], alpha=0.05).width == np.inf
    assert empirical_bernstein(ones[:1], reach=1, alpha=0.05).width == np.inf
