"""Teaching the camera: small detectors learn things from 1 to 30 boxes, by seven methods and more.

Domains are the folders ``vision/det_*``; the pictures that a detector is judged on were taken at
other times, of other boards or in other bursts than those it learned from. Before that it learned
rendered scenes (``gnothi-train teach-basis``), never a domain that it is judged on. Every method
gets the same steps and pictures. AP50 and AP as COCO counts them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
import torch

from gnothi.registry.registry import SHIPPED
from gnothi.serve.things import NETWORK
from gnothi_lab.progress import watched
from gnothi_lab.result import ROOT, Result
from gnothi_lab.sight.teaching.domains import Domain, domains, read_domain
from gnothi_lab.sight.teaching.light import LightLaboratory
from gnothi_lab.sight.teaching.runs import TUNING, Laboratory, Outcome, Run
from gnothi_lab.statistics import bootstrap
from gnothi_train.vision.teach.methods import SPECIAL, Method

SEEDS, FEW = 5, 1
"""Draws of examples, of the main comparison and of the others."""
COUNTS = (1, 30, 3, 5)
"""Boxes of each class, beside the usual ones."""
CURVE = (Method.FULL, Method.HEAD, Method.SCRATCH)
"""Methods that are tried at every count."""
FOLDER = ROOT / "build" / "sight" / "teach"
LIGHT = "light"
"""The product's light learner, on the frozen features of the eyes that are shipped."""
EVERYDAY = "coco128"
"""Ten classes from 58 pictures: nothing learns them, so they are left out."""
_Measured = Mapping[Run, Outcome]


@dataclass(frozen=True, slots=True)
class Row:
    """The runs that a figure is the mean of: one for every domain and seed."""

    name: str
    method: Method
    count: int = 10
    architecture: str = "pyramid"
    basis: str = "large"
    seeds: int = FEW

    def runs(self, known: Iterable[str], seed: int) -> list[Run]:
        """Return the runs of one *seed*; none where it has no such seed."""
        basis = "" if self.method is Method.SCRATCH else self.basis
        return [
            Run(name, self.method, self.count, seed, self.architecture, basis)
            for name in known
            if seed < self.seeds
        ]


MAIN = tuple(Row(one.value, one, seeds=SEEDS) for one in Method if one is not Method.TOWERS)
OTHERS = (
    Row("centre_scratch", Method.SCRATCH, architecture="centre"),
    *(Row(f"{method}_{count}", method, count) for count in COUNTS for method in CURVE),
)


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Teach every domain by every method; *quick* takes one seed and the main methods."""
    if data is None:
        raise ValueError("teach-camera needs the pictures: set GNOTHI_DATA")
    torch.set_num_threads(1)
    kept = {name: read_domain(data, name) for name in domains(data) if name != EVERYDAY}
    rows = [replace(row, seeds=1) for row in MAIN] if quick else [*MAIN, *OTHERS]
    return _result(kept, rows, _measured(kept, rows))


def _measured(kept: Mapping[str, Domain], rows: Sequence[Row]) -> _Measured:
    """Do all runs, the most important ones first: a run that is there is not done again."""
    laboratory = Laboratory(FOLDER)
    wanted = list(dict.fromkeys(_runs(kept, rows)))
    return {one: laboratory.outcome(one, kept[one.domain]) for one in watched(wanted, "Teaching")}


def _runs(kept: Mapping[str, Domain], rows: Sequence[Row]) -> Iterator[Run]:
    """Yield what is wanted; what learns from the same examples is together."""
    for _, together in groupby(rows, key=lambda one: (one.seeds, one.architecture, one.count)):
        some = list(together)
        for seed in range(SEEDS):
            found = [run for row in some for run in row.runs(kept, seed)]
            yield from sorted(found, key=lambda run: run.domain)


def _result(kept: Mapping[str, Domain], rows: Sequence[Row], measured: _Measured) -> Result:
    rng = np.random.default_rng(0)
    values = {row.name: _values(row, kept, measured) for row in rows}
    figures = {f"{row.name}_ap50": float(values[row.name].mean()) for row in rows}
    intervals = {f"{row.name}_ap50": bootstrap(values[row.name], rng) for row in rows}
    for one in (Method.HEAD, Method.FROZEN, Method.SCRATCH):
        gains = values[Method.FULL] - values[one]
        figures[f"full_minus_{one}_ap50"] = float(gains.mean())
        intervals[f"full_minus_{one}_ap50"] = bootstrap(gains, rng)
    best = max(SPECIAL, key=lambda method: figures[f"{method}_ap50"])
    figures["best_special_ap50"] = figures[f"{best}_ap50"]
    full = [run for seed in range(SEEDS) for run in rows[0].runs(kept, seed)]
    figures["ap"] = float(np.mean([measured[one].ap for one in full]))
    figures["seconds_per_class"] = float(
        np.mean([measured[one].seconds / kept[one.domain].classes for one in full])
    )
    light = _light(kept, rows[0])
    if light.size:
        figures[f"{LIGHT}_ap50"] = float(light.mean())
        intervals[f"{LIGHT}_ap50"] = bootstrap(light, rng)
    return Result(
        name="teach-camera",
        figures=figures,
        intervals=intervals,
        baselines=_by_domain(kept, rows, measured),
        published=_PUBLISHED,
        notes=_notes(kept, best),
    )


def _light(kept: Mapping[str, Domain], row: Row) -> np.ndarray:
    """Return AP50 of the light learner for the runs of *row*; none where no eyes are shipped."""
    eyes = next((card.parent for card in SHIPPED.rglob(NETWORK)), None)
    if eyes is None:
        return np.zeros(0)
    laboratory = LightLaboratory(FOLDER, eyes / NETWORK)
    runs = [run for seed in range(row.seeds) for run in row.runs(kept, seed)]
    done = [
        laboratory.outcome(kept[one.domain], one.count, one.seed)
        for one in watched(runs, "Teaching lightly")
    ]
    return np.array([one.ap50 for one in done])


def _values(row: Row, known: Iterable[str], measured: _Measured) -> np.ndarray:
    """Return AP50 of every domain and seed."""
    runs = [run for seed in range(row.seeds) for run in row.runs(known, seed)]
    return np.array([measured[run].ap50 for run in runs])


def _by_domain(
    kept: Mapping[str, Domain], rows: Sequence[Row], measured: _Measured
) -> dict[str, dict[str, float]]:
    """Return AP50 of the main methods by domain."""
    return {
        row.name: {f"ap50_{name}": float(_values(row, [name], measured).mean()) for name in kept}
        for row in rows[: len(MAIN)]
    }


def _notes(kept: Mapping[str, Domain], best: Method) -> list[str]:
    sizes = ", ".join(
        f"{one.name} {one.classes} classes, {len(one.pool)} to draw from, {len(one.test)} looked at"
        for one in kept.values()
    )
    return [
        f"{sizes}. Tiles of boards count as pictures.",
        (
            f"Draws of examples: {SEEDS} in the main comparison, {FEW} at other counts, for the "
            "second architecture (centre), which was compared from scratch alone."
        ),
        (
            f"Every method had {TUNING.steps} steps of {TUNING.pictures} pictures of {TUNING.size} "
            "by that many pixels; settings were found by parting the pool once more."
        ),
        "At least 10 boxes of each class, or 1, 3, 5 or 30 as a name says, or all that there are.",
        "head: the last layers alone; frozen: all but the backbone.",
        f"The best special method is {best}.",
        f"{EVERYDAY} is left out: ten classes from 58 pictures are learned by nothing here.",
        "Before, all but scratch learned 2,000 rendered scenes of 272 nouns.",
        "Intervals: bootstrap over domain and seed. Seconds are of one core, for each class.",
    ]


_PUBLISHED = {
    "MoFSOD": {
        "source": "ECCV 2022: full fine-tuning equals or beats few-shot methods; other data"
    },
}
