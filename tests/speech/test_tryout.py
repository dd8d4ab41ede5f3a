"""A recogniser is tried out where its end is not ours."""

import shutil
from pathlib import Path

import pytest

from gnothi.speech.tryout import tried
from tests.speech.networks import write_whisper_cpp
from tests.speech.test_sherpa import write_model

onnx = pytest.importorskip("onnx")
pytest.importorskip("sherpa_onnx")


def test_what_is_known_to_be_wrong_is_said(tmp_path: Path) -> None:
    """In the recogniser's own sentence."""
    file = tmp_path / "ggml-tiny.en.bin"
    write_whisper_cpp(file)
    file.write_bytes(file.read_bytes()[:-1])
    assert tried(f"whisper.cpp:{tmp_path}").endswith("it is cut off.")


def test_what_would_take_us_along_is_said(tmp_path: Path) -> None:
    """sherpa-onnx ends the process where a network does not say what it is."""
    write_model(tmp_path)
    network = onnx.load(str(tmp_path / "encoder.onnx"))
    del network.metadata_props[:]
    onnx.save(network, str(tmp_path / "encoder.onnx"))
    shutil.copy(tmp_path / "encoder.onnx", tmp_path / "encoder.int8.onnx")
    choice = f"sherpa-onnx:{tmp_path}"
    assert tried(choice).startswith((f"{choice} breaks down on its model", f"{choice} can't be"))
