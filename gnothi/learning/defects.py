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
from importlib import import_module, resources
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from gnothi.core.errors import ArtifactError, InputError
from gnothi.learning.turns import THOUSANDTHS, Column, Table

Floats = npt.NDArray[np.float64]

NAME = "learning/defects"
"""The artifact."""
FILE = "defects.json"
SOON = 45.0
"""Seconds in which what is said next may be the same wish."""
SIGNALS = (
    *("correction", "refusal", "cancel", "undo", "repeat", "stop", "barge-in"),
    *("completed-play", "silence"),
)
"""Names of signals in the journal that are features, each by its strength."""
HEARD = ("failed", "unknown", "unsure", *SIGNALS)
"""Features of a turn by itself."""
FOLLOWED = ("soon", "words", "sound", "same-intent", "same-slots", "repeated", "next-known")
"""Features of what is said next; all 0 where nothing is."""
FEATURES = (*HEARD, *FOLLOWED, "alike-and-soon")
_STEPS = 60
_RIDGE = 1e-3


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
        return judged.drop(*(_column(name) for name in FEATURES))


def shipped() -> DefectModel:
    """Return the model that comes with Gnothi."""
    return DefectModel.load(Path(str(resources.files("gnothi.models.defects"))))


def with_features(rows: Table) -> Table:
    """Add :data:`FEATURES` to *rows* of the journal; numbers from 0 to 1."""
    ibis = _ibis()
    order = ibis.window(group_by="session", order_by=["at", "position"])
    rows = rows.mutate(
        next_text=rows.text.lead().over(order),
        next_intent=rows.intent.lead().over(order),
        next_slots=rows.slots.lead().over(order),
        next_unknown=rows.out_of_scope.lead().over(order),
        gap=(rows.at.lead().over(order).epoch_seconds() - rows.at.epoch_seconds()),
    )
    rows = rows.mutate(is_soon=(rows.gap <= SOON).fill_null(False))
    rows = rows.mutate(
        f_words=ibis.ifelse(rows.is_soon, _alike(rows.text, rows.next_text), 0.0),
        f_sound=ibis.ifelse(rows.is_soon, _alike(_bones(rows.text), _bones(rows.next_text)), 0.0),
    )
    features = {**_heard(rows), **_followed(rows)}
    rows = rows.mutate(**{_column(name): value for name, value in features.items()})
    closeness = 1.0 - rows.gap.fill_null(0).clip(0, SOON) / SOON
    alike = ibis.greatest(rows.f_words, rows.f_sound)
    rows = rows.mutate(f_alike_and_soon=ibis.ifelse(rows.is_soon, alike * closeness, 0.0))
    return rows.drop("next_text", "next_intent", "next_slots", "next_unknown", "gap", "is_soon")


def fit(features: Floats, failed: Floats, names: Sequence[str] = FEATURES) -> dict[str, float]:
    """Return the weights of a logistic model, by Newton's method with a small ridge.

    *features* has shape ``(turns, len(names))``, *failed* ``(turns,)`` of zeros and ones.

    Raises:
        InputError: the shapes do not fit.
    """
    if features.shape != (len(failed), len(names)):
        raise InputError(f"Features of shape {features.shape} for {len(failed)} turns.")
    inputs = np.column_stack([features, np.ones(len(failed))])
    weights = np.zeros(inputs.shape[1])
    penalty = _RIDGE * len(failed) * np.eye(len(weights))
    penalty[-1, -1] = 0.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-inputs @ weights))
        slope = inputs.T @ (failed - chance) - penalty @ weights
        bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(bend + 1e-9 * np.eye(len(weights)), slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return dict(zip((*names, "bias"), weights.tolist(), strict=True))


def _heard(rows: Table) -> dict[str, Column]:
    ibis = _ibis()
    return {
        "failed": (rows.status == "failed").fill_null(False).cast("float64"),
        "unknown": rows.out_of_scope.cast("float64"),
        "unsure": 1.0 - rows.score.cast("float64").fill_null(1.0).clip(0.0, 1.0),
        **{
            name: ibis.ifelse(rows.signals.contains(f'"name":"{name}"'), 1.0, 0.0)
            for name in SIGNALS
        },
    }


def _followed(rows: Table) -> dict[str, Column]:
    ibis = _ibis()

    def when(condition: Column) -> Column:
        return ibis.ifelse((rows.is_soon & condition).fill_null(False), 1.0, 0.0)

    return {
        "soon": rows.is_soon.cast("float64"),
        "same-intent": when(rows.intent == rows.next_intent),
        "same-slots": when((rows.slots == rows.next_slots) & (rows.slots != "[]")),
        "repeated": when(rows.text == rows.next_text),
        "next-known": when(~rows.next_unknown),
    }


def _alike(one: Column, other: Column) -> Column:
    """Return how alike two texts are, from 0 to 1: Levenshtein's distance by their length."""
    longest = _ibis().greatest(one.length(), other.length(), 1)
    return (1.0 - one.levenshtein(other) / longest).fill_null(0.0)


def _bones(text: Column) -> Column:
    """Return roughly what *text* sounds like: its consonants."""
    return text.lower().re_replace("[aeiouyhw' ]+", "")


def _logistic(rows: Table, weights: Mapping[str, float]) -> Column:
    ibis = _ibis()
    total = ibis.literal(weights["bias"], type="float64")
    for name in FEATURES:
        total = total + weights.get(name, 0.0) * rows[_column(name)]
    return (THOUSANDTHS / (1.0 + (-total).exp())).round().cast("int64")


def _column(name: str) -> str:
    return "f_" + name.replace("-", "_")


def _weights(content: Mapping[str, Any]) -> dict[str, float]:
    weights = {str(name): float(value) for name, value in content.items()}
    if unknown := weights.keys() - {*FEATURES, "bias"}:
        raise ValueError(f"unknown features {sorted(unknown)}")
    return {"bias": 0.0} | weights


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in weights.items()}


def _ibis() -> Any:  # noqa: ANN401 - ibis has no types
    return import_module("ibis")
