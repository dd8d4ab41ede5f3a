"""How much a question tells: the formulas against counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.recommend.information import entropy, of_pairs, of_suggestions, yes_or_no
from gnothi.recommend.noise import Noise

chances = st.floats(0.01, 0.99)
NONE = np.zeros(1)


def counted(classes: np.ndarray, answers: np.ndarray) -> float:
    """Mutual information by its definition."""
    joint = classes[:, None] * answers
    product = classes[:, None] * joint.sum(0)
    seen = joint > 0
    return float((joint[seen] * np.log(joint[seen] / product[seen])).sum())


@given(chances)
def test_a_suggestion_tells_what_counting_says(share: float) -> None:
    """The closed form is the mutual information of answer and item."""
    noise = Noise()
    gain, yes = of_suggestions(np.array([share]), NONE, noise)
    answers = np.array([[noise.hit, 1 - noise.hit], [noise.stray, 1 - noise.stray]])
    assert gain[0] == pytest.approx(counted(np.array([share, 1 - share]), answers), abs=1e-9)
    assert 0 < yes[0] < 1


@given(chances, chances, st.floats(0, 1))
def test_a_choice_tells_what_counting_says(first: float, second: float, overlap: float) -> None:
    """So with choices, whatever the overlap of the two values."""
    least, most = max(0.0, first + second - 1), min(first, second)
    both = least + overlap * (most - least)
    gain, _ = of_pairs(*(np.array([x]) for x in (first, second, both)), NONE, Noise())
    classes = np.array([1 - first - second + both, first - both, second - both, both]).clip(0)
    assert gain[0] == pytest.approx(counted(classes, Noise().choice), abs=1e-6)


def test_halves_tell_most_and_shrugs_less() -> None:
    """A value that half of what is likely has is the best question; rare ones meet shrugs."""
    shares = np.array([0.05, 0.5, 0.95])
    gain, _ = of_suggestions(shares, np.zeros(3), Noise())
    assert gain.argmax() == 1
    assert of_suggestions(shares, np.full(3, 0.5), Noise())[0] == pytest.approx(gain / 2)
    assert list(np.argsort(Noise().shrugs(np.array([0.5, 0.01, 0.001])))) == [0, 1, 2]


def test_entropy_of_certainty_is_nothing() -> None:
    """No surprise, no entropy."""
    assert entropy(np.array([1.0, 0.0])) == 0
    assert yes_or_no(np.array([0.5]))[0] == pytest.approx(np.log(2))
