"""Home Assistant's English sentences and their perturbed twins, side by side with hassil."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gnothi.core.errors import InputError
from gnothi_lab.homes.build import slug
from gnothi_lab.homes.fixture import fixture_home
from gnothi_lab.peers.hassil import Recogniser
from gnothi_lab.progress import sampled, watched
from gnothi_lab.result import Result
from gnothi_lab.sentences.perturb import PERTURBATIONS, twins
from gnothi_lab.sentences.rows import Row, read_rows
from gnothi_lab.sentences.score import (
    Reading,
    heard_by_hassil,
    posed,
    right,
    running_before,
    understood_by_gnothi,
)
from gnothi_lab.statistics import cluster_bootstrap, rate
from gnothi_lab.subjects import Gnothi

Reader = Callable[["Said", Mapping[str, Any], str | None], Reading]

NOTES = (
    "Sentences kept apart by hash of their template; mapping fixed before the first run.",
    "What the installed release of home-assistant-intents no longer parses counts as missed.",
    "Each sentence has up to five twins: case, contraction, typing error, homophone, wrapper.",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One wording of a row: as written, or bent."""

    row: Row
    kind: str
    """``plain``, or a kind of perturbation."""
    text: str


def run(*, quick: bool, seed: int, data: Path | None) -> Result:
    """Measure both systems on sentences and twins."""
    if data is None:
        raise InputError("This benchmark needs GNOTHI_DATA, a folder with the public data sets.")
    home = fixture_home(data)
    said = wordings(sampled(read_rows(data), quick=quick), seed=seed)
    gnothi = Gnothi(seed)
    ours = measured(said, home, _ours(gnothi), "ours")
    gnothi.close()
    theirs = measured(said, home, _theirs(home), "hassil")
    figures = {
        "right": _share(said, ours, "plain"),
        "right_perturbed": _share(said, ours),
        "hassil": _share(said, theirs, "plain"),
        "hassil_perturbed": _share(said, theirs),
    }
    kinds = {f"right_{slug(kind)}": _share(said, ours, kind) for kind in PERTURBATIONS}
    peer = {f"right_{slug(kind)}": _share(said, theirs, kind) for kind in PERTURBATIONS}
    peer |= {"right": figures["hassil"], "right_perturbed": figures["hassil_perturbed"]}
    return Result(
        name="home-sentences",
        figures={**figures, **kinds, "sentences": _size(said, "plain"), "twins": _size(said)},
        intervals=_intervals(said, ours, theirs, np.random.default_rng(seed)),
        peers={"hassil with home-assistant-intents": peer},
        notes=NOTES,
    )


def wordings(rows: Sequence[Row], *, seed: int) -> list[Said]:
    """Return every row as written and its twins."""
    return [
        Said(row, kind, text)
        for row in rows
        for kind, text in {"plain": row.text, **twins(row.text, seed=seed)}.items()
    ]


def measured(said: Sequence[Said], home: Mapping[str, Any], read: Reader, label: str) -> list[bool]:
    """Return for each wording whether what *read* makes of it is right."""
    hits: list[bool] = []
    for one in watched(said, label):
        ready = posed(home, one.row)
        area = slug(one.row.hears) if one.row.hears else None
        hits.append(right(one.row, read(one, ready, area), ready))
    return hits


def _ours(gnothi: Gnothi) -> Reader:
    def read(said: Said, home: Mapping[str, Any], area: str | None) -> Reading:
        hears = f"assist_satellite.{area}" if area else None
        running = running_before(said.row)
        return understood_by_gnothi(gnothi.ask(said.text, home, hears, running=running), home)

    return read


def _theirs(home: Mapping[str, Any]) -> Reader:
    recogniser = Recogniser(home)

    def read(said: Said, home: Mapping[str, Any], area: str | None) -> Reading:
        return heard_by_hassil(recogniser.recognise(said.text, area=area), home, area)

    return read


def _chosen(said: Sequence[Said], kind: str | None) -> list[int]:
    return [
        index
        for index, one in enumerate(said)
        if one.kind == kind or (kind is None and one.kind != "plain")
    ]


def _share(said: Sequence[Said], hits: Sequence[bool], kind: str | None = None) -> float:
    return rate([hits[index] for index in _chosen(said, kind)])


def _size(said: Sequence[Said], kind: str | None = None) -> int:
    return len(_chosen(said, kind))


def _intervals(
    said: Sequence[Said], ours: Sequence[bool], theirs: Sequence[bool], rng: np.random.Generator
) -> dict[str, tuple[float, float]]:
    """Return intervals that draw sentences with all their twins."""
    found: dict[str, tuple[float, float]] = {}
    for name, hits, kind in (
        ("right", ours, "plain"),
        ("right_perturbed", ours, None),
        ("hassil", theirs, "plain"),
        ("hassil_perturbed", theirs, None),
    ):
        chosen = _chosen(said, kind)
        rows = [said[index].row.text for index in chosen]
        found[name] = cluster_bootstrap([hits[index] for index in chosen], rows, rng)
    return found
