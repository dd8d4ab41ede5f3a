"""Learned prompt policies against tuned rules and information gain, on simulated listeners.

Sessions of listeners who are kept for tests, in worlds of fresh seeds; every policy meets the same
people, wishes and chance. Intervals draw listeners. A failure counts for the cap of turns. The
policies were learned from randomised sessions with *other* listeners of family A; family B answers
by another model and was never learned from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi.recommend.policies import Policy, Uniform
from gnothi_lab.progress import watched
from gnothi_lab.recommend import training
from gnothi_lab.recommend.comparing import Sums
from gnothi_lab.recommend.sessions import FEW, MANY, Outcomes, Room, Way, outcomes, play
from gnothi_lab.recommend.training import AS_TUNED, PLAIN, WHOLE
from gnothi_lab.result import Result
from gnothi_lab.worlds.listeners import Truth

RULES, NOW, LEARNED, ORACLE = "rules", "rules, facts by degrees", "learned", "oracle"
BOTH = "learned, history and candidates"
SUCCESS, TURNS = 1, 2
"""Columns of what is compared."""
_WORLD = 200


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is played."""

    worlds: int = 10
    seeds: int = 2
    """Training seeds; the worlds take turns with them."""
    main: int = 2000
    """Sessions in each world, for the policies that the targets are about."""
    others: int = 250
    """Those for all others: the first ones of the same sessions."""
    plan: training.Plan = training.Plan()  # noqa: RUF009 - frozen


QUICK = Scale(worlds=1, seeds=1, main=40, others=20, plan=training.QUICK)


@dataclass(frozen=True, eq=False)
class Arm:
    """A policy in one set-up."""

    policy: Policy
    way: Way
    is_main: bool = False


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure."""
    if data is None and not quick:
        raise InputError("The listeners are fitted to public data: set GNOTHI_DATA.")
    source = data or Path("tiny")
    scale = QUICK if quick else Scale()
    logs = [
        [training.logged(source, seed + at, scale.plan, way) for way in (PLAIN, WHOLE)]
        for at in range(scale.seeds)
    ]
    taught = [
        _arms(*(training.policies(log, seed=seed + at) for log in both))
        for at, both in enumerate(logs)
    ]
    main, elsewhere = Sums(), Sums()
    for world in watched(range(scale.worlds), "worlds"):
        arms = taught[world % scale.seeds]
        _play(source, "a", _WORLD + 10 * seed + world, arms, scale, main)
        some = {name: arms[name] for name in (RULES, NOW, LEARNED, BOTH)}
        _play(source, "b", _WORLD + 10 * seed + world, some, scale, elsewhere)
    return _result(main, elsewhere, logs, np.random.default_rng(seed))


def _arms(plain: Mapping[str, Policy], whole: Mapping[str, Policy]) -> dict[str, Arm]:
    # Chosen on development listeners, for either set-up by itself.
    history = Way(FEW, history=True)
    return {
        RULES: Arm(training.RULES, AS_TUNED, is_main=True),
        "rules, history": Arm(training.RULES, replace(AS_TUNED, history=True)),
        NOW: Arm(training.RULES, PLAIN, is_main=True),
        "rules, facts by degrees, history": Arm(training.RULES, history),
        "information gain": Arm(training.GAIN, AS_TUNED),
        "information gain, facts by degrees": Arm(training.GAIN, PLAIN),
        "information gain, facts by degrees, history": Arm(training.GAIN, history),
        LEARNED: Arm(plain["conservative"], PLAIN, is_main=True),
        "learned, items as the belief has them": Arm(plain["without offers"], PLAIN),
        "learned, candidates": Arm(plain["conservative"], Way(MANY, history=False)),
        "learned, history": Arm(whole["conservative"], history),
        BOTH: Arm(whole["conservative"], WHOLE, is_main=True),
        "greedy, history and candidates": Arm(whole["greedy"], WHOLE),
        "fitted q, history and candidates": Arm(whole["fitted q"], WHOLE),
        "playback as reward, conservative": Arm(whole["conservative, playback"], WHOLE),
        "playback as reward, greedy": Arm(whole["greedy, playback"], WHOLE),
        "any prompt": Arm(Uniform(), WHOLE),
    }


def _play(
    data: Path, family: str, world: int, arms: Mapping[str, Arm], scale: Scale, sums: Sums
) -> None:
    room = Room.of(data, seed=world, family=family)
    try:
        count = scale.main if family == "a" else scale.others
        # Each world has other listeners first, so that all of them are met.
        sessions = room.sessions((world + 1) * count, test=True)[-count:]
        for name, arm in arms.items():
            mine = sessions if arm.is_main else sessions[: scale.others]
            done = outcomes(play(room, arm.policy, mine, way=arm.way, seed=world), room.cap)
            sums.add(name, done)
        sums.add(ORACLE, _of_truths(sessions, room.judge.oracle(sessions), room.cap))
    finally:
        room.close()


def _of_truths(sessions: Sequence[tuple[str, int]], truths: Sequence[Truth], cap: int) -> Outcomes:
    success = np.array([one.is_success for one in truths], np.float64)
    return Outcomes(
        tuple(key for key, _ in sessions),
        success,
        np.array([one.counted(cap) for one in truths], np.float64),
        np.array([one.turns for one in truths], np.float64),
        np.array([bool(one.opening) for one in truths], np.bool_),
        success > 0,
    )


def _result(
    main: Sums, elsewhere: Sums, logs: Sequence[Sequence[training.Log]], rng: np.random.Generator
) -> Result:
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}

    def compare(name: str, sums: Sums, one: str, other: str, column: int) -> None:
        figures[name], intervals[name] = sums.change(one, other, column, rng)

    compare("success_gain", main, LEARNED, RULES, SUCCESS)
    compare("turns_change", main, LEARNED, RULES, TURNS)
    compare("success_gain_by_degrees", main, LEARNED, NOW, SUCCESS)
    compare("turns_change_by_degrees", main, LEARNED, NOW, TURNS)
    compare("history_success_gain", main, BOTH, LEARNED, SUCCESS)
    compare("history_turns_change", main, BOTH, LEARNED, TURNS)
    compare("whole_success_gain", main, BOTH, RULES, SUCCESS)
    compare("whole_turns_change", main, BOTH, RULES, TURNS)
    share, (low, high) = main.change(BOTH, ORACLE, SUCCESS, rng)
    figures["share_of_oracle"] = 1 + share
    intervals["share_of_oracle"] = (1 + low, 1 + high)
    compare("success_gain_b", elsewhere, LEARNED, RULES, SUCCESS)
    compare("turns_change_b", elsewhere, LEARNED, RULES, TURNS)
    compare("success_gain_by_degrees_b", elsewhere, LEARNED, NOW, SUCCESS)
    compare("turns_change_by_degrees_b", elsewhere, LEARNED, NOW, TURNS)
    compare("whole_success_gain_b", elsewhere, BOTH, RULES, SUCCESS)
    compare("whole_turns_change_b", elsewhere, BOTH, RULES, TURNS)
    figures |= main.figures(BOTH)
    intervals |= main.interval(BOTH, rng)
    figures["sessions"] = main.sessions + elsewhere.sessions
    baselines = {name: main.figures(name) for name in main.names if name != BOTH}
    baselines |= {f"{name} (family b)": elsewhere.figures(name) for name in elsewhere.names}
    return Result(
        name="recommend",
        figures=figures,
        intervals=intervals,
        baselines=baselines,
        published={
            "Mairesse, Luo, Ye 2021, learned over rules": {
                "success_gain": 0.08,
                "turns_change": -0.20,
                "source": "RecSys 2021, doi 10.1145/3460231.3474600: real customers",
            },
            "Mairesse, Luo, Ye 2021, candidates and affinity": {
                "history_success_gain": 0.04,
                "history_turns_change": -0.13,
                "source": "the same",
            },
        },
        notes=_notes(logs),
    )


def _notes(logs: Sequence[Sequence[training.Log]]) -> list[str]:
    plain, whole = (float(np.mean([both[at].success for both in logs])) for at in (0, 1))
    return [
        "Everybody is simulated (gnothi_lab/worlds/listeners). Listeners kept for tests.",
        f"{len(logs)} training seeds: {logs[0][0].sessions} randomised sessions in either set-up,",
        "with other listeners of family A.",
        f"Floor 0.02, at most half of all chance; success while logging {plain:.3f}, {whole:.3f}.",
        "Turns over all sessions, failures at the cap of 15; turns_of_successes apart.",
        "Rules, information gain: 40 trials of 100 development sessions, the best 5 on 400 more,",
        "frozen then, with facts that are had or not; *_by_degrees: rules with today's belief.",
        "The ways to learn had fewer trials.",
        "1,024 items judge questions here, a quarter of the product's.",
    ]
