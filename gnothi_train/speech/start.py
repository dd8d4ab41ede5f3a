"""A network to learn on from: the weights of an artifact, widened again."""

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import GraphProto, numpy_helper

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.speech.streaming import MODEL
from gnothi_train.speech.network import StreamingEncoder

_NETWORK = "network."


def start(folder: Path, pieces: int) -> StreamingEncoder:
    """Return a network of *pieces* with the weights of the recogniser in *folder*.

    What 8 bits lost stays lost; a few steps of training make up for it.

    Raises:
        ArtifactError: the artifact is damaged, or of another shape than ``StreamingEncoder``.
    """
    verify(folder, read_card(folder))
    found = weights(onnx.load(folder / MODEL).graph)
    network = StreamingEncoder(pieces)
    try:
        network.load_state_dict({name: torch.from_numpy(value) for name, value in found.items()})
    except RuntimeError as error:
        raise ArtifactError(f"{folder} holds a network of another shape: {error}") from error
    return network


def weights(graph: GraphProto) -> dict[str, NDArray[np.float32]]:
    """Return the parameters in *graph*, as ``gnothi_train.speech.export`` wrote it.

    The exporter keeps the names of everything but the weights of matrix products, which are known
    by the bias that is added to the product.
    """
    kept = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    made = {output: node for node in graph.node for output in node.output}
    found = {n.removeprefix(_NETWORK): v.copy() for n, v in kept.items() if n.startswith(_NETWORK)}
    for node in graph.node:
        bias = next((name for name in node.input if name.startswith(_NETWORK)), None)
        product = next((made[name] for name in node.input if name in made), None)
        if node.op_type != "Add" or bias is None or not product or product.op_type != "MatMul":
            continue
        name = bias.removeprefix(_NETWORK).removesuffix("bias") + "weight"
        source = made.get(product.input[1])
        if source is None:
            value = kept[product.input[1]]
        else:
            integers, scale = (kept[name] for name in source.input)
            value = integers.astype(np.float32) * scale
        found[name] = np.ascontiguousarray(value.T)
    return found
