"""Pipecat's smart-turn v3.2: a network that hears whether a turn is complete.

It lies in the wheel of ``pipecat-ai`` (BSD 2-clause), beside the code that makes its features. Both
are taken from there as they are: ``pip install --no-deps pipecat-ai``, or name the wheel or the
folder that it was unpacked to in ``GNOTHI_PIPECAT``.
"""

import os
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import RATE, Samples

WHERE = "GNOTHI_PIPECAT"
MODEL = "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"
FEATURES = "pipecat/audio/turn/smart_turn/_whisper_features.py"
HEARS_S = 8
MISSING = f"smart-turn is not here: pip install --no-deps pipecat-ai, or set {WHERE} to its wheel."


class SmartTurn:
    """Says how probably what was said until now is complete."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """Take the network and its features from the package that *read* reads."""
        import onnxruntime

        self._session = onnxruntime.InferenceSession(
            read(MODEL), _options(onnxruntime), providers=["CPUExecutionProvider"]
        )
        code = ModuleType("whisper_features")
        exec(compile(read(FEATURES), FEATURES, "exec"), code.__dict__)  # noqa: S102 - the peer's own
        self._features: Callable[..., NDArray[np.float32]] = code.compute_whisper_log_mel_features

    @classmethod
    def find(cls) -> "SmartTurn | None":
        """Return it where the package is installed or named; else nothing."""
        found = find_spec("pipecat")
        places = [os.environ.get(WHERE, "")]
        places += (
            [str(Path(place).parent) for place in (found.submodule_search_locations or ())]
            if found
            else []
        )
        for place in filter(None, places):
            if (read := _reader(Path(place))) is not None:
                return cls(read)
        return None

    def probability(self, samples: Samples) -> float:
        """Return how probably *samples*, from the beginning of a turn, are complete.

        As Pipecat does it: the last eight seconds, filled up with zeros at the beginning.
        """
        heard = samples[-HEARS_S * RATE :]
        heard = np.pad(heard, (HEARS_S * RATE - len(heard), 0))
        told = self._features(heard, do_normalize=True)[None]
        return float(self._session.run(None, {"input_features": told})[0][0].item())


def _reader(place: Path) -> Callable[[str], bytes] | None:
    if place.is_dir() and (place / MODEL).is_file():
        return lambda name: (place / name).read_bytes()
    if place.is_file() and zipfile.is_zipfile(place):
        wheel = zipfile.ZipFile(place)
        return wheel.read if MODEL in wheel.namelist() else None
    return None


def _options(onnxruntime: Any) -> Any:  # noqa: ANN401 - it has no types
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options
