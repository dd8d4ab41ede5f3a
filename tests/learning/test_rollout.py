"""From shadow to canary to live, and back."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.core.artifact import Card
from gnothi.core.clock import FixedClock
from gnothi.core.errors import ArtifactError, InputError
from gnothi.learning.evidence import Evidence, Share
from gnothi.learning.gate import HOUSEHOLD, Limits
from gnothi.learning.rollout import Decision, Move, Phase, Plan, State, advance, apply
from gnothi.policy.confidence import PairedCounts
from gnothi.registry.admission import seal
from gnothi.registry.registry import Registry

_PLAN = Plan(limits=HOUSEHOLD, shares=(0.1, 0.5))


def _evidence(turns: int, wins: int = 0, losses: int = 0, *, raised: int = 0) -> Evidence:
    return Evidence(
        kind="x",
        gains=PairedCounts(wins, turns - wins - losses, losses),
        negative=Share(losses, turns),
        positive=Share(wins, turns),
        live_right=turns - wins,
        people=4,
        raised=raised,
    )


def test_the_whole_way() -> None:
    """A good candidate passes the gate, holds at every share, and goes live."""
    state = State("2")
    steps = [
        (_evidence(100, 5), Move.NONE, "gate-flips-open"),
        (_evidence(1_000, 50), Move.START_CANARY, "gate-approved"),
        (_evidence(100, 5), Move.NONE, "rollout-watching"),
        (_evidence(200, 10), Move.START_CANARY, "rollout-held"),
        (_evidence(399, 20), Move.NONE, "rollout-watching"),
        (_evidence(400, 20), Move.MAKE_LIVE, "rollout-held"),
        (_evidence(5_000, 150, 20), Move.NONE, "rollout-live"),
    ]
    seen: list[tuple[Phase, float]] = []
    for evidence, move, key in steps:
        decision = advance(state, evidence, _PLAN)
        assert (decision.move, decision.reason.key) == (move, key)
        state = decision.state
        seen.append((state.phase, state.share))
    assert list(dict.fromkeys(seen)) == [
        (Phase.SHADOW, 0),
        (Phase.CANARY, 0.1),
        (Phase.CANARY, 0.5),
        (Phase.LIVE, 1),
    ]


def test_without_canary() -> None:
    """A plan without shares goes live from the shadow."""
    decision = advance(State("2"), _evidence(1_000, 50), replace(_PLAN, shares=()))
    assert (decision.move, decision.state.phase) == (Move.MAKE_LIVE, Phase.LIVE)


@pytest.mark.parametrize(
    ("state", "phase", "move"),
    [
        (State("2"), Phase.REJECTED, Move.NONE),
        (State("2", Phase.CANARY, 0.1), Phase.ROLLED_BACK, Move.END_CANARY),
        (State("2", Phase.LIVE, 1.0), Phase.ROLLED_BACK, Move.ROLL_BACK),
    ],
)
@pytest.mark.parametrize("evidence", [_evidence(800, 0, 14), _evidence(10, raised=1)])
def test_the_way_back(state: State, phase: Phase, move: Move, evidence: Evidence) -> None:
    """A proven loss, or harm in a single turn, ends it in every phase, for good."""
    decision = advance(state, evidence, _PLAN)
    assert (decision.before, decision.state.phase, decision.move) == (state.phase, phase, move)
    after = advance(decision.state, _evidence(1_000, 50), _PLAN)
    assert (after.state, after.move) == (decision.state, Move.NONE)
    assert after.reason.key == "rollout-over"


def test_a_doubtful_canary_does_not_grow() -> None:
    """A canary that seems to lose waits until it does not, or until the loss is proven."""
    state = State("2", Phase.CANARY, 0.1)
    decision = advance(state, _evidence(200, 2, 3), _PLAN)
    assert (decision.state, decision.reason.key) == (state, "rollout-doubtful")
    assert advance(state, _evidence(300, 4, 3), _PLAN).move is Move.START_CANARY


def test_a_tolerated_loss_stays() -> None:
    """A loss within the tolerance is no reason to go back."""
    state, evidence = State("2", Phase.LIVE, 1.0), _evidence(2_000, 0, 20)
    assert advance(state, evidence, _PLAN).move is Move.ROLL_BACK
    assert advance(state, evidence, replace(_PLAN, tolerance=0.02)).move is Move.NONE


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(Phase), st.integers(0, 400), st.integers(0, 60), st.integers(0, 60),
    st.integers(0, 1),
)  # fmt: skip
def test_moves_fit_phases(phase: Phase, ties: int, wins: int, losses: int, raised: int) -> None:
    """Whatever the evidence, no phase is skipped and nothing dead returns."""
    state = State("2", phase, 0.1 if phase is Phase.CANARY else 0.0)
    evidence = _evidence(ties + wins + losses, wins, losses, raised=raised)
    decision = advance(state, evidence, _PLAN)
    after = {
        Phase.SHADOW: {Phase.SHADOW, Phase.CANARY, Phase.REJECTED},
        Phase.CANARY: {Phase.CANARY, Phase.LIVE, Phase.ROLLED_BACK},
        Phase.LIVE: {Phase.LIVE, Phase.ROLLED_BACK},
    }
    assert decision.state.phase in after.get(phase, {phase})
    assert decision.state.share >= state.share or decision.state.phase is Phase.ROLLED_BACK
    assert (decision.move is Move.NONE) == (
        decision.state == state or decision.state.phase is Phase.REJECTED
    )
    assert advance(state, evidence, _PLAN) == decision


def _served(rng: np.random.Generator, losses: float, plan: Plan) -> bool:
    """Let an artifact live for 1,800 turns, watched every 150; return whether it still does."""
    state, seen = State("2", Phase.LIVE, 1.0), np.zeros(3, dtype=int)
    for _ in range(12):
        seen = seen + rng.multinomial(150, [0.01, 0.99 - losses, losses])
        state = advance(state, _evidence(int(seen.sum()), int(seen[0]), int(seen[2])), plan).state
    return state.phase is Phase.LIVE


def test_watching_often_rolls_back_only_what_is_worse() -> None:
    """Of equal versions hardly any is rolled back; of worse ones nearly all are."""
    rng = np.random.default_rng(8)
    plan = replace(_PLAN, limits=Limits(negative_flips=1, people=2), alpha_live=0.05)
    equal = [_served(rng, 0.01, plan) for _ in range(25)]
    worse = [_served(rng, 0.04, plan) for _ in range(25)]
    assert sum(equal) >= 23
    assert sum(worse) <= 3


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A registry with three versions, the first of them live."""
    registry = Registry.open(
        tmp_path / "registry",
        shipped=tmp_path / "models",
        clock=FixedClock(datetime(2026, 11, 20, tzinfo=UTC)),
    )
    for version in "123":
        folder = tmp_path / version
        folder.mkdir()
        (folder / "model.json").write_text(json.dumps({"version": version}))
        card = seal(folder, Card("ranker", version, "json", {}))
        registry.put({"model.json": (folder / "model.json").read_bytes()}, card)
    registry.make_live("ranker", "1")
    return registry


def test_the_registry_follows(registry: Registry) -> None:
    """Decisions are carried out, with their reasons in the history."""
    state = State("2")
    for evidence in (
        _evidence(1_000, 50),
        _evidence(200, 10),
        _evidence(400, 20),
        _evidence(50, 2),
        _evidence(1_000, 0, 20),
    ):
        decision = advance(state, evidence, _PLAN)
        apply(registry, "ranker", decision, wording=lambda act: f"{act.key}!")
        state = decision.state
    history = registry.assignment("ranker").history[1:]
    assert [(switch.act, switch.version, switch.share, switch.reason) for switch in history] == [
        ("canary", "2", 0.1, "gate-approved!"),
        ("canary", "2", 0.5, "rollout-held!"),
        ("live", "2", 1.0, "rollout-held!"),
        ("rollback", "1", 1.0, "rollout-regressed!"),
    ]
    assert registry.live("ranker") == "1"


def test_a_canary_ends_in_the_registry(registry: Registry) -> None:
    """A canary that loses leaves everybody with the live version."""
    first = advance(State("2"), _evidence(1_000, 50), _PLAN)
    apply(registry, "ranker", first)
    apply(registry, "ranker", advance(first.state, _evidence(1_000, 0, 20), _PLAN))
    assert registry.assignment("ranker").canary is None


def _canary_of_another(registry: Registry) -> None:
    registry.start_canary("ranker", "3", 0.1)


def _canary_ended(registry: Registry) -> None:
    registry.end_canary("ranker")


def _another_live(registry: Registry) -> None:
    registry.make_live("ranker", "3")


@pytest.mark.parametrize(
    ("state", "evidence", "meddle"),
    [
        (State("2"), _evidence(1_000, 50), _canary_of_another),
        (State("2", Phase.CANARY, 0.5), _evidence(400, 20), _canary_ended),
        (State("2", Phase.CANARY, 0.1), _evidence(400, 20), _canary_of_another),
        (State("2", Phase.LIVE, 1.0), _evidence(1_000, 0, 20), _another_live),
    ],
)
def test_what_a_person_did_stands(
    registry: Registry, state: State, evidence: Evidence, meddle: Callable[[Registry], None]
) -> None:
    """A decision that somebody has overtaken is refused, and changes nothing."""
    meddle(registry)
    before = registry.assignment("ranker")
    decision = advance(state, evidence, _PLAN)
    assert decision.move is not Move.NONE
    with pytest.raises(ArtifactError, match="meanwhile"):
        apply(registry, "ranker", decision)
    assert registry.assignment("ranker") == before


def test_nothing_to_do(registry: Registry) -> None:
    """A decision to stay asks nothing of the registry."""
    before = registry.assignment("ranker")
    decision: Decision = advance(State("2"), _evidence(10), _PLAN)
    apply(registry, "ranker", decision)
    assert registry.assignment("ranker") == before


@pytest.mark.parametrize(
    "plan",
    [
        {"shares": (0.5, 0.2)},
        {"shares": (0.0, 0.5)},
        {"shares": (0.5, 1.0)},
        {"step_turns": 0},
        {"tolerance": -0.1},
        {"alpha_live": 0},
        {"alpha_canary": 1},
    ],
)
def test_a_plan_is_checked(plan: dict[str, object]) -> None:
    """A plan that leads nowhere is refused."""
    with pytest.raises(InputError):
        Plan(**plan)  # type: ignore[arg-type]
