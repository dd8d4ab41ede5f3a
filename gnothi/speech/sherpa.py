"""Streaming transducers in sherpa-onnx: open dictation while somebody speaks, on one core.

Nothing is downloaded here: a folder holds the model as the k2-fsa project publishes it, with
``tokens.txt`` and one ``encoder…``, ``decoder…`` and ``joiner…`` in ONNX, such as
``sherpa-onnx-streaming-zipformer-en-2023-06-26``. The 8-bit encoder is taken where there is one.
Names of the home are not told to it: its models spell in pieces that only they know.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import (
    NO_HINTS,
    RATE,
    Hints,
    Hypothesis,
    Partial,
    Samples,
    Word,
    require_sound,
)

TOKENS = "tokens.txt"
PARTS = ("encoder", "decoder", "joiner")
_EDGE = "▁"
"""Begins a piece that begins a word."""
_TAIL_S = 0.66
"""Silence after the end, so that the network hears out its last chunk."""


class Sherpa:
    """Recognises with one model; any number of streams at once."""

    name = "sherpa-onnx"

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the model in *folder*.

        Raises:
            InputError: the folder holds no such model, or the package is not installed.
            ArtifactError: the model can't be loaded.
        """
        self._recogniser = _loaded(folder, threads)

    def open(self, hints: Hints = NO_HINTS) -> "SherpaStream":
        """Begin to listen; the model knows one language, whatever *hints* say."""
        return SherpaStream(self._recogniser)


class SherpaStream:
    """One utterance."""

    def __init__(self, recogniser: Any) -> None:  # noqa: ANN401 - untyped
        """Begin to listen."""
        self._recogniser = recogniser
        self._stream: Any = recogniser.create_stream()
        self._samples = 0
        self._done = False

    def accept(self, samples: Samples) -> Partial:
        """Take in *samples*; whole chunks are worked out at once."""
        self._open()
        if len(require_sound(samples)):
            self._samples += len(samples)
            self._stream.accept_waveform(RATE, samples)
            self._advance()
        return Partial(_text(self._recogniser.get_result(self._stream)))

    def finish(self) -> Sequence[Hypothesis]:
        """Return what was said: one hypothesis, with a time for each word."""
        self._open()
        self._done = True
        if not self._samples:
            return ()
        self._stream.accept_waveform(RATE, np.zeros(int(_TAIL_S * RATE), np.float32))
        self._stream.input_finished()
        self._advance()
        result = self._recogniser.get_result_all(self._stream)
        text = _text(result.text)
        if not text:
            return ()
        surely = [float(one) for one in cast("Sequence[float]", result.ys_probs)]
        words = tuple(_words(result, surely, self._samples / RATE))
        said = " ".join(word.text for word in words)
        return (Hypothesis(text, sum(surely), words if said == text else ()),)

    def close(self) -> None:
        """Let the stream go."""
        self._done = True
        self._stream = None

    def _advance(self) -> None:
        while self._recogniser.is_ready(self._stream):
            self._recogniser.decode_stream(self._stream)

    def _open(self) -> None:
        if self._done:
            raise InputError("This stream is finished: open another one.")


def _words(result: Any, surely: Sequence[float], seconds: float) -> Iterator[Word]:  # noqa: ANN401
    """Yield the words that pieces make; each ends where the next begins."""
    pieces = list(zip(cast("Sequence[str]", result.tokens), result.timestamps, strict=True))
    chances = [*surely, *[0.0] * (len(pieces) - len(surely))]
    begins = [at for at, (piece, _) in enumerate(pieces) if at == 0 or piece[:1] in (_EDGE, " ")]
    for number, at in enumerate(begins):
        end = begins[number + 1] if number + 1 < len(begins) else len(pieces)
        word = _text("".join(piece for piece, _ in pieces[at:end]))
        if not word:
            continue
        until = float(pieces[end][1]) if end < len(pieces) else seconds
        start = min(float(pieces[at][1]), seconds)
        sure = float(np.exp(min(0.0, *chances[at:end])))
        yield Word(word, start, max(start, min(until, seconds)), sure)


def _text(told: str) -> str:
    return " ".join(told.replace(_EDGE, " ").lower().split())


def _loaded(folder: Path, threads: int) -> Any:  # noqa: ANN401 - untyped
    try:
        sherpa: Any = import_module("sherpa_onnx")
    except ModuleNotFoundError as error:
        raise InputError("Install the package first: pip install sherpa-onnx") from error
    paths = {part: str(_part(folder, part)) for part in PARTS}
    if not (folder / TOKENS).is_file():
        raise InputError(f"{folder} has no {TOKENS}: fetch the model's folder as a whole.")
    try:
        return sherpa.OnlineRecognizer.from_transducer(
            tokens=str(folder / TOKENS),
            **paths,
            num_threads=threads,
            decoding_method="modified_beam_search",
        )
    except (RuntimeError, ValueError) as error:
        raise ArtifactError(f"{folder} can't be loaded by sherpa-onnx: {error}") from error


def _part(folder: Path, part: str) -> Path:
    found = sorted(folder.glob(f"{part}*.onnx"), key=lambda path: (_is_wanted(path), path.name))
    if not found:
        raise InputError(
            f"{folder} holds no streaming model of sherpa-onnx: {part}….onnx is missing. Fetch one "
            "of its streaming transducers as a whole folder."
        )
    return found[-1]


def _is_wanted(path: Path) -> bool:
    """Whether this file goes first: the encoder in 8 bits, the small parts in full."""
    return (".int8" in path.name) == path.name.startswith("encoder")
