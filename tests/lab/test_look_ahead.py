"""Policies are compared at equal latency, and with the best mixture of the fixed ones."""

import numpy as np
import pytest

from gnothi.speech.word_errors import Errors
from gnothi_lab.benchmarks.look_ahead import FIXED, OURS, Outcome, compared, hull


def test_the_hull_is_the_best_mixture() -> None:
    """Between two policies lies their mixture; a policy above it is of no use."""
    delays, rates = np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.4, 0.35, 0.2, 0.2])
    assert hull(delays, rates, 1.0) == pytest.approx(0.3)
    assert hull(delays, rates, 3.0) == pytest.approx(0.2)
    assert hull(delays, rates, 9.0) == pytest.approx(0.2)
    assert hull(delays, rates, 0.0) == pytest.approx(0.4)


def test_a_policy_on_the_hull_gains_nothing() -> None:
    """Half the errors at the same delay are a reduction by half; the same errors are none."""
    rng = np.random.default_rng(0)

    def outcomes(edits: int, delay: float) -> list[Outcome]:
        return [Outcome(Errors(edits, 10), np.full(9, delay), np.full(9, True)) for _ in range(8)]

    fixed = {f"fixed_{one.chunk}_{one.right}": outcomes(4, float(one.right)) for one in FIXED}
    figures, intervals = compared({**fixed, OURS: outcomes(2, 1.0)}, rng, draws=20)
    assert figures["wer_reduction_at_equal_latency"] == pytest.approx(0.5)
    assert intervals["wer_reduction_at_equal_latency"] == pytest.approx((0.5, 0.5))
    figures, _ = compared({**fixed, OURS: outcomes(4, 1.0)}, rng, draws=20)
    assert figures["wer_reduction_at_equal_latency"] == pytest.approx(0.0)


def test_latency_counts_what_is_said() -> None:
    """Silence before and after is no part of it, pauses within are."""
    delays = np.array([0.0, 0.0, 2.0, 4.0, 6.0, 0.0])
    is_token = np.array([False, False, True, False, True, False])
    within, every, tokens = Outcome(Errors(0, 1), delays, is_token).sums()
    assert within == (12.0, 3.0)
    assert every == (12.0, 6.0)
    assert tokens == (8.0, 2.0)
