"""What a phrase costs: a dot product with kept vectors, against a pass of attention for each.

Either keeps what it can of a phrase: its vector, or the keys and values of its words.
"""

import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from torch import Tensor, nn

from gnothi.core.seeing import Pixels
from gnothi.vision.finding.models import Seer
from gnothi_train.vision.find.network import DIMENSIONS, WORDS, Joint
from gnothi_train.vision.find.vectors import LONGEST

PHRASES, THINGS = 1_200, 100
_TIMES = 7
_Floats = NDArray[np.float32]


def phrases(joint: Joint, lengths: Sequence[int], seed: int) -> Mapping[str, float]:
    """Return milliseconds for 1,200 phrases and 100 things, each way; the best of seven.

    On one thread in the light runtime: NumPy, and ONNX Runtime with a pass for each phrase, and
    with all phrases in a single pass. *lengths* are numbers of words of phrases, taken in turn.
    """
    random = np.random.default_rng(seed)
    things, vectors = _units(random, THINGS), _units(random, PHRASES)
    counts = [1 + min(LONGEST, lengths[at % len(lengths)]) for at in range(PHRASES)]
    texts = random.normal(size=(PHRASES, 1 + LONGEST, WORDS)).astype(np.float32)
    for text, count in zip(texts, counts, strict=True):
        text[count:] = 0
    kept = _kept(joint, texts)
    session = _session(joint)
    each = [
        {name: one[at : at + 1, :count] for name, one in kept.items()}
        for at, count in enumerate(counts)
    ]

    def one_by_one() -> None:
        for one in each:
            session.run(None, {"things": things, **one})

    with threadpool_limits(1):
        return {
            "ms_dot": _best(lambda: things @ vectors.T),
            "ms_attention": _best(one_by_one),
            "ms_attention_batched": _best(lambda: session.run(None, {"things": things, **kept})),
        }


def frames(seer: Seer, pixels: Pixels) -> float:
    """Return how many pictures a second *seer* looks at and searches for a phrase it knows."""
    seer.vectors(("the red mug",))
    return 1000 / _best(lambda: seer.likely(seer.view(pixels), ("the red mug",)), times=20)


class _Judge(nn.Module):
    """What of a joint mind is left to do when phrases are kept."""

    def __init__(self, joint: Joint) -> None:
        super().__init__()
        self.joint = joint

    def forward(self, things: Tensor, keys: Tensor, values: Tensor, empty: Tensor) -> Tensor:
        return self.joint.judged(things, keys, values, empty)


@torch.no_grad()
def _kept(joint: Joint, texts: _Floats) -> dict[str, NDArray[Any]]:
    """Return keys, values and where there is no word of *texts* (phrases, 1 + LONGEST, WORDS)."""
    told = torch.from_numpy(texts)
    found = joint.offered(told[:, 0], told[:, 1:])
    return dict(zip(("keys", "values", "empty"), (one.numpy() for one in found), strict=True))


def _session(joint: Joint) -> Any:  # noqa: ANN401 - onnxruntime has no types
    file = io.BytesIO()
    kept = _kept(joint, np.ones((2, 1 + LONGEST, WORDS), np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of itself
        torch.onnx.export(
            _Judge(joint).eval(),
            (torch.zeros(THINGS, DIMENSIONS), *(torch.from_numpy(one) for one in kept.values())),
            file,
            dynamo=False,
            input_names=["things", *kept],
            output_names=["fits"],
            dynamic_axes={name: {0: "phrases", 1: "length"} for name in kept},
            opset_version=17,
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(file.getvalue(), options, ["CPUExecutionProvider"])


def _units(random: np.random.Generator, count: int) -> _Floats:
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
