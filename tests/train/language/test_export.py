"""The exported file answers like the network that was trained."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra 'train' is not installed")

from gnothi.language.models import Labels  # noqa: E402
from gnothi.text.encoder import Reading  # noqa: E402
from gnothi_train.language.encoding import collate  # noqa: E402
from gnothi_train.language.examples import Example  # noqa: E402
from gnothi_train.language.export import NAMES, calibrate, write_network  # noqa: E402
from gnothi_train.language.network import ServedNetwork  # noqa: E402
from tests.train.language.tiny import EXAMPLES, network, reader  # noqa: E402


@pytest.mark.parametrize(("int8", "tolerance"), [(False, 1e-4), (True, 0.25)])
def test_the_file_answers_like_the_network(tmp_path: Path, int8: bool, tolerance: float) -> None:
    """Fusing changes nothing, 8 bits change little, whatever the length of the sentences."""
    import onnxruntime

    trained = network().eval()
    path = tmp_path / "model.onnx"
    write_network(trained, reader(), path, int8=int8)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    batch = collate(reader().encode(EXAMPLES[:3]))
    names = ("ids", "mask", "firsts", "pauses", "situations")
    inputs = {name: getattr(batch, name) for name in names}
    found = session.run(None, {name: tensor.numpy() for name, tensor in inputs.items()})
    with torch.inference_mode():
        wanted = ServedNetwork(trained)(*inputs.values())
    for name, one, other in zip(NAMES, found, wanted, strict=True):
        assert one.shape == tuple(other.shape), name
        if name not in {"considered", "tags"}:
            assert np.abs(one - other.numpy()).max() < tolerance, name


def test_calibration_tempers_what_is_too_sure() -> None:
    """Scores that are wrong as often as right are brought down to one half."""
    examples = [Example("light den", "on"), Example("light den", "off")] * 10
    sure = Reading(
        words=[],
        unknown=0.0,
        intents=np.array([0.0, 8.0], np.float32),
        considered=np.array([1, 0]),
        tags=np.zeros((2, 0, 3), np.float32),
        scope=-3.0,
        moves=np.zeros((0, 3), np.float32),
        embedding=np.zeros(384, np.float32),
    )
    labels = Labels(("off", "on"), ("room",), {"off": "iot", "on": "iot"})
    calibrated = calibrate(labels, [sure] * 20, examples)
    assert calibrated.temperature > 3
