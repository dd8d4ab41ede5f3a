"""Estimators, where expectations are exact."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.errors import InputError
from gnothi.policy import estimators
from gnothi.policy.estimators import ESTIMATORS, WITH_MODEL, WITHOUT_MODEL, Evidence, evidence
from gnothi.policy.fitted import Boosted, Fitted, Ridge, fit_q
from gnothi.policy.logs import Log, Target, target
from tests.policy import tiny

EVERY = list(tiny.episodes())
LOG = tiny.log_of([episode for episode, _, _ in EVERY])
LOGGED = np.array([mine for _, mine, _ in EVERY])
TRUE = tiny.true_values()[1][:2].mean()


def _seen(log: Log, fitted: Fitted | None = None, discount: float = 1.0) -> Evidence:
    return evidence(log, tiny.wanted(log), fitted, discount=discount)


def _fitted(log: Log, q: np.ndarray) -> Fitted:
    chances = tiny.wanted(log).probabilities
    assert chances is not None
    return Fitted(q, log.taken(q), (chances * q).sum(1))


def test_the_small_world_adds_up() -> None:
    """Its episodes have probability 1, and its values are those of Bellman's equation."""
    assert LOGGED.sum() == pytest.approx(1)
    assert sum(p * sum(r for *_, r in e) for e, _, p in EVERY) == pytest.approx(TRUE)


@pytest.mark.parametrize("method", ["ips", "pdis"])
def test_importance_sampling_is_unbiased(method: str) -> None:
    """The mean over every possible episode is the value, to the last digit."""
    assert ESTIMATORS[method](_seen(LOG)).scores @ LOGGED == pytest.approx(TRUE, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_doubly_robust_is_unbiased_with_any_model(seed: int) -> None:
    """A model made of noise does not move the expectation."""
    q = np.random.default_rng(seed).normal(size=(4, 2))[LOG.contexts.argmax(1)]
    scores = estimators.dr(_seen(LOG, _fitted(LOG, q))).scores
    assert scores @ LOGGED == pytest.approx(TRUE, abs=1e-9)


def test_the_true_model_lowers_the_variance() -> None:
    """Doubly robust with the true values spreads less than weights alone, in expectation."""
    q = tiny.true_values()[0][LOG.contexts.argmax(1)]
    seen = _seen(LOG, _fitted(LOG, q))
    spread = {
        name: float((ESTIMATORS[name](seen).scores - TRUE) ** 2 @ LOGGED)
        for name in ("ips", "pdis", "dr")
    }
    assert spread["dr"] < 0.7 * spread["pdis"] < 0.7 * spread["ips"]


def test_self_normalised_methods_approach_the_value() -> None:
    """In a large log all methods agree with the truth, and the better ones more closely."""
    log = tiny.log_of(tiny.draw(np.random.default_rng(0), 20_000))
    fitted = fit_q(log, tiny.wanted(log), Ridge(penalty=0.1))
    found = {name: method(_seen(log, fitted)).value for name, method in ESTIMATORS.items()}
    assert found == {name: pytest.approx(TRUE, abs=0.03) for name in ESTIMATORS}


@pytest.mark.parametrize("regression", [Ridge(penalty=0.1), Boosted(trees=30, leaf=5)])
def test_fitted_q_finds_the_values(regression: Ridge | Boosted) -> None:
    """Fitted-Q evaluation finds the true values of contexts and actions, whatever regresses."""
    log = tiny.log_of(tiny.draw(np.random.default_rng(1), 8_000))
    fitted = fit_q(log, tiny.wanted(log), regression)
    expected = tiny.true_values()[0][log.contexts.argmax(1)]
    assert np.abs(fitted.q - expected).max() < 0.08


def _bandit(seed: int, size: int = 40) -> tuple[Log, Target]:
    rng = np.random.default_rng(seed)
    logged, wanted = rng.dirichlet(np.ones(3), size), rng.dirichlet(np.ones(3), size)
    actions = np.array([rng.choice(3, p=row) for row in logged])
    log = Log(
        episodes=np.arange(size),
        actions=actions,
        propensities=logged[np.arange(size), actions],
        rewards=rng.random(size),
        contexts=rng.normal(size=(size, 2)),
        allowed=np.ones((size, 3), dtype=bool),
        clusters=np.arange(size),
        names=("a", "b", "c"),
    )
    return log, target("t", log, wanted)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_bandit_is_a_conversation_of_one_step(seed: int) -> None:
    """With one step, per-decision sampling is plain, and doubly robust is the bandit's."""
    log, wanted = _bandit(seed)
    fitted = fit_q(log, wanted)
    seen = evidence(log, wanted, fitted)
    assert estimators.pdis(seen).value == pytest.approx(estimators.ips(seen).value)
    assert estimators.wpdis(seen).value == pytest.approx(estimators.wis(seen).value)
    by_hand = fitted.value + wanted.taken / log.propensities * (log.rewards - fitted.taken)
    assert estimators.dr(seen).value == pytest.approx(by_hand.mean())


@pytest.mark.parametrize("method", ESTIMATORS)
def test_evaluating_what_logged_gives_its_mean(method: str) -> None:
    """With all weights 1, every method but the model alone finds the mean return."""
    log = tiny.log_of(tiny.draw(np.random.default_rng(2), 400))
    own = target("own", log, tiny.LOGGED[log.contexts.argmax(1)])
    found = ESTIMATORS[method](evidence(log, own, fit_q(log, own)))
    close = 0.05 if method in {"dm", "magic", "dr", "wdr", "switch"} else 1e-9
    assert found.value == pytest.approx(log.returns().mean(), abs=close)


@pytest.mark.parametrize("method", ESTIMATORS)
def test_scores_average_to_the_estimate(method: str) -> None:
    """Every estimate is the mean of its scores."""
    log = tiny.log_of(tiny.draw(np.random.default_rng(3), 300))
    found = ESTIMATORS[method](_seen(log, fit_q(log, tiny.wanted(log)), 0.9))
    assert found.scores.shape == (300,)
    assert found.scores.mean() == pytest.approx(found.value)


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(30)))
def test_the_order_of_episodes_makes_no_difference(order: list[int]) -> None:
    """All methods give the same for the same episodes in another order."""
    played = tiny.draw(np.random.default_rng(4), 30)
    log, other = tiny.log_of(played), tiny.log_of([played[n] for n in order])
    for method in {**WITHOUT_MODEL, **WITH_MODEL}.values():
        values = [
            method(_seen(one, _fitted(one, tiny.true_values()[0][one.contexts.argmax(1)]))).value
            for one in (log, other)
        ]
        assert values[0] == pytest.approx(values[1], abs=1e-9)


def test_self_normalised_estimates_ignore_the_scale_of_weights() -> None:
    """Propensities that are all off by a factor change nothing in self-normalised methods."""
    log, wanted = _bandit(5)
    halved = Target("half", wanted.taken / 2, None)
    one, other = (evidence(log, policy) for policy in (wanted, halved))
    assert estimators.wis(one).value == pytest.approx(estimators.wis(other).value)
    assert estimators.ips(one).value == pytest.approx(2 * estimators.ips(other).value)


def test_switch_lies_between_its_ends() -> None:
    """Without a threshold to speak of it is doubly robust; with one of 0 it is the model."""
    log = tiny.log_of(tiny.draw(np.random.default_rng(6), 200))
    seen = _seen(log, fit_q(log, tiny.wanted(log)))
    assert estimators.switch(seen, np.inf).value == pytest.approx(estimators.dr(seen).value)
    assert estimators.switch(seen, 0.0).value == pytest.approx(estimators.dm(seen).value)


def test_the_ends_of_the_blend_are_model_and_weights() -> None:
    """Of MAGIC's parts the first is the model alone, and the last weighted doubly robust."""
    log = tiny.log_of(tiny.draw(np.random.default_rng(7), 200))
    seen = _seen(log, fit_q(log, tiny.wanted(log)))
    partial = estimators._partial(seen).mean(1)
    assert partial[0] == pytest.approx(estimators.dm(seen).value)
    assert partial[-1] == pytest.approx(estimators.wdr(seen).value)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
def test_the_blend_is_the_best_of_all_mixtures(seed: int, size: int) -> None:
    """No other mixture of the parts has a smaller estimated error."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(size, size))
    matrix = root @ root.T
    best = estimators._least(matrix)
    others = rng.dirichlet(np.ones(size), 200)
    assert best.sum() == pytest.approx(1)
    assert best @ matrix @ best <= min(other @ matrix @ other for other in others) + 1e-9


def test_a_model_is_asked_for_where_it_is_needed() -> None:
    """Methods with a model say so, and a model needs the probabilities of all actions."""
    log, wanted = _bandit(8)
    with pytest.raises(InputError, match="needs a model"):
        estimators.dr(evidence(log, wanted))
    with pytest.raises(InputError, match="all actions"):
        fit_q(log, target("t", log, wanted.taken))
    with pytest.raises(InputError, match="discount"):
        evidence(log, wanted, discount=0)
