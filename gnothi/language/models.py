"""What stands beside the network in its artifact: names of its outputs, and calibration."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gnothi.core.errors import ArtifactError

LABELS = "labels.json"


@dataclass(frozen=True, slots=True)
class Labels:
    """How to read the scores of one language network."""

    intents: tuple[str, ...]
    slots: tuple[str, ...]
    domains: Mapping[str, str]
    """Intent to domain."""
    temperature: float = 1.0
    """Divides the intents' logits, so that scores are probabilities (Guo et al. 2017)."""
    slot_weight: float = 0.3
    """Weight of the slots' fit when intents are compared."""
    scope_threshold: float = 0.0
    """A scope logit above it means out of scope."""
    touching: bool = True
    """Whether two values of one slot may stand side by side ("baltimore | washington")."""


def read_labels(folder: Path) -> Labels:
    """Return the labels of the artifact in *folder*.

    Raises:
        ArtifactError: they are missing or incomplete.
    """
    try:
        content = json.loads((folder / LABELS).read_text(encoding="utf-8"))
        for key in ("intents", "slots"):
            content[key] = tuple(content[key])
        return Labels(**content)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArtifactError(f"{folder / LABELS} can't be read: {error}") from error
