"""Which turns failed people: the model of defects against the truth of simulated homes.

Nobody in these homes is real. The model was fitted on worlds of other seeds and of the first family
of behaviour (``python -m gnothi_lab.fit_defects``); here are new worlds of that family with three
base rates of defects, and worlds of the second family, which gives up more, is slower, and sends
less telling signals. Rates leave out words such as "stop" and "yes", as the world's truth does.
`_in_a_row` has people of the first family ask one thing right after the other.

`typed_` is another matter: sessions written by hand, played to a real household, labelled by hand
(:mod:`gnothi_lab.typed`); the half that was locked while the model was made.
"""

import resource
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gnothi.learning.defects import DefectModel, shipped
from gnothi.learning.mining import connect
from gnothi.learning.signs import FEATURES
from gnothi.learning.turns import judge_by_signals
from gnothi_lab.fit_defects import RATES, TRAINING, chances, hurried, settings
from gnothi_lab.progress import watched
from gnothi_lab.result import Figures, Result
from gnothi_lab.statistics import wilson
from gnothi_lab.typed import LOCKED, Verdicts, judged
from gnothi_lab.worlds.households.parameters import Parameters
from gnothi_lab.worlds.households.world import World
from gnothi_lab.worlds.judged import Floats, Setting, Turns, turns_of

SEEDS = 3
USUAL = 0.10
"""The base rate of the second family and of the figures without a rate in their names."""
CAUSES = ("hearing", "wording", "name", "ambiguity", "catalogue", "unsupported")
MILLION = 1_000_000
_BINS = 15
_HALF = 0.5
_T_95 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776}
"""Student's t for the 95 % interval of a mean of so many seeds."""


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Judge new worlds and compare with the truth; *quick* takes tiny worlds and one seed."""
    del data  # everything is simulated
    size, seeds = ("tiny", 1) if quick else ("small", SEEDS)
    model = shipped()
    usual = settings(TRAINING, weeks=1 if quick else 2)
    strong = _strong(turns_of(usual + hurried(TRAINING), size))
    worlds = {
        "first": {rate: _worlds(seed, seeds, rate, "first", size) for rate in RATES},
        "second": {USUAL: _worlds(seed, seeds, USUAL, "second", size)},
        "in a row": {USUAL: _worlds(seed, seeds, USUAL, "first", size, in_a_row=1.0)},
    }
    figures: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    baselines: dict[str, dict[str, float]] = {
        "plain signals": {},
        "gradient boosting, same features": {},
        "best single feature": {},
    }
    for family, rates in worlds.items():
        for rate, turns in rates.items():
            name = _suffix(family, rate)
            for figure, values in _figures(model, turns).items():
                figures[figure + name] = float(np.mean(values))
                if len(values) in _T_95:
                    intervals[figure + name] = _interval(values)
            for label, told in _baselines(strong, turns).items():
                baselines[label] |= {figure + name: value for figure, value in told.items()}
    figures |= _by_cause(model, worlds["first"][USUAL])
    typed = judged(model.judge, LOCKED)
    figures |= _typed(typed)
    intervals |= _typed_intervals(typed)
    baselines["plain signals"] |= _typed(judged(judge_by_signals, LOCKED))
    figures["cpu_seconds_1m"] = _speed(model, seed, size)
    notes = [
        f"Simulated: worlds of size {size!r}, {seeds} seed(s) from {seed} on, their first week.",
        "Intervals are Student's, over seeds.",
        "auc_quiet leaves out turns that nobody needs a model for: unknown, or failed openly.",
        "found and false_alarms: share of failed and of right turns judged at 0.5 or more.",
        f"typed: {len(typed.failed)} turns, {len(set(typed.session))} sessions written by hand.",
        "typed_counted: judged at 0.5 or more; typed_expected: the sum of chances.",
        "Intervals of typed are Wilson's, as if turns of a session were independent.",
        "cpu_seconds_1m: one million turns judged by DuckDB, seconds of one core.",
    ]
    return Result("defects", figures, intervals, baselines=baselines, notes=notes)


def ece(found: Floats, truth: npt.NDArray[np.bool_], bins: int = _BINS) -> float:
    """Return the expected calibration error over *bins* of equal width."""
    place = np.minimum((found * bins).astype(int), bins - 1)
    gaps = [
        abs(found[place == one].mean() - truth[place == one].mean()) * np.mean(place == one)
        for one in range(bins)
        if (place == one).any()
    ]
    return float(sum(gaps))


def _worlds(
    seed: int, seeds: int, rate: float, family: str, size: str, *, in_a_row: float = 0.0
) -> list[Turns]:
    told = watched(range(seed, seed + seeds), f"{family}, {rate:.0%}")
    return [turns_of([Setting(one, rate, family, 1, in_a_row)], size) for one in told]


def _suffix(family: str, rate: float) -> str:
    base = "" if rate == USUAL else f"_{rate * 100:02.0f}"
    return base + ("" if family == "first" else f"_{family.replace(' ', '_')}")


def _typed(found: Verdicts) -> dict[str, float]:
    counted = found.chance >= _HALF
    return {
        "typed_auc": _auc(found.failed, found.chance),
        "typed_precision": float(np.mean(found.failed[counted])),
        "typed_recall": float(np.mean(counted[found.failed])),
        "typed_counted": float(counted.sum()),
        "typed_expected": float(found.chance.sum()),
        "typed_failed": float(found.failed.sum()),
    }


def _typed_intervals(found: Verdicts) -> dict[str, tuple[float, float]]:
    counted = found.chance >= _HALF
    return {
        "typed_precision": wilson(found.failed[counted].tolist()),
        "typed_recall": wilson(counted[found.failed].tolist()),
    }


def _figures(model: DefectModel, worlds: Sequence[Turns]) -> Mapping[str, Sequence[float]]:
    told = [_judged(model, turns) for turns in worlds]
    return {name: [one[name] for one in told] for name in told[0]}


def _judged(model: DefectModel, turns: Turns) -> Figures:
    asked = turns.requests
    found = chances(model.defect, asked.features)
    again = chances(model.rephrase, turns.features)
    return {
        **_quality(found, asked),
        "found": float(np.mean(found[asked.failed] >= _HALF)),
        "false_alarms": float(np.mean(found[~asked.failed] >= _HALF)),
        "base_rate": float(np.mean(asked.failed)),
        "auc_rephrase": _auc(turns.anew, again),
        "ece_rephrase": ece(again, turns.anew),
    }


def _quality(found: Floats, asked: Turns) -> dict[str, float]:
    quiet = ~_open(asked)
    return {
        "auc": _auc(asked.failed, found),
        "auc_quiet": _auc(asked.failed[quiet], found[quiet]),
        "brier": float(np.mean((found - asked.failed) ** 2)),
        "ece": ece(found, asked.failed),
    }


def _open(turns: Turns) -> npt.NDArray[np.bool_]:
    places = [FEATURES.index(name) for name in ("failed", "unknown")]
    return turns.features[:, places].any(axis=1)


def _baselines(strong: Any, worlds: Sequence[Turns]) -> dict[str, dict[str, float]]:  # noqa: ANN401
    asked = [turns.requests for turns in worlds]
    plain = [_quality(turns.by_signals, turns) for turns in asked]
    boosted = [_quality(strong.predict_proba(turns.features)[:, 1], turns) for turns in asked]
    single = [
        {"auc": max(_auc(turns.failed, column) for column in turns.features.T)} for turns in asked
    ]
    return {
        "plain signals": _mean(plain),
        "gradient boosting, same features": _mean(boosted),
        "best single feature": _mean(single),
    }


def _mean(told: Sequence[Figures]) -> dict[str, float]:
    return {name: float(np.mean([one[name] for one in told])) for name in told[0]}


def _strong(turns: Turns) -> Any:  # noqa: ANN401 - scikit-learn has no types
    ensemble = import_module("sklearn.ensemble")
    model = ensemble.HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.06, early_stopping=True, random_state=0
    )
    return model.fit(turns.features, turns.failed)


def _by_cause(model: DefectModel, worlds: Sequence[Turns]) -> Iterator[tuple[str, float]]:
    """Yield the share of failed turns that are found, and the AUC against right ones, by cause."""
    for cause in CAUSES:
        found: list[float] = []
        ranks: list[float] = []
        for turns in worlds:
            asked = turns.requests
            chance = chances(model.defect, asked.features)
            mine = asked.failed & (asked.cause == cause)
            if mine.any():
                found.append(float(np.mean(chance[mine] >= _HALF)))
                ranks.append(_auc(mine[mine | ~asked.failed], chance[mine | ~asked.failed]))
        if found:
            yield f"found_{cause}", float(np.mean(found))
            yield f"auc_{cause}", float(np.mean(ranks))


def _auc(truth: npt.NDArray[np.bool_], found: Floats) -> float:
    return float(import_module("sklearn.metrics").roc_auc_score(truth, found))


def _interval(values: Sequence[float]) -> tuple[float, float]:
    reach = _T_95[len(values)] * float(np.std(values, ddof=1)) / len(values) ** 0.5
    middle = float(np.mean(values))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _speed(model: DefectModel, seed: int, size: str) -> float:
    """Return how long one core takes for a million turns, made from a week by copying sessions."""
    log = World(Parameters.load(size), seed=seed).play(0).log
    copies = -(-MILLION // log.num_rows)
    with tempfile.TemporaryDirectory() as folder:
        backend = connect("2GB", threads=1, spill=Path(folder))
        copied = import_module("ibis").range(copies).unnest().name("copy").as_table()
        week = backend.create_table("week", log)
        rows = week.cross_join(copied)
        rows = rows.mutate(session=rows.session.concat("-", rows["copy"].cast("string")))
        turns = backend.create_table("turns", rows.drop("copy").limit(MILLION))
        before = _cpu()
        judged = model.judge(turns)
        judged.aggregate([judged.defect.sum(), judged.rephrase.sum()]).to_pyarrow()
        return _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
