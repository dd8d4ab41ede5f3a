"""How much any way of choosing prompts could gain over the rules in the world of listeners.

Without history. The rules themselves; then with items in the order of a model fitted to the truth
about other listeners; then with people who, once they name a part of their mood, are heard to say
all of it; and both. Each of these is the best of many random settings of rules and information
gain, on development sessions.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi.recommend.policies import Policy
from gnothi.recommend.policies.matching import Matching
from gnothi_lab.progress import watched
from gnothi_lab.recommend import training, tuning
from gnothi_lab.recommend.ceiling import Ordered, fitted_to_truth, whole_mood
from gnothi_lab.recommend.comparing import Sums
from gnothi_lab.recommend.sessions import MANY, Hint, Outcomes, Room, Way, outcomes, play
from gnothi_lab.result import Result

WAY = Way(MANY, history=False)
RULES = "rules"
_SUCCESS, _TURNS = 1, 2
_LEARNING, _WORLD = 1000, 600


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is played."""

    fitted: int = 2500
    """Sessions under each of two policies, for the model fitted to the truth."""
    budget: tuple[int, int] = (12, 300)
    """Settings that are tried for each, and development sessions of each."""
    worlds: int = 2
    sessions: int = 1500
    """In each world."""


QUICK = Scale(fitted=60, budget=(2, 20), worlds=1, sessions=40)


@dataclass(frozen=True, eq=False)
class Knowing:
    """An assistant that knows more than can be known."""

    name: str
    is_ordered: bool
    is_told: bool


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure."""
    if data is None and not quick:
        raise InputError("The listeners are fitted to public data: set GNOTHI_DATA.")
    source, scale = data or Path("tiny"), QUICK if quick else Scale()
    arms = [
        Knowing("items by the truth", is_ordered=True, is_told=False),
        Knowing("whole mood", is_ordered=False, is_told=True),
        Knowing("items by the truth, whole mood", is_ordered=True, is_told=True),
    ]
    room = Room.of(source, seed=_LEARNING + seed)
    try:
        best = [_best(room, arm, scale, seed) for arm in watched(arms, "ceilings")]
    finally:
        room.close()
    sums = Sums()
    for world in range(scale.worlds):
        room = Room.of(source, seed=_WORLD + 10 * seed + world)
        try:
            sessions = room.sessions(scale.sessions, test=True)
            sums.add(RULES, _played(room, training.RULES, sessions, None, training.AS_TUNED))
            for arm, policy in zip(arms, best, strict=True):
                hint = whole_mood(room) if arm.is_told else None
                sums.add(arm.name, _played(room, policy, sessions, hint))
        finally:
            room.close()
    return _result(sums, arms, scale, np.random.default_rng(seed))


def _played(
    room: Room, policy: Policy, sessions: list[tuple[str, int]], hint: Hint | None, way: Way = WAY
) -> Outcomes:
    return outcomes(play(room, policy, sessions, way=way, hint=hint), room.cap)


def _best(room: Room, arm: Knowing, scale: Scale, seed: int) -> Policy:
    """Return the best policy for an assistant that knows so much, by development sessions."""
    hint = whole_mood(room) if arm.is_told else None
    rng = np.random.default_rng(seed)
    trials, count = scale.budget
    tried: list[Policy] = [training.RULES, training.GAIN]
    tried += [tuning.DRAWS[name](rng) for _ in range(trials // 2) for name in ("rules", "gain")]
    if arm.is_ordered:
        base = (training.RULES, Matching(training.GAIN, training.Plan().spread))
        learned = room.sessions(scale.fitted, test=False, start=1)
        forest, _ = fitted_to_truth(room, base, learned, WAY, hint=hint)
        tried = [Ordered(one, forest) for one in tried]
    sessions = room.sessions(count, test=False, start=500)
    worth = [tuning.worth(_played(room, one, sessions, hint)) for one in tried]
    return tried[int(np.argmax(worth))]


def _result(sums: Sums, arms: list[Knowing], scale: Scale, rng: np.random.Generator) -> Result:
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for arm in arms:
        short = arm.name.replace(",", "").replace(" ", "_")
        for name, column in (("success_gain", _SUCCESS), ("turns_change", _TURNS)):
            key = f"{name}_{short}"
            figures[key], intervals[key] = sums.change(arm.name, RULES, column, rng)
    return Result(
        name="recommend-ceiling",
        figures={**figures, "sessions": sums.sessions},
        intervals=intervals,
        baselines={name: sums.figures(name) for name in sums.names},
        notes=[
            "Everybody is simulated (gnothi_lab/worlds/listeners), family A; listeners for tests.",
            "No history. What these assistants know, nobody can know: these are ceilings.",
            f"Each: the best of {scale.budget[0] + 2} settings on {scale.budget[1]} sessions;",
            "the rules had 40 trials of their own.",
        ],
    )
