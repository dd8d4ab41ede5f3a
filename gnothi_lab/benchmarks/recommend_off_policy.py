"""Learned prompt policies judged from a log that they did not make, and then by being played.

The anonymised export of randomised sessions is read by ``gnothi.policy`` as anybody's would be,
with what each policy would have done as a column. Return: whether something was played to its end.
The truth is the mean over fresh sessions led by the policy itself.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gnothi.core.errors import InputError
from gnothi.policy.reading import read_log
from gnothi.policy.report import Rules, evaluate
from gnothi.recommend.acts import Ask
from gnothi.recommend.learner import Lessons
from gnothi.recommend.policies.learned import Learned
from gnothi.recommend.policies.matching import Matching
from gnothi_lab.recommend import training
from gnothi_lab.recommend.logging import export
from gnothi_lab.recommend.sessions import Room, outcomes, play
from gnothi_lab.result import Result
from gnothi_lab.statistics import wilson

WAY = training.WHOLE
LOGGED, PLAYED = 1500, 500
_JUDGED = ("conservative", "greedy", "greedy, playback")
_WORLD = 900


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure."""
    if data is None and not quick:
        raise InputError("The listeners are fitted to public data: set GNOTHI_DATA.")
    source = data or Path("tiny")
    log = training.logged(source, seed, training.QUICK if quick else training.Plan(), WAY)
    learned = training.policies(log, seed=seed, which=_JUDGED)
    room = Room.of(source, seed=_WORLD + seed)
    try:
        logging = Matching(training.GAIN, training.Plan().spread)
        sessions = room.sessions(100 if quick else LOGGED, test=True)
        told = export(room, logging, sessions, WAY, seed=seed)
        truths = {
            name: outcomes(
                play(
                    room,
                    policy,
                    room.sessions(50 if quick else PLAYED, test=True, start=500),
                    way=WAY,
                    seed=seed,
                ),
                room.cap,
            ).completed
            for name, policy in learned.items()
        }
    finally:
        room.close()
    return _result(_with_targets(told.table, told.playback, learned), learned, truths)


def _with_targets(table: Any, ended: Any, learned: "dict[str, Learned]") -> Any:  # noqa: ANN401
    """Return the export with the outcome as reward, and what each policy would have done."""
    import pyarrow as pa

    lessons = Lessons.of(table)
    rewards = np.where(lessons.is_last, ended, 0.0)
    table = table.set_column(table.column_names.index("reward"), "reward", pa.array(rewards))
    asks = [list(Ask)[at] for at in lessons.asks]
    for name, policy in learned.items():
        worth = policy.predict(lessons.features.astype(np.float64), asks)
        chances: list[list[float]] = []
        for first, last in zip(lessons.starts[:-1], lessons.starts[1:], strict=True):
            best = int(np.argmax(worth[first:last]))
            chances.append([float(at == best) for at in range(last - first)])
        table = table.append_column(name, pa.array(chances, pa.list_(pa.float64())))
    return table


def _result(table: Any, learned: "dict[str, Learned]", truths: "dict[str, Any]") -> Result:  # noqa: ANN401
    names = list(learned)
    read = read_log(table, targets=names)
    report = evaluate(read.log, read.targets, replace(Rules(), bounds=(0.0, 1.0)))
    figures: dict[str, float] = {"logged": report.logged}
    intervals: dict[str, tuple[float, float]] = {
        "logged": (report.logged_interval.low, report.logged_interval.high)
    }
    errors: list[float] = []
    covered: list[bool] = []
    for one in report.policies:
        name = one.name.replace(", ", "_").replace(" ", "_")
        truth = float(truths[one.name].mean())
        figures |= {
            f"value_{name}": one.value,
            f"truth_{name}": truth,
            f"effective_{name}": one.support.effective,
            f"recommended_{name}": float(one.ruling.value == "recommend"),
        }
        intervals[f"value_{name}"] = (one.interval.low, one.interval.high)
        intervals[f"truth_{name}"] = wilson(truths[one.name].tolist())
        errors.append(abs(one.value - truth) / truth if truth else 0.0)
        covered.append(one.interval.low <= truth <= one.interval.high)
    figures |= {"relative_error": float(np.mean(errors)), "covered": float(np.mean(covered))}
    return Result(
        name="recommend-off-policy",
        figures=figures,
        intervals=intervals,
        notes=[
            "Everybody is simulated (gnothi_lab/worlds/listeners). Listeners kept for tests.",
            (
                f"{read.log.count} logged conversations with {read.log.size} decisions; bounded by"
                " betting, so that intervals of gains hold for all policies together."
            ),
        ],
    )
