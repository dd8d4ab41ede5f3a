"""What a detector that was taught finds in pictures."""

from collections.abc import Sequence

import torch
from torch import nn

from gnothi.vision.teaching.folders.collection import Example
from gnothi_train.vision.pyramid import Detections, detections
from gnothi_train.vision.teach.augment import as_batch, fitted
from gnothi_train.vision.teach.detectors import as_detector

_AT_ONCE = 16


@torch.no_grad()
def find(
    network: nn.Module, examples: Sequence[Example], size: int, *, least: float = 0.02
) -> list[Detections]:
    """Return what *network* finds in each of *examples*, fitted into *size*, in those pixels."""
    network.eval()
    found: list[Detections] = []
    for at in range(0, len(examples), _AT_ONCE):
        batch = as_batch([fitted(one, size) for one in examples[at : at + _AT_ONCE]])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            dense = as_detector(network)(batch.pictures)
        found += detections(dense, least=least, most=100)
    return found
