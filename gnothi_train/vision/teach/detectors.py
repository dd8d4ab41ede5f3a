"""What few-shot methods ask of a detector, and the two that there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn

from gnothi_train.vision.backbone import Backbone
from gnothi_train.vision.pyramid import Dense, Head, Pyramid, Things
from gnothi_train.vision.teach.centre import CentrePoints

WIDTHS, DEPTHS, NECK = (16, 24, 48, 64, 96), (1, 1, 1, 1), 48
"""Of the backbone that is taught, and its neck: half a million parameters with the heads."""


class Detector(Protocol):
    """A network whose classes are told by the last layer of a head."""

    backbone: nn.Module
    neck: nn.Module
    kinds: Head | None
    """Tells classes."""
    sides: Head
    """Tells boxes."""

    def __call__(self, pictures: Tensor) -> Dense:
        """Look at pictures (batch, 3, height, width)."""
        ...

    def losses(self, dense: Dense, truth: Sequence[Things]) -> dict[str, Tensor]:
        """Return what there is to minimise."""
        ...


def _pyramid(classes: int) -> nn.Module:
    return Pyramid(classes, backbone=Backbone(WIDTHS, DEPTHS), width=NECK)


def _centre(classes: int) -> nn.Module:
    return CentrePoints(classes, backbone=Backbone(WIDTHS, DEPTHS), width=NECK)


ARCHITECTURES: Mapping[str, Callable[[int], nn.Module]] = {"pyramid": _pyramid, "centre": _centre}
"""Builders by name; each takes a number of classes."""


def build(architecture: str, classes: int) -> nn.Module:
    """Return a detector that knows nothing yet."""
    return ARCHITECTURES[architecture](classes)


def as_detector(network: nn.Module) -> Detector:
    """Return *network*, which is one of those in :data:`ARCHITECTURES`, by its contract."""
    return cast("Detector", network)


def last_layer(network: nn.Module) -> nn.Conv2d:
    """Return the layer of *network* that tells classes."""
    kinds = as_detector(network).kinds
    assert kinds is not None
    return cast("nn.Conv2d", kinds.last)


def reclassed(network: nn.Module, classes: int) -> None:
    """Let *network* tell so many new *classes*: each begins as the mean of those known so far.

    What all known things have in common is a better start than nothing.
    """
    known = last_layer(network)
    fresh = nn.Conv2d(known.in_channels, classes, 1)
    with torch.no_grad():
        fresh.weight.copy_(known.weight.mean(dim=0, keepdim=True).expand_as(fresh.weight))
        assert known.bias is not None and fresh.bias is not None
        fresh.bias.fill_(float(known.bias.mean()))
    kinds = as_detector(network).kinds
    assert kinds is not None
    kinds.last = fresh


def objective(network: nn.Module, batch: Any) -> dict[str, Tensor]:  # noqa: ANN401 - a Batch
    """Return the losses of *network* on a :class:`gnothi_train.vision.teach.augment.Batch`."""
    detector = as_detector(network)
    device = next(network.parameters()).device
    things = [Things(one.boxes.to(device), one.classes.to(device)) for one in batch.things]
    return detector.losses(detector(batch.pictures.to(device)), things)


def parts(network: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Yield the parts of *network* from the picture onwards, with their names."""
    detector = as_detector(network)
    assert detector.kinds is not None
    yield "backbone", detector.backbone
    yield "neck", detector.neck
    yield "tower", detector.kinds.tower
    yield "tower", detector.sides.tower
    yield "last", detector.kinds.last
    yield "last", detector.sides.last


def save(network: nn.Module, path: Path, **told: object) -> None:
    """Write the weights of *network*, and what else is *told*, to *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"state": network.state_dict(), **told}, path)


def load(path: Path, architecture: str) -> nn.Module:
    """Return the detector in *path*."""
    state = torch.load(path, map_location="cpu", weights_only=True)["state"]
    network = build(architecture, len(state["kinds.last.weight"]))
    network.load_state_dict(state)
    return network
