"""Many logs of one world, each policy's worth estimated from each, and compared with the truth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gnothi.policy.estimators import ESTIMATORS, evidence
from gnothi.policy.fitted import fit_q
from gnothi.policy.intervals import (
    Interval,
    betting,
    betting_gain,
    bootstrap,
    empirical_bernstein,
    student,
)
from gnothi.policy.logs import Floats, Log, Target, target
from gnothi.policy.report import Judged, Rules, Ruling, evaluate
from gnothi_lab.off_policy.conversations import Policy, World
from gnothi_lab.peers import scope_rl
from gnothi_lab.progress import watched

OURS = "ours"
SEEN, POSSIBLE = "empirical Bernstein IPS", "empirical Bernstein IPS, guaranteed"
MEAN, DRAWN = "mean of the log", "wdr, bootstrap"
ALPHA = 0.05
_PART = 50_000


@dataclass(frozen=True, slots=True)
class Setting:
    """What is evaluated where."""

    world: World
    logging: Policy
    targets: Mapping[str, Policy]
    each: int = 4
    """Conversations of each person."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one method says about one policy from one log."""

    log: int
    policy: str
    method: str
    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the report recommends."""

    log: int
    policy: str
    recommended: bool
    """Among all policies of the report, whose gains hold together."""
    alone: bool
    """In a report of its own."""
    effective: float


@dataclass(frozen=True, slots=True)
class Trials:
    """All that was found."""

    found: Sequence[Found] = field(default_factory=list[Found])
    judged: Sequence[Judgement] = field(default_factory=list[Judgement])


def values(setting: Setting, episodes: int, seed: int) -> dict[str, float]:
    """Return the true worth of each policy, and that of logging under ``""``, by playing it."""
    policies = {"": setting.logging, **setting.targets}
    return {
        name: _value(setting, policies[name], episodes, seed)
        for name in watched(list(policies), "the truth")
    }


def try_out(setting: Setting, *, logs: int, episodes: int, seed: int) -> Trials:
    """Evaluate every policy from each of *logs* logs of so many *episodes*."""
    found: list[Found] = []
    judged: list[Judgement] = []
    for number in watched(range(logs), "logs"):
        rng = np.random.default_rng([seed, number])
        log = setting.world.converse(setting.logging, episodes, rng, each=setting.each)
        policies = [
            target(name, log, policy(log.contexts, log.allowed))
            for name, policy in setting.targets.items()
        ]
        report = evaluate(log, policies, Rules(alpha=ALPHA, seed=seed))
        for one, told in zip(policies, report.policies, strict=True):
            found.append(Found(number, one.name, OURS, told.value, told.interval))
            recommended = told.ruling is Ruling.RECOMMEND
            alone = recommended or _passes_alone(log, one, told, seed)
            effective = told.support.effective
            judged.append(Judgement(number, one.name, recommended, alone, effective))
            found += _others(number, log, one, seed)
    return Trials(found, judged)


def bounds_only(setting: Setting, *, logs: int, episodes: int, seed: int) -> Trials:
    """Evaluate every policy from logs in which each conversation is another person's.

    Intervals alone, ours and that of empirical Bernstein: no model is fitted.
    """
    found: list[Found] = []
    for number in range(logs):
        rng = np.random.default_rng([seed, number, 1])
        log = setting.world.converse(setting.logging, episodes, rng)
        for name, policy in setting.targets.items():
            seen = evidence(log, target(name, log, policy(log.contexts, log.allowed)))
            told = betting(
                seen.final, seen.returns, log.clusters, low=0, high=1, alpha=ALPHA, seed=seed
            )
            scores = seen.final * seen.returns
            wide = empirical_bernstein(scores, reach=float(scores.max()), alpha=ALPHA)
            value = float(scores.mean())
            found.append(Found(number, name, OURS, value, told))
            found.append(Found(number, name, SEEN, value, wide.within(0.0, 1.0)))
    return Trials(found)


def _passes_alone(log: Log, one: Target, told: Judged, seed: int) -> bool:
    """Tell whether a policy that is refused among many would be recommended by itself."""
    if {reason.key for reason in told.reasons} != {"policy-unproven"}:
        return False
    seen = evidence(log, one)
    gain = betting_gain(
        seen.final, seen.returns, log.clusters, low=0, high=1, alpha=ALPHA, seed=seed
    )
    return gain.low > 0


def _value(setting: Setting, policy: Policy, episodes: int, seed: int) -> float:
    parts = -(-episodes // _PART)
    means = [
        setting.world.converse(policy, _PART, np.random.default_rng([seed, 77, part])).returns()
        for part in range(parts)
    ]
    return float(np.concatenate(means)[:episodes].mean())


def _others(number: int, log: Log, one: Target, seed: int) -> Iterator[Found]:
    """Yield what each estimator says, with an approximate interval, and what baselines say."""
    fitted = fit_q(log, one, seed=seed)
    if scope_rl.is_installed():
        for label, value, interval in scope_rl.estimates(log, one, fitted):
            yield Found(number, one.name, label, value, interval.within(0.0, 1.0))
    seen = evidence(log, one, fitted)
    for method, estimate in ESTIMATORS.items():
        told = estimate(seen)
        interval = student(told.scores, log.clusters, alpha=ALPHA).within(0.0, 1.0)
        yield Found(number, one.name, method, told.value, interval)
    scores = ESTIMATORS["wdr"](seen).scores
    drawn = bootstrap(scores, log.clusters, alpha=ALPHA, seed=seed).within(0.0, 1.0)
    yield Found(number, one.name, DRAWN, float(scores.mean()), drawn)
    by_person = _by_person(seen.final * seen.returns, log)
    worst = float(log.propensities.min()) ** -log.horizon
    for label, reach in ((SEEN, float(by_person.max())), (POSSIBLE, worst)):
        bound = empirical_bernstein(by_person, reach=reach, alpha=ALPHA).within(0.0, 1.0)
        yield Found(number, one.name, label, float(by_person.mean()), bound)
    returns = log.returns()
    plain = student(returns, log.clusters, alpha=ALPHA)
    yield Found(number, one.name, MEAN, float(returns.mean()), plain)


def _by_person(scores: Floats, log: Log) -> Floats:
    """Return the mean of each person's scores: persons are independent, episodes are not."""
    return np.bincount(log.clusters, weights=scores) / np.bincount(log.clusters)
