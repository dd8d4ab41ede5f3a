"""Whether the score that sets the tone foretells how sessions end, *simulated* listeners, by AUC.

Sessions of the world ``listeners`` (listeners kept for tests), both families apart, led by tuned
rules and tuned information gain in turn, exploring as the product does. ``auc`` is over all moments
at which something is said, of the family where it is lower: chosen before any was measured.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from gnothi.recommend.noise import Floats
from gnothi.recommend.policies import Exploring, Policy
from gnothi.skills.builtin.recommend.shelves import EXPLORED
from gnothi_lab.empathy import fitting
from gnothi_lab.empathy.measuring import (
    auc,
    auc_interval,
    boosted,
    logistic,
    of_score,
    of_success,
)
from gnothi_lab.empathy.moments import Moment, Moments, moments
from gnothi_lab.progress import watched
from gnothi_lab.recommend.sessions import Room, Way, play
from gnothi_lab.recommend.tuning import DRAWS, Budget, Tried, tune
from gnothi_lab.result import Result

FACTORS = ("closeness", "sentiment", "sureness")
FAMILIES = ("a", "b")
TURNS = (1, 2, 3, 5)
DEVELOPMENT = 100
"""Added to the seed for worlds that policies are tuned and weights are fitted in."""
SESSIONS = 1400
"""Of each family."""
BUDGET = Budget(trials=12, sessions=50, finalists=3, sessions_of_finalists=120)
Figures = dict[str, float]
Intervals = dict[str, tuple[float, float]]
Score = Callable[[Moments], Floats]
Value = TypeVar("Value")

BASELINES: Mapping[str, Score] = {
    "few turns": lambda found: -found.turn,
    "the last degree": lambda found: found.degree,
    "the best item's mass": lambda found: found.mass,
    "closeness alone": lambda found: found.signs[:, 0],
    "sentiment alone": lambda found: found.signs[:, 1],
    "logistic regression of the signs, cross-validated": lambda found: logistic(found, found.signs),
    "boosted trees over the signs, cross-validated": lambda found: boosted(found, found.signs),
    "boosted trees over signs, turn, degree and mass": lambda found: boosted(found, found.all),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is played."""

    sessions: int
    budget: Budget
    draws: int


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure; *quick*, or without *data*, in the tiny world over our own catalogue."""
    small = Scale(160, Budget(2, 20, 1, 20), 100)
    scale = small if quick else Scale(SESSIONS, BUDGET, 1000)
    where = "tiny" if quick or data is None else str(data)
    half = replace(scale, sessions=scale.sessions // 2)
    policies = tuned(where, scale, seed=seed + DEVELOPMENT)
    learned = [
        recorded(where, family, policies, half, seed=seed + DEVELOPMENT, test=False)
        for family in FAMILIES
    ]
    found = {
        family: recorded(where, family, policies, scale, seed=seed, test=True)
        for family in watched(FAMILIES, "families")
    }
    weights = fitting.fit(learned)
    rng = np.random.default_rng(seed)
    figures: Figures = {}
    intervals: Intervals = {}
    for family, one in found.items():
        told, between = foretold(one, lambda part: part.score, rng, draws=scale.draws)
        figures |= _named(told, family)
        intervals |= _named(between, family)
        figures |= _named(monotone(one), family)
    worst = min(FAMILIES, key=lambda family: figures[f"{family}_auc"])
    fitted = {"the same formula, fitted": _with(weights)}
    return Result(
        name="empathy",
        figures={
            "auc": figures[f"{worst}_auc"],
            **figures,
            "monotone": min(figures[f"{family}_monotone"] for family in FAMILIES),
        },
        intervals={"auc": intervals[f"{worst}_auc"], **intervals},
        baselines={
            name: _compared(found, score, worst) for name, score in {**BASELINES, **fitted}.items()
        },
        notes=_notes(found, policies, weights, where),
    )


def tuned(where: str, scale: Scale, *, seed: int) -> list[Tried]:
    """Return rules and information gain, tuned on listeners to learn from of family A."""
    room = Room.of(where, seed=seed)
    try:
        return [
            tune(room, DRAWS[name], scale.budget, seed=seed, history=True)
            for name in watched(("rules", "gain"), "tuning")
        ]
    finally:
        room.close()


def recorded(
    where: str, family: str, policies: Sequence[Tried], scale: Scale, *, seed: int, test: bool
) -> Moments:
    """Let each policy lead its share of the sessions; return all moments."""
    room = Room.of(where, seed=seed, family=family)
    try:
        sessions = room.sessions(scale.sessions, test=test)
        parts = [sessions[at :: len(policies)] for at in range(len(policies))]
        return Moments.of(
            [
                moment
                for one, part in zip(policies, parts, strict=True)
                for moment in _led(room, Exploring(one.policy, share=EXPLORED), one.way, part, seed)
            ]
        )
    finally:
        room.close()


def _led(
    room: Room, policy: Policy, way: Way, sessions: Sequence[tuple[str, int]], seed: int
) -> list[Moment]:
    led = play(room, policy, sessions, way=way, seed=seed)
    return list(moments(room.recommender(policy, way), led))


def foretold(
    found: Moments, score: Score, rng: np.random.Generator | None = None, *, draws: int = 1000
) -> tuple[Figures, Intervals]:
    """Return AUC over all moments, after so many answers, and at the last prompt.

    With *rng*, intervals as well.
    """
    scores = score(found)
    parts = {"auc": np.ones(len(found), np.bool_), "auc_last": found.is_last}
    parts |= {f"auc_after_{turn}": found.turn == turn for turn in TURNS}
    figures: Figures = {}
    intervals: Intervals = {}
    for name, part in parts.items():
        if found.is_success[part].all() or not found.is_success[part].any():
            continue
        figures[name] = auc(scores[part], found.is_success[part])
        if rng is not None:
            row = (scores[part], found.is_success[part], found.listeners[part])
            intervals[name] = auc_interval(*row, rng, draws=draws)
    return figures, intervals


def monotone(found: Moments) -> Figures:
    """Return by partial dependence how score and success follow each sign.

    ``monotone`` is the share of steps at which the score does not fall. ``rises_*`` is the rank
    correlation of a sign with success as trees see it, ``rise_*`` what it is between both ends.
    """
    from scipy.stats import kendalltau

    steps = np.concatenate([np.diff(of_score(found, at)) for at in range(len(FACTORS))])
    figures = {"monotone": float(np.mean(steps >= -1e-12))}
    for at, name in enumerate(FACTORS):
        means = of_success(found, at)
        ordered = kendalltau(np.arange(len(means)), means).statistic if len(means) > 1 else 0.0
        figures[f"rises_{name}"] = float(np.nan_to_num(ordered))
        figures[f"rise_{name}"] = float(means[-1] - means[0])
    return figures


def _with(weights: tuple[float, float]) -> Score:
    return lambda found: fitting.score(found.signs, *weights)


def _compared(found: Mapping[str, Moments], score: Score, worst: str) -> Figures:
    figures: Figures = {}
    for family, one in found.items():
        figures |= _named(foretold(one, score)[0], family)
    return {"auc": figures[f"{worst}_auc"], **figures}


def _named(told: Mapping[str, Value], family: str) -> dict[str, Value]:
    return {f"{family}_{name}": value for name, value in told.items()}


def _notes(
    found: Mapping[str, Moments],
    policies: Sequence[Tried],
    weights: tuple[float, float],
    where: str,
) -> Sequence[str]:
    counts = "; ".join(
        f"{family.upper()}: {len(one)} moments, {int(one.is_last.sum())} sessions with any, "
        f"{one.is_success[one.is_last].mean():.3f} of them successful"
        for family, one in found.items()
    )
    led = ", ".join(f"{one.success:.2f} of sessions by {_name(one)}" for one in policies)
    return (
        f"Simulated listeners{' of the tiny world' if where == 'tiny' else ''}. {counts}.",
        f"Tuned on listeners to learn from, seed + {DEVELOPMENT}: success in {led}.",
        "Intervals by drawing listeners. No policy, and no fitted weight, saw the test listeners.",
        (
            "Moments before any answer are left out. 'last': before the prompt after which the "
            "session is over."
        ),
        (
            f"'the same formula, fitted': power {weights[0]:g} of sureness, share {weights[1]:.2f} "
            "of liking; on the listeners to learn from of both families. Regressions and trees are "
            "cross-validated on the test listeners themselves, whole listeners left out: what "
            "there is in the signs, and in all that is known of a conversation."
        ),
    )


def _name(one: Tried) -> str:
    return type(one.policy).__name__
