"""Choosing with a probability that is known and never too small."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.policy.matching import FLOOR, best_of_draws, best_of_normals, match, with_floor

_chances = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(_chances, st.integers(0, 2**20 - 1), st.floats(0, 0.05))
def test_every_allowed_action_has_its_floor(
    chances: list[float], chosen: int, floor: float
) -> None:
    """Probabilities add up to 1, none is below the floor, and what is not allowed has none."""
    allowed = [bool(chosen >> place & 1) for place in range(len(chances))]
    allowed[0] = True
    found = with_floor(chances, floor=floor, allowed=allowed)
    assert found.sum() == pytest.approx(1)
    assert (found[allowed] >= floor - 1e-12).all()
    assert (found[~np.array(allowed)] == 0).all()


@given(_chances)
def test_above_the_floor_proportions_stay(chances: list[float]) -> None:
    """An action twice as likely to be best is taken twice as often."""
    found = with_floor(chances)
    above = found > FLOOR + 1e-9
    given_ = np.array(chances)[above]
    if above.any() and given_.sum():
        assert found[above] * given_.sum() == pytest.approx(given_ * found[above].sum(), abs=1e-9)


@given(_chances)
def test_enough_changes_nothing(chances: list[float]) -> None:
    """Chances that are all above the floor are taken as they are."""
    raised = np.array(chances) + 1
    assert with_floor(raised) == pytest.approx(raised / raised.sum())


def test_five_per_cent_likely_to_be_best_is_taken_as_often() -> None:
    """Choices have the frequencies that are logged as their propensities."""
    rng = np.random.default_rng(0)
    chances = [0.7, 0.24, 0.05, 0.01]
    choices = [match(chances, rng) for _ in range(20_000)]
    shares = np.bincount([choice.action for choice in choices], minlength=4) / len(choices)
    probabilities = choices[0].probabilities
    assert probabilities[3] == pytest.approx(FLOOR)
    assert probabilities[2] == pytest.approx(0.05 * 0.98 / 0.99)
    assert shares == pytest.approx(probabilities, abs=0.01)
    assert all(choice.propensity == probabilities[choice.action] for choice in choices[:50])


def test_the_same_seed_chooses_the_same() -> None:
    """Chance is an argument."""
    one, other = (
        [match([0.5, 0.3, 0.2], rng).action for _ in range(20)]
        for rng in (np.random.default_rng(7), np.random.default_rng(7))
    )
    assert one == other


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 3)), min_size=1, max_size=6))
def test_normal_posteriors_agree_with_draws(posterior: list[tuple[float, float]]) -> None:
    """The exact chances of being best are those of very many draws."""
    means, deviations = np.array(posterior).T
    draws = np.random.default_rng(1).normal(means, deviations, (20_000, len(means)))
    assert best_of_normals(means, deviations) == pytest.approx(best_of_draws(draws), abs=0.03)


def test_two_normals_have_a_formula() -> None:
    """Of two actions, the chance of the first is that of a difference above 0."""
    found = best_of_normals([0.3, 0.0], [0.4, 0.3])
    assert found[0] == pytest.approx(0.7257469, abs=1e-6)


def test_equals_share_and_nonsense_is_refused() -> None:
    """Draws without a winner are split; what can't be chosen from is named."""
    assert best_of_draws([[1.0, 1.0], [0.0, 1.0]]).tolist() == [0.25, 0.75]
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="more than there is"):
        match([1.0] * 60, rng)
    with pytest.raises(InputError, match="Something must be allowed"):
        match([0.5, 0.5], rng, allowed=[False, False])
    with pytest.raises(InputError, match="numbers from 0"):
        match([0.5, -0.5], rng)
    with pytest.raises(InputError, match="above 0"):
        best_of_normals([0.0], [0.0])
    with pytest.raises(InputError, match="as many as"):
        best_of_normals([0.0], [1.0, 1.0])
    with pytest.raises(InputError, match="Draws"):
        best_of_draws([])
