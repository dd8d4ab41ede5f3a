"""Usefulness of prompts, told without annotators, against what sessions reach without the prompt.

Sessions of simulated listeners, led by the policy that randomises. Each prompt that was chosen is
left out of its session, which is played again in the world under the same chance; the policy goes
on by itself, three times. A prompt was truly useful if its session succeeded, and at least half of
the replays without it do not.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from gnothi.core.errors import InputError
from gnothi.recommend.noise import Floats
from gnothi.recommend.policies.matching import Matching
from gnothi.recommend.rewards import Reward
from gnothi_lab.recommend import training
from gnothi_lab.recommend.deleting import Deleted, reached_without
from gnothi_lab.recommend.sessions import Room, play
from gnothi_lab.result import Result

WAY = training.WHOLE
SESSIONS, DRAWS, BOOTSTRAPS = 400, 3, 300
_WORLD = 700
"""Seeds of the worlds in which it is measured begin here; the reward was chosen in others."""


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure."""
    if data is None and not quick:
        raise InputError("The listeners are fitted to public data: set GNOTHI_DATA.")
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    baselines: dict[str, dict[str, float]] = {}
    for family, suffix in (("a", ""), ("b", "_b")):
        told = _Measured(data or Path("tiny"), family, seed, 60 if quick else SESSIONS)
        figures |= {f"{name}{suffix}": value for name, value in told.figures().items()}
        rng = np.random.default_rng(seed)
        intervals[f"auc{suffix}"] = told.interval(_auc, told.reward, rng)
        intervals[f"rank_correlation{suffix}"] = told.interval(_rank, told.reward, rng)
        for name, other in told.others().items():
            mine = baselines.setdefault(name, {})
            mine[f"auc{suffix}"] = _auc(told.reward_of(other), told.truth)
            mine[f"rank_correlation{suffix}"] = _rank(told.reward_of(other), told.truth)
    return Result(
        name="usefulness",
        figures=figures,
        intervals=intervals,
        baselines=baselines,
        notes=[
            "Everybody is simulated (gnothi_lab/worlds/listeners). Listeners kept for tests.",
            "The reward sees transcript and catalogue only; chosen on 300 other sessions.",
            "Most of the AUC is knowing that a session ended well: see auc_within, those only.",
        ],
    )


class _Measured:
    """Prompts with their true usefulness and their reward."""

    def __init__(self, data: Path, family: str, seed: int, count: int) -> None:
        room = Room.of(data, seed=_WORLD + seed, family=family)
        policy = Matching(training.GAIN, training.Plan().spread)
        try:
            sessions = room.sessions(count, test=True)
            played = list(play(room, policy, sessions, way=WAY, seed=seed))
            deleted = [Deleted(one, place) for one in played for place in one.places]
            without = reached_without(room, policy, WAY, deleted, seed=seed, draws=DRAWS)
        finally:
            room.close()
        self._room, self._deleted = room, deleted
        self.keys = np.array([one.played.session.key for one in deleted])
        self.success = np.array([one.played.truth.is_success for one in deleted], np.bool_)
        self.truth: Floats = self.success - without
        self.reward = self.reward_of(Reward())

    def reward_of(self, reward: Reward) -> Floats:
        """Return the *reward* of each prompt."""
        found: dict[int, list[float]] = {}
        for one in self._deleted:
            key = id(one.played)
            if key not in found:
                start = self._room.start(one.played.session.key, WAY)
                found[key] = reward.of(start, one.played.turns, one.played.completed)
        return np.array([found[id(one.played)][one.place] for one in self._deleted])

    def figures(self) -> dict[str, float]:
        """Return how well the reward tells what was useful."""
        won = self.success
        return {
            "auc": _auc(self.reward, self.truth),
            "auc_within": _auc(self.reward[won], self.truth[won]),
            "rank_correlation": _rank(self.reward, self.truth),
            "prompts": float(len(self.truth)),
            "useful": float((self.truth >= 0.5).mean()),
        }

    def others(self) -> dict[str, Reward]:
        """Return simpler rewards."""
        return {
            "ended with a play": Reward(decay=1.0, asked=1.0),
            "ended with a play, decayed": Reward(asked=1.0),
            "closeness alone": Reward(decay=1.0, asked=0.0),
        }

    def interval(
        self, statistic: Callable[[Floats, Floats], float], reward: Floats, rng: np.random.Generator
    ) -> tuple[float, float]:
        """Return a 95 % interval; listeners are drawn."""
        names, places = np.unique(self.keys, return_inverse=True)
        rows = [np.flatnonzero(places == at) for at in range(len(names))]
        drawn: list[float] = []
        for _ in range(BOOTSTRAPS):
            chosen = np.concatenate([rows[at] for at in rng.integers(0, len(names), len(names))])
            drawn.append(statistic(reward[chosen], self.truth[chosen]))
        low, high = np.quantile(drawn, (0.025, 0.975))
        return float(low), float(high)


def _auc(reward: Floats, truth: Floats) -> float:
    useful = truth >= 0.5
    return float(roc_auc_score(useful, reward)) if 0 < useful.sum() < len(useful) else 0.5


def _rank(reward: Floats, truth: Floats) -> float:
    return float(spearmanr(reward, truth).statistic) if np.ptp(truth) and np.ptp(reward) else 0.0
