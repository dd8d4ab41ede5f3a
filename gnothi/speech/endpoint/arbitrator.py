"""The second pass: from what is known in a silence to the probability that it is the end.

A few small networks are averaged. There are two sets of them: one reads the encoder states of our
own recogniser, too; the other does without, for recognisers that hide theirs. States of another
encoder mean something else, so that the artifact says which one it knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.speech.endpoint import completeness, prosody
from gnothi.speech.endpoint.habit import Level

Floats = NDArray[np.float32]

NAME = "hearing/endpoint"
FILE = "arbitrator.npz"
SHIPPED = Path(__file__).parent.parent.parent / "models" / "endpoint"

PLAIN = prosody.SAID + prosody.SILENCE + completeness.NUMBERS
"""Numbers that every recogniser allows."""
WINDOWS = ((-2, 1), (-6, -2), (-14, -6))
"""Encoder frames, counted from the one in which somebody fell silent, that are averaged."""


@dataclass(frozen=True, slots=True)
class Network:
    """Two layers: standardised numbers, tangent of hyperbola, one number."""

    mean: Floats
    scale: Floats
    weights: Floats
    """(numbers, hidden)"""
    bias: Floats
    out: Floats
    """(hidden,)"""
    last: float

    def score(self, numbers: Floats) -> Floats:
        """Return the log odds of each row of *numbers*; shape (rows,)."""
        inner = np.clip((numbers - self.mean) * self.scale, -6, 6)
        return np.tanh(inner @ self.weights + self.bias) @ self.out + np.float32(self.last)


@dataclass(frozen=True, slots=True)
class Arbitrator:
    """Says how probably somebody has finished."""

    plain: tuple[Network, ...]
    """They read ``PLAIN`` numbers."""
    full: tuple[Network, ...]
    """They read states as well."""
    encoder: str
    """Hash of the encoder whose states they read."""
    plain_levels: tuple[Level, ...] = ()
    full_levels: tuple[Level, ...] = ()
    label: str = "unnamed"

    @classmethod
    def read(cls, folder: Path = SHIPPED) -> "Arbitrator":
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is missing, damaged or of another version.
        """
        card = read_card(folder)
        verify(folder, card)
        try:
            with np.load(folder / FILE, allow_pickle=False) as kept:
                arrays = {name: kept[name] for name in kept.files}
            plain, full = (_networks(arrays, name) for name in ("plain", "full"))
            levels = [_levels(arrays[f"{name}_levels"]) for name in ("plain", "full")]
            encoder = str(arrays["encoder"])
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{folder / FILE} can't be read: {error}") from error
        if not plain or len(plain[0].mean) != PLAIN:
            raise ArtifactError(f"{card.label} is of another version than this program.")
        return cls(plain, full, encoder, levels[0], levels[1], card.label)

    def levels(self, *, reads_states: bool) -> tuple[Level, ...]:
        """Return the levels of patience, and how strangers fared at each."""
        return self.full_levels if reads_states else self.plain_levels

    def scores(self, plain: Floats, states: Floats | None = None) -> Floats:
        """Return log odds of an end, moment by moment; (moments,).

        Where there are states, both sets have a say: those that read them know commands better,
        the others people and places that they never heard.
        """
        found = np.mean([one.score(plain) for one in self.plain], 0)
        if states is None or not self.full:
            return found
        both = np.concatenate([plain, states], 1)
        return (found + np.mean([one.score(both) for one in self.full], 0)) / 2


def around(states: Floats, silent_from: int) -> Floats:
    """Return what *states* say of the words before a silence, and of the silence, in one row.

    *states* has shape (frames, width); somebody fell silent in the frame *silent_from*.
    """
    width = states.shape[1]
    parts = [
        _mean(states[max(0, silent_from + a) : max(0, silent_from + b)], width) for a, b in WINDOWS
    ]
    return np.concatenate([*parts, _mean(states[silent_from + 1 :][-4:], width)])


def _mean(rows: Floats, width: int) -> Floats:
    return rows.mean(0) if len(rows) else np.zeros(width, np.float32)


def packed(networks: Sequence[Network]) -> dict[str, NDArray[np.float16] | Floats]:
    """Return the arrays of *networks*, stacked, as they are kept."""
    return {
        "mean": np.stack([one.mean for one in networks]),
        "scale": np.stack([one.scale for one in networks]),
        "weights": np.stack([one.weights for one in networks]).astype(np.float16),
        "bias": np.stack([one.bias for one in networks]),
        "out": np.stack([one.out for one in networks]),
        "last": np.array([one.last for one in networks], np.float32),
    }


def _levels(rows: Floats) -> tuple[Level, ...]:
    return tuple(Level(*map(float, row)) for row in rows)


def _networks(arrays: dict[str, NDArray[np.float32]], name: str) -> tuple[Network, ...]:
    keys = ("mean", "scale", "weights", "bias", "out", "last")
    parts = [arrays[f"{name}_{key}"].astype(np.float32) for key in keys]
    return tuple(
        Network(mean, scale, weights, bias, out, float(last))
        for mean, scale, weights, bias, out, last in zip(*parts, strict=True)
    )
