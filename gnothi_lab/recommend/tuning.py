"""Tuning rules and information gain: random search on development sessions, by success.

Every policy gets the same budget: so many trials of so many sessions, then the best few again on
more sessions. All trials meet the same people (common random numbers).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from gnothi.recommend.policies import Policy
from gnothi.recommend.policies.gain import InformationGain
from gnothi.recommend.policies.rules import Rules
from gnothi_lab.recommend.sessions import FEW, MANY, Outcomes, Room, Way, outcomes, play

TURN = 0.015
"""Success that a turn is worth in tuning: between two equals, the quicker one."""
Draw: TypeAlias = Callable[[np.random.Generator], Policy]


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be tried."""

    trials: int = 40
    sessions: int = 100
    finalists: int = 5
    sessions_of_finalists: int = 500


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial and how it did."""

    policy: Policy
    way: Way
    success: float
    turns: float

    @property
    def worth(self) -> float:
        """What is compared."""
        return self.success - TURN * self.turns


def worth(done: Outcomes) -> float:
    """Return what sessions are worth in tuning: their success, less a little for turns."""
    return float(done.success.mean() - TURN * done.turns.mean())


def rules(rng: np.random.Generator) -> Rules:
    """Draw thresholds of the rules."""
    return Rules(
        is_open_first=bool(rng.random() < 0.7),
        sample_success=float(rng.uniform(0.15, 0.6)),
        sample_turn=int(rng.integers(0, 5)),
        rest=int(rng.integers(0, 3)),
        play_success=float(rng.uniform(0.2, 0.8)),
        play_turn=int(rng.integers(1, 9)),
        coarse=float(rng.choice([0.0, 0.01, 0.03])),
        refusals=int(rng.integers(1, 4)),
        choice_bonus=float(rng.uniform(0.6, 2.0)),
    )


def gain(rng: np.random.Generator) -> InformationGain:
    """Draw what information and success are worth."""
    return InformationGain(
        sample=float(np.exp(rng.uniform(-1, 2))),
        play=float(np.exp(rng.uniform(0, 2.5))),
        bar=float(rng.uniform(0.1, 0.6)),
        hurry=float(rng.uniform(0.0, 0.1)),
        open=float(np.exp(rng.uniform(-1, 1))),
    )


DRAWS: Mapping[str, Draw] = {"rules": rules, "gain": gain}


def tune(room: Room, draw: Draw, budget: Budget, *, seed: int, history: bool = False) -> Tried:
    """Return the best of *budget* trials; with few candidates or with many, whatever is better."""
    rng = np.random.default_rng(seed)
    tried = [
        _try(room, draw(rng), Way(FEW if rng.random() < 0.5 else MANY, history), budget.sessions)
        for _ in range(budget.trials)
    ]
    best = sorted(tried, key=lambda one: -one.worth)[: budget.finalists]
    again = [_try(room, one.policy, one.way, budget.sessions_of_finalists) for one in best]
    return max(again, key=lambda one: one.worth)


def _try(room: Room, policy: Policy, way: Way, count: int) -> Tried:
    done = outcomes(play(room, policy, room.sessions(count, test=False), way=way), room.cap)
    return Tried(policy, way, float(done.success.mean()), float(done.turns.mean()))
