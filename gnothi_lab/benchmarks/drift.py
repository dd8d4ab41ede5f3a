"""What becomes of what was learned: planted errors, and learning that stops or goes on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from gnothi_lab.learning_loop.drift import Drift, Way, drift
from gnothi_lab.learning_loop.fleet import UNGATED, Fleet, Settings
from gnothi_lab.learning_loop.planting import KINDS, Error, Planted, outlive, plant
from gnothi_lab.learning_loop.tally import Tally, total
from gnothi_lab.result import Result
from gnothi_lab.statistics import bootstrap, wilson
from gnothi_lab.worlds.households import Parameters, Week, World

WITHIN = (1, 2, 4)
"""Weeks after which errors are looked for."""


@dataclass(frozen=True, slots=True)
class Case:
    """A world, how long it is learned from, and what comes after."""

    seed: int
    size: str = "small"
    homes: int = 100
    """A third of a small world: the same weeks are lived three times over."""
    learned: int = 5
    """Weeks."""
    after: int = 8
    """Weeks after learning has stopped in one branch, and goes on in another."""
    watched: int = max(WITHIN)
    """Weeks after errors were planted in a third."""
    errors: int = 30
    """Of each kind, at most."""
    settings: Settings = field(default_factory=Settings)


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure in one world that is lived in three ways."""
    del data  # everything is simulated
    if quick:
        hasty = Settings(plan=UNGATED)
        case = Case(seed, "tiny", 20, 2, 1, 1, errors=4, settings=hasty)
    else:
        case = Case(seed)
    planted, drifted = outcome(case)
    return result(
        [planted],
        [drifted],
        seed=seed,
        weeks=max(WITHIN) if not quick else 1,
    )


def result(planted: Sequence[Planted], drifts: Sequence[Drift], *, seed: int, weeks: int) -> Result:
    """Return what worlds tell in which errors lasted for up to some *weeks*, and others."""
    errors = [error for one in planted for error in one.errors]
    rng = np.random.default_rng(seed)
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    for kind in KINDS:
        met = [one for one in errors if one.kind == kind and one.used]
        figures |= _lasting(kind, met, weeks, intervals, rng)
    taken = [one for world in planted for one in world.withdrawn]
    good = [one.was_good for one in taken]
    figures |= {"withdrawn": len(taken), "withdrawn_though_good": float(sum(good))}
    for name in ("stopped", "going_on"):
        ways: list[Way] = [getattr(one, name) for one in drifts]
        figures |= _way(name, ways)
    figures |= {
        f"personal_{name}": float(sum(getattr(one, name) for one in drifts))
        for name in ("stale", "replaced", "withdrawn")
    }
    figures["personal_rewrites"] = float(sum(one.personal for one in drifts))
    return Result(
        name="drift",
        figures=figures,
        intervals=intervals,
        baselines=_by_week(drifts),
        notes=NOTES,
    )


NOTES = (
    (
        "100 simulated homes of one world (`small` but for their number), learned in weeks 0 to 4."
        " Then errors are planted in one branch for four weeks; learning stops in another for"
        " eight, and goes on in a third."
    ),
    (
        "Errors: `request`, of everybody, works in nine of ten turns and becomes another that"
        " works; `half_right` has two meanings and becomes the rarer one; `personal` is a request"
        " of one person; `phrase` misleads what was not understood. Chosen by the truth."
    ),
    (
        "`_cured_N`: of the errors that anybody met, those that served nobody after N nights of"
        " learning, one a week. In the median (`_weeks`), one more than the weeks that were lived"
        " stands for errors that lasted."
    ),
    (
        "`_wrong`: requests that became wrong by it, each error; `_losses`: those that would have"
        " worked."
    ),
    (
        "`withdrawn_though_good`: learned rewrites taken back that were right more often than not,"
        " and than their words, by the truth of the weeks after planting."
    ),
    (
        "Drift: `week N` after learning stopped. `personal_right`: of what persons say for which"
        " they had a rewrite then. Stale: right at first, wrong in the last two uses."
    ),
    "Intervals: Wilson's for shares, the bootstrap over errors for medians.",
)


def outcome(case: Case) -> tuple[Planted, Drift]:
    """Live, learn, and go three ways."""
    parameters = Parameters.load(case.size)
    homes = min(case.homes, parameters.size.sample_homes)
    size = replace(parameters.size, homes=case.homes, sample_homes=homes)
    world = World(replace(parameters, size=size), seed=case.seed)
    with TemporaryDirectory() as folder:
        fleet = Fleet(world, Path(folder, "fleet"), case.settings)
        lived: list[Week] = []
        for number in range(case.learned):
            lived.append(fleet.live(number))
            fleet.learn(lived[-1])
        branch = fleet.branch(Path(folder, "planted"))
        errors = plant(branch, lived, case.errors, Random(case.seed))
        planted = outlive(branch, errors, range(case.learned, case.learned + case.watched))
        after = range(case.learned, case.learned + case.after)
        return planted, drift(fleet, Path(folder, "stopped"), after)


def _lasting(
    kind: str,
    met: Sequence[Error],
    weeks: int,
    intervals: dict[str, tuple[float, float]],
    rng: np.random.Generator,
) -> Mapping[str, float]:
    name = kind.replace(" ", "_")
    if not met:
        return {f"{name}_errors": 0.0}
    lasted = [one.weeks if one.weeks is not None else weeks + 1 for one in met]
    told = {f"{name}_errors": float(len(met)), f"{name}_weeks": float(np.median(lasted))}
    intervals[f"{name}_weeks"] = bootstrap(lasted, rng, statistic=np.median)
    for within in (one for one in WITHIN if one <= weeks):
        cured = [one <= within for one in lasted]
        told[f"{name}_cured_{within}"] = sum(cured) / len(cured)
        intervals[f"{name}_cured_{within}"] = wilson(cured)
    told[f"{name}_wrong"] = sum(one.wrong for one in met) / len(met)
    told[f"{name}_losses"] = sum(one.losses for one in met) / len(met)
    return told


def _way(name: str, ways: Iterable[Way]) -> Mapping[str, float]:
    known = list(ways)
    whole = total(week for way in known for week in way.weeks)
    own = total(week for way in known for week in way.personal)
    return {
        f"corrected_{name}": whole.corrected,
        f"wrong_{name}": whole.wrong_share,
        f"personal_right_{name}": _right(own),
    }


def _right(tally: Tally) -> float:
    """Return the share of all requests that were right, rewritten or not."""
    wrong = tally.defects - tally.failing + tally.wrong
    return 1.0 - wrong / tally.turns if tally.turns else 0.0


def _by_week(drifts: Sequence[Drift]) -> Mapping[str, Mapping[str, float]]:
    told: dict[str, Mapping[str, float]] = {}
    length = max((len(one.stopped.weeks) for one in drifts), default=0)
    for place in range(length):
        row: dict[str, float] = {}
        for name in ("stopped", "going_on"):
            ways: list[Way] = [getattr(one, name) for one in drifts]
            row |= _way(name, (Way([way.weeks[place]], [way.personal[place]]) for way in ways))
        told[f"week {place + 1}"] = row
    return told
