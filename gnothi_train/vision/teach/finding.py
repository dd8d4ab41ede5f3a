"""What a detector that was taught finds in pictures."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from gnothi.vision.teaching.folders.collection import Example
from gnothi_train.vision.pyramid import Detections, detections
from gnothi_train.vision.teach.augment import as_batch, fitted
from gnothi_train.vision.teach.detectors import as_detector

_AT_ONCE = 16
_MOST = 200
"""Places and classes of a picture that are looked at; suppressing more takes longer than seeing."""
_NOTHING = -20.0
"""The logit of the others."""


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
        surest = replace(dense, logits=_surest(dense.logits.float()))
        found += detections(surest, least=least, most=100)
    return found


def _surest(logits: Tensor) -> Tensor:
    """Return *logits* (batch, places, classes) with all but the highest of each picture off."""
    flat = logits.flatten(1)
    least = flat.topk(min(_MOST, flat.shape[1]), dim=1).values[:, -1]
    return torch.where(logits >= least[:, None, None], logits, _NOTHING)
