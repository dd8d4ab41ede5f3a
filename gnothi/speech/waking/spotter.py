"""A small network that listens for words: frames of the front end in, a score a word out.

Causal depthwise-separable convolutions over time (Zhang et al. 2017, arXiv 1711.07128; dilated as
in Coucke et al. 2019, arXiv 1811.07684) with residuals. Each layer carries its past, so that what
it makes of a day of sound does not depend on the pieces that it comes in. Numpy is enough: some
thirty thousand weights, thirty-three frames a second.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.speech.features import WIDTH, Floats

NAME = "hearing/wake"
FILE = "network.npz"


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution of each channel over time, a mixture of the channels, and what came in."""

    over_time: Floats
    """(taps, channels), the oldest first."""
    dilation: int
    """Frames from one tap to the next."""
    mixture: Floats
    """(channels, channels)"""
    bias: Floats

    @property
    def past(self) -> int:
        """Frames before the present that it reads."""
        return (len(self.over_time) - 1) * self.dilation

    def __call__(self, known: Floats) -> Floats:
        """Return what is made of *known*, its past and new frames: a row for each new one."""
        new = len(known) - self.past
        taps = (known[at * self.dilation :][:new] * row for at, row in enumerate(self.over_time))
        mixed = sum(taps, np.float32(0)) @ self.mixture + self.bias
        return np.maximum(mixed, 0) + known[self.past :]


@dataclass(frozen=True, slots=True)
class Spotter:
    """The weights, the words, and how sure it must be of each."""

    words: tuple[str, ...]
    sure: Floats
    """(words,): the score from which on a word was said."""
    late_s: float
    """Seconds after its end at which a word is usually told."""
    entry: tuple[Floats, Floats]
    """Weights (192, channels) and bias of what comes first."""
    layers: tuple[Layer, ...]
    exit: tuple[Floats, Floats]
    """Weights (channels, words) and bias of what comes last."""
    label: str = "unnamed"

    @classmethod
    def read(cls, folder: Path) -> "Spotter":
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is missing, damaged or of another version.
        """
        card = read_card(folder)
        verify(folder, card)
        try:
            with (folder / FILE).open("rb") as file, np.load(file, allow_pickle=False) as kept:
                return cls.of({name: kept[name] for name in kept.files}, card.label)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise ArtifactError(f"{folder / FILE} can't be read: {error}") from error

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]], label: str = "unnamed") -> "Spotter":
        """Return the network of *arrays*, as ``arrays`` names them.

        Raises:
            KeyError: one is missing.
            ValueError: shapes do not fit together.
        """
        words = tuple(str(word) for word in arrays["words"])
        floats = {k: v.astype(np.float32) for k, v in arrays.items() if k != "words"}
        layers = tuple(
            Layer(over_time, int(dilation), mixture, bias)
            for over_time, dilation, mixture, bias in zip(
                *(floats[name] for name in ("over_time", "dilation", "mixture", "bias")),
                strict=True,
            )
        )
        width = floats["entry"].shape[1]
        if floats["entry"].shape != (WIDTH, width) or floats["exit"].shape != (width, len(words)):
            raise ValueError("its shapes do not fit together")
        return cls(
            words,
            floats["sure"].reshape(len(words)),
            float(floats["late_s"]),
            (floats["entry"], floats["entry_bias"]),
            layers,
            (floats["exit"], floats["exit_bias"]),
            label,
        )

    def open(self) -> "Spotting":
        """Begin with nothing heard."""
        return Spotting(self)


class Spotting:
    """The network's memory of one stream."""

    def __init__(self, spotter: Spotter) -> None:
        """Begin with nothing heard by *spotter*."""
        self._spotter = spotter
        width = len(spotter.entry[1])
        self._known = [np.zeros((layer.past, width), np.float32) for layer in spotter.layers]

    def accept(self, frames: Floats) -> Floats:
        """Take in *frames*, (frames, 192); return scores (log odds), (frames, words)."""
        spotter = self._spotter
        heard = np.maximum(frames @ spotter.entry[0] + spotter.entry[1], 0)
        for at, layer in enumerate(spotter.layers):
            known = np.concatenate([self._known[at], heard])
            self._known[at] = known[len(known) - layer.past :]
            heard = layer(known)
        return heard @ spotter.exit[0] + spotter.exit[1]


def packed(
    words: Sequence[str], sure: Sequence[float], late_s: float, weights: Mapping[str, NDArray[Any]]
) -> bytes:
    """Return the content of ``FILE``: *weights* in half precision beside the rest."""
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {name: one.astype(np.float16) for name, one in weights.items()}
    arrays["words"] = np.array(list(words))
    arrays["sure"] = np.array(sure, np.float32)
    arrays["late_s"] = np.array(late_s, np.float32)
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()
