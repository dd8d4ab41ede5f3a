"""A second spotter of another build, to see whether the fusion helps it, too.

Its backbone has no shortcuts and no pyramid, its boxes are upright, and its letters come one after
the other from a decoder that attends to the columns of a word (Vaswani et al., Attention is all
you need), as in mask spotters, instead of from each column by itself.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from gnothi.vision.reading.letters import ALPHABET, CLASSES
from gnothi_train.vision.backbone import convolution
from gnothi_train.vision.text.batches import LONGEST_TEXT, Batch
from gnothi_train.vision.text.fusion import Fusion
from gnothi_train.vision.text.learn import columns_loss
from gnothi_train.vision.text.network import WIDTH, Recogniser, Tower, aligned

_STATES = 128
_END = 0
"""The class that begins and ends every word."""


class SecondSpotter(nn.Module):
    """Reads words in upright boxes, with the global view alone or fused with the local one."""

    def __init__(self, *, is_fused: bool) -> None:
        """Build it with or without the fusion."""
        super().__init__()
        self.backbone = nn.Sequential(
            convolution(3, 32, stride=2, activation=nn.ReLU),
            convolution(32, 64, stride=2, activation=nn.ReLU),
            *(convolution(64, 64, activation=nn.ReLU) for _ in range(3)),
            convolution(64, WIDTH, activation=nn.ReLU),
        )
        self.tower = Tower() if is_fused else None
        self.fusion = Fusion(WIDTH) if is_fused else None
        columns = Recogniser()
        self.together, self.along, self.letters = columns.together, columns.along, columns.letters
        self.before = nn.Embedding(CLASSES, _STATES)
        self.order = nn.Parameter(0.02 * torch.randn(LONGEST_TEXT + 1, _STATES))
        self.place = nn.Parameter(0.02 * torch.randn(40, _STATES))
        layer = nn.TransformerDecoderLayer(
            _STATES, 4, 2 * _STATES, dropout=0.0, batch_first=True, norm_first=True
        )
        self.decoder = nn.TransformerDecoder(layer, 2)
        self.next = nn.Linear(_STATES, CLASSES)

    def look(self, pictures: Tensor, grid: Tensor, pieces: Tensor, there: Tensor) -> Tensor:
        """Return the states of the columns of words, (words there, 40, states)."""
        maps = aligned(self.backbone(pictures * 2 - 1), grid)[there]
        if self.tower and self.fusion:
            maps = self.fusion(self.tower(pieces[there]), maps)
        return self.along(self.together(maps)).squeeze(2).transpose(1, 2)

    def spell(self, states: Tensor, before: Tensor) -> Tensor:
        """Return scores of the next letters (words, letters, classes) after each *before*."""
        count = before.shape[1]
        mask = torch.ones(count, count, dtype=torch.bool).triu(1)
        told = self.before(before) + self.order[:count]
        return self.next(self.decoder(told, states + self.place, tgt_mask=mask))

    @torch.no_grad()
    def read(self, batch: Batch) -> list[str]:
        """Return the likeliest letters of the words of *batch*, one after the other."""
        states = self.look(batch.pictures, batch.grid, batch.pieces, batch.there)
        letters = torch.full((len(states), 1), _END)
        for _ in range(LONGEST_TEXT):
            best = self.spell(states, letters)[:, -1].argmax(1, keepdim=True)
            letters = torch.cat([letters, best], dim=1)
        return [_text(row) for row in letters[:, 1:].numpy()]


def objective(network: nn.Module, batch: Batch) -> Mapping[str, Tensor]:
    """Return what *network*, a second spotter, loses on *batch*.

    Beside the next letters (``spelled``) the column of each letter (``columns``), as the first
    spotter learns it: it tells where to attend.
    """
    assert isinstance(network, SecondSpotter)
    states = network.look(batch.pictures, batch.grid, batch.pieces, batch.there)
    before, wanted = _shifted(batch)
    scores = network.spell(states, before).float()
    maps = states.transpose(1, 2)[:, :, None]
    columns = network.letters(maps).squeeze(2).transpose(1, 2).float().log_softmax(2)
    return {
        "spelled": nn.functional.cross_entropy(scores.flatten(0, 1), wanted.flatten()),
        "columns": columns_loss(columns, batch),
    }


def _shifted(batch: Batch) -> tuple[Tensor, Tensor]:
    """Return the letters before each letter, and each letter; -100 after the end of a word."""
    words = batch.letters.split(batch.lengths.tolist())
    longest = int(batch.lengths.max()) + 1
    before = torch.full((len(words), longest), _END)
    wanted = torch.full((len(words), longest), -100)
    for row, word in enumerate(words):
        before[row, 1 : len(word) + 1] = word
        wanted[row, : len(word)] = word
        wanted[row, len(word)] = _END
    return before, wanted


def _text(row: "np.ndarray | Sequence[int]") -> str:
    letters: list[str] = []
    for index in row:
        if index == _END:
            break
        letters.append(ALPHABET[int(index) - 1])
    return "".join(letters)
