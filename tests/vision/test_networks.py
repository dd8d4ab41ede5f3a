"""How a picture becomes the input of a network, and the way back to its pixels."""

from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import ArtifactError
from gnothi.vision.networks import Network, fitted


@pytest.mark.parametrize("size", [(40, 80), (80, 40), (7, 7), (1, 300)])
def test_what_a_network_finds_is_found_in_the_picture(size: tuple[int, int]) -> None:
    """Whatever its proportions: the middle stays the middle, the margins are grey."""
    pixels = np.full((*size, 3), 255, dtype=np.uint8)
    given = fitted(pixels, 64, 48)
    assert given.tensor.shape == (1, 3, 48, 64) and given.tensor.dtype == np.float32
    assert given.back(np.array([[32.0, 24.0]]))[0] == pytest.approx(
        [size[1] / 2, size[0] / 2], abs=max(size) / 48
    )
    assert given.tensor.max() == 1 and given.tensor.min() >= 0.4


def test_a_damaged_network_is_refused(tmp_path: Path) -> None:
    """So is one that is not there."""
    (tmp_path / "model.onnx").write_bytes(b"no network")
    for name in ("model.onnx", "nothing.onnx"):
        with pytest.raises(ArtifactError, match=name):
            Network(tmp_path / name)


def test_a_network_runs_by_the_names_of_its_inputs(tmp_path: Path) -> None:
    """And returns its outputs by theirs."""
    onnx = pytest.importorskip("onnx")
    make, kind = onnx.helper, onnx.TensorProto.FLOAT
    graph = make.make_graph(
        [make.make_node("ReduceMean", ["picture"], ["mean"], keepdims=0)],
        "mean",
        [make.make_tensor_value_info("picture", kind, [1, 3, "height", "width"])],
        [make.make_tensor_value_info("mean", kind, [])],
    )
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, tmp_path / "mean.onnx")
    network = Network(tmp_path / "mean.onnx")
    assert (network.inputs, network.outputs) == (("picture",), ("mean",))
    found = network.run(picture=np.full((1, 3, 4, 4), 0.25, dtype=np.float32))
    assert found["mean"] == pytest.approx(0.25)
