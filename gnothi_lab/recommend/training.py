"""From randomised sessions to policies: rounds of logs, then every way of learning from them.

The first round explores around information gain, every other one around what those before taught.
Sessions without history and with short menus have a log of their own, and so have those with
history and long menus: a policy is learned where it is to serve. What was logged is kept in a
folder, since logging takes longer than learning.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from gnothi.recommend.learner import Lessons, Method, Recipe, learn
from gnothi.recommend.moment import Breadth
from gnothi.recommend.noise import Noise
from gnothi.recommend.policies.gain import InformationGain
from gnothi.recommend.policies.learned import Learned
from gnothi.recommend.policies.matching import Matching
from gnothi.recommend.policies.rules import Rules
from gnothi_lab.recommend.logging import export
from gnothi_lab.recommend.sessions import FEW, MANY, Room, Way

FOLDER = Path("build", "recommend")
RULES = Rules(
    is_open_first=True,
    sample_success=0.525,
    sample_turn=0,
    rest=2,
    play_success=0.534,
    play_turn=1,
    coarse=0.01,
    refusals=2,
    choice_bonus=1.44,
)
"""The best of 40 trials (:mod:`gnothi_lab.recommend.tuning`), frozen."""
GAIN = InformationGain(sample=0.384, play=10.3, bar=0.143, hurry=0.0845, open=0.768)
"""Likewise."""
AS_TUNED = Way(Breadth(by_chance=False), history=False, noise=Noise(typical=0.0))
"""What both were tuned with: a belief in which all that have a value have it alike."""
PLAIN, WHOLE = Way(FEW, history=False), Way(MANY, history=True)
"""The two set-ups: nothing but short menus; history and long menus."""
RECIPE = Recipe(method=Method.CONSERVATIVE, trees=60, leaves=8, least=200, alpha=0.2)
"""The best of the ways to learn, by development sessions."""
_WORLD = 1000
"""Seeds of worlds to log in begin here; those to be judged in are below."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is logged."""

    rounds: tuple[int, ...] = (3000, 7000, 14000)
    """Sessions of each round, in either set-up."""
    spread: float = 0.7
    """Deviation of the worth by information gain, in nats, for matching probabilities."""


QUICK = Plan(rounds=(60, 60))


@dataclass(frozen=True, eq=False)
class Log:
    """All decisions of a training seed."""

    lessons: Lessons
    ended: np.ndarray
    """For each decision, whether its conversation ended with a play to the end."""
    success: float
    """Of the sessions while logging."""
    sessions: int


def logged(data: Path | str, seed: int, plan: Plan, way: Way, *, folder: Path = FOLDER) -> Log:
    """Return the log of a training *seed* in a set-up: as it was kept, or played now."""
    setup = "whole" if way.history else "plain"
    kept = folder / "-".join((Path(data).name, setup, str(seed), *map(str, plan.rounds)))
    if not (kept / "sessions.json").exists():
        kept.mkdir(parents=True, exist_ok=True)
        room = Room.of(data, seed=_WORLD + seed)
        try:
            _play(room, seed, plan, way, kept)
        finally:
            room.close()
    return _read(kept)


def policies(log: Log, *, seed: int = 0, which: tuple[str, ...] = ()) -> Mapping[str, Learned]:
    """Return what is learned from a *log* in every way, or in those *which* are named."""
    recipes = {
        "conservative": (log.lessons, RECIPE),
        "without offers": (log.lessons, replace(RECIPE, offers=False)),
        "fitted q": (log.lessons, replace(RECIPE, method=Method.FITTED_Q)),
        "greedy": (log.lessons, replace(RECIPE, method=Method.GREEDY)),
        "conservative, playback": (_by_playback(log), RECIPE),
        "greedy, playback": (
            replace(log.lessons, rewards=log.ended),
            replace(RECIPE, method=Method.GREEDY),
        ),
    }
    return {
        name: learn(lessons, recipe, seed=seed)
        for name, (lessons, recipe) in recipes.items()
        if name in (which or recipes)
    }


def _by_playback(log: Log) -> Lessons:
    """Return the lessons with the plainest reward: 1 at the end, if something was played."""
    return replace(log.lessons, rewards=np.where(log.lessons.is_last, log.ended, 0.0))


def _play(room: Room, seed: int, plan: Plan, way: Way, kept: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables: list[Any] = []
    ended: list[np.ndarray] = []
    success: list[np.ndarray] = []
    base: Any = Matching(GAIN, plan.spread)
    for round_, count in enumerate(plan.rounds):
        sessions = room.sessions(count, test=False, start=1000 * (round_ + 1))
        told = export(room, base, sessions, way, seed=10 * seed + round_)
        tables.append(told.table)
        ended.append(told.playback)
        success.append(told.success)
        taught = learn(Lessons.of(pa.concat_tables(tables)), RECIPE, seed=seed)
        base = Matching(taught, taught.deviation)
    pq.write_table(pa.concat_tables(tables), kept / "decisions.parquet")
    np.savez(kept / "ended.npz", ended=np.concatenate(ended))
    rates = [float(part.mean()) for part in success]
    told_of = {"success": rates, "sessions": sum(plan.rounds)}
    (kept / "sessions.json").write_text(json.dumps(told_of), encoding="utf-8")


def _read(kept: Path) -> Log:
    import pyarrow.parquet as pq

    told = json.loads((kept / "sessions.json").read_text(encoding="utf-8"))
    with np.load(kept / "ended.npz", allow_pickle=False) as held:
        ended = held["ended"]
    lessons = Lessons.of(pq.read_table(kept / "decisions.parquet"))
    return Log(lessons, ended, float(np.mean(told["success"])), int(told["sessions"]))
