"""Moonshine in sherpa-onnx: dictation in English that computes for no longer than was spoken.

It reads whole utterances; unlike Whisper, which always computes for 30 s, a short command is quick.
Nothing is downloaded here: a folder holds the model as the k2-fsa project publishes it. There are
two kinds, told apart by their files: ``encoder_model.ort`` and ``decoder_model_merged.ort`` since
2026, ``preprocess``, ``encode``, ``uncached_decode`` and ``cached_decode`` in ONNX before, both
with ``tokens.txt``. Names of the home can't be told to it, and it knows no times of words.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Samples
from gnothi.speech.whole import WholeStream

TOKENS = "tokens.txt"
PARTS = {"encoder": "encoder_model", "decoder": "decoder_model_merged"}
OLDER_PARTS = {
    "preprocessor": "preprocess",
    "encoder": "encode",
    "uncached_decoder": "uncached_decode",
    "cached_decoder": "cached_decode",
}
_ENDINGS = ("int8.ort", "ort", "int8.onnx", "onnx")
_SHORTEST = RATE // 10
"""Of less than this its first layers make nothing."""


class Moonshine:
    """Recognises whole utterances with one model."""

    name = "moonshine"

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the model in *folder*.

        Raises:
            InputError: the folder holds no such model, or the package is not installed.
            ArtifactError: the model is damaged.
        """
        self._recogniser = _loaded(folder, threads)

    def open(self, hints: Hints = NO_HINTS) -> WholeStream:
        """Begin to listen; the model knows one language, whatever *hints* say."""
        return WholeStream(self._decode)

    def _decode(self, samples: Samples) -> Sequence[Hypothesis]:
        if len(samples) < _SHORTEST:
            return ()
        stream = self._recogniser.create_stream()
        stream.accept_waveform(RATE, samples)
        self._recogniser.decode_stream(stream)
        text = " ".join(str(stream.result.text).split())
        if not text:
            return ()
        surely = cast("Sequence[float]", stream.result.ys_log_probs)
        return (Hypothesis(text, float(sum(surely))),)


def _loaded(folder: Path, threads: int) -> Any:  # noqa: ANN401 - untyped
    try:
        sherpa: Any = import_module("sherpa_onnx")
    except ModuleNotFoundError as error:
        raise InputError("Install the package first: pip install sherpa-onnx") from error
    kind = sherpa.OfflineRecognizer
    newer, older = _parts(folder, PARTS), _parts(folder, OLDER_PARTS)
    if newer:
        return _opened(folder, kind.from_moonshine_v2, newer, threads)
    if older:
        return _opened(folder, kind.from_moonshine, older, threads)
    raise InputError(
        f"{folder} holds no model of moonshine: {' and '.join(PARTS.values())} are not both there, "
        f"nor are {', '.join(OLDER_PARTS.values())}. Fetch one as a whole folder."
    )


def _opened(folder: Path, make: Callable[..., Any], parts: Mapping[str, str], threads: int) -> Any:  # noqa: ANN401 - untyped
    _require_tokens(folder / TOKENS)
    try:
        return make(tokens=str(folder / TOKENS), num_threads=threads, **parts)
    except (RuntimeError, ValueError) as error:
        raise ArtifactError(f"{folder} can't be loaded by sherpa-onnx: {error}") from error


def _parts(folder: Path, names: Mapping[str, str]) -> dict[str, str]:
    """Return where each part is, the one in 8 bits first; nothing when one is missing."""
    found: dict[str, str] = {}
    for part, name in names.items():
        files = (folder / f"{name}.{ending}" for ending in _ENDINGS)
        if (file := next((one for one in files if one.is_file()), None)) is None:
            return {}
        found[part] = str(file)
    return found


def _require_tokens(file: Path) -> None:
    """Look through the tokens first: what it can't read there ends the whole process.

    Raises:
        InputError: there are none.
        ArtifactError: a line is no token and its number.
    """
    if not file.is_file():
        raise InputError(f"{file.parent} has no {TOKENS}: fetch the model's folder as a whole.")
    try:
        lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line]
    except UnicodeDecodeError as error:
        raise ArtifactError(f"{file} is damaged: it is no text.") from error
    # The token of a space is written as a number alone.
    numbers = [line[-1] for line in lines if 0 < len(line) <= 2 and line[-1].isdecimal()]
    if not numbers or len(numbers) < len(lines) or len(set(numbers)) < len(numbers):
        raise ArtifactError(f"{file} is damaged: a line has a token and its own number.")
