"""The benchmark of understanding, without its data."""

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.language.understand import NeuralUnderstander
from gnothi_lab.benchmarks.understand import Judged, judge_served, run
from gnothi_train.language.examples import Example, Span
from gnothi_train.language.measure import Answer

RIGHT = Answer("iot_lock", frozenset({("device_type", 9, 19)}))
HALF = Answer("iot_lock", frozenset())


def test_exact_needs_intent_and_all_slots() -> None:
    """A right intent with a missing slot is not exact, and costs slot F1."""
    figures = Judged([RIGHT, RIGHT], [RIGHT, HALF]).figures()
    assert figures["intent"] == 1
    assert figures["exact"] == 0.5
    assert figures["slot_f1"] == pytest.approx(2 / 3)


def test_intervals_hold_their_figures() -> None:
    """Each figure lies in its own bootstrap interval."""
    judged = Judged([RIGHT] * 40, [RIGHT, HALF] * 20)
    intervals = judged.intervals(np.random.default_rng(0))
    for name, value in judged.figures().items():
        low, high = intervals[name]
        assert low <= value <= high


def test_the_served_answer_counts_as_a_whole() -> None:
    """What is split or refused is wrong, whatever its parts say."""
    sentences = [
        Example("lock the front door", "iot_lock", (Span("device_type", 9, 19),)),
        Example("lock the front door and play jazz", "iot_lock", ()),
        Example("freeze my credit card", "iot_lock", ()),
    ]
    answers = judge_served(NeuralUnderstander(), sentences).answers
    assert answers == [RIGHT, Answer(None, frozenset()), Answer(None, frozenset())]


def test_the_data_are_asked_for() -> None:
    """Without data the benchmark says what it needs."""
    with pytest.raises(InputError, match="GNOTHI_DATA"):
        run(quick=True, seed=0, data=None)
