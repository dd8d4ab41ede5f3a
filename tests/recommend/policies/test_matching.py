"""Exploring by probability matching."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.conversation import Recommender
from gnothi.recommend.policies.gain import InformationGain
from gnothi.recommend.policies.matching import Matching

MENU = Recommender.over(shipped("music"), InformationGain()).begin(np.random.default_rng(0)).menu()


class _Fixed:
    def __init__(self, worth: list[float]) -> None:
        self._worth = worth

    def worth(self, menu: object) -> np.ndarray:
        del menu
        return np.array(self._worth)


worths = st.lists(st.floats(-3, 3), min_size=len(MENU.candidates), max_size=len(MENU.candidates))


@settings(max_examples=30, deadline=None)
@given(worths, st.floats(0.05, 2.0))
def test_chances_add_up_and_nothing_is_below_the_floor(worth: list[float], spread: float) -> None:
    """Every candidate keeps a chance that the log can be judged by."""
    chances = Matching(_Fixed(worth), spread).chances(MENU)
    assert np.isclose(chances.sum(), 1)
    assert chances.min() >= min(0.02, 0.5 / len(worth)) - 1e-9


def test_what_is_worth_more_is_asked_more_often() -> None:
    """The better of two stands before the other, but not always first."""
    worth = [0.0] * len(MENU.candidates)
    worth[0], worth[1] = 0.6, 0.4
    chances = Matching(_Fixed(worth), 0.2).chances(MENU)
    assert chances[0] > chances[1] > chances[2]


def test_the_same_moment_has_the_same_chances() -> None:
    """Propensities can be worked out again."""
    policy = Matching(InformationGain(), 0.5)
    assert np.array_equal(policy.chances(MENU), policy.chances(MENU))
