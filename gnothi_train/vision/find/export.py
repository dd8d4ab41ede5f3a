"""From what was learned to what is served: ONNX with weights of 8 bits, and the phrases' side.

Weights of convolutions become 8-bit integers with a scale for each output channel, and are made
floating-point again when the network is opened: a fourth of the size, the same arithmetic.
"""

import io
import json
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, helper, numpy_helper
from torch import Tensor, nn

from gnothi.vision.finding.cutting import SIDE
from gnothi.vision.finding.models import PHRASES, SETTINGS
from gnothi.vision.finding.networks import NAMING, NETWORK
from gnothi_train.vision.find.network import Apart, Eyes, Regions
from gnothi_train.vision.pyramid import LEVELS

OUTPUTS = ("boxes", "objectness", "features")
_OPSET = 17
_FEWEST = 512
"""Numbers in a weight that is worth 8 bits."""


class Served(nn.Module):
    """The eyes as they are served: one input, three outputs, pictures of any size."""

    def __init__(self, eyes: Eyes) -> None:
        """Serve *eyes*."""
        super().__init__()
        self.eyes = eyes

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return boxes, objectness and features of (1, 3, height, width)."""
        eyes = self.eyes
        maps = eyes.neck(eyes.backbone(picture)[1:])
        boxes: list[Tensor] = []
        things: list[Tensor] = []
        for told, scale, stride in zip(eyes.places(maps), eyes.scales, LEVELS, strict=True):
            sides = nn.functional.softplus(told[:, 1:] * scale + 1) * stride
            ones = torch.ones_like(told[:, :1])  # counted up: sizes stay open in the export
            middle = torch.cat([ones.cumsum(3), ones.cumsum(2)], dim=1) * stride - stride / 2
            corners = torch.cat([middle - sides[:, :2], middle + sides[:, 2:]], dim=1)
            boxes.append(_rows(corners))
            things.append(_rows(told[:, :1].sigmoid())[..., 0])
        return (
            torch.cat(boxes, dim=1),
            torch.cat(things, dim=1),
            torch.cat([_rows(one) for one in maps], dim=1),
        )


class Named(nn.Module):
    """Regions as they are served: what things mean as unit vectors."""

    def __init__(self, regions: Regions) -> None:
        """Serve *regions*."""
        super().__init__()
        self.regions = regions

    def forward(self, crops: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
        """Return meanings and looks, unit vectors each, of :class:`Regions`'s inputs."""
        looks = self.regions.looks(crops, shares)
        unit = nn.functional.normalize
        return unit(self.regions.mean(looks), dim=-1), unit(looks, dim=-1)


def finding(eyes: Eyes) -> bytes:
    """Return *eyes* as an ONNX file."""
    places = {name: {1: "places"} for name in OUTPUTS}
    return _onnx(
        Served(eyes),
        {"picture": torch.zeros(1, 3, 64, 96)},
        {"picture": {2: "height", 3: "width"}, **places},
    )


def naming(regions: Regions) -> bytes:
    """Return *regions* as an ONNX file."""
    given = {"crops": torch.zeros(2, 3, SIDE, SIDE), "shares": torch.ones(2)}
    names = ("crops", "shares", "meanings", "looks")
    return _onnx(Named(regions), given, {name: {0: "things"} for name in names})


def _onnx(
    network: nn.Module, given: Mapping[str, Tensor], axes: Mapping[str, Mapping[int, str]]
) -> bytes:
    """Return *network* with the inputs *given*; *axes* names those of any length, inputs first."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of itself
        torch.onnx.export(
            network.eval().float(),
            tuple(given.values()),
            file,
            dynamo=False,
            input_names=list(given),
            output_names=[name for name in axes if name not in given],
            dynamic_axes={name: dict(told) for name, told in axes.items()},
            opset_version=_OPSET,
        )
    model = onnx.load_from_string(file.getvalue())
    _in_8_bits(model)
    return model.SerializeToString()


def phrases(apart: Apart) -> bytes:
    """Return what makes vectors of phrases, as npz."""
    first, _, second = apart.project
    file = io.BytesIO()
    np.savez(
        file,
        first=_half(first.weight),
        first_bias=_half(first.bias),
        second=_half(second.weight),
        second_bias=_half(second.bias),
        sharpness=np.float32(apart.sharpness.exp().item()),
        bias=np.float32(apart.bias.item()),
    )
    return file.getvalue()


def settings(told: Mapping[str, Any]) -> bytes:
    """Return what else a finder must know, as JSON."""
    return (json.dumps(told, indent=1) + "\n").encode()


def contents(
    eyes: Eyes, regions: Regions, apart: Apart, told: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the files of the artifact."""
    return {
        NETWORK: finding(eyes),
        NAMING: naming(regions),
        PHRASES: phrases(apart),
        SETTINGS: settings(told),
    }


def _half(weight: Tensor) -> NDArray[np.float16]:
    return weight.detach().numpy().astype(np.float16)


def _in_8_bits(model: ModelProto) -> None:
    graph: GraphProto = model.graph
    kept, nodes = [], []
    for weight in graph.initializer:
        value = numpy_helper.to_array(weight)
        if value.ndim < 2 or value.size < _FEWEST or value.dtype != np.float32:
            kept.append(weight)
            continue
        whole, scale = _whole(value)
        name = weight.name
        kept += [
            numpy_helper.from_array(whole, f"{name}.whole"),
            numpy_helper.from_array(scale, f"{name}.scale"),
        ]
        inputs = [f"{name}.whole", f"{name}.scale"]
        nodes.append(helper.make_node("DequantizeLinear", inputs, [name], axis=0))
    rest = list(graph.node)
    del graph.initializer[:]
    del graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend([*nodes, *rest])


def _whole(value: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return *value* as 8-bit integers, and the scale of each of its first dimension."""
    most = np.abs(value).reshape(len(value), -1).max(axis=1)
    scale = (np.maximum(most, 1e-8) / 127).astype(np.float32)
    shape = (-1, *[1] * (value.ndim - 1))
    return np.round(value / scale.reshape(shape)).astype(np.int8), scale


def _rows(maps: Tensor) -> Tensor:
    return maps.flatten(2).transpose(1, 2)
