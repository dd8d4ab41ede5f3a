"""The gate on recommending sessions: how often luck gets in, how surely a true gain does.

Sessions of the learned policy and of the rules are recorded with simulated listeners and drawn
again: as in an experiment, live policy and candidate get different sessions of different people,
50 of each at a time, up to 20,000; the gate is asked after every batch. A candidate that is equal
draws from the same record; of one that is worse or better by so many points, successes or failures
are turned at random.
"""

from math import log
from pathlib import Path

import numpy as np

from gnothi.core.errors import InputError
from gnothi.learning.gate import Ruling, judge
from gnothi.policy.confidence import log_wealth
from gnothi.recommend.noise import Floats
from gnothi_lab.benchmarks.gate import ALPHA, BOUND, Counts, Mask, World
from gnothi_lab.recommend import training
from gnothi_lab.recommend.sessions import Outcomes, Room, outcomes, play
from gnothi_lab.result import Result
from gnothi_lab.statistics import rate, wilson

BATCH, PAIRS, CANDIDATES, SESSIONS = 50, 20_000, 2_000, 1_000
GAINS = {"equal": 0.0, "worse_2": -0.02, "3": 0.03, "5": 0.05, "8": 0.08}
"""Gains in points of success."""
NULLS = ("equal", "worse_2")
_CHECKED = 20
_WORLD = 800


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure."""
    if data is None and not quick:
        raise InputError("The listeners are fitted to public data: set GNOTHI_DATA.")
    live, candidate = _recorded(data or Path("tiny"), seed, quick=quick)
    size = CANDIDATES // 20 if quick else CANDIDATES
    rng = np.random.default_rng(seed)
    base = float(live.success.mean())
    worlds = {name: _drawn(rng, size, live, live, gain) for name, gain in GAINS.items()}
    worlds["5_relative"] = _drawn(rng, size, live, live, 0.05 * base)
    worlds["learned_over_rules"] = _drawn(rng, size, live, candidate, 0.0)
    approved = {name: approves(world.counts) for name, world in worlds.items()}
    for world, found in zip(worlds.values(), approved.values(), strict=True):
        _check(world, found)
    hits = {name: found.any(1).tolist() for name, found in approved.items()}
    hits["false_approval"] = [one for name in NULLS for one in hits[name]]
    named = {name: name if name == "false_approval" else f"power_{name}" for name in hits}
    named |= {name: f"false_approval_{name}" for name in NULLS}
    figures = {named[name]: rate(found) for name, found in hits.items()}
    waits = {f"pairs_{name}": _wait(found) for name, found in approved.items() if found.any()}
    peeking = {
        name: rate((_naive(worlds[name].counts)).any(1).tolist()) for name in ("equal", "worse_2")
    }
    return Result(
        name="recommend-gate",
        figures={**figures, **waits, "success_live": base},
        intervals={named[name]: wilson(found) for name, found in hits.items()},
        baselines={
            "one-sided z-test at every look": {
                f"false_approval_{name}": value for name, value in peeking.items()
            }
        },
        notes=[
            (
                f"{size} candidates of each kind, from {len(live.keys)} recorded sessions of each"
                " policy; everybody is simulated."
            ),
            (
                f"Looks after every {BATCH} pairs, up to {PAIRS}; pairs_* are medians of those that"
                " were approved."
            ),
            "Gains are points of success; power_5_relative is 5 % of the live rate.",
        ],
    )


def approves(counts: Counts) -> Mask:
    """Decide like the gate, for all candidates at once."""
    turns = counts.sum(-1)
    supported = (turns >= BOUND.support) & (turns // 10 >= BOUND.people)
    return supported & (log_wealth(counts) >= -log(ALPHA))


def _recorded(data: Path, seed: int, *, quick: bool) -> tuple[Outcomes, Outcomes]:
    plan = training.QUICK if quick else training.Plan()
    log_ = training.logged(data, seed, plan, training.WHOLE)
    learned = training.policies(log_, seed=seed, which=("conservative",))["conservative"]
    room = Room.of(data, seed=_WORLD + seed)
    try:
        sessions = room.sessions(80 if quick else SESSIONS, test=True)
        rules = play(room, training.RULES, sessions, way=training.PLAIN, seed=seed)
        live = outcomes(rules, room.cap)
        better = play(room, learned, sessions, way=training.WHOLE, seed=seed)
        return live, outcomes(better, room.cap)
    finally:
        room.close()


def _drawn(
    rng: np.random.Generator, size: int, live: Outcomes, candidate: Outcomes, gain: float
) -> World:
    """Return *size* experiments: sessions of both, drawn again, and cells that add up."""
    shape = (size, PAIRS // BATCH, BATCH)
    one = live.success[rng.integers(0, len(live.success), shape, np.int32)] > 0
    other = candidate.success[rng.integers(0, len(candidate.success), shape, np.int32)] > 0
    share = float(candidate.success.mean())
    turned = rng.random(shape, np.float32)
    if gain > 0:
        other |= turned < gain / (1 - share)
    elif gain < 0:
        other &= turned >= -gain / share
    cells = np.stack(
        [
            (other & ~one).sum(2),
            (other & one).sum(2),
            (~other & ~one).sum(2),
            (one & ~other).sum(2),
        ],
        -1,
    )
    return World(cells.cumsum(1))


def _check(world: World, approved: Mask) -> None:
    """Compare the quick decisions with those of the gate itself.

    Raises:
        AssertionError: they differ.
    """
    looks = approved.shape[1]
    for candidate in range(min(_CHECKED, len(approved))):
        for look in (looks // 4, looks - 1):
            ruling = judge(world.evidence(candidate, look), BOUND).ruling
            if (ruling is Ruling.APPROVE) != bool(approved[candidate, look]):
                raise AssertionError(f"The gate says {ruling} to candidate {candidate}.")


def _wait(approved: Mask) -> float:
    """Return after how many pairs half of those that were approved were approved."""
    first = approved.argmax(1)[approved.any(1)]
    return float(np.median((first + 1) * BATCH))


def _naive(counts: Counts) -> Mask:
    turns: Floats = counts.sum(-1)
    mean = (counts[..., 0] - counts[..., 2]) / turns
    spread = np.sqrt(np.maximum((counts[..., 0] + counts[..., 2]) / turns - mean**2, 1e-9) / turns)
    return (turns >= BOUND.support) & (mean / spread > 1.6448536269514722)
