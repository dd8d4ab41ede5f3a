"""What a phrase costs: a dot product with kept vectors, against a pass of attention for each."""

import io
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from gnothi.core.seeing import Pixels
from gnothi.vision.finding.models import Seer
from gnothi_train.vision.find.network import DIMENSIONS, WORDS, Joint
from gnothi_train.vision.find.vectors import LONGEST

PHRASES, THINGS = 1_200, 100
_TIMES = 7


def phrases(joint: Joint, seed: int) -> Mapping[str, float]:
    """Return milliseconds for 1,200 phrases and 100 things, each way; the best of some.

    On one core in the light runtime: NumPy, and ONNX Runtime with a pass for each phrase, and all
    phrases in a single pass.
    """
    random = np.random.default_rng(seed)
    things = _units(random, THINGS)
    vectors = _units(random, PHRASES)
    texts = random.normal(size=(PHRASES, 1 + LONGEST, WORDS)).astype(np.float32)
    session = _session(joint)

    def one_by_one() -> None:
        for text in texts:
            session.run(None, {"things": things, "text": text[None]})

    return {
        "ms_dot": _best(lambda: things @ vectors.T),
        "ms_attention": _best(one_by_one, times=2),
        "ms_attention_batched": _best(
            lambda: session.run(None, {"things": things, "text": texts}), times=3
        ),
    }


def frames(seer: Seer, pixels: Pixels) -> float:
    """Return how many pictures a second *seer* looks at and searches for a phrase it knows."""
    seer.vectors(("the red mug",))
    return 1000 / _best(lambda: seer.likely(seer.view(pixels), ("the red mug",)), times=20)


class _Judge(nn.Module):
    """A joint mind with the phrase and its words in one input."""

    def __init__(self, joint: Joint) -> None:
        super().__init__()
        self.joint = joint

    def forward(self, things: Tensor, text: Tensor) -> Tensor:
        return self.joint(things, text[:, 0], text[:, 1:])


def _session(joint: Joint) -> Any:  # noqa: ANN401 - onnxruntime has no types
    file = io.BytesIO()
    torch.onnx.export(
        _Judge(joint).eval(),
        (torch.zeros(THINGS, DIMENSIONS), torch.ones(2, 1 + LONGEST, WORDS)),
        file,
        dynamo=False,
        input_names=["things", "text"],
        output_names=["fits"],
        dynamic_axes={"text": {0: "phrases"}},
        opset_version=17,
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(file.getvalue(), options, ["CPUExecutionProvider"])


def _units(random: np.random.Generator, count: int) -> np.ndarray:
    drawn = random.normal(size=(count, DIMENSIONS)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def _best(work: Callable[[], object], *, times: int = _TIMES) -> float:
    """Return the milliseconds of the fastest of so many *times*."""
    taken: list[float] = []
    for _ in range(times):
        began = perf_counter()
        work()
        taken.append(1000 * (perf_counter() - began))
    return min(taken)
