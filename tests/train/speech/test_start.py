"""A recogniser that was exported can be trained on from."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from gnothi.core.errors import ArtifactError  # noqa: E402
from gnothi.speech.features import WIDTH  # noqa: E402
from gnothi.speech.streaming import SHIPPED, Advance, StreamingModel  # noqa: E402
from gnothi_train.speech.network import Carried  # noqa: E402
from gnothi_train.speech.start import start  # noqa: E402


def test_what_starts_from_an_artifact_hears_what_the_artifact_does() -> None:
    """Scores and states are the same, but for the order of sums."""
    model = StreamingModel(SHIPPED)
    frames = np.random.default_rng(0).normal(0, 1, (16, WIDTH)).astype(np.float32)
    stream = model.open()
    stream.accept(frames)
    [heard] = model.advance([Advance(stream, 8, 0)])

    network = start(SHIPPED, len(model.pieces)).eval()
    before = torch.zeros(1, 1, WIDTH)
    counts = (torch.tensor([8]), torch.tensor([8]), torch.tensor([0]))
    scores, states, _ = network.step(
        torch.cat([before, torch.from_numpy(frames)[None]], 1),
        *counts,
        Carried.empty(network.shape, 1),
    )
    np.testing.assert_allclose(scores[0].detach(), heard.scores, atol=1e-3)
    np.testing.assert_allclose(states[0].detach(), heard.states, atol=1e-3)


def test_a_network_of_another_shape_is_refused() -> None:
    """As for one that spells in other pieces."""
    with pytest.raises(ArtifactError, match="another shape"):
        start(SHIPPED, 7)
