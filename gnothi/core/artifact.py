"""The card of a learned artifact (CONTRACTS, section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that must be known of an artifact before it is let in."""

    name: str
    version: str
    kind: str
    """``onnx``, ``npz``, ``json`` or ``parquet``."""
    files: Mapping[str, str]
    """File name to sha256 in hexadecimal."""
    parents: tuple[str, ...] = ()
    command: str = ""
    seed: int = 0
    data: tuple[Mapping[str, str], ...] = ()
    """Each with ``name``, ``sha256`` and ``licence``."""
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    intervals: Mapping[str, tuple[float, float]] = field(
        default_factory=dict[str, tuple[float, float]]
    )
    licence: str = "Apache-2.0"
    notices: tuple[str, ...] = ()
