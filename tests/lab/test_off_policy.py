"""The small world in which off-policy evaluation is measured."""

import numpy as np
import pytest

from gnothi_lab.off_policy.conversations import ACTIONS, TURNS, Guessing
from gnothi_lab.off_policy.policies import FLOOR, logging_policy, targets
from gnothi_lab.off_policy.trials import OURS, SEEN, Setting, try_out, values

SETTING = Setting(Guessing(), logging_policy, targets())


def test_conversations_are_a_log() -> None:
    """Turns, candidates, propensities and rewards are what the world says they are."""
    log = Guessing().converse(logging_policy, 500, np.random.default_rng(0), each=4)
    assert (log.count, log.names, len(set(log.clusters))) == (500, ACTIONS, 125)
    assert log.horizon == TURNS
    assert log.propensities.min() >= FLOOR
    assert set(log.returns()) == {0.0, 1.0}
    again = logging_policy(log.contexts, log.allowed)
    assert log.taken(again) == pytest.approx(log.propensities)
    # Nothing is offered before two questions, and nothing is done twice.
    assert not log.allowed[log.steps < 2][:, 4:].any()
    pairs = log.episodes * len(ACTIONS) + log.actions
    assert np.unique(pairs).size == pairs.size


def test_the_same_seed_is_the_same_world() -> None:
    """Chance is an argument."""
    one, other = (
        Guessing().converse(logging_policy, 50, np.random.default_rng(3)) for _ in range(2)
    )
    assert one.actions.tolist() == other.actions.tolist()


def test_policies_are_of_graded_distance() -> None:
    """Five steps from what logged to each style, all of them probabilities of candidates."""
    log = Guessing().converse(logging_policy, 200, np.random.default_rng(1))
    distances = {}
    for name, policy in targets().items():
        chances = policy(log.contexts, log.allowed)
        assert chances.sum(1) == pytest.approx(1)
        assert not chances[~log.allowed].any()
        distances[name] = np.abs(log.taken(chances) - log.propensities).mean()
    assert len(distances) == 15
    for style in ("careful", "hasty", "heedless"):
        own = [distance for name, distance in distances.items() if name.startswith(style)]
        assert own == sorted(own)


def test_trials_ask_every_method_about_every_policy() -> None:
    """One value and one interval each, and ours covers the truth in a small run."""
    few = Setting(
        Guessing(), logging_policy, dict(list(targets().items())[:2])
    )  # fmt: skip
    truth = values(few, 20_000, seed=100)
    trials = try_out(few, logs=1, episodes=400, seed=100)
    assert set(truth) == {"", *few.targets}
    methods = [one.method for one in trials.found]
    assert methods.count(OURS) == methods.count(SEEN) == 2
    ours = [one for one in trials.found if one.method == OURS]
    assert all(one.interval.low < truth[one.policy] < one.interval.high for one in ours)
