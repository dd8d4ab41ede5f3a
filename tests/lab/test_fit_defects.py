"""The model of defects is fitted on the simulated world, and measured there."""

import json
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.artifact import read_card, verify
from gnothi.learning.defects import ASSUMED, DefectModel
from gnothi.learning.signs import FEATURES
from gnothi_lab.benchmarks.defects import ece
from gnothi_lab.fit_defects import chances, fitted, measured, write
from gnothi_lab.worlds.judged import Setting, Turns, joined, turns_of


@pytest.fixture(scope="module")
def turns() -> Turns:
    """A week of thirty homes."""
    return turns_of([Setting(5, 0.2, weeks=1)], "tiny")


def test_turns_know_the_truth(turns: Turns) -> None:
    """Failures are as frequent as asked for; what is said again has mostly failed."""
    asked = turns.requests
    assert np.mean(asked.failed) == pytest.approx(0.2, abs=0.04)
    assert turns.anew.any()
    assert np.mean(turns.failed[turns.anew]) == 1.0
    assert not asked.control.any()
    assert len(joined([turns, asked]).failed) == len(turns.failed) + len(asked.failed)


def test_a_fit_finds_failures(turns: Turns) -> None:
    """The model ranks nearly all failed turns above the others; what nobody signals is assumed."""
    model = fitted(turns)
    figures = measured(model, turns)
    assert figures["simulated_dev_auc"] > 0.98
    assert ece(chances(model.defect, turns.features), turns.failed) < 0.02
    assert {name: model.defect[name] for name in ASSUMED} == pytest.approx(dict(ASSUMED))


def test_the_artifact_is_whole(turns: Turns, tmp_path: Path) -> None:
    """Written, verified, and read again, with a card that says *simulated*."""
    model = fitted(turns)
    write(model, {"auc": 1.0}, "7", tmp_path, "tiny")
    card = read_card(tmp_path)
    verify(tmp_path, card)
    loaded = DefectModel.load(tmp_path)
    assert loaded.defect == pytest.approx(dict(model.defect), abs=1e-6)
    assert "Simulated" in json.dumps(card.notices).title()
    assert set(loaded.rephrase) == {*FEATURES, "bias"}


def test_calibration_error() -> None:
    """Chances that come true as often as they say have none."""
    rng = np.random.default_rng(0)
    found = rng.random(50_000)
    assert ece(found, rng.random(50_000) < found) < 0.02
    assert ece(found, rng.random(50_000) < found**3) > 0.1
