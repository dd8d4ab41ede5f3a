"""What a report recommends, what it refuses, and why."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.policy.fitted import Boosted
from gnothi.policy.logs import Log, Target, target
from gnothi.policy.report import INTERVALS, Judged, Rules, Ruling, evaluate
from gnothi.policy.weights import support


def _log(seed: int = 0, size: int = 3000, floor: float = 0.2, people: int = 1000) -> Log:
    """Return decisions of which the third action is right most often, and seldom chosen."""
    rng = np.random.default_rng(seed)
    logged = np.array([1 - 2 * floor, floor, floor])
    actions = rng.choice(3, size, p=logged)
    rewards = (rng.random(size) < np.array([0.3, 0.3, 0.7])[actions]).astype(float)
    return Log(
        episodes=np.arange(size),
        actions=actions,
        propensities=logged[actions],
        rewards=rewards,
        contexts=rng.normal(size=(size, 2)),
        allowed=np.ones((size, 3), dtype=bool),
        clusters=np.arange(size) % people,
        names=("a", "b", "c"),
    )


def _always(log: Log, *probabilities: float, name: str = "new") -> Target:
    return target(name, log, np.tile(probabilities, (log.size, 1)))


def _judged(log: Log, policy: Target, rules: Rules | None = None) -> Judged:
    return evaluate(log, [policy], rules).policies[0]


def _keys(one: Judged) -> list[str]:
    return [reason.key for reason in one.reasons]


def test_a_better_policy_is_recommended() -> None:
    """With support and a gain that is proven, the best of those that passed is named."""
    log = _log()
    report = evaluate(log, [_always(log, 0.4, 0.2, 0.4), _always(log, 0, 0, 1, name="best")])
    assert [one.ruling for one in report.policies] == [Ruling.RECOMMEND] * 2
    assert report.recommended is report.policies[1]
    assert report.policies[1].value == pytest.approx(0.7, abs=0.05)
    assert "Recommended: best." in report.text()


@pytest.mark.parametrize(
    ("policy", "rules", "reason"),
    [
        ((1.0, 0.0, 0.0), Rules(), "policy-worse"),
        ((0.59, 0.2, 0.21), Rules(), "policy-unproven"),
        ((0.0, 0.0, 1.0), Rules(margin=0.5), "policy-worse"),
        ((0.0, 0.0, 0.9), Rules(), "policy-untried"),
        ((0.0, 0.0, 1.0), Rules(effective=2000), "policy-few"),
        ((0.0, 0.0, 1.0), Rules(width=0.01), "policy-wide"),
        ((0.0, 0.0, 1.0), Rules(dominance=0.001), "policy-dominated"),
    ],
)
def test_refusals_say_why(policy: tuple[float, ...], rules: Rules, reason: str) -> None:
    """What is no better, not proven, never tried, hardly supported or too wide is refused."""
    log = _log()
    found = _judged(log, _always(log, *policy), rules)
    assert found.ruling is Ruling.REFUSE
    assert reason in _keys(found)
    assert "Refused" in evaluate(log, [_always(log, *policy)], rules).text()


def test_wrong_propensities_are_noticed() -> None:
    """Where weights don't have a mean of 1, the log is not what it says."""
    log = _log()
    wrong = Log(
        episodes=log.episodes,
        actions=log.actions,
        propensities=np.full(log.size, 0.5),
        rewards=log.rewards,
        contexts=log.contexts,
        allowed=log.allowed,
        clusters=log.clusters,
        names=log.names,
    )
    assert "policy-propensities" in _keys(_judged(wrong, _always(wrong, 0, 0, 1)))
    assert "policy-propensities" not in _keys(_judged(log, _always(log, 0, 0, 1)))


def test_what_never_happened_is_no_policy_to_recommend() -> None:
    """A policy that never does what was done has no weight at all, and is refused."""
    log = _log(size=50, floor=0.0, people=50)
    found = _judged(log, _always(log, 0, 0, 1))
    assert {"policy-untried", "policy-few", "policy-wide"} <= set(_keys(found))
    assert (found.interval.low, found.interval.high) == (0.0, 1.0)


def test_support_is_told_by_step() -> None:
    """Mass that was never a candidate is counted where it lies."""
    log = _log()
    found = support(log, _always(log, 0.5, 0.2, 0.0))
    assert found.untried == pytest.approx(0.3)
    assert found.by_step[0].mean_weight == pytest.approx(0.7, abs=0.02)
    assert found.known
    own = support(log, target("own", log, log.propensities))
    assert (own.effective, own.known) == (pytest.approx(log.count), False)


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("method", [None, "ips", "pdis", "dr"])
def test_every_interval_goes_with_every_method(interval: str, method: str | None) -> None:
    """All combinations find the value of a policy that is well supported."""
    log = _log()
    found = _judged(log, _always(log, 0, 0, 1), Rules(interval=interval, method=method))
    assert found.interval.low < 0.7 < found.interval.high
    assert found.gain_interval.low < 0.32 < found.gain_interval.high
    assert found.interval.guaranteed == (interval == "betting")


def test_a_regression_of_ones_own_may_be_given() -> None:
    """Boosted trees take the place of the ridge regression."""
    log = _log(size=600)
    report = evaluate(log, [_always(log, 0, 0, 1)], regression=Boosted(trees=5))
    assert report.policies[0].value == pytest.approx(0.7, abs=0.1)


def test_the_report_is_json() -> None:
    """Numbers, and reasons by name and in words."""
    log = _log(size=500)
    told = json.loads(json.dumps(evaluate(log, [_always(log, 0.6, 0.2, 0.2)]).json()))
    assert told["recommended"] is None
    [one] = told["policies"]
    assert one["reasons"][0]["name"] == "policy-unproven"
    assert "not proven" in one["reasons"][0]["text"]
    assert one["support"]["by_step"][0]["episodes"] == 500


def test_bounds_of_returns_are_taken_from_the_log_only_if_need_be() -> None:
    """Returns beyond 0 to 1 without given bounds are told to be a guess."""
    log = _log(size=300)
    larger = Log(
        episodes=log.episodes,
        actions=log.actions,
        propensities=log.propensities,
        rewards=10 * log.rewards,
        contexts=log.contexts,
        allowed=log.allowed,
        clusters=log.clusters,
        names=log.names,
    )
    policy = _always(larger, 0, 0, 1)
    assert "so with the bounds" in evaluate(larger, [policy]).text()
    assert evaluate(larger, [policy], Rules(bounds=(0, 20))).bounds == (0, 20)
    with pytest.raises(InputError, match="said to be possible"):
        evaluate(larger, [policy], Rules(bounds=(0, 5)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_policy_that_changes_nothing_is_hardly_ever_recommended(seed: int) -> None:
    """What logged, compared with itself, is never recommended."""
    log = _log(seed=seed, size=200, people=200)
    assert _judged(log, _always(log, 0.6, 0.2, 0.2)).ruling is Ruling.REFUSE


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Rules(method="magick"),
        lambda: Rules(interval="t"),
        lambda: Rules(method="magic", interval="student"),
        lambda: Rules(alpha=0),
        lambda: Rules(bounds=(1, 1)),
    ],
)
def test_rules_without_sense_are_refused(wrong: Callable[[], Rules]) -> None:
    """Unknown methods and intervals are named with those that are known."""
    with pytest.raises(InputError):
        wrong()
