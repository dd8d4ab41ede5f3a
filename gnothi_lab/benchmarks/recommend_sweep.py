"""What was learned against the rules, in worlds whose unpinned numbers are other ones.

No data says how often people slip, are vague, stay silent, or how much a wrong play annoys them.
Each of these is halved and doubled, by itself; nothing is learned or tuned anew. A gain that turns
round is not robust.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi.recommend.policies import Policy
from gnothi_lab.progress import watched
from gnothi_lab.recommend import training
from gnothi_lab.recommend.comparing import Sums
from gnothi_lab.recommend.sessions import Room, Way, outcomes, play
from gnothi_lab.result import Result

RULES, LEARNED, WHOLE = "rules", "learned", "learned, history and candidates"
_SUCCESS, _TURNS = 1, 2
_WORLD = 400
CHANGES: Mapping[str, tuple[str, float]] = {
    "as it is": ("families.a.slip", 0.05),
    "slips doubled": ("families.a.slip", 0.10),
    "silence doubled": ("families.a.silence", 0.06),
    "vague doubled": ("families.a.vague", 0.12),
    "nothing volunteered": ("families.a.volunteer", 0.0),
    "reasons doubled": ("families.a.reason", 0.60),
    "wrong plays cost half": ("families.a.costs.wrong_play", 0.3),
    "wrong plays cost double": ("families.a.costs.wrong_play", 1.2),
    "misses cost double": ("families.a.costs.miss", 0.7),
    "settling doubled": ("families.a.settle", 0.24),
    "company doubled": ("goal.company", 0.24),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is played."""

    sessions: int = 800
    plan: training.Plan = training.Plan()  # noqa: RUF009 - frozen


QUICK = Scale(sessions=30, plan=training.QUICK)


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure."""
    if data is None and not quick:
        raise InputError("The listeners are fitted to public data: set GNOTHI_DATA.")
    source, scale = data or Path("tiny"), QUICK if quick else Scale()
    arms: dict[str, tuple[Policy, Way]] = {RULES: (training.RULES, training.AS_TUNED)}
    for name, way in ((LEARNED, training.PLAIN), (WHOLE, training.WHOLE)):
        log = training.logged(source, seed, scale.plan, way)
        learned = training.policies(log, seed=seed, which=("conservative",))
        arms[name] = (learned["conservative"], way)
    rng = np.random.default_rng(seed)
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    baselines: dict[str, dict[str, float]] = {}
    for change, (path, value) in watched([*CHANGES.items()], "worlds"):
        sums = _played(source, _WORLD + seed, {path: value}, arms, scale.sessions)
        short = change.replace(" ", "_")
        for name, arm, column in (
            (f"success_gain_{short}", LEARNED, _SUCCESS),
            (f"turns_change_{short}", LEARNED, _TURNS),
            (f"whole_success_gain_{short}", WHOLE, _SUCCESS),
            (f"whole_turns_change_{short}", WHOLE, _TURNS),
        ):
            figures[name], intervals[name] = sums.change(arm, RULES, column, rng)
        baselines[f"rules, {change}"] = sums.figures(RULES)
    gains = [value for name, value in figures.items() if name.startswith("success_gain")]
    return Result(
        name="recommend-sweep",
        figures={**figures, "least_success_gain": min(gains), "most_success_gain": max(gains)},
        intervals=intervals,
        baselines=baselines,
        notes=[
            "Everybody is simulated (gnothi_lab/worlds/listeners), family A; listeners for tests.",
            f"{scale.sessions} sessions of each policy in each world; one training seed.",
            "Rules tuned, and policies learned, in the world as it is.",
        ],
    )


def _played(
    source: Path,
    seed: int,
    changes: Mapping[str, float],
    arms: Mapping[str, tuple[Policy, Way]],
    count: int,
) -> Sums:
    sums = Sums()
    room = Room.of(source, seed=seed, changes=changes)
    try:
        sessions = room.sessions(count, test=True)
        for name, (policy, way) in arms.items():
            sums.add(name, outcomes(play(room, policy, sessions, way=way, seed=seed), room.cap))
    finally:
        room.close()
    return sums
