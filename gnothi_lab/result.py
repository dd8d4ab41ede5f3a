"""What a benchmark hands back, and the file it is kept in (CONTRACTS, section 7).

A benchmark fills in figures, intervals and whom it compares with; the runner adds what makes
the figures reproducible: commit, date, command, seed and machine.
"""

import json
import math
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

Figures: TypeAlias = Mapping[str, float]
Intervals: TypeAlias = Mapping[str, tuple[float, float]]

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one benchmark.

    Rates are fractions from 0 to 1; times and sizes carry their unit in the name. Other systems
    report under the same names as ours, so that a table can put them side by side.
    """

    name: str
    figures: Figures
    intervals: Intervals = field(default_factory=dict[str, tuple[float, float]])
    """95 % intervals of figures, under the same names."""
    baselines: Mapping[str, Figures] = field(default_factory=dict[str, Figures])
    """What a simple method reaches on the same rows."""
    peers: Mapping[str, Figures] = field(default_factory=dict[str, Figures])
    """What another system reaches on the same rows."""
    published: Mapping[str, Mapping[str, float | str]] = field(
        default_factory=dict[str, Mapping[str, "float | str"]]
    )
    """Figures from elsewhere; ``source`` says where and on which data."""
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse figures that are not numbers and intervals that miss their figure's name."""
        for name, figure in self.figures.items():
            if not math.isfinite(figure):
                raise ValueError(f"{self.name}: figure '{name}' is {figure}")
        if unknown := set(self.intervals) - set(self.figures):
            raise ValueError(f"{self.name}: intervals without a figure: {sorted(unknown)}")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What makes a figure reproducible."""

    commit: str
    date: str
    seed: int
    command: str
    machine: Mapping[str, int | str | None]

    @classmethod
    def here(cls, *, command: str, seed: int, today: date) -> "Provenance":
        """Describe this checkout and this machine."""
        return cls(_commit(), today.isoformat(), seed, command, _machine())


def document(result: Result, provenance: Provenance) -> dict[str, Any]:
    """Return the JSON object that is kept, its keys in the contract's order."""
    told = asdict(provenance)
    return {
        "name": result.name,
        **told,
        "figures": _rounded(result.figures),
        "intervals": {
            key: [_round(low), _round(high)] for key, (low, high) in result.intervals.items()
        },
        "baselines": {label: _rounded(figures) for label, figures in result.baselines.items()},
        "peers": {label: _rounded(figures) for label, figures in result.peers.items()},
        "published": {label: dict(figures) for label, figures in result.published.items()},
        "notes": list(result.notes),
    }


def save(kept: Mapping[str, Any], path: Path) -> None:
    """Write a *kept* document to *path*, one key a line where that reads well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load_all(folder: Path = RESULTS) -> list[dict[str, Any]]:
    """Return every kept document in *folder*, by name."""
    paths = sorted(folder.glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def _rounded(figures: Figures) -> dict[str, float]:
    return {name: _round(figure) for name, figure in figures.items()}


def _round(figure: float) -> float:
    """Keep five significant digits: more would be noise that changes with every run."""
    return float(f"{figure:.5g}")


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return "unknown"
    told = subprocess.run(
        [git, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


def _machine() -> dict[str, int | str | None]:
    return {"cores": len(os.sched_getaffinity(0)), "gpu": None}
