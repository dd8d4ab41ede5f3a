"""The gate: from evidence to a verdict with its reasons, for every kind of artifact.

:func:`judge` is pure. It may be asked after every batch: a candidate that gains no more than the
margin is ever approved with a probability of at most ``alpha``, one that does gain is ever
rejected for gaining nothing with the same, and one that breaks more than is allowed is ever
approved with the same again. Reasons are acts; language packs hold their sentences.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from gnothi.core.acting import Act
from gnothi.core.errors import InputError
from gnothi.core.risk import Risk
from gnothi.learning.evidence import Evidence, Share


class Ruling(StrEnum):
    """What becomes of a candidate."""

    APPROVE = "approve"
    WAIT = "wait"
    """Nothing speaks against it for good; more evidence may speak for it."""
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ruling and why."""

    ruling: Ruling
    reasons: tuple[Act, ...]
    """Everything that led to it, the weightiest first; never empty."""

    @property
    def reason(self) -> Act:
        """The weightiest reason."""
        return self.reasons[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is asked of a candidate; the defaults are for artifacts that everybody gets."""

    alpha: float = 0.05
    """Probability, over all looks together, of approving one that gains no more than ``margin``."""
    margin: float = 0.0
    """The gain must be more than this, as a fraction of sessions."""
    support: int = 200
    """Turns that both answered."""
    people: int = 20
    """Distinct people among them, so that a few accounts move nothing that everybody gets."""
    negative_flips: float = 0.02
    """Turns that work today and would break: proven to be at most this fraction."""
    relative_negative_flips: float = 0.5
    """The same as a fraction of what independent errors would break (an estimate). Where both
    are nearly always right, this is the limit that binds."""
    slice_negative_flips: float = 0.05
    """Broken turns in each slice (an estimate: slices are small)."""
    slice_support: int = 50
    """Turns below which a slice is not looked at."""
    risk: Risk = Risk.REVERSIBLE
    """Highest class of what a candidate may newly do; never ``guarded``."""
    change: float = 0.2
    """Turns of a domain in which the candidate may do something else (an estimate). For a budget
    over a period, pass what is left of it."""
    change_in: Mapping[str, float] = field(default_factory=dict[str, float])
    """The same for single domains: tight where a change is costly. After "Constrained policy
    optimization for controlled self-learning" (arXiv:2209.08429)."""
    patience: int = 20_000
    """Turns after which a gain that is still unproven is too small to wait for."""

    def __post_init__(self) -> None:
        """Refuse limits that make no sense.

        Raises:
            InputError: a fraction or a count is out of range, or guarded actions were allowed.
        """
        fractions = {
            "negative_flips": self.negative_flips,
            "slice_negative_flips": self.slice_negative_flips,
            "change": self.change,
            **{f"change_in {domain}": share for domain, share in self.change_in.items()},
        }
        for name, value in fractions.items():
            if not 0 <= value <= 1:
                raise InputError(f"The limit {name} is a fraction from 0 to 1, unlike {value}.")
        counts = self.support, self.people, self.slice_support, self.patience
        if min(counts) < 0 or not self.relative_negative_flips >= 0:
            raise InputError("Limits of support, people, patience and flips are not negative.")
        if not 0 < self.alpha < 1 or not -1 <= self.margin < 1:
            raise InputError(f"alpha {self.alpha} or margin {self.margin} is out of range.")
        if self.risk is Risk.GUARDED:
            raise InputError("Nothing learned may do guarded actions: allow at most 'reversible'.")


EVERYONE = Limits()
"""For what everybody gets."""
HOUSEHOLD = replace(EVERYONE, people=2)
"""For what one household learned and only it gets."""
PERSONAL = replace(EVERYONE, people=1)
"""For what one person taught and only they get."""


def judge(evidence: Evidence, limits: Limits = EVERYONE) -> Verdict:
    """Decide what becomes of a candidate.

    Rejects for what no further evidence could mend, waits for what it could, and approves when
    no limit stands against it.

    Raises:
        InputError: the evidence's bounds are laxer than ``limits.alpha`` asks.
    """
    if evidence.alpha > limits.alpha:
        raise InputError(
            f"The evidence was bounded at alpha {evidence.alpha}; {limits.alpha} is asked for."
        )
    findings = [finding for check in _CHECKS for finding in check(evidence, limits)]
    for ruling in (Ruling.REJECT, Ruling.WAIT):
        if reasons := tuple(reason for found, reason in findings if found is ruling):
            return Verdict(ruling, reasons)
    return Verdict(Ruling.APPROVE, (Act("gate-approved", _gain(evidence, limits)),))


def find_harm(evidence: Evidence, limits: Limits = EVERYONE) -> Act | None:
    """Return what speaks against an artifact for good, whatever it gains; ``None`` if nothing."""
    findings = (finding for check in _SAFETY for finding in check(evidence, limits))
    return next((reason for ruling, reason in findings if ruling is Ruling.REJECT), None)


_Findings: TypeAlias = Iterator[tuple[Ruling, Act]]
_Check: TypeAlias = Callable[[Evidence, Limits], _Findings]


def _risk(evidence: Evidence, limits: Limits) -> _Findings:
    if evidence.risk.exceeds(limits.risk):
        values = {"risk": evidence.risk.value, "limit": limits.risk.value}
        yield Ruling.REJECT, Act("gate-risk", values)
    if evidence.raised:
        yield Ruling.REJECT, Act("gate-risk-raised", {"turns": evidence.raised})


def _change(evidence: Evidence, limits: Limits) -> _Findings:
    for domain, share in evidence.changed.items():
        limit = limits.change_in.get(domain, limits.change)
        if ruling := _beyond(share, limit, evidence.alpha / len(evidence.changed)):
            yield ruling, Act("gate-change", {"domain": domain, **_rate(share, limit)})


def _flips(evidence: Evidence, limits: Limits) -> _Findings:
    limit = limits.negative_flips
    low, high = evidence.negative.bounds(evidence.alpha)
    values = {**_rate(evidence.negative, limit), "low": low, "high": high}
    if low > limit:
        yield Ruling.REJECT, Act("gate-flips", values)
    elif high > limit:
        yield Ruling.WAIT, Act("gate-flips-open", values)


def _relative_flips(evidence: Evidence, limits: Limits) -> _Findings:
    rate, limit = evidence.relative_negative_flips, limits.relative_negative_flips
    if rate > limit:
        yield Ruling.WAIT, Act("gate-flips-relative", {"rate": rate, "limit": limit})


def _slices(evidence: Evidence, limits: Limits) -> _Findings:
    limit = limits.slice_negative_flips
    for name, share in evidence.slices.items():
        if share.size < limits.slice_support:
            continue
        if ruling := _beyond(share, limit, evidence.alpha / len(evidence.slices)):
            yield ruling, Act("gate-slice", {"slice": name, **_rate(share, limit)})


def _gains(evidence: Evidence, limits: Limits) -> _Findings:
    values = _gain(evidence, limits)
    if evidence.high < limits.margin:
        yield Ruling.REJECT, Act("gate-no-gain", values)
    elif evidence.low <= limits.margin:
        yield Ruling.WAIT, Act("gate-gain-open", values)


def _support(evidence: Evidence, limits: Limits) -> _Findings:
    if evidence.turns < limits.support:
        values = {"turns": evidence.turns, "limit": limits.support}
        yield Ruling.WAIT, Act("gate-support", values)
    if evidence.people < limits.people:
        values = {"people": evidence.people, "limit": limits.people}
        yield Ruling.WAIT, Act("gate-people", values)


def _patience(evidence: Evidence, limits: Limits) -> _Findings:
    if evidence.turns >= limits.patience and evidence.low <= limits.margin:
        yield Ruling.REJECT, Act("gate-patience", _gain(evidence, limits))


_SAFETY: tuple[_Check, ...] = (_risk, _change, _flips, _slices)
_CHECKS: tuple[_Check, ...] = (*_SAFETY, _relative_flips, _gains, _support, _patience)


def _beyond(share: Share, limit: float, alpha: float) -> Ruling | None:
    """Say what a share above its *limit* leads to: rejection where that is proven.

    Of several shares, each gets its part of *alpha*: many slices alone reject nothing.
    """
    if share.rate <= limit:
        return None
    low, _ = share.bounds(alpha)
    return Ruling.REJECT if low > limit else Ruling.WAIT


def _rate(share: Share, limit: float) -> dict[str, object]:
    return {"rate": share.rate, "turns": share.size, "limit": limit}


def _gain(evidence: Evidence, limits: Limits) -> dict[str, object]:
    return {
        "gain": evidence.gain,
        "low": evidence.low,
        "high": evidence.high,
        "margin": limits.margin,
        "turns": evidence.turns,
        "people": evidence.people,
    }
