"""Teaching the camera: small detectors learn things from 1 to 30 boxes, by eight methods.

Domains are the folders ``vision/det_*``; the pictures that a detector is judged on were taken at
other times, of other boards or in other bursts than those it learned from. Before that it learned
rendered scenes (``gnothi-train teach-basis``), never a domain that it is judged on. Every method
gets the same steps and pictures, and the learning rate that is best for it on development halves:
finding it is a part of the run. AP50 and AP as COCO counts them.

Everyday photos are tried by the main methods only, for nothing learns them well. So a figure whose
name ends in ``_four`` is a mean over the other four domains, and one without is over all five.

The rows that matter most come first. Stopped (by Ctrl-C, or a plain ``kill``) it tells what there
is: of a row those draws that every domain of it has. A row without weights to begin with is left
out as well; the notes name both.
"""

import signal
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import torch

from gnothi.registry.registry import SHIPPED
from gnothi.vision.finding.networks import NETWORK
from gnothi_lab.progress import watched
from gnothi_lab.result import ROOT, Result
from gnothi_lab.sight.teaching import tuning
from gnothi_lab.sight.teaching.domains import Domain, domains, read_domain
from gnothi_lab.sight.teaching.light import LightLaboratory
from gnothi_lab.sight.teaching.runs import PICTURES, SIZE, STEPS, USUAL, Laboratory, Run
from gnothi_lab.sight.teaching.table import EVERYDAY, FOUR, Row, Table, Values, within
from gnothi_train.vision.teach.methods import SPECIAL, Method

FOLDER = ROOT / "build" / "sight" / "teach"
COUNTS = (1, 30, 3, 5)
"""Boxes of each class, beside the usual ones."""
FIRST = (Method.FULL, Method.HEAD, Method.TOWERS, Method.SCRATCH)
"""Methods of the main comparison, with five draws of examples on all domains."""
PYRAMID = "pyramid"
"""The architecture of all rows but the last."""
CURVE = (Method.FULL, Method.HEAD)
"""Methods that are compared beside it as well."""
MAIN: Sequence[Row] = (
    *(Row(one.value, one, draws=5, everyday=True) for one in FIRST),
    *(Row(one.value, one, draws=2) for one in Method if one not in FIRST),
)
LIGHT = Row("light", Method.FULL)
"""The product's light learner, on the frozen features of the eyes that are shipped."""
OTHERS: Sequence[Row] = (
    *(Row(f"{one}_small", one, basis="small", draws=2) for one in (Method.FULL, Method.HEAD)),
    *(Row(f"{method}_{count}", method, count) for count in COUNTS for method in CURVE),
    *(Row(f"centre_{one}", one, architecture="centre") for one in CURVE),
)
GAPS = (
    *((Method.FULL.value, one.value) for one in Method if one is not Method.FULL),
    ("full", "full_small"),
    ("full_small", "head_small"),
    ("centre_full", "centre_head"),
)
"""Rows of which the first is compared with the second."""


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Teach every domain by every method; *quick* takes one draw, one rate, and the main rows."""
    if data is None:
        raise ValueError("teach-camera needs the pictures: set GNOTHI_DATA")
    torch.set_num_threads(1)
    known = {name: read_domain(data, name) for name in domains(data)}
    table, light = Table(known, seed, {}), Table(known, seed, {})
    laboratory = Laboratory(FOLDER)
    rows = [replace(row, draws=1) for row in MAIN] if quick else [*MAIN, *OTHERS]
    with _until_stopped():
        if not quick:
            rates = tuning.best_rates(laboratory, known, Method, seed)
            rows = [replace(row, rate=rates[row.method]) for row in rows]
        first = [row for row in rows if row.architecture == PYRAMID]
        _measure(table, laboratory, first)
        _measure_light(light)
        _measure(table, laboratory, [row for row in rows if row not in first])
    return _result(table, light, rows)


@contextmanager
def _until_stopped() -> Generator[None]:
    """Let Ctrl-C and ``kill`` end the block, and nothing but the block."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _measure(table: Table, laboratory: Laboratory, rows: Sequence[Row]) -> None:
    """Do all runs of *rows* whose weights to begin with are there when their turn comes."""
    for one in watched(list(dict.fromkeys(_runs(table.known, rows, table.seed))), "Teaching"):
        if laboratory.can(one):
            table.measured[one] = laboratory.outcome(one, table.known[one.domain])


def _runs(known: Iterable[str], rows: Sequence[Row], seed: int) -> Iterator[Run]:
    """Yield what is wanted; what learns from the same examples is together."""
    names = list(known)
    alike = groupby(rows, key=lambda one: (one.draws, one.architecture, one.basis, one.count))
    for _, together in alike:
        found = [run for row in together for run in row.runs(names, seed)]
        yield from sorted(found, key=lambda run: (run.seed, run.domain))


def _measure_light(table: Table) -> None:
    """Teach the light learner four domains, where eyes are shipped."""
    eyes = next((card.parent for card in SHIPPED.rglob(NETWORK)), None)
    if eyes is None:
        return
    laboratory = LightLaboratory(FOLDER, eyes)
    for one in watched(LIGHT.runs(table.known, table.seed), "Teaching lightly"):
        domain = table.known[one.domain]
        table.measured[one] = laboratory.outcome(domain, one.count, one.seed)


def _result(table: Table, light: Table, rows: Sequence[Row]) -> Result:
    rng = np.random.default_rng(table.seed)
    kept = {row.name: told for row in rows if (told := table.kept(row)).draws}
    if Method.FULL not in kept:
        raise ValueError("teach-camera was stopped before full fine-tuning was measured once")
    told = {
        f"{name}_ap50{end}": values
        for name, row in kept.items()
        for end, values in table.means(row).items()
    }
    if light.kept(LIGHT).draws:
        told[f"{LIGHT.name}_ap50{FOUR}"] = light.values(LIGHT)
    told |= _gaps(table, kept)
    figures = {name: float(values.mean()) for name, values in told.items()}
    special = [one for one in SPECIAL if one in kept]
    best = max(special, key=lambda one: figures[f"{one}_ap50{FOUR}"], default=None)
    if best:
        figures[f"best_special_ap50{FOUR}"] = figures[f"{best}_ap50{FOUR}"]
    figures["ap"] = float(table.values(kept[Method.FULL], "ap").mean())
    figures["seconds_per_class"] = float(table.seconds(kept[Method.FULL]).mean())
    figures["seconds_per_class_most"] = max(
        float(table.seconds(row).max()) for row in kept.values()
    )
    return Result(
        name="teach-camera",
        figures=figures,
        intervals={name: within(one, rng) for name, one in told.items() if one.shape[1] > 1},
        baselines=_by_domain(table, [kept[one] for one in Method if one in kept]),
        published=_PUBLISHED,
        notes=[*_notes(table.known, rows, kept, best), _settings(rows)],
    )


def _gaps(table: Table, kept: Mapping[str, Row]) -> dict[str, Values]:
    """Return by how much the first of :data:`GAPS` is better than the second, where both are."""
    return {
        f"{one}_minus_{other}_ap50{end}": values
        for one, other in GAPS
        if one in kept and other in kept
        for end, values in table.gaps(kept[one], kept[other]).items()
    }


def _by_domain(table: Table, rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return AP50 of *rows* by domain."""
    return {
        row.name: {
            f"ap50_{name}": float(values.mean())
            for name, values in zip(row.domains(table.known), table.values(row), strict=True)
        }
        for row in rows
    }


def _notes(
    known: Mapping[str, Domain],
    rows: Sequence[Row],
    kept: Mapping[str, Row],
    best: Method | None,
) -> list[str]:
    sizes = ", ".join(
        f"{one.name} {one.classes} classes, {len(one.pool)} to draw from, {len(one.test)} looked at"
        for one in known.values()
    )
    draws = ", ".join(f"{name} {row.draws}" for name, row in kept.items())
    missing = ", ".join(row.name for row in rows if row.name not in kept)
    return [
        f"{sizes}. Tiles of boards count as pictures.",
        f"Draws of examples: {draws}. A gap is of the draws that both rows have.",
        *([f"Not measured: {missing}."] if missing else []),
        "At least 10 boxes of each class, or 1, 3, 5 or 30 as a name says, or all that there are.",
        "head: the last layers alone; towers: whole heads; frozen: all but the backbone.",
        *([f"The best special method is {best}."] if best else []),
        f"{FOUR}: without {EVERYDAY}, which {', '.join(FIRST)} alone were tried on.",
        (
            "Before, all but scratch learned 2,000 rendered scenes of 272 nouns; those called "
            "small 200 scenes of 27."
        ),
        (
            "Intervals: bootstrap over draws within each domain; they tell of these domains, not "
            "of others. Seconds are of one core, for each class."
        ),
    ]


def _settings(rows: Iterable[Row]) -> str:
    tried = ", ".join(f"{one:g}" for one in tuning.RATES)
    best = ", ".join(f"{row.name} {row.rate:g}" for row in rows if row.name == row.method)
    return (
        f"Every method had {STEPS} steps of {PICTURES} pictures of {SIZE} by that many pixels, and "
        f"the learning rate of {tried} that was best for it on the development halves of "
        f"{' and '.join(tuning.DOMAINS)} (one draw; where that was the lowest or the highest, "
        f"{' or '.join(f'{one:g}' for one in tuning.BEYOND.values())} was tried as well; a quick "
        f"run takes {USUAL:g} for all): {best}. They were found with ten boxes, the "
        "large basis and the first architecture, and are used elsewhere, too. Boards were cut into "
        "smaller tiles after a first test."
    )


_PUBLISHED = {
    "MoFSOD": {
        "source": "ECCV 2022: full fine-tuning equals or beats few-shot methods; other data"
    },
}
