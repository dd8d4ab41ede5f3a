"""From a detector that was taught to the artifact that the product looks with."""

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from gnothi_train.vision.teach.detectors import as_detector

NETWORK = "detector.onnx"
_OPSET = 17


class _Served(nn.Module):
    """A detector that tells boxes and how sure it is of each class, of one picture."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Return boxes (1, places, 4) in pixels and scores (1, places, classes)."""
        dense = as_detector(self.network)(picture)
        return dense.boxes, dense.logits.sigmoid()


def exported(network: nn.Module, size: int) -> bytes:
    """Return *network* as an ONNX file that takes ``picture`` (1, 3, size, size) from 0 to 1."""
    served = _Served(network.eval().float().to("cpu", memory_format=torch.contiguous_format))
    file = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad(), _exportable():
        warnings.simplefilter("ignore")  # sizes are fixed, which the exporter warns of
        torch.onnx.export(
            served,
            (torch.zeros(1, 3, size, size),),
            file,
            input_names=["picture"],
            output_names=["boxes", "scores"],
            opset_version=_OPSET,
            dynamo=False,
        )
    return file.getvalue()


@contextmanager
def _exportable() -> Iterator[None]:
    """Count places up in a way that the exporter knows, for as long as the block lasts."""
    usual = torch.cartesian_prod
    torch.cartesian_prod = lambda *ones: torch.stack(
        torch.meshgrid(*ones, indexing="ij"), dim=-1
    ).flatten(0, -2)
    try:
        yield
    finally:
        torch.cartesian_prod = usual


def figures(hits: int, there: int, alarms: int) -> Mapping[str, float]:
    """Return what a card tells of how well things were found."""
    return {"hits": hits / max(1, there), "there": float(there), "alarms": float(alarms)}
