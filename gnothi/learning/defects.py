"""Which turns failed the person, judged from the journal alone.

No single signal is to be trusted: people stop music that they like, and rephrase what was
understood. A logistic model weighs them together. Everything is an expression of Ibis, so that
DuckDB and Spark compute it inside of the log, without a copy.

After Park et al., "Self-learning framework for large-scale conversational AI" (EMNLP 2021,
arXiv:2010.12251), whose defect model reads terminations, interruptions, rephrases, error-correcting
language and sentiment.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from gnothi.core.artifact import Card, read_card, verify
from gnothi.core.errors import ArtifactError, InputError
from gnothi.learning.signs import FEATURES, column, with_features
from gnothi.learning.turns import THOUSANDTHS, Column, Table
from gnothi.registry.registry import Registry

Floats = npt.NDArray[np.float64]

NAME = "learning/defects"
"""The artifact."""
FILE = "defects.json"
SHIPPED = Path(__file__).parent.parent / "models" / "defects"
ASSUMED: Mapping[str, float] = {
    "complaint": 7.0,
    "praise": -2.0,
    "repeat": 0.5,
    "unanswered": 6.0,
}
"""Weights for "this turn failed" of what never happens in the simulated world."""
_STEPS = 60
_RIDGE = 1e-5


@dataclass(frozen=True, slots=True)
class DefectModel:
    """Weights of the features in two logistic models."""

    defect: Mapping[str, float]
    """For "this turn failed"; with ``bias``."""
    rephrase: Mapping[str, float]
    """For "what is said next says it again"."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is no model of defects.
        """
        try:
            content: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
            return cls(_weights(content["defect"]), _weights(content["rephrase"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{folder} holds no model of defects: {error}") from error

    def dump(self) -> bytes:
        """Return the artifact's file."""
        content = {"defect": _rounded(self.defect), "rephrase": _rounded(self.rephrase)}
        return (json.dumps(content, indent=1) + "\n").encode()

    def judge(self, rows: Table) -> Table:
        """Add ``defect`` and ``rephrase``, in thousandths, to *rows* of the journal's Parquet."""
        known = with_features(rows)
        judged = known.mutate(
            defect=_logistic(known, self.defect), rephrase=_logistic(known, self.rephrase)
        )
        return judged.drop(*(column(name) for name in FEATURES))


def shipped() -> DefectModel:
    """Return the model that comes with Gnothi.

    Raises:
        ArtifactError: a file of it is missing or damaged.
    """
    verify(SHIPPED, _shipped_card())
    return DefectModel.load(SHIPPED)


def _shipped_card() -> Card:
    return read_card(SHIPPED)


class LiveDefects:
    """Judges with the model that is live, looked up anew each time; by default the shipped one."""

    def __init__(self, registry: Registry) -> None:
        """Look in *registry*."""
        self._registry = registry

    def __call__(self, rows: Table) -> Table:
        """Add ``defect`` and ``rephrase``, in thousandths, to *rows* of the journal's Parquet.

        Raises:
            ArtifactError: the live model is damaged.
        """
        return self.model().judge(rows)

    def model(self) -> DefectModel:
        """Return the live model, verified.

        Raises:
            ArtifactError: it is damaged.
        """
        if self._registry.serving(NAME) is None:
            return shipped()
        return DefectModel.load(self._registry.get(NAME).folder)

    def version(self) -> str:
        """Return what changes with the live model: counts of an earlier one are made anew."""
        return f"{NAME}@{self._registry.serving(NAME) or _shipped_card().version}"


def fit(
    features: Floats,
    failed: Floats,
    names: Sequence[str] = FEATURES,
    *,
    assumed: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Return the weights of a logistic model, by Newton's method with a small ridge.

    *features* has shape ``(turns, len(names))``, *failed* ``(turns,)`` of zeros and ones. What
    the turns say nothing about keeps its *assumed* weight, 0 by default.

    Raises:
        InputError: the shapes do not fit.
    """
    if features.shape != (len(failed), len(names)):
        raise InputError(f"Features of shape {features.shape} for {len(failed)} turns.")
    inputs = np.column_stack([features, np.ones(len(failed))])
    start = np.array([*((assumed or {}).get(name, 0.0) for name in names), 0.0])
    weights = start.copy()
    penalty = _RIDGE * len(failed) * np.eye(len(weights))
    penalty[-1, -1] = 0.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-inputs @ weights))
        slope = inputs.T @ (failed - chance) - penalty @ (weights - start)
        bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return dict(zip((*names, "bias"), weights.tolist(), strict=True))


def explain(model: DefectModel, features: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return which *features* of a turn speak for and against its failure, the strongest first.

    A contribution is in log-odds: positive where the feature says that the turn failed. Features
    by name, without or with the ``f_`` of their columns; what contributes nothing is left out.
    """
    found = {
        name: model.defect.get(name, 0.0) * features.get(name, features.get(column(name), 0.0))
        for name in FEATURES
    }
    told = [(name, value) for name, value in found.items() if value]
    return sorted(told, key=lambda one: -abs(one[1]))


def _logistic(rows: Table, weights: Mapping[str, float]) -> Column:
    ibis = _ibis()
    total = ibis.literal(weights["bias"], type="float64")
    for name in FEATURES:
        total = total + weights.get(name, 0.0) * rows[column(name)]
    return (THOUSANDTHS / (1.0 + (-total).exp())).round().cast("int64")


def _weights(content: Mapping[str, Any]) -> dict[str, float]:
    weights = {str(name): float(value) for name, value in content.items()}
    if unknown := weights.keys() - {*FEATURES, "bias"}:
        raise ValueError(f"unknown features {sorted(unknown)}")
    return {"bias": 0.0} | weights


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in weights.items()}


def _ibis() -> Any:  # noqa: ANN401 - ibis has no types
    return import_module("ibis")
