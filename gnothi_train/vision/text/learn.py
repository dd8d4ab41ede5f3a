"""What a spotter loses: in finding words, and in reading them with one view or two."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from gnothi_train.vision.text.batches import Batch, Spelled
from gnothi_train.vision.text.crops import Crops
from gnothi_train.vision.text.looks import Looks
from gnothi_train.vision.text.network import Branches, Spotter
from gnothi_train.vision.text.targets import losses as finding_losses

TILES = 6
"""Pictures of a batch: many small steps learn more from as many words than few large ones."""
READ, COLUMNS = 0.25, 2.0
"""Weights of the losses of words and of single columns: the renderer knows where letters are."""
BLANK = 0.25
"""Weight of columns without the middle of a letter, of which there are more."""


def objective(network: nn.Module, batch: Batch) -> Mapping[str, Tensor]:
    """Return what *network*, a spotter, loses on *batch*: in finding, and in every reader."""
    assert isinstance(network, Spotter)
    features, places = network.finder(batch.pictures)
    told = finding_losses(places, batch.targets)
    for one, scores in network.read(features, batch.grid, batch.pieces, batch.there).items():
        told |= {f"{name}_{one}": loss for name, loss in reading_losses(scores, batch).items()}
    return told


def words_objective(network: nn.Module, batch: Crops) -> Mapping[str, Tensor]:
    """Return what the local reader of *network*, a spotter, loses on words that are cut out."""
    assert isinstance(network, Spotter)
    local = network.readers[Branches.LOCAL.value]
    return reading_losses(local(network.tower(batch.pieces)), batch)


def finding_objective(network: nn.Module, batch: Looks) -> Mapping[str, Tensor]:
    """Return what the finder of *network*, a spotter, loses on pieces of pages."""
    assert isinstance(network, Spotter)
    return finding_losses(network.finder(batch.pictures)[1], batch.targets)


def reading_losses(scores: Tensor, batch: Spelled) -> dict[str, Tensor]:
    """Return ``read``, connectionist temporal classification, and ``columns``.

    *scores* are (words, columns, classes). Rendered words tell which column each letter is in;
    learning that as well saves the many steps in which the former learns to say nothing at all.
    """
    logs = scores.float().log_softmax(2)
    lengths = torch.full((len(logs),), logs.shape[1])
    read = nn.functional.ctc_loss(
        logs.transpose(0, 1), batch.letters, lengths, batch.lengths, zero_infinity=True
    )
    return {"read": READ * read, "columns": columns_loss(logs, batch)}


def columns_loss(logs: Tensor, batch: Spelled) -> Tensor:
    """Return what *logs*, of probabilities (words, columns, classes), lose in single columns."""
    weights = logs.new_ones(logs.shape[2])
    weights[0] = BLANK
    return COLUMNS * nn.functional.nll_loss(logs.flatten(0, 1), batch.columns.flatten(), weights)
