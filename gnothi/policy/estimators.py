"""What a policy is worth, from a log of another one.

Notation, for episodes i and steps t from 0: rewards r, ratios rho of :func:`weights.ratios`,
weights ``w_t = rho_0 * ... * rho_t`` and ``w_{-1} = 1``, a discount g, and, where there is a
model, Q of what was done and V of the policy (:func:`fitted.fit_q`). n is the number of episodes;
after the end of an episode its weight stays and all else is 0. A bandit's log has one step.

Each estimate is the mean of one *score* an episode. For a ratio of means the scores are
linearised, so that the spread of their mean is that of the estimate to first order (the delta
method); :mod:`gnothi.policy.intervals` takes it from there. Sources are told by the name that
the method has there where versions of a paper number their sections differently.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np

from gnothi.core.errors import InputError
from gnothi.policy.fitted import Fitted
from gnothi.policy.logs import Floats, Log, Target
from gnothi.policy.weights import cumulative, ratios


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """What a policy is worth an episode, by one method."""

    method: str
    value: float
    scores: Floats
    """Mean ``value``; shape ``(episodes,)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A log seen by a target policy: all arrays have the shape ``(episodes, horizon)``."""

    rewards: Floats
    """Discounted: ``g**t * r_t``."""
    ratios: Floats
    weights: Floats
    before: Floats
    """Weights before each step: ``w_{t-1}``."""
    q: Floats | None
    """Discounted ``g**t * Q(x_t, a_t)``; ``None`` without a model."""
    v: Floats | None
    """Discounted ``g**t * V(x_t)``."""

    @property
    def final(self) -> Floats:
        """Weight of each whole episode; shape ``(episodes,)``."""
        return self.weights[:, -1]

    @property
    def returns(self) -> Floats:
        """Sum of each episode's rewards; shape ``(episodes,)``."""
        return self.rewards.sum(1)

    def model(self) -> tuple[Floats, Floats]:
        """Return ``q`` and ``v``.

        Raises:
            InputError: there is no model.
        """
        if self.q is None or self.v is None:
            raise InputError("This method needs a model: pass what fit_q returns.")
        return self.q, self.v


_QUARTILE = 0.6744897501960817
"""Half of a normal distribution lies within so many deviations."""

Estimator: TypeAlias = Callable[[Evidence], Estimate]


def evidence(
    log: Log, target: Target, fitted: Fitted | None = None, *, discount: float = 1.0
) -> Evidence:
    """Return what the estimators need.

    Raises:
        InputError: the discount is not above 0 and at most 1.
    """
    if not 0 < discount <= 1:
        raise InputError(f"A discount lies above 0 and is at most 1, unlike {discount}.")
    weights = cumulative(log, target)
    fading = discount ** np.arange(log.horizon)
    return Evidence(
        rewards=log.by_step(log.rewards) * fading,
        ratios=log.by_step(ratios(log, target), fill=1.0),
        weights=weights,
        before=_before(weights),
        q=None if fitted is None else log.by_step(fitted.taken) * fading,
        v=None if fitted is None else log.by_step(fitted.value) * fading,
    )


def ips(seen: Evidence) -> Estimate:
    """Inverse propensity scores of whole episodes: unbiased, and of huge variance.

        1/n sum_i w_{i,T-1} * sum_t g**t r_it

    Horvitz and Thompson 1952; Precup, Sutton and Singh 2000 (importance sampling).
    """
    return _mean("ips", seen.final * seen.returns)


def wis(seen: Evidence) -> Estimate:
    """Self-normalised IPS (weighted importance sampling): within the returns that were seen.

        sum_i w_{i,T-1} * G_i / sum_i w_{i,T-1},    G_i = sum_t g**t r_it

    Precup et al. 2000 (weighted importance sampling); Swaminathan and Joachims 2015 (SNIPS).
    """
    return _ratios("wis", seen.returns[:, None], seen.final[:, None])


def pdis(seen: Evidence) -> Estimate:
    """Per-decision importance sampling: what comes later does not weigh what came before.

        1/n sum_i sum_t g**t w_it r_it

    Precup et al. 2000 (per-decision). For one step, and for rewards at the end alone, it is IPS.
    """
    return _mean("pdis", (seen.weights * seen.rewards).sum(1))


def wpdis(seen: Evidence) -> Estimate:
    """Per-decision importance sampling, self-normalised at each step: biased, consistent.

        sum_t g**t * (sum_i w_it r_it / sum_i w_it)

    Precup et al. 2000; Thomas 2015, thesis (consistent weighted per-decision, CWPDIS).
    """
    return _ratios("wpdis", seen.rewards, seen.weights)


def dm(seen: Evidence) -> Estimate:
    """Direct method: what the model says of the beginnings. Its bias shows in no interval.

        1/n sum_i V(x_i0)

    With fitted-Q evaluation as the model: Le, Voloshin and Yue 2019.
    """
    _, v = seen.model()
    return _mean("dm", v[:, 0])


def dr(seen: Evidence) -> Estimate:
    """Doubly robust: unbiased whatever the model; the better the model, the less it spreads.

        1/n sum_i sum_t g**t [w_it * (r_it - Q_it) + w_{i,t-1} * V_it]

    Jiang and Li 2016, section 4, equation 10, unrolled; for one step Dudik, Langford and Li 2011.
    """
    return _mean("dr", _corrected(seen, seen.weights, seen.before))


def wdr(seen: Evidence) -> Estimate:
    """Weighted doubly robust: weights at each step divided by their mean.

        sum_t g**t [sum_i w_it (r_it - Q_it) / sum_i w_it + sum_i w_{i,t-1} V_it / sum_i w_{i,t-1}]

    Thomas and Brunskill 2016 (WDR).
    """
    q, v = seen.model()
    left = _ratios("", seen.rewards - q, seen.weights)
    ahead = _ratios("", v, seen.before)
    return Estimate("wdr", left.value + ahead.value, left.scores + ahead.scores)


def switch(seen: Evidence, threshold: float | None = None) -> Estimate:
    """Switch from weights to the model at the step where a ratio exceeds the *threshold*.

        V_switch(t) = V_t + 1(rho_t <= threshold) * rho_t * (r_t + g V_switch(t+1) - Q_t)

    The doubly robust SWITCH of Wang, Agarwal and Dudik 2017 at each step of the recursion of
    Jiang and Li. Without a threshold the one with the least bound of mean squared
    error is taken: variance of the mean, plus the squared range of returns times the mean weight
    that is cut off (their automatic tuning), over quantiles of the ratios.
    """
    if threshold is not None:
        return _mean("switch", _switched(seen, threshold))
    reach = float(np.ptp(seen.returns))
    quantiles = np.quantile(seen.ratios, [0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
    options = sorted({*(float(value) for value in quantiles), np.inf})

    def badness(option: float) -> float:
        scores = _switched(seen, option)
        return float(scores.var() / scores.size) + (reach * _cut(seen, option)) ** 2

    return _mean("switch", _switched(seen, min(options, key=badness)))


def magic(seen: Evidence) -> Estimate:
    """Blend weighted doubly robust with the model, by how many steps are weighed.

    With g_j the weighted doubly robust estimate whose weights end after step j, and the model
    from there on (g_{-1} is the direct method, g_{T-1} is WDR), the blend sum_j x_j g_j has

        x = argmin over the simplex of  x' (Omega + b b') x

    Omega is the covariance of the g_j, that of their scores over n; b_j is the distance of g_j to
    an interval of WDR that holds half of its distribution. Thomas and Brunskill 2016
    (MAGIC); they bootstrap that interval, and here it is the normal one.
    """
    partial = _partial(seen)
    values = partial.mean(1)
    omega = np.atleast_2d(np.cov(partial)) / partial.shape[1]
    away = _QUARTILE * float(np.sqrt(omega[-1, -1]))
    low, high = values[-1] - away, values[-1] + away
    bias = np.maximum(values - high, 0) - np.maximum(low - values, 0)
    shares = _least(omega + np.outer(bias, bias))
    return Estimate("magic", float(shares @ values), shares @ partial)


WITHOUT_MODEL: Mapping[str, Estimator] = {"ips": ips, "wis": wis, "pdis": pdis, "wpdis": wpdis}
WITH_MODEL: Mapping[str, Estimator] = {
    "dm": dm,
    "dr": dr,
    "wdr": wdr,
    "switch": switch,
    "magic": magic,
}
ESTIMATORS: Mapping[str, Estimator] = {**WITHOUT_MODEL, **WITH_MODEL}


def _before(weights: Floats) -> Floats:
    """Return the weights one step earlier, from 1."""
    return np.concatenate([np.ones((len(weights), 1)), weights[:, :-1]], axis=1, dtype=np.float64)


def _mean(method: str, scores: Floats) -> Estimate:
    return Estimate(method, float(scores.mean()), scores)


def _ratios(method: str, values: Floats, weights: Floats) -> Estimate:
    """Return the sum over steps of weighted means, both of shape ``(episodes, steps)``."""
    totals = weights.sum(0)
    shares = weights / np.where(totals > 0, totals, 1.0)
    means = (shares * values).sum(0)
    value = float(means.sum())
    scores = value + len(values) * (shares * (values - means)).sum(1)
    return Estimate(method, value, scores)


def _corrected(seen: Evidence, weights: Floats, before: Floats) -> Floats:
    q, v = seen.model()
    return (weights * (seen.rewards - q) + before * v).sum(1)


def _switched(seen: Evidence, threshold: float) -> Floats:
    kept = _kept(seen, threshold)
    return _corrected(seen, kept, _before(kept))


def _kept(seen: Evidence, threshold: float) -> Floats:
    """Return the weights that are 0 from the first ratio above *threshold* on."""
    kept = np.where(seen.ratios <= threshold, seen.ratios, 0.0)
    return np.cumprod(kept, axis=1, dtype=np.float64)


def _cut(seen: Evidence, threshold: float) -> float:
    """Return the mean weight that a threshold cuts off, over all steps: at most about 1."""
    over = seen.ratios > threshold
    kept = _kept(seen, threshold)
    return min(1.0, float((_before(kept) * seen.ratios * over).sum(1).mean()))


def _partial(seen: Evidence) -> Floats:
    """Return the scores of ``g_{-1}, ..., g_{T-1}``; shape ``(horizon + 1, episodes)``."""
    q, v = seen.model()
    horizon = q.shape[1]
    gains = [
        _ratios("", (seen.rewards - q)[:, [t]], seen.weights[:, [t]]).scores for t in range(horizon)
    ]
    aheads = [_ratios("", v[:, [t]], seen.before[:, [t]]).scores for t in range(horizon)]
    ahead = np.cumsum([*aheads, np.zeros(len(q))], axis=0)
    gain = np.cumsum([np.zeros(len(q)), *gains], axis=0)
    return gain + ahead


def _least(matrix: Floats) -> Floats:
    """Return the shares from 0, adding up to 1, at which ``x' matrix x`` is least.

    With L'L = matrix, nonnegative least squares on ``|L x|**2 + (sum x - 1)**2`` leads to them
    up to a factor: along each direction the best length is the larger, the smaller the form is.
    """
    optimize: Any = import_module("scipy.optimize")  # it has no types
    values, vectors = np.linalg.eigh(matrix)
    scale = max(float(values.max()), 1e-300)
    root = np.sqrt(np.clip(values / scale, 1e-12, None))[:, None] * vectors.T
    rows = np.concatenate([root, np.ones((1, len(matrix)))])
    found = optimize.nnls(rows, np.append(np.zeros(len(matrix)), 1.0))[0]
    shares = np.asarray(found, dtype=np.float64)
    return shares / shares.sum()
