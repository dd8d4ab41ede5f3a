"""Typed sessions, labelled by hand, and simulated people who ask for one thing after the other."""

import numpy as np
import pytest

from gnothi.learning.defects import shipped
from gnothi_lab.typed import DEVELOPMENT, LOCKED, judged, moments, read_scripts, read_turns
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.world import Week, World
from gnothi_lab.worlds.judged import in_a_row


def test_every_turn_has_a_label() -> None:
    """Recorded is what the scripts type, at their moments, and somebody has judged each answer."""
    for script in read_scripts():
        rows = [row for row in read_turns(script.split) if row["session"] == script.name]
        assert [row["text"] for row in rows] == [text for _, text in moments(script)]
        assert {type(row["failed"]) for row in rows} == {bool}


def test_halves_are_apart() -> None:
    """No session is both for development and locked."""
    names = [{row["session"] for row in read_turns(split)} for split in (DEVELOPMENT, LOCKED)]
    assert len(names[0]) == len(names[1]) == 5
    assert names[0].isdisjoint(names[1])


def test_brisk_typing_is_no_failure() -> None:
    """Most of what is counted as failed did fail, and about as much is counted as fails."""
    found = judged(shipped().judge, DEVELOPMENT)
    counted = found.chance >= 0.5
    assert np.mean(found.failed[counted]) > 0.8
    assert found.chance.sum() == pytest.approx(found.failed.sum(), rel=0.5)


@pytest.fixture(scope="module")
def week() -> Week:
    """A week of thirty homes."""
    return World(Parameters.load("tiny"), seed=5, defect_rate=0.2).play(0)


def test_in_a_row_nobody_waits(week: Week) -> None:
    """Wishes follow within seconds, and what is said again is still said next."""
    rows = in_a_row(week, seed=1).log.to_pandas()
    gaps = rows.groupby("session")["at"].diff().dt.total_seconds().dropna()
    assert gaps.median() < 15
    assert (gaps >= 0).all()
    assert rows.groupby("session").size().median() > 5
    known = week.truth.to_pandas().set_index("id").rephrases.dropna()
    before = rows.id.shift().set_axis(rows.id)
    kept = known[known.index.isin(rows.id)]
    assert len(kept) > 50
    assert (before[kept.index] == kept).mean() > 0.8


def test_only_some_are_in_a_row(week: Week) -> None:
    """Half of the people are fewer than all; the same seed brings the same."""
    everybody = in_a_row(week, seed=1).log
    some = in_a_row(week, seed=1, share=0.5).log
    assert 0 < some.num_rows < 0.8 * everybody.num_rows
    assert in_a_row(week, seed=1).log.equals(everybody)
