"""Whisper in CTranslate2, by the package faster-whisper: dictation in many languages.

It reads whole utterances of up to 30 s, on one core some tenths of their length for the small
models. Nothing is downloaded here: a folder holds the model (``model.bin``, ``config.json``,
``tokenizer.json`` and the vocabulary), as ``Systran/faster-whisper-base.en`` and others offer it.
"""

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Samples, Word
from gnothi.speech.whole import WholeStream

NEEDED = ("model.bin", "config.json", "tokenizer.json")
_MOST_NAMES = 60
"""Names that are told as hot words: they take the place of context, of which there is little."""
_NO_SPEECH, _UNSURE = 0.6, -1.0
"""Whisper invents text for noise; these are its own thresholds for leaving it out."""


class FasterWhisper:
    """Recognises whole utterances with one model, on the processor."""

    name = "faster-whisper"

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Load the model in *folder*.

        Raises:
            InputError: the folder holds no model of this kind, or the package is not installed.
            ArtifactError: the model can't be loaded.
        """
        if missing := [name for name in NEEDED if not (folder / name).is_file()]:
            raise InputError(
                f"{folder} holds no model of faster-whisper: {', '.join(missing)} is missing. "
                "Fetch one like Systran/faster-whisper-base.en as a whole folder."
            )
        self._model = _loaded(folder, threads)

    def open(self, hints: Hints = NO_HINTS) -> WholeStream:
        """Begin to listen."""
        return WholeStream(lambda samples: self._decode(samples, hints))

    def _decode(self, samples: Samples, hints: Hints) -> Sequence[Hypothesis]:
        names = dict.fromkeys(name.text for name in hints.names)
        told = ", ".join([*names, *hints.phrases][:_MOST_NAMES])
        try:
            found, _ = self._model.transcribe(
                samples,
                language=hints.language.split("-")[0],
                beam_size=5,
                temperature=0.0,
                word_timestamps=True,
                condition_on_previous_text=False,
                hotwords=told or None,
            )
            segments = list(cast("Iterable[Any]", found))
        except ValueError as error:
            raise InputError(f"The model does not know '{hints.language}': {error}") from error
        kept = [one for one in segments if not _is_noise(one)]
        words = tuple(word for one in kept for word in _words(one, len(samples) / RATE))
        if not words:
            return ()
        score = sum(float(one.avg_logprob) for one in kept) / len(kept)
        return (Hypothesis(" ".join(word.text for word in words), score, words),)


def _is_noise(segment: Any) -> bool:  # noqa: ANN401 - untyped
    return segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _UNSURE


def _words(segment: Any, seconds: float) -> Iterable[Word]:  # noqa: ANN401 - untyped
    """Yield the words of a *segment*; what the model joins without a space is one word."""
    text, begin, end, sure = "", 0.0, 0.0, 1.0
    for part in cast("Iterable[Any]", segment.words or ()):
        if part.word.startswith(" ") and text.strip():
            yield from _parted(text, begin, end, sure)
            text = ""
        if not text:
            begin, sure = float(part.start), 1.0
        text += part.word
        end, sure = min(float(part.end), seconds), min(sure, float(part.probability))
    if text.strip():
        yield from _parted(text, begin, end, sure)


def _parted(text: str, begin: float, end: float, sure: float) -> Iterable[Word]:
    words = text.split()
    begin, length = min(begin, end), max(0.0, end - begin) / len(words)
    for at, word in enumerate(words):
        yield Word(word, begin + at * length, begin + (at + 1) * length, min(1.0, max(0.0, sure)))


def _loaded(folder: Path, threads: int) -> Any:  # noqa: ANN401 - untyped
    try:
        whisper: Any = import_module("faster_whisper")
    except ModuleNotFoundError as error:
        raise InputError("Install the package first: pip install faster-whisper") from error
    try:
        return whisper.WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise ArtifactError(f"{folder} can't be loaded by faster-whisper: {error}") from error
