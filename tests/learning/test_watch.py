"""How live rewrites are watched: their record, and that of their words without them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.language.rewrites import Rewrite, RewriteTable
from gnothi.learning.outcomes import Turn
from gnothi.learning.watch import Use, failing, uses

START = datetime(2026, 11, 2, 18, tzinfo=UTC)
LIVE = Rewrite("play wow", "play wow by kate bush", evidence={"own_score": 0.2})
counts = st.integers(0, 40)


def turn(
    day: int, *, used: str = "", failed: bool = False, heard: str = "play wow", who: str = "ana"
) -> Turn:
    """Say something on some *day*, rewritten to what was *used*."""
    return Turn(
        session=f"{day}",
        at=START + timedelta(days=day),
        person=who,
        heard=heard,
        interpretation="",
        defect=900 if failed else 10,
        rephrase=0,
        rewritten=bool(used),
        used=used or heard,
    )


def test_both_sides_are_counted_since_the_first_use() -> None:
    """The record has the turns that were rewritten, and those that were held out meanwhile."""
    turns = [
        turn(0, failed=True),
        turn(1, used=LIVE.target),
        turn(2, used=LIVE.target, failed=True),
        turn(3),
        turn(4, failed=True),
        turn(5, heard="play abba"),
    ]
    (use,) = uses(turns, RewriteTable([LIVE]))
    assert (use.wins, use.losses, use.held_wins, use.held_losses) == (1, 1, 1, 1)
    assert (use.earlier_wins, use.earlier_losses) == (0, 1)


def test_what_another_target_did_is_not_its_record() -> None:
    """Words that are rewritten to something new begin anew."""
    turns = [turn(day, used="play wow by post malone", failed=True) for day in range(9)]
    (use,) = uses(turns, RewriteTable([LIVE]))
    assert use.wins == use.losses == 0
    assert not list(failing([use]))


def test_a_few_failures_in_a_row_are_enough() -> None:
    """No rewrite that only fails stays, whatever is known of its words."""
    assert list(failing([Use(LIVE, losses=3)]))
    assert not list(failing([Use(LIVE, wins=8, losses=1)]))


def test_the_hold_out_finds_what_is_right_half_of_the_time() -> None:
    """What mostly succeeds is withdrawn where its words alone do better in the same weeks."""
    middling = Use(LIVE, wins=28, losses=12)
    assert not list(failing([middling]))
    assert list(failing([Use(LIVE, 28, 12, held_wins=12)]))


def test_words_that_worked_before_are_given_back() -> None:
    """A rewrite of a request that worked is withdrawn although most of its failures go unseen."""
    assert not list(failing([Use(LIVE, 7, 3)]))
    assert list(failing([Use(LIVE, 7, 3, earlier_wins=60, earlier_losses=1)]))


def test_the_hold_out_outweighs_what_was_before() -> None:
    """Words that worked once, and fail now without the rewrite, are no reason to withdraw it."""
    assert not list(failing([Use(LIVE, 28, 12, held_losses=60, earlier_wins=300)]))


def test_the_hold_out_keeps_what_is_better_than_nothing() -> None:
    """Words that fail without it are no reason to withdraw a rewrite that mostly succeeds."""
    assert not list(failing([Use(LIVE, 28, 12, held_losses=12)]))


@settings(deadline=None, max_examples=40)
@given(counts, counts, counts, counts)
def test_a_doubt_is_a_probability(wins: int, losses: int, fine: int, bad: int) -> None:
    """More failures never make a rewrite look better, nor does more success without it."""
    use = Use(LIVE, wins, losses, fine, bad)
    assert 0.0 <= use.worse <= 1.0 + 1e-9
    assert Use(LIVE, wins, losses + 1, fine, bad).worse >= use.worse - 1e-9
    assert Use(LIVE, wins, losses, fine + 1, bad).worse >= use.worse - 1e-9


def test_the_sum_agrees_with_chance() -> None:
    """The comparison is the probability that one Beta variable is below another."""
    import numpy as np

    rng = np.random.default_rng(1)
    use = Use(LIVE, 30, 10, 14, 2)
    one = rng.beta(31, 11, 200_000)
    other = np.maximum(rng.beta(0.5 + 2 * 0.2 + 14, 0.5 + 2 * 0.8 + 2, 200_000), 0.5)
    assert use.worse == pytest.approx((one < other).mean(), abs=0.005)
