"""The network that listens for wake words, while it is trained.

What is served is ``gnothi.speech.waking.spotter``: the same sums in numpy, with the normalisation
of batches folded into the mixtures.
"""

from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from gnothi.speech.features import WIDTH


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a network."""

    channels: int = 64
    taps: int = 5
    dilations: tuple[int, ...] = (1, 2, 4, 8)


class Layer(nn.Module):
    """A convolution of each channel over time, a mixture, and what came in."""

    def __init__(self, shape: Shape, dilation: int) -> None:
        """Read every so many-th frame, *dilation*, of the past."""
        super().__init__()
        channels = shape.channels
        self.past = (shape.taps - 1) * dilation
        self.over_time = nn.Conv1d(
            channels, channels, shape.taps, dilation=dilation, groups=channels, bias=False
        )
        self.mixture = nn.Conv1d(channels, channels, 1, bias=False)
        self.norm = nn.BatchNorm1d(channels)

    def forward(self, heard: Tensor) -> Tensor:
        """Return (batch, channels, frames) for as many; nothing was heard before."""
        known = functional.pad(heard, (self.past, 0))
        return functional.relu(self.norm(self.mixture(self.over_time(known)))) + heard


class WakeNetwork(nn.Module):
    """Scores words frame by frame."""

    def __init__(self, words: int, shape: Shape | None = None, *, dropout: float = 0.1) -> None:
        """Listen for so many *words*."""
        super().__init__()
        self.shape = shape or Shape()
        self.entry = nn.Conv1d(WIDTH, self.shape.channels, 1, bias=False)
        self.norm = nn.BatchNorm1d(self.shape.channels)
        self.layers = nn.ModuleList(Layer(self.shape, one) for one in self.shape.dilations)
        self.dropout = nn.Dropout(dropout)
        self.exit = nn.Conv1d(self.shape.channels, words, 1)
        with torch.no_grad():
            _biases(self.exit).fill_(-4.0)

    def forward(self, frames: Tensor) -> Tensor:
        """Return log odds (batch, frames, words) for *frames* (batch, frames, 192)."""
        heard = functional.relu(self.norm(self.entry(frames.transpose(1, 2))))
        for layer in self.layers:
            heard = layer(heard)
        return self.exit(self.dropout(heard)).transpose(1, 2)

    @torch.no_grad()
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the weights as ``Spotter.of`` reads them."""
        entry, entry_bias = _folded(self.entry, self.norm)
        layers = [layer for layer in self.layers if isinstance(layer, Layer)]
        mixtures = [_folded(layer.mixture, layer.norm) for layer in layers]
        return {
            "entry": entry.numpy(),
            "entry_bias": entry_bias.numpy(),
            "over_time": torch.stack([one.over_time.weight[:, 0].T for one in layers]).numpy(),
            "dilation": torch.tensor(self.shape.dilations).numpy(),
            "mixture": torch.stack([weight for weight, _ in mixtures]).numpy(),
            "bias": torch.stack([bias for _, bias in mixtures]).numpy(),
            "exit": self.exit.weight[:, :, 0].T.numpy(),
            "exit_bias": _biases(self.exit).numpy(),
        }


def _folded(mixture: nn.Conv1d, norm: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    """Return weights (inputs, outputs) and bias of *mixture* and *norm* together."""
    mean, variance = norm.running_mean, norm.running_var
    if mean is None or variance is None:
        raise TypeError("The normalisation keeps no statistics.")
    scale = norm.weight / (variance + norm.eps).sqrt()
    return (mixture.weight[:, :, 0] * scale[:, None]).T, norm.bias - mean * scale


def _biases(layer: nn.Conv1d) -> Tensor:
    if layer.bias is None:
        raise TypeError("The layer has no biases.")
    return layer.bias
