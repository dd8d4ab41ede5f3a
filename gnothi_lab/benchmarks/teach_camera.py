"""Teaching the camera: small detectors learn things from 1 to 30 boxes, by eight methods.

Domains are the folders ``vision/det_*``; the pictures that a detector is judged on were taken at
other times, of other boards or in other bursts than those it learned from. Before that it learned
rendered scenes (``gnothi-train teach-basis``), never a domain that it is judged on. Every method
gets the same steps and pictures. AP50 and AP as COCO counts them.

Everyday photos are tried by a few methods only, for nothing learns them well. So a figure whose
name ends in ``_four`` is a mean over the other four domains, and one without is over all five.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from gnothi.registry.registry import SHIPPED
from gnothi.serve.things import NETWORK
from gnothi_lab.progress import watched
from gnothi_lab.result import ROOT, Result
from gnothi_lab.sight.teaching.domains import Domain, domains, read_domain
from gnothi_lab.sight.teaching.light import LightLaboratory
from gnothi_lab.sight.teaching.runs import TUNING, Laboratory, Outcome, Run
from gnothi_train.vision.teach.methods import SPECIAL, Method

SEEDS, FEW = 5, 1
"""Draws of examples: of the main comparison, and of the others."""
COUNTS = (1, 30, 3, 5)
"""Boxes of each class, beside the usual ones."""
CURVE = (Method.FULL, Method.HEAD, Method.SCRATCH)
"""Methods that are tried at every count."""
FOLDER = ROOT / "build" / "sight" / "teach"
LIGHT = "light"
"""The product's light learner, on the frozen features of the eyes that are shipped."""
EVERYDAY = "coco128"
"""Ten classes from 58 photos."""
BOOTSTRAPS = 2000
FOUR = "_four"
"""Ends the names of means that leave out :data:`EVERYDAY`."""
_Values = NDArray[np.float64]
"""Shape (domains, draws)."""
_Measured = Mapping[Run, Outcome]


@dataclass(frozen=True, slots=True)
class Row:
    """The runs that a figure is the mean of: one for every domain and draw of examples."""

    name: str
    method: Method
    count: int = 10
    architecture: str = "pyramid"
    basis: str = "large"
    draws: int = FEW
    everyday: bool = False
    """Whether everyday photos are tried as well."""

    def domains(self, known: Iterable[str]) -> list[str]:
        """Return those of *known* that it is about."""
        return [name for name in known if self.everyday or name != EVERYDAY]

    def runs(self, known: Iterable[str], seed: int) -> list[Run]:
        """Return its runs, domain by domain; draws are numbered from *seed* times a hundred."""
        basis = "" if self.method is Method.SCRATCH else self.basis
        return [
            Run(name, self.method, self.count, 100 * seed + draw, self.architecture, basis)
            for name, draw in product(self.domains(known), range(self.draws))
        ]


MAIN = tuple(Row(one.value, one, draws=SEEDS, everyday=one in CURVE) for one in Method)
OTHERS = (
    Row("centre_scratch", Method.SCRATCH, architecture="centre"),
    *(Row(f"{method}_{count}", method, count) for count in COUNTS for method in CURVE),
)


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Teach every domain by every method; *quick* takes one draw and the main methods."""
    if data is None:
        raise ValueError("teach-camera needs the pictures: set GNOTHI_DATA")
    torch.set_num_threads(1)
    kept = {name: read_domain(data, name) for name in domains(data)}
    rows = [replace(row, draws=1) for row in MAIN] if quick else [*MAIN, *OTHERS]
    table = Table(kept, seed, _measured(kept, rows, seed))
    return _result(table, rows, _light(kept, seed, FEW))


def _measured(kept: Mapping[str, Domain], rows: Sequence[Row], seed: int) -> _Measured:
    """Do all runs, the most important ones first: a run that is there is not done again."""
    laboratory = Laboratory(FOLDER)
    wanted = list(dict.fromkeys(_runs(kept, rows, seed)))
    return {one: laboratory.outcome(one, kept[one.domain]) for one in watched(wanted, "Teaching")}


def _runs(kept: Iterable[str], rows: Sequence[Row], seed: int) -> Iterator[Run]:
    """Yield what is wanted; what learns from the same examples is together."""
    names = list(kept)
    for _, together in groupby(rows, key=lambda one: (one.draws, one.architecture, one.count)):
        found = [run for row in together for run in row.runs(names, seed)]
        yield from sorted(found, key=lambda run: (run.seed, run.domain))


@dataclass(frozen=True, slots=True)
class Table:
    """What was measured, by row, domain and draw."""

    known: Mapping[str, Domain]
    seed: int
    measured: _Measured

    def values(self, row: Row, what: str = "ap50") -> _Values:
        """Return one of the figures of an outcome, of every domain and draw of *row*."""
        runs = row.runs(self.known, self.seed)
        flat = [float(getattr(self.measured[one], what)) for one in runs]
        return np.array(flat).reshape(-1, row.draws)

    def means(self, row: Row) -> dict[str, _Values]:
        """Return AP50 by what the name of its mean ends in: of four domains, and of all five."""
        all_of_them = self.values(row)
        names = row.domains(self.known)
        four = all_of_them[[at for at, name in enumerate(names) if name != EVERYDAY]]
        return {FOUR: four} | ({"": all_of_them} if EVERYDAY in names else {})


def within(values: _Values, rng: np.random.Generator) -> tuple[float, float]:
    """Return the 95 % interval of the mean over *these* domains: draws are drawn within each.

    What it would be on other domains is not told of: there are too few of them.
    """
    count, draws = values.shape
    picked = rng.integers(draws, size=(BOOTSTRAPS, count, draws))
    means = values[np.arange(count)[None, :, None], picked].mean(axis=(1, 2))
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _result(table: Table, rows: Sequence[Row], light: _Values) -> Result:
    rng = np.random.default_rng(table.seed)
    by_name = {row.name: row for row in rows}
    told = {
        f"{row.name}_ap50{end}": values for row in rows for end, values in table.means(row).items()
    }
    full = table.means(by_name[Method.FULL])
    for one in (Method.HEAD, Method.TOWERS, Method.FROZEN, Method.SCRATCH):
        for end, values in table.means(by_name[one]).items():
            told[f"full_minus_{one}_ap50{end}"] = full[end] - values
    if light.size:
        told[f"{LIGHT}_ap50{FOUR}"] = light
    figures = {name: float(values.mean()) for name, values in told.items()}
    best = max(SPECIAL, key=lambda method: figures[f"{method}_ap50{FOUR}"])
    figures[f"best_special_ap50{FOUR}"] = figures[f"{best}_ap50{FOUR}"]
    figures["ap"] = float(table.values(by_name[Method.FULL], "ap").mean())
    figures["seconds_per_class"] = _seconds(table, by_name[Method.FULL])
    return Result(
        name="teach-camera",
        figures=figures,
        intervals={name: within(one, rng) for name, one in told.items() if one.shape[1] > 1},
        baselines=_by_domain(table, rows),
        published=_PUBLISHED,
        notes=_notes(table.known, best),
    )


def _seconds(table: Table, row: Row) -> float:
    """Return the mean time that a class takes."""
    return float(np.mean([
        table.measured[one].seconds / table.known[one.domain].classes
        for one in row.runs(table.known, table.seed)
    ]))  # fmt: skip


def _light(kept: Mapping[str, Domain], seed: int, draws: int) -> _Values:
    """Return AP50 of the light learner on four domains; nothing where no eyes are shipped."""
    eyes = next((card.parent for card in SHIPPED.rglob(NETWORK)), None)
    if eyes is None:
        return np.zeros((0, draws))
    laboratory = LightLaboratory(FOLDER, eyes / NETWORK)
    runs = Row(LIGHT, Method.FULL, draws=draws).runs(kept, seed)
    done = [
        laboratory.outcome(kept[one.domain], one.count, one.seed)
        for one in watched(runs, "Teaching lightly")
    ]
    return np.array([one.ap50 for one in done]).reshape(-1, draws)


def _by_domain(table: Table, rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return AP50 of the main methods by domain."""
    return {
        row.name: {
            f"ap50_{name}": float(values.mean())
            for name, values in zip(row.domains(table.known), table.values(row), strict=True)
        }
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
            "light learner, and for the second architecture (centre), which was compared from "
            "scratch alone."
        ),
        (
            f"Every method had {TUNING.steps} steps of {TUNING.pictures} pictures of {TUNING.size} "
            "by that many pixels, and the same learning rate. Settings were found by parting the "
            "pool once more, but boards were cut into smaller tiles after a first test."
        ),
        "At least 10 boxes of each class, or 1, 3, 5 or 30 as a name says, or all that there are.",
        "head: the last layers alone; towers: whole heads; frozen: all but the backbone.",
        f"The best special method is {best}.",
        f"{FOUR}: without {EVERYDAY}, which {', '.join(CURVE)} alone were tried on.",
        "Before, all but scratch learned 2,000 rendered scenes of 272 nouns.",
        (
            "Intervals: bootstrap over draws within each domain; they tell of these domains, not "
            "of others. Seconds are of one core, for each class."
        ),
    ]


_PUBLISHED = {
    "MoFSOD": {
        "source": "ECCV 2022: full fine-tuning equals or beats few-shot methods; other data"
    },
}
