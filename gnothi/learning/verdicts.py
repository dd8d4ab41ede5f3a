"""Which recent turns count as failed, and what speaks for it, for people to read.

The model of defects weighs some fifty features, many of which tell the same in other words. Here
they are gathered into :data:`SIGNS` that a person would name, each with the sum of its weights.
Like a survey it is made at the end of a round, and goes with the copies of the journal.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

from gnothi.core.acting import Act
from gnothi.core.errors import StorageError
from gnothi.learning.defects import DefectModel, explain
from gnothi.learning.signs import FEATURES, FOLLOWED, column, with_features
from gnothi.learning.turns import Table

FILE = "verdicts.json"
MOST = 2000
"""Turns that are told of, the newest."""
CLEARLY = 0.5
"""Log-odds from which on a sign is worth telling."""
_AGAIN, _BEFORE, _BUSY = Act("sign-again"), Act("sign-says-again"), Act("sign-in-a-row")
SIGNS: Mapping[str, Act] = {
    "failed": Act("sign-failed"),
    "unknown": Act("sign-unknown"),
    "unsure": Act("sign-unsure"),
    "doubtful": Act("sign-unsure"),
    "correction": Act("sign-correction"),
    "refusal": Act("sign-refusal"),
    "cancel": Act("sign-cancel"),
    "undo": Act("sign-undo"),
    "repeat": Act("sign-repeat"),
    "stop": Act("sign-stop"),
    "barge-in": Act("sign-interrupted"),
    "completed-play": Act("sign-played"),
    "unfinished-play": Act("sign-unfinished"),
    "silence": Act("sign-silence"),
    "complaint": Act("sign-complaint"),
    "praise": Act("sign-praise"),
    "kept": Act("sign-kept"),
    "declined": Act("sign-declined"),
    "confirmed": Act("sign-confirmed"),
    "unanswered": Act("sign-unanswered"),
    "last": Act("sign-last"),
    "says-again": _BEFORE,
    "says-again-mended": _BEFORE,
    "in-a-row": _BUSY,
    "alike-in-a-row": _BUSY,
    **{name: _AGAIN for name in FOLLOWED if name != "last"},
}
"""What a feature tells, in a sentence."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one turn went, as far as anybody can tell from outside."""

    chance: float
    """Probability that it failed."""
    signs: Mapping[str, float]
    """Log-odds by key of the sentence, the weightiest first; positive: it failed."""


def verdicts(rows: Table, model: DefectModel) -> dict[str, Verdict]:
    """Judge the newest of *rows* of the journal; by id of the turn."""
    known = with_features(rows).select("id", "at", *map(column, FEATURES))
    newest = known.order_by(known.at.desc()).limit(MOST)
    return {row["id"]: _verdict(row, model) for row in newest.to_pyarrow().to_pylist()}


def gathered(model: DefectModel, features: Mapping[str, float]) -> dict[str, float]:
    """Return what clearly speaks for or against a failure, the weightiest first."""
    sums: dict[str, float] = {}
    for name, value in explain(model, features):
        if name in SIGNS:
            key = SIGNS[name].key
            sums[key] = sums.get(key, 0.0) + value
    clear = [(key, value) for key, value in sums.items() if abs(value) >= CLEARLY]
    return dict(sorted(clear, key=lambda one: -abs(one[1])))


def save(found: Mapping[str, Verdict], folder: Path) -> None:
    """Write verdicts to *folder*, in one step.

    Raises:
        StorageError: they can't be written.
    """
    content = {
        name: [one.chance, {key: round(value, 2) for key, value in one.signs.items()}]
        for name, one in found.items()
    }
    fresh = folder / f".{FILE}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(folder / FILE)
    except OSError as error:
        raise StorageError(f"{folder / FILE} can't be written: {error.strerror}.") from error


def load(folder: Path) -> dict[str, Verdict]:
    """Return the verdicts in *folder*; none while there are none that can be read."""
    try:
        found: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {name: Verdict(float(one[0]), dict(one[1])) for name, one in found.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}  # They can be made again at any time.


def _verdict(row: Mapping[str, Any], model: DefectModel) -> Verdict:
    features = {name: float(row[column(name)] or 0.0) for name in FEATURES}
    odds = sum(model.defect.get(name, 0.0) * value for name, value in features.items())
    return Verdict(_probability(odds + model.defect.get("bias", 0.0)), gathered(model, features))


def _probability(odds: float) -> float:
    """Return the probability with the log-*odds*."""
    return 1.0 / (1.0 + exp(-odds)) if odds > -700 else 0.0
