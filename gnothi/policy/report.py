"""Compares policies with the one that logged, and recommends one or refuses, with reasons.

The interval decides, and it is a guaranteed one (:func:`gnothi.policy.intervals.betting`): it
holds for a log of any size and weights of any size. The estimate beside it is the doubly robust
one with self-normalised weights where there is a model, else self-normalised importance sampling.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import numpy as np

from gnothi.core.acting import Act
from gnothi.core.errors import InputError
from gnothi.core.plain import Json, plain
from gnothi.policy.estimators import ESTIMATORS, WITH_MODEL, Estimate, Evidence, evidence
from gnothi.policy.fitted import Regression, fit_q
from gnothi.policy.intervals import (
    Interval,
    betting,
    betting_gain,
    bootstrap,
    empirical_bernstein,
    student,
)
from gnothi.policy.logs import Floats, Log, Target
from gnothi.policy.weights import Support, support

BIASED = ("dm", "switch", "magic")
"""Methods that lean on the model: what it gets wrong shows in no approximate interval."""
INTERVALS = ("betting", "student", "bootstrap", "empirical-bernstein")
BEST, BEST_WITHOUT_MODEL = "wdr", "wis"
"""What estimates by default: chosen on development seeds of ``gnothi-lab run off-policy``."""


class Ruling(StrEnum):
    """What is said about a policy."""

    RECOMMEND = "recommend"
    """It is better than what logged, and the log supports that."""
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How policies are judged, and what must hold before one is recommended."""

    alpha: float = 0.05
    """Probability with which the interval of a value may be wrong, and any one of those of gains.

    Of several policies, each gain gets its part of it (Bonferroni): many that gain nothing are
    together no likelier to see one of them recommended.
    """
    discount: float = 1.0
    margin: float = 0.0
    """Gain that must be exceeded, in units of the return."""
    effective: float = 100.0
    """Effective episodes that are needed."""
    untried: float = 0.01
    """Largest share of decisions, at any step, that the log could never have made."""
    dominance: float = 0.1
    """Largest share of all weight that one episode may have."""
    drift: float = 4.0
    """Standard errors that the mean weight of any step may be away from 1."""
    width: float = 0.5
    """Widest interval, as a share of the range of returns, that still says something."""
    method: str | None = None
    """One of :data:`gnothi.policy.estimators.ESTIMATORS`; by default the best that is possible."""
    interval: str = "betting"
    """One of :data:`INTERVALS`; all others but this one are approximate here."""
    bounds: tuple[float, float] | None = None
    """Least and largest possible return; by default 0 and 1 where they hold, else those seen."""
    largest: float | None = None
    """Largest possible weight of an episode, where it is known: bounds rare rewards closely."""
    folds: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse rules that make no sense.

        Raises:
            InputError: a method or interval is unknown, they don't fit together, or a limit is
                out of range.
        """
        if self.method is not None and self.method not in ESTIMATORS:
            raise InputError(f"No method '{self.method}'; there are {', '.join(ESTIMATORS)}.")
        if self.interval not in INTERVALS:
            raise InputError(f"No interval '{self.interval}'; there are {', '.join(INTERVALS)}.")
        if self.method in BIASED and self.interval != "betting":
            raise InputError(
                f"What the model of '{self.method}' gets wrong does not show in {self.interval}"
                " intervals: take betting, or another method."
            )
        if not 0 < self.alpha < 1:
            raise InputError(f"An error probability lies between 0 and 1, unlike {self.alpha}.")
        if self.bounds is not None and not self.bounds[0] < self.bounds[1]:
            raise InputError(f"Returns lie between two different numbers, not {self.bounds}.")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the log says about one policy."""

    name: str
    method: str
    value: float
    """Estimated return of an episode."""
    interval: Interval
    gain: float
    """Value above the mean return of the log."""
    gain_interval: Interval
    support: Support
    ruling: Ruling
    reasons: tuple[Act, ...]
    """Why, the most important first; the language pack has the sentences."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the log says about all policies."""

    episodes: int
    decisions: int
    people: int
    alpha: float
    """Probability with which each interval may be wrong."""
    logged: float
    """Mean return of the log."""
    logged_interval: Interval
    bounds: tuple[float, float]
    assumed: bool
    """Whether these bounds of the return were taken from the log, for nobody gave any."""
    policies: tuple[Judged, ...]
    """In the order given."""

    @property
    def recommended(self) -> Judged | None:
        """The recommended policy with the largest lower bound of its gain; ``None`` without."""
        passed = [one for one in self.policies if one.ruling is Ruling.RECOMMEND]
        return max(passed, key=lambda one: one.gain_interval.low, default=None)

    def json(self) -> dict[str, Json]:
        """Return the report as JSON: numbers, and reasons by name and in words."""
        from gnothi.policy.sentences import say

        best = self.recommended
        return {
            "episodes": self.episodes,
            "decisions": self.decisions,
            "people": self.people,
            "alpha": self.alpha,
            "logged": self.logged,
            "logged_interval": _ends(self.logged_interval),
            "bounds": list(self.bounds),
            "recommended": best.name if best else None,
            "policies": [
                {
                    "name": one.name,
                    "method": one.method,
                    "value": one.value,
                    "interval": _ends(one.interval),
                    "gain": one.gain,
                    "gain_interval": _ends(one.gain_interval),
                    "kind": one.interval.kind,
                    "guaranteed": one.interval.guaranteed,
                    "support": plain(one.support),
                    "ruling": one.ruling.value,
                    "reasons": [
                        {"name": act.key, "values": plain(act.values), "text": say(act)}
                        for act in one.reasons
                    ],
                }
                for one in self.policies
            ],
        }

    def text(self) -> str:
        """Return the report in sentences, for a terminal or a notebook."""
        from gnothi.policy.sentences import tell

        return "\n".join(tell(self))


def evaluate(
    log: Log,
    targets: Sequence[Target],
    rules: Rules | None = None,
    *,
    regression: Regression | None = None,
) -> Report:
    """Judge each of *targets* by *log*, beside the policy that logged.

    Raises:
        InputError: a return lies outside of ``rules.bounds``, or the method needs a model and a
            target has only the probabilities of what was done.
    """
    rules = rules or Rules()
    returns = log.returns(rules.discount)
    bounds, assumed = _bounds(returns.min(), returns.max(), rules)
    ones = np.ones(log.count)
    return Report(
        episodes=log.count,
        decisions=log.size,
        people=len(np.unique(log.clusters)),
        alpha=rules.alpha,
        logged=float(returns.mean()),
        logged_interval=betting(
            ones,
            returns,
            log.clusters,
            low=bounds[0],
            high=bounds[1],
            alpha=rules.alpha,
            largest=1.0,
            seed=rules.seed,
        ),
        bounds=bounds,
        assumed=assumed,
        policies=tuple(
            _judge(log, one, rules, bounds, regression, len(targets)) for one in targets
        ),
    )


def estimate(
    log: Log, target: Target, rules: Rules, regression: Regression | None = None
) -> tuple[Evidence, Estimate]:
    """Return what the estimators saw of *target*, and the estimate that the *rules* ask for."""
    default = BEST_WITHOUT_MODEL if target.probabilities is None else BEST
    method = rules.method or default
    fitted = None
    if method in WITH_MODEL:
        fitted = fit_q(
            log,
            target,
            regression,
            discount=rules.discount,
            folds=min(rules.folds, int(log.clusters.max()) + 1),
            seed=rules.seed,
        )
    seen = evidence(log, target, fitted, discount=rules.discount)
    return seen, ESTIMATORS[method](seen)


def bound(
    log: Log,
    seen: Evidence,
    found: Estimate,
    bounds: tuple[float, float],
    rules: Rules,
    *,
    policies: int = 1,
) -> tuple[Interval, Interval]:
    """Return the interval of the value, and that of the gain over what logged.

    Gains of so many *policies* hold together.
    """
    low, high = bounds
    shared = replace(rules, alpha=rules.alpha / policies)
    if rules.interval != "betting":
        value = _approximate(log, found.scores, rules).within(low, high)
        gain = _approximate(log, found.scores - seen.returns, shared)
        return value, gain.within(low - high, high - low)
    weights, returns, who = seen.final, seen.returns, log.clusters
    bet = partial(betting, low=low, high=high, largest=rules.largest, seed=rules.seed)
    pair = partial(betting_gain, low=low, high=high, largest=rules.largest, seed=rules.seed)
    return (
        bet(weights, returns, who, alpha=rules.alpha),
        pair(weights, returns, who, alpha=shared.alpha),
    )


def _approximate(log: Log, scores: Floats, rules: Rules) -> Interval:
    if rules.interval == "student":
        return student(scores, log.clusters, alpha=rules.alpha)
    if rules.interval == "bootstrap":
        return bootstrap(scores, log.clusters, alpha=rules.alpha, seed=rules.seed)
    sizes = np.bincount(log.clusters)
    means = np.bincount(log.clusters, weights=scores)[sizes > 0] / sizes[sizes > 0]
    # The largest score that is possible is not known here: no guarantee.
    found = empirical_bernstein(means, reach=float(np.ptp(means)), alpha=rules.alpha)
    return replace(found, guaranteed=False)


def _judge(
    log: Log,
    target: Target,
    rules: Rules,
    bounds: tuple[float, float],
    regression: Regression | None,
    policies: int,
) -> Judged:
    seen, found = estimate(log, target, rules, regression)
    value, gain = bound(log, seen, found, bounds, rules, policies=policies)
    known = support(log, target)
    gained = found.value - float(seen.returns.mean())
    against = tuple(_objections(log, seen, known, found, value, gain, bounds, rules))
    values = {"gain": gained, "low": gain.low, "high": gain.high, "margin": rules.margin}
    return Judged(
        name=target.name,
        method=found.method,
        value=found.value,
        interval=value,
        gain=gained,
        gain_interval=gain,
        support=known,
        ruling=Ruling.REFUSE if against else Ruling.RECOMMEND,
        reasons=against or (Act("policy-better", values),),
    )


def _objections(
    log: Log,
    seen: Evidence,
    known: Support,
    found: Estimate,
    value: Interval,
    gain: Interval,
    bounds: tuple[float, float],
    rules: Rules,
) -> Iterator[Act]:
    """Yield what speaks against recommending a policy: first support, then the interval."""
    yield from _unsupported(log, seen, known, rules)
    reach = bounds[1] - bounds[0]
    if value.width > rules.width * reach:
        yield Act("policy-wide", {"low": value.low, "high": value.high})
    if not value.low <= found.value <= value.high:
        yield Act("policy-disagree", {"value": found.value, "low": value.low, "high": value.high})
    values: Mapping[str, object] = {"low": gain.low, "high": gain.high, "margin": rules.margin}
    if gain.high <= rules.margin:
        yield Act("policy-worse", values)
    elif gain.low <= rules.margin:
        yield Act("policy-unproven", values)


def _unsupported(log: Log, seen: Evidence, known: Support, rules: Rules) -> Iterator[Act]:
    if known.untried > rules.untried:
        worst = int(np.argmax([step.untried for step in known.by_step]))
        values = {"share": known.untried, "limit": rules.untried, "step": worst + 1}
        yield Act("policy-untried", values)
    if known.effective < rules.effective:
        values = {"effective": known.effective, "episodes": log.count, "limit": rules.effective}
        yield Act("policy-few", values)
    elif known.largest > rules.dominance:
        yield Act("policy-dominated", {"share": known.largest, "limit": rules.dominance})
    errors = [_drift(log, seen, step) for step in range(log.horizon)]
    worst = int(np.argmax(errors))
    if errors[worst] > rules.drift:
        mean = known.by_step[worst].mean_weight
        yield Act("policy-propensities", {"mean": mean, "step": worst + 1})


def _drift(log: Log, seen: Evidence, step: int) -> float:
    """Return how many standard errors the mean weight of a step is away from 1."""
    interval = student(seen.weights[:, step], log.clusters, alpha=0.3173)
    away = abs(float(seen.weights[:, step].mean()) - 1.0)
    error = interval.width / 2
    return away / error if np.isfinite(error) and error > 1e-9 else (away > 1e-6) * np.inf


def _bounds(least: float, most: float, rules: Rules) -> tuple[tuple[float, float], bool]:
    if rules.bounds is not None:
        return rules.bounds, False
    if least >= 0 and most <= 1:
        return (0.0, 1.0), False
    # What is all the same has no range of its own.
    return (float(least), float(most) if most > least else float(least) + 1.0), True


def _ends(interval: Interval) -> list[Json]:
    return [interval.low, interval.high]
