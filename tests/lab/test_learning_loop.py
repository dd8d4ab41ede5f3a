"""The learning loop in the lab: its figures, and a small world from the first week on."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from gnothi.learning.cycle import HOUSEHOLD
from gnothi_lab.benchmarks.rewrites import figures
from gnothi_lab.learning_loop.fleet import Fleet, Settings
from gnothi_lab.learning_loop.tally import Tally
from gnothi_lab.worlds.households import Parameters, World


def tally() -> Tally:
    """Count ten requests by hand: four defects; two wins, one loss, one in vain."""
    found = Tally()
    for _ in range(5):
        found.add(rewritten=False, right_alone=True, right=True)
    found.add(rewritten=False, right_alone=False, right=False, cause="hearing")
    for _ in range(2):
        found.add(rewritten=True, right_alone=False, right=True, cause="name")
    found.add(rewritten=True, right_alone=True, right=False)
    found.add(rewritten=True, right_alone=False, right=False, cause="hearing")
    return found


def test_figures_follow_their_definitions() -> None:
    """Wins, losses and wrong ones are counted among rewritten turns, defects among all."""
    told = figures(tally())
    assert told["win_loss"] == 2
    assert told["defect_reduction_on_rewritten"] == pytest.approx(1 - 2 / 3)
    assert told["defects_corrected"] == pytest.approx((2 - 1) / 4)
    assert told["wrong_rewrite_share"] == pytest.approx(2 / 4)
    assert tally().cured == {"name": 2}
    assert tally().causes == {"hearing": 2, "name": 2}


def test_tallies_add_up() -> None:
    """Two weeks together have the same rates as one that is the same."""
    assert figures(tally() + tally())["defects_corrected"] == pytest.approx(1 / 4)
    assert (tally() + tally()).turns == 20


def test_nothing_learned_is_nothing_corrected() -> None:
    """Without rewrites every figure is a number."""
    assert figures(Tally())["win_loss"] == 0


@cache
def _world() -> World:
    return World(Parameters.load("tiny"), seed=3, defect_rate=0.2)


def test_a_small_world_learns_from_its_log(tmp_path: Path) -> None:
    """After three weeks some requests that would have failed work, and hardly any is spoilt."""
    settings = Settings(plan=HOUSEHOLD, hold_out=0.0)
    fleet = Fleet(_world(), tmp_path, replace(settings))
    for week in range(2):
        fleet.learn(fleet.live(week))
    lived = Tally.of(fleet.live(2))
    assert lived.wins > 5
    assert lived.losses * 10 < lived.wins


def test_what_is_imagined_is_what_happens() -> None:
    """Judging a policy turn by turn agrees with living it."""

    def policy(person: str | None, household: str, text: str) -> str | None:
        del person, household
        return text.replace("please ", "") if text.startswith("please ") else None

    world = _world()
    imagined = Tally.imagined(world, world.play(0), policy)
    assert imagined.rewritten > 20
    assert imagined.losses == imagined.wins == 0
