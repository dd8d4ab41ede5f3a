"""How much a frame will change is learned from features alone."""

import numpy as np
import pytest

from gnothi.speech.lookahead import FEATURES, Gate
from gnothi_train.speech.look_ahead import explained, fit


def test_a_quadratic_form_is_found_again() -> None:
    """Where the truth is such a form, it is foretold on rows that were not seen."""
    rng = np.random.default_rng(0)
    rows = rng.normal(2.0, 3.0, (3000, FEATURES))
    z = (rows - 2) / 3
    changes = np.exp(-2 + 0.5 * z[:, 0] - 0.3 * z[:, 1] ** 2 + 0.4 * z[:, 2] * z[:, 3])
    weights = fit(rows[:2000], changes[:2000])
    assert explained(weights, rows[2000:], changes[2000:]) > 0.95
    shuffled = fit(rows[:2000], rng.permutation(changes[:2000]))
    assert explained(shuffled, rows[2000:], changes[2000:]) < 0.1


def test_what_is_learned_is_what_serves() -> None:
    """The gate foretells what the trainer's form says."""
    rng = np.random.default_rng(1)
    rows, changes = rng.normal(size=(500, FEATURES)), rng.exponential(0.2, 500)
    weights = fit(rows, changes)
    gate = Gate(
        weights["mean"], weights["scale"], float(weights["bias"]),
        weights["linear"], weights["quadratic"],
    )  # fmt: skip
    scores = np.log(rng.dirichlet(np.ones(20), 5)).astype(np.float32)
    assert (gate.rest(scores, scores[:3]) > 0).all()
    assert gate.rest(scores, scores[:3])[3:] == pytest.approx(gate.rest(scores, scores[:2])[3:])
