"""Bounds that hold at every look, however often one looks."""

import random as randomness
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.policy.confidence import (
    BETS,
    WEIGHTS,
    MeanSequence,
    PairedCounts,
    log_wealth,
    lower_gain,
    rate_bounds,
    upper_gain,
)

_differences = st.lists(st.sampled_from([-1, 0, 1]), max_size=60)
_graded = st.lists(st.floats(-1, 1), max_size=60)
_counts = st.builds(
    PairedCounts, st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)
)  # fmt: skip
_margins = st.floats(-0.99, 0.99)


def _wealth_by_definition(differences: list[int] | list[float], margin: float) -> float:
    """Play every stake turn by turn: slow, and plainly right."""
    stakes = [
        (bet, weight) for bet, weight in zip(BETS, WEIGHTS, strict=True) if bet * (1 + margin) < 1
    ]
    return sum(
        float(weight * np.prod([1 + bet * (difference - margin) for difference in differences]))
        for bet, weight in stakes
    )


@settings(max_examples=60)
@given(_differences, _margins)
def test_wealth_is_that_of_the_definition(differences: list[int], margin: float) -> None:
    """Counting wins, ties and losses leads to the same wealth as betting turn by turn."""
    counts = PairedCounts().extended(differences)
    expected = log(_wealth_by_definition(differences, margin))
    assert counts.log_wealth(margin) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60)
@given(_graded, _margins)
def test_graded_differences_earn_no_more_than_they_should(
    differences: list[float], margin: float
) -> None:
    """Counting fractions of a win never flatters: the bounds stay valid."""
    counts = PairedCounts().extended(differences)
    assert counts.size == pytest.approx(len(differences))
    limit = log(_wealth_by_definition(differences, margin))
    assert counts.log_wealth(margin) <= limit + 1e-9


@given(_counts, _margins, _margins)
def test_more_is_harder_to_prove(counts: PairedCounts, one: float, other: float) -> None:
    """Wealth against a larger margin is never larger."""
    low, high = sorted((one, other))
    assert counts.log_wealth(high) <= counts.log_wealth(low) + 1e-9


@settings(deadline=None, max_examples=40)
@given(_counts, st.integers(1, 50))
def test_a_win_raises_and_a_loss_lowers_the_bounds(counts: PairedCounts, more: int) -> None:
    """What speaks for the candidate moves both bounds up."""
    won, lost = counts.extended([1] * more), counts.extended([-1] * more)
    assert lost.low(0.05) <= counts.low(0.05) <= won.low(0.05)
    assert lost.high(0.05) <= counts.high(0.05) <= won.high(0.05)


@settings(deadline=None, max_examples=40)
@given(_counts)
def test_the_estimate_lies_between_its_bounds(counts: PairedCounts) -> None:
    """Bounds enclose the mean, more widely for a smaller error; the mirror swaps them."""
    low, high = counts.low(0.05), counts.high(0.05)
    assert -1 <= low <= counts.mean <= high <= 1
    assert counts.low(0.01) <= low
    assert (counts.mirrored.low(0.05), counts.mirrored.high(0.05)) == (-high, -low)


@settings(deadline=None, max_examples=40)
@given(_counts, st.sampled_from([0.01, 0.05, 0.2]))
def test_a_bound_is_where_the_wealth_suffices(counts: PairedCounts, alpha: float) -> None:
    """The lower bound is the largest margin that is excluded, to seven digits."""
    low = counts.low(alpha)
    assert low == -1 or counts.log_wealth(low) >= -log(alpha)
    assert counts.log_wealth(min(1, low + 3e-7)) < -log(alpha)


@given(_differences, st.randoms(use_true_random=False))
def test_order_and_batches_do_not_matter(differences: list[int], random: randomness.Random) -> None:
    """The same differences lead to the same counts in any order and any batches."""
    shuffled = random.sample(differences, len(differences))
    half = len(shuffled) // 2
    once = PairedCounts().extended(differences)
    assert PairedCounts().extended(shuffled[:half]).extended(shuffled[half:]) == once


def test_many_candidates_at_once() -> None:
    """Arrays of counts are judged like single ones."""
    counts = np.array([[[30, 60, 10], [5, 90, 5]], [[0, 0, 0], [10, 60, 30]]], dtype=float)
    lows, highs = lower_gain(counts, alpha=0.05), upper_gain(counts, alpha=0.05)
    for place in np.ndindex(2, 2):
        single = PairedCounts(*counts[place])
        assert lows[place] == single.low(0.05)
        assert highs[place] == single.high(0.05)
        assert log_wealth(counts)[place] == pytest.approx(single.log_wealth())


def test_nothing_is_known_in_the_beginning() -> None:
    """Without a turn the wealth is what it was, and everything is possible."""
    assert PairedCounts().log_wealth() == pytest.approx(0)
    assert (PairedCounts().low(0.05), PairedCounts().high(0.05)) == (-1, 1)
    assert PairedCounts().mean == 0
    assert rate_bounds(0, 0, alpha=0.05) == (0, 1)
    assert MeanSequence().bounds() == (0, 1)


def test_peeking_does_not_turn_luck_into_progress() -> None:
    """Of 1,000 equal candidates, looked at 60 times, no more than alpha seem better."""
    rng = np.random.default_rng(3)
    counts = rng.multinomial(50, [0.16, 0.68, 0.16], size=(1_000, 60)).cumsum(1)
    needed = log(1 / 0.05)
    assert (log_wealth(counts) >= needed).any(1).mean() <= 0.05
    assert (log_wealth(counts[..., ::-1]) >= needed).any(1).mean() <= 0.05


def test_a_gain_of_three_points_is_seen() -> None:
    """With independent errors at a base rate of 0.8, 5,000 turns are enough for four in five."""
    rng = np.random.default_rng(4)
    counts = rng.multinomial(50, [0.166, 0.698, 0.136], size=(500, 100)).cumsum(1)
    assert (log_wealth(counts) >= log(20)).any(1).mean() > 0.8


@pytest.mark.parametrize("rate", [0.01, 0.2, 0.5])
def test_a_rate_stays_within_its_bounds(rate: float) -> None:
    """Of 300 sequences, each side loses the true rate at any look in at most alpha."""
    rng = np.random.default_rng(5)
    hits = rng.binomial(100, rate, size=(300, 20)).cumsum(1)
    sizes = np.arange(100, 2_001, 100)
    counts = np.stack([hits, sizes - hits, np.zeros_like(hits)], axis=-1)
    assert (log_wealth(counts, margin=rate) >= log(20)).any(1).mean() <= 0.05
    assert (log_wealth(counts[..., ::-1], margin=-rate) >= log(20)).any(1).mean() <= 0.05


@pytest.mark.parametrize(("a", "b"), [(1, 1), (10, 30), (0.2, 0.8)])
def test_a_mean_stays_within_its_sequence(a: float, b: float) -> None:
    """Of 150 sequences of graded values, at most alpha lose their mean at any look."""
    rng = np.random.default_rng(6)
    lost = 0
    for values in rng.beta(a, b, size=(150, 500)):
        sequence = MeanSequence(alpha=0.1, cells=200)
        sequence.update(values)
        low, high = sequence.bounds()
        lost += not low <= a / (a + b) <= high
    assert lost / 150 <= 0.1


def test_a_mean_of_calm_values_is_known_better() -> None:
    """Bounds adapt to the variance, which those of a rate can't."""
    rng = np.random.default_rng(7)
    values = rng.uniform(0.28, 0.32, size=1_000)
    sequence = MeanSequence()
    sequence.update(values)
    low, high = sequence.bounds()
    assert low < 0.3 < high
    assert high - low < 0.02
    wide = rate_bounds(float(values.sum()), 1_000, alpha=0.025)
    assert high - low < (wide[1] - wide[0]) / 3


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0, 1), max_size=40), st.integers(0, 40))
def test_values_one_by_one_or_together(values: list[float], cut: int) -> None:
    """Batches lead where single values lead, and bounds never widen."""
    once, twice = MeanSequence(cells=50), MeanSequence(cells=50)
    once.update(values)
    twice.update(values[:cut])
    low, high = twice.bounds()
    twice.update(values[cut:])
    assert once.bounds() == twice.bounds()
    assert once.size == twice.size == len(values)
    assert low <= twice.bounds()[0] <= twice.bounds()[1] <= high


@pytest.mark.parametrize("bad", [1.5, -1.01, float("nan"), float("inf"), "many", None])
def test_a_difference_is_checked(bad: object) -> None:
    """What is no difference is refused."""
    with pytest.raises(InputError):
        PairedCounts().extended([0, bad])  # type: ignore[list-item]


@pytest.mark.parametrize("bad", [-0.1, 1.1, float("nan")])
def test_a_value_is_checked(bad: float) -> None:
    """What is no value from 0 to 1 is refused, with the batch that it came in."""
    sequence = MeanSequence()
    with pytest.raises(InputError):
        sequence.update([0.5, bad])
    assert sequence.size == 0


@pytest.mark.parametrize("bad", [(1, 2), (1, -1, 0), (1, float("nan"), 0), 3, (float("inf"), 0, 0)])
def test_counts_are_checked(bad: object) -> None:
    """What are no counts is refused."""
    with pytest.raises(InputError):
        lower_gain(bad, alpha=0.05)  # type: ignore[arg-type]


@pytest.mark.parametrize("alpha", [0, 1, -0.1, 2, float("nan")])
def test_an_error_probability_is_checked(alpha: float) -> None:
    """Certainty is not for sale."""
    with pytest.raises(InputError):
        PairedCounts(1, 1, 1).low(alpha)
    with pytest.raises(InputError):
        MeanSequence(alpha=alpha)


def test_what_else_is_checked() -> None:
    """Margins, rates and grids that make no sense are refused."""
    with pytest.raises(InputError):
        PairedCounts(1, 1, 1).log_wealth(1.5)
    with pytest.raises(InputError):
        rate_bounds(3, 2, alpha=0.05)
    with pytest.raises(InputError):
        MeanSequence(cells=1)
