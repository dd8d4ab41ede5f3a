"""What logged talks say of a candidate that would choose prompts, against what chooses them now.

Both are judged by the same decisions: those of talks that tried other things, with the probability
with which each was made. What is judged is the prompt, where the talk stood: whether whole talks
get better shows in the canary's trial, and nowhere before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gnothi.core.acting import Act
from gnothi.learning.gate import Ruling, Verdict
from gnothi.policy.difference import betting_difference, worth
from gnothi.policy.logs import Floats, Ints
from gnothi.recommend.acts import Ask
from gnothi.recommend.learner import Lessons
from gnothi.recommend.policies.learned import Learned
from gnothi.recommend.policies.trying import USUAL

LARGEST = 1 / USUAL
"""The largest weight that the live policy can have in a talk that tries other things."""
_ROUNDED = 1.001
"""Chances are logged with six digits."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and where it surely lies."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PromptEvidence:
    """What is known of a candidate, from talks that it has not learned from."""

    talks: int
    decisions: int
    candidate: Estimate
    """What its prompts are worth, from 0 to 1, on average over decisions."""
    live: Estimate
    """Likewise."""
    gain: Estimate
    """The candidate's above the live one's, from -1 to 1."""
    effective: float
    """How many talks that speak for the candidate alone would say as much."""
    drift: float
    """Standard errors that its mean weight is away from 1."""
    changed: float
    """Share of decisions in which it would choose something else."""
    asked: Mapping[str, tuple[float, float]]
    """By act: shares of decisions in which the live policy and the candidate choose it."""
    alpha: float
    """Probability with which each interval may be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is asked of a candidate before anybody meets it."""

    effective: float = 15.0
    """Effective talks that speak for it."""
    drift: float = 4.0
    """Standard errors that its mean weight may be away from 1."""
    changed: float = 0.01
    """Share of decisions that it must change at least: else there is nothing to gain."""
    margin: float = 0.0
    """Gain that must be exceeded."""


def weigh(candidate: Learned, exported: Any, *, alpha: float) -> PromptEvidence:  # noqa: ANN401
    """Return what an *exported* table of decisions says about *candidate*.

    Its talks tried other things while the live policy led, and say what that would have chosen.

    Raises:
        InputError: the decisions were logged with other features, or by another mixture.
    """
    lessons = Lessons.of(exported)
    talks = _numbers(exported["episode"].to_pylist())
    flat = exported["usual"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    ours, theirs = np.asarray(flat, np.float64), _chosen(candidate, lessons)
    weights = (theirs == lessons.chosen) / lessons.propensities
    before = ours[lessons.chosen] / lessons.propensities
    found = worth(weights, lessons.rewards, talks, alpha=alpha)
    known = worth(before, lessons.rewards, talks, alpha=alpha)
    gain = betting_difference(
        weights, before, lessons.rewards, talks, largest=LARGEST * _ROUNDED, alpha=alpha
    )
    value = min(max(found.value - known.value, gain.low), gain.high)
    return PromptEvidence(
        talks=int(talks.max()) + 1,
        decisions=len(lessons),
        candidate=Estimate(found.value, found.interval.low, found.interval.high),
        live=Estimate(known.value, known.interval.low, known.interval.high),
        gain=Estimate(value, gain.low, gain.high),
        effective=found.effective,
        drift=found.drift,
        changed=1 - float(ours[theirs].mean()),
        asked=_asked(lessons, theirs, ours),
        alpha=alpha,
    )


def rule(evidence: PromptEvidence, limits: Limits) -> Verdict:
    """Say whether a share of talks may meet the candidate, and why."""
    gain = evidence.gain
    values = {
        "gain": gain.value,
        "low": gain.low,
        "high": gain.high,
        "talks": evidence.talks,
        "decisions": evidence.decisions,
    }
    if evidence.changed < limits.changed:
        return Verdict(Ruling.REJECT, (Act("prompts-same", values),))
    if evidence.drift > limits.drift:
        return Verdict(Ruling.REJECT, (Act("prompts-propensities", values),))
    if gain.high <= limits.margin:
        return Verdict(Ruling.REJECT, (Act("prompts-worse", values),))
    against: list[Act] = []
    if evidence.effective < limits.effective:
        few = {"effective": int(evidence.effective), "limit": int(limits.effective)}
        against.append(Act("prompts-unsupported", {**values, **few}))
    if gain.low <= limits.margin:
        against.append(Act("prompts-open", values))
    if against:
        return Verdict(Ruling.WAIT, tuple(against))
    return Verdict(Ruling.APPROVE, (Act("prompts-better", values),))


def _chosen(policy: Learned, lessons: Lessons) -> Ints:
    """Return the place of what *policy* would choose in each decision, the first of the best."""
    asks = list(Ask)
    worths = policy.predict(
        lessons.features.astype(np.float64), [asks[one] for one in lessons.asks.tolist()]
    )
    pairs = zip(lessons.starts[:-1].tolist(), lessons.starts[1:].tolist(), strict=True)
    return np.array([start + int(np.argmax(worths[start:end])) for start, end in pairs], np.int64)


def _asked(lessons: Lessons, theirs: Ints, ours: Floats) -> dict[str, tuple[float, float]]:
    acts = [one.value for one in Ask]
    total = len(lessons)
    live = np.bincount(lessons.asks, weights=ours, minlength=len(acts)) / total
    candidate = np.bincount(lessons.asks[theirs], minlength=len(acts)) / total
    return {
        name: (float(now), float(then))
        for name, now, then in zip(acts, live, candidate, strict=True)
        if now or then
    }


def _numbers(names: "list[str]") -> Ints:
    """Return a number for each name, from 0, in the order in which they come."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)
