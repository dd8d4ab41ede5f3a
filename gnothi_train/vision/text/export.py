"""From a spotter that learned to the artifact that is served: two networks, weights in 16 bits."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from gnothi.vision.reading.own import FIND, READ
from gnothi_train.vision.text.network import WIDTH, Branches, Spotter

_OPSET = 17
_SMALLEST = 256
"""Numbers of a weight that stays as it is."""


class _Reading(nn.Module):
    """What is served of a spotter: a picture's features and its words, to letters."""

    def __init__(self, spotter: Spotter, branches: Branches) -> None:
        super().__init__()
        self.spotter = Spotter((branches,))
        self.spotter.load_state_dict(spotter.state_dict(), strict=False)
        self.branches = branches

    def forward(self, features: Tensor, grid: Tensor, pieces: Tensor) -> Tensor:
        return self.spotter.read(features, grid, pieces)[self.branches].log_softmax(2)


def networks(spotter: Spotter, branches: Branches = Branches.FUSED) -> dict[str, bytes]:
    """Return the contents of the files of *spotter* with the reader of *branches*, by name.

    The one that finds takes ``picture`` and gives ``features`` and ``places``; the one that reads
    takes ``features``, ``grid`` and ``pieces`` and gives ``letters`` (``Spotter.read``).
    """
    picture = torch.rand(1, 3, 64, 96)
    found = _written(
        spotter.finder.eval(), {"picture": picture}, ("features", "places"),
        {"picture": {2: "height", 3: "width"}, "features": {2: "rows", 3: "columns"},
         "places": {2: "rows", 3: "columns"}},
    )  # fmt: skip
    words = {
        "features": torch.rand(1, WIDTH, 16, 24),
        "grid": torch.rand(1, 2 * 8, 40, 2) * 2 - 1,
        "pieces": torch.rand(2, 3, 32, 160),
    }
    read = _written(
        _Reading(spotter, branches).eval(), words, ("letters",),
        {"features": {2: "rows", 3: "columns"}, "grid": {1: "places"}, "pieces": {0: "words"},
         "letters": {0: "words"}},
    )  # fmt: skip
    return {FIND: found, READ: read}


def _written(
    network: nn.Module,
    inputs: dict[str, Tensor],
    outputs: tuple[str, ...],
    axes: dict[str, dict[int, str]],
) -> bytes:
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter speaks of its own future
        path = Path(folder) / "network.onnx"
        torch.onnx.export(
            network, tuple(inputs.values()), str(path), dynamo=False, opset_version=_OPSET,
            input_names=list(inputs), output_names=list(outputs), dynamic_axes=axes,
        )  # fmt: skip
        return halved(onnx.load(path)).SerializeToString()


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store the weights of *model* in 16 bits; they are widened when the network is opened."""
    graph = model.graph
    kept = [one for one in graph.initializer if not _is_large(one)]
    casts: list[onnx.NodeProto] = []
    for one in filter(_is_large, graph.initializer):
        narrow = numpy_helper.to_array(one).astype(np.float16)
        kept.append(numpy_helper.from_array(narrow, f"{one.name}.half"))
        casts.append(
            helper.make_node("Cast", [f"{one.name}.half"], [one.name], to=TensorProto.FLOAT)
        )
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    return model


def _is_large(weight: onnx.TensorProto) -> bool:
    return weight.data_type == TensorProto.FLOAT and bool(np.prod(weight.dims) >= _SMALLEST)
