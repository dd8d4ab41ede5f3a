"""How the eyes learn where things are: boxes, and beside them labels, for telling features."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gnothi_train.vision.find.batches import UNKNOWN, Batch
from gnothi_train.vision.find.network import Eyes, Labels, Sight
from gnothi_train.vision.pyramid import (
    Things,
    assign,
    generalised_overlap,
    overlap,
    quality_focal,
)

_NOUNS, _HUES = 0.7, 0.2
"""Weights of labels against boxes."""


class Watcher(nn.Module):
    """Eyes, and the labels that they learn with."""

    def __init__(self, eyes: Eyes, labels: Labels) -> None:
        """Teach *eyes* together with *labels*."""
        super().__init__()
        self.eyes, self.labels = eyes, labels


def watched(watcher: Watcher, batch: Batch) -> dict[str, Tensor]:
    """Return what there is to minimise: for finding, and for naming noun and colour."""
    sight = watcher.eyes(batch.pictures)
    index, wanted = assigned(sight, batch.things)
    return located(sight, index, wanted) | labelled(watcher.labels, sight, index, batch)


def assigned(sight: Sight, truth: Sequence[Things]) -> tuple[Tensor, Tensor]:
    """Return which thing each place answers for, -1 for none, and its box: (batch, places, …)."""
    found = [assign(sight.places, one) for one in truth]
    return torch.stack([index for index, _ in found]), torch.stack([box for _, box in found])


def located(sight: Sight, index: Tensor, wanted: Tensor) -> dict[str, Tensor]:
    """Return the losses of finding: ``things`` (focal, by overlap) and ``boxes``."""
    taken = index >= 0
    count = taken.sum().clamp(min=1)
    closeness = overlap(sight.boxes[taken], wanted[taken]).detach().clamp(min=0)
    quality = torch.zeros_like(sight.things)
    quality[taken] = closeness
    apart = 1 - generalised_overlap(sight.boxes[taken], wanted[taken])
    return {
        "things": quality_focal(sight.things, quality) / count,
        "boxes": 1.5 * apart.sum() / count,
    }


def labelled(labels: Labels, sight: Sight, index: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Return the losses of naming noun and colour by linear layers."""
    features, things = sight.features[index >= 0], _flat(index, batch.things)
    entropy = nn.functional.cross_entropy
    colours = labels.colours(features).float()
    return {
        "nouns": _NOUNS * entropy(labels.nouns(features).float(), batch.nouns[things]),
        "colours": _HUES * entropy(colours, batch.colours[things], ignore_index=UNKNOWN),
    }


def _flat(index: Tensor, truth: Sequence[Things]) -> Tensor:
    """Return the numbers of things within the batch that places answer for, one after another."""
    taken = (index >= 0).nonzero()
    begins = torch.tensor([0, *(len(one.boxes) for one in truth)], device=index.device).cumsum(0)
    return index[taken[:, 0], taken[:, 1]] + begins[taken[:, 0]]
