"""Opening networks in ONNX Runtime, on the processor."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any


def open_session(
    path: Path | bytes, *, threads: int = 1, config: Mapping[str, str] | None = None
) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return the session of the network at *path*, or in its bytes; it says nothing but errors.

    *threads* work within an operator, one across operators; *config* are entries of the session.
    """
    onnxruntime: Any = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    for key, value in (config or {}).items():
        options.add_session_config_entry(key, value)
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
