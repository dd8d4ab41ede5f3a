"""From shadow to canary to live, and back: what to do with an artifact, evidence by evidence.

:func:`advance` is pure and may be asked after every batch. Each phase is judged by its own
evidence, collected since it began, always of this artifact (candidate) against the one before
it (live), from turns that both answered: while a canary or a new live version serves, the
version before it runs along unheard.

======  =========================================  =======================================
phase   goes on                                    goes back
======  =========================================  =======================================
shadow  when the gate approves                     when the gate rejects: nobody met it
canary  after a step of turns at each share,       when a loss is proven, or harm that the
        unless it seems to lose                    gate forbids
live    stays                                      the same
======  =========================================  =======================================

Error spent, over all looks together: an artifact without a gain reaches anybody with a
probability of at most ``limits.alpha``; one that is no worse than ``tolerance`` is withdrawn as a
loss with at most ``alpha_canary`` from its canary and ``alpha_live`` later. Each candidate spends
its own: of many candidates without a gain, a share of up to ``limits.alpha`` passes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise
from math import log

from gnothi.core.acting import Act
from gnothi.core.errors import ArtifactError, InputError
from gnothi.learning.evidence import Evidence
from gnothi.learning.gate import Limits, Ruling, find_harm, judge
from gnothi.registry.registry import Registry


class Phase(StrEnum):
    """How far an artifact has come."""

    SHADOW = "shadow"
    """It answers unheard, beside the live one."""
    CANARY = "canary"
    """It serves a share of all keys."""
    LIVE = "live"
    REJECTED = "rejected"
    """It never served anybody."""
    ROLLED_BACK = "rolled-back"
    """It served, and was withdrawn."""


class Move(StrEnum):
    """What to ask of the registry."""

    NONE = "none"
    START_CANARY = "start-canary"
    MAKE_LIVE = "make-live"
    END_CANARY = "end-canary"
    ROLL_BACK = "roll-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How an artifact is rolled out."""

    limits: Limits = field(default_factory=Limits)
    shares: tuple[float, ...] = (0.05, 0.2, 0.5)
    """Of all keys, rising; empty to go live from the shadow."""
    step_turns: int = 200
    """Turns of the canary before its share grows."""
    tolerance: float = 0.0
    """A loss up to this, as a fraction of sessions, is no reason to go back."""
    alpha_canary: float = 0.025
    """Probability of ending a canary that loses no more than ``tolerance``."""
    alpha_live: float = 0.025
    """Probability of rolling back a live version that loses no more than ``tolerance``."""

    def __post_init__(self) -> None:
        """Refuse a plan that leads nowhere.

        Raises:
            InputError: the shares do not rise between 0 and 1, or another value is out of range.
        """
        ladder = (0.0, *self.shares, 1.0)
        if any(not low < high for low, high in pairwise(ladder)):
            raise InputError(f"Shares of a canary rise between 0 and 1, unlike {self.shares}.")
        if self.step_turns < 1 or not 0 <= self.tolerance < 1:
            raise InputError("A step takes at least a turn; a tolerance is from 0 to below 1.")
        if not (0 < self.alpha_canary < 1 and 0 < self.alpha_live < 1):
            raise InputError("Error probabilities lie between 0 and 1.")


@dataclass(frozen=True, slots=True)
class State:
    """Where an artifact stands; together with the phase's evidence, all that must be kept."""

    version: str
    phase: Phase = Phase.SHADOW
    share: float = 0.0
    """Of all keys that it serves."""
    since: int = 0
    """Turns of the phase's evidence when its share last grew."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The next state, what to ask of the registry, and why."""

    before: Phase
    """Where the artifact stood, so that :func:`apply` notices what changed meanwhile."""
    state: State
    move: Move
    reason: Act


def advance(state: State, evidence: Evidence, plan: Plan) -> Decision:
    """Decide on the next step, from the *evidence* since the state's phase began.

    When the phase has changed, begin a new comparison.
    """
    if state.phase is Phase.SHADOW:
        return _from_shadow(state, evidence, plan)
    if state.phase is Phase.CANARY:
        return _from_canary(state, evidence, plan)
    if state.phase is Phase.LIVE:
        return _from_live(state, evidence, plan)
    return _stay(state, Act("rollout-over", {"phase": state.phase.value}))


def apply(
    registry: Registry,
    name: str,
    decision: Decision,
    *,
    wording: Callable[[Act], str] = lambda act: act.key,
) -> None:
    """Carry out a *decision* about the artifact *name*; *wording* tells its reason for the history.

    Raises:
        ArtifactError: somebody has assigned another version meanwhile, or the version is gone.
    """
    state, reason = decision.state, wording(decision.reason)
    if decision.move is Move.NONE:
        return
    _expect(registry, name, decision)
    if decision.move is Move.START_CANARY:
        registry.start_canary(name, state.version, state.share, reason=reason)
    elif decision.move is Move.MAKE_LIVE:
        registry.make_live(name, state.version, reason=reason)
    elif decision.move is Move.END_CANARY:
        registry.end_canary(name, reason=reason)
    else:
        registry.roll_back(name, reason=reason)


def _from_shadow(state: State, evidence: Evidence, plan: Plan) -> Decision:
    verdict = judge(evidence, plan.limits)
    if verdict.ruling is Ruling.APPROVE:
        return _grow(state, plan, since=0, reason=verdict.reason)
    if verdict.ruling is Ruling.REJECT:
        return Decision(
            state.phase, replace(state, phase=Phase.REJECTED), Move.NONE, verdict.reason
        )
    return _stay(state, verdict.reason)


def _from_canary(state: State, evidence: Evidence, plan: Plan) -> Decision:
    if reason := _withdrawal(evidence, plan, plan.alpha_canary):
        return _withdraw(state, Move.END_CANARY, reason)
    values = {"turns": evidence.turns - state.since, "limit": plan.step_turns}
    if evidence.turns - state.since < plan.step_turns:
        return _stay(state, Act("rollout-watching", values))
    if evidence.gain < -plan.tolerance:
        return _stay(state, Act("rollout-doubtful", {"gain": evidence.gain, **values}))
    reason = Act("rollout-held", {"share": state.share, "gain": evidence.gain, **values})
    return _grow(state, plan, since=evidence.turns, reason=reason)


def _from_live(state: State, evidence: Evidence, plan: Plan) -> Decision:
    if reason := _withdrawal(evidence, plan, plan.alpha_live):
        return _withdraw(state, Move.ROLL_BACK, reason)
    return _stay(state, Act("rollout-live", {"turns": evidence.turns, "gain": evidence.gain}))


def _grow(state: State, plan: Plan, *, since: int, reason: Act) -> Decision:
    """Go to the next larger share, or live after the largest."""
    larger = [share for share in plan.shares if share > state.share]
    if larger:
        grown = replace(state, phase=Phase.CANARY, share=larger[0], since=since)
        return Decision(state.phase, grown, Move.START_CANARY, reason)
    return Decision(state.phase, State(state.version, Phase.LIVE, 1.0), Move.MAKE_LIVE, reason)


def _withdrawal(evidence: Evidence, plan: Plan, alpha: float) -> Act | None:
    """Return why an artifact that serves must go; ``None`` if it need not."""
    if harm := find_harm(evidence, plan.limits):
        return harm
    if evidence.gains.mirrored.log_wealth(plan.tolerance) < -log(alpha):
        return None
    values = {"gain": evidence.gain, "turns": evidence.turns, "tolerance": plan.tolerance}
    return Act("rollout-regressed", values)


def _withdraw(state: State, move: Move, reason: Act) -> Decision:
    return Decision(state.phase, State(state.version, Phase.ROLLED_BACK), move, reason)


def _stay(state: State, reason: Act) -> Decision:
    return Decision(state.phase, state, Move.NONE, reason)


def _expect(registry: Registry, name: str, decision: Decision) -> None:
    """Refuse a decision that the registry has left behind: somebody else has acted."""
    version, canary = decision.state.version, registry.assignment(name).canary
    found = {
        Phase.SHADOW: canary is None,
        Phase.CANARY: canary is not None and canary.version == version,
        Phase.LIVE: registry.live(name) == version,
    }
    if not found.get(decision.before):
        raise ArtifactError(
            f"What is assigned for {name} was changed meanwhile: look at {name}@{version} first."
        )
