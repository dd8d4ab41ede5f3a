"""Intervals, where the truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi_lab.statistics import bootstrap, cluster_bootstrap, rate, wilson


def test_wilson_agrees_with_the_textbook() -> None:
    """Ten of ten is an interval from 0.722, not a certainty."""
    assert wilson([True] * 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_a_rate_lies_in_its_interval(hits: list[bool]) -> None:
    """The estimate never falls outside its own interval."""
    low, high = wilson(hits)
    assert low - 1e-9 <= rate(hits) <= high + 1e-9


def test_the_bootstrap_covers_the_truth_about_as_often_as_it_says() -> None:
    """Of 200 intervals of 95 percent, nearly all hold the true mean."""
    rng = np.random.default_rng(0)
    intervals = [bootstrap(rng.normal(3, 1, 50), rng, draws=300) for _ in range(200)]
    assert 0.89 <= np.mean([low <= 3 <= high for low, high in intervals]) <= 0.99


def test_rows_of_one_home_hang_together() -> None:
    """Drawing homes gives a wider interval than drawing rows when whole homes fail."""
    hits = [True] * 50 + [False] * 50
    homes = ["a"] * 50 + ["b"] * 50
    low, high = cluster_bootstrap(hits, homes, np.random.default_rng(0))
    assert high - low > wilson(hits)[1] - wilson(hits)[0]
