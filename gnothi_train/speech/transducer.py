"""The transducer that is trained on the states of an encoder, and its loss.

The loss sums over all alignments, as CTC does. As at most one piece begins in a frame, the sum goes
from frame to frame, for all places in the text at once (Tripathi et al., "Monotonic Recurrent
Neural Network Transducer and Decoding Strategies", ASRU 2019). Only places near those where CTC
hears the text are worked out (pruned as in Kuang et al., arXiv 2206.13236, but by CTC).
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gnothi.speech.transducer import REACH

BAND = 8
"""Places in the text that are worked out for each frame."""
_NEVER = -1e30
"""Stands for the logarithm of nothing: with a true infinity gradients are no numbers."""


class Head(nn.Module):
    """Prediction network and joiner; ``gnothi.speech.transducer`` serves the same."""

    def __init__(self, width: int, pieces: int, inner: int = 160) -> None:
        """Hear states of *width* numbers; *pieces* counts the blank, which is number 0."""
        super().__init__()
        self.heard = nn.Linear(width, inner)
        self.before = nn.ModuleList(nn.Embedding(pieces, inner) for _ in range(REACH))
        self.joined = nn.Linear(inner, pieces)
        self.register_buffer("usual", torch.zeros(width))
        """An average state."""
        for table in self.before:
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, states: Tensor, targets: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
        """Return logarithms of the probabilities of nothing, and of the next piece.

        *states* are (batch, frames, width), *targets* (batch, most pieces) padded with 0, and *at*
        the places in the text to work out, (batch, frames, band): place 0 is before the first
        piece. Both results are like *at*.
        """
        count = targets.shape[1] + int(at.shape[2])
        padded = functional.pad(targets, (REACH, int(at.shape[2])))
        told = sum(table(padded[:, k : k + count]) for k, table in enumerate(self.before))
        rows = at + torch.arange(len(targets))[:, None, None] * count
        inner = self.heard(states)[:, :, None] + functional.embedding(rows, told.flatten(0, 1))
        logits = self.joined(torch.tanh(inner))
        silent, said = logits[..., 0], logits[..., 1:]
        next_ = padded[:, REACH : REACH + count].flatten()[rows]
        label = said.gather(3, (next_ - 1).clamp(min=0)[..., None])[..., 0] - said.logsumexp(3)
        label = (label + functional.logsigmoid(-silent)).masked_fill(next_ == 0, _NEVER)
        return functional.logsigmoid(silent), label

    def save(self, path: Path) -> None:
        """Write the weights in half precision to *path*, as ``Transducer.read`` expects them."""
        arrays = {
            "heard": self.heard.weight.T,
            "offset": self.heard.bias,
            "before": torch.stack([table.weight for table in self.before]),
            "joined": self.joined.weight.T,
            "bias": self.joined.bias,
            "quiet": self.heard(self.usual),
        }
        with path.open("wb") as file:
            np.savez(file, **{n: a.detach().numpy().astype(np.float16) for n, a in arrays.items()})


def places(
    scores: Tensor, targets: Tensor, lengths: Tensor, counts: Tensor, band: int = BAND
) -> Tensor:
    """Return places in the text around those where CTC hears it; (batch, frames, *band*).

    *scores* are the logarithms of the probabilities of CTC, (batch, frames, pieces); *targets* are
    padded with 0, the first *counts* are valid. Where a text is reached follows from how much of
    the time until then CTC takes for something said.
    """
    with torch.enable_grad():
        given = scores.detach().float().transpose(0, 1).requires_grad_()
        losses = functional.ctc_loss(
            given, targets, lengths, counts, reduction="sum", zero_infinity=True
        )
        (gradient,) = torch.autograd.grad(losses, given)
    # The gradient of PyTorch is exp(given) minus the probability of pieces at their places.
    said = (given.detach().exp() - gradient)[..., 1:].sum(2).T
    said = said * (torch.arange(said.shape[1]) < lengths[:, None])
    reached = (said.cumsum(1) - said / 2) / said.sum(1, keepdim=True).clamp(min=1e-6)
    first = (reached * counts[:, None]).round().long() - band // 2
    last = (counts[:, None] + 1 - band).clamp(min=0)
    return torch.minimum(first.clamp(min=0), last)[:, :, None] + torch.arange(band)


def likelihood(blank: Tensor, label: Tensor, at: Tensor, lengths: Tensor, counts: Tensor) -> Tensor:
    """Return the logarithm of the probability of each text; (batch,).

    *blank* and *label* are those of ``Head`` for the places *at*. The first *lengths* frames and
    the first *counts* pieces of each are valid. What can't be said in the frames and places that
    there are comes out below -1e29.
    """
    band = at.shape[2]
    begin = at[:, 0, 0]
    reached = torch.where(begin[:, None] + torch.arange(band + 1) == 0, 0.0, _NEVER)
    for frame in range(at.shape[1]):
        steps = (at[:, frame, 0] - begin)[:, None] + torch.arange(band)
        wide = functional.pad(reached, (0, band), value=_NEVER)
        here = wide.gather(1, steps.clamp(max=2 * band))
        stayed = functional.pad(here + blank[:, frame], (0, 1), value=_NEVER)
        moved = functional.pad(here + label[:, frame], (1, 0), value=_NEVER)
        is_valid = frame < lengths
        reached = torch.where(is_valid[:, None], torch.logaddexp(stayed, moved), reached)
        begin = torch.where(is_valid, at[:, frame, 0], begin)
    last = counts - begin
    found = reached.gather(1, last.clamp(0, band)[:, None])[:, 0]
    return torch.where((last >= 0) & (last <= band), found, _NEVER)
