"""Whisper in whisper.cpp, by the package pywhispercpp: dictation, in small files, on any processor.

It reads whole utterances of up to 30 s; however short one is, it computes for 30 s. Nothing is
downloaded here: a file, or a folder with one, holds the model in whisper.cpp's own format, such as
``ggml-base.en-q5_1.bin``. Names of the home are told to it as if they had been said just before.
"""

import threading
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np

from gnothi.core.errors import ArtifactError, InputError
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Samples, Word
from gnothi.speech.ggml import Sizes, read_sizes
from gnothi.speech.whole import WholeStream

_MOST_NAMES = 60
"""Names that are told: what Whisper takes for its past is at most half of what it writes into."""
_SHORTEST = RATE // 10
"""Of less than this whisper.cpp makes nothing."""
_TOKENS_A_SECOND = 12
"""Nobody says more; it stops where the network repeats itself."""


class WhisperCpp:
    """Recognises whole utterances with one model, one after the other."""

    name = "whisper.cpp"

    def __init__(self, place: Path, *, threads: int = 1) -> None:
        """Load the model at *place*, a file or a folder with one.

        Raises:
            InputError: there is no model, or the package is not installed.
            ArtifactError: the model is damaged.
        """
        file = _file(place)
        self._sizes = read_sizes(file)
        self._model = _loaded(file, threads)
        self._lock = threading.Lock()

    def open(self, hints: Hints = NO_HINTS) -> WholeStream:
        """Begin to listen.

        Raises:
            InputError: the model does not know the language.
        """
        language = _language(self._model, self._sizes, hints.language)
        return WholeStream(lambda samples: self._decode(samples, hints, language))

    def _decode(self, samples: Samples, hints: Hints, language: str) -> Sequence[Hypothesis]:
        if len(samples) < _SHORTEST:
            return ()
        seconds = len(samples) / RATE
        with self._lock:
            # Options stay from one call to the next: each is given every time.
            found = self._model.transcribe(
                samples,
                language=language,
                initial_prompt=_past(hints),
                no_context=True,
                temperature_inc=0.0,
                suppress_nst=True,
                max_tokens=int(16 + _TOKENS_A_SECOND * min(seconds, 30)),
                # With at most one character a segment, segments are words.
                token_timestamps=True,
                max_len=1,
                split_on_word=True,
                extract_probability=True,
            )
        words = tuple(_words(cast("Sequence[Any]", found), seconds))
        if not words:
            return ()
        score = sum(float(np.log(max(word.confidence, 1e-9))) for word in words)
        return (Hypothesis(" ".join(word.text for word in words), score, words),)


def _words(segments: Sequence[Any], seconds: float) -> Iterator[Word]:
    """Yield the words of *segments*, their times inside the sound and in order."""
    last = 0.0
    for one in segments:
        texts = str(one.text).split()
        begin = min(max(last, float(one.t0) / 100), seconds)
        length = max(0.0, min(float(one.t1) / 100, seconds) - begin) / max(1, len(texts))
        sure = min(1.0, max(0.0, float(np.nan_to_num(one.probability))))
        for at, text in enumerate(texts):
            yield Word(text, begin + at * length, begin + (at + 1) * length, sure)
        last = begin


def _past(hints: Hints) -> str:
    names = dict.fromkeys(name.text for name in hints.names)
    told = [*names, *hints.phrases][:_MOST_NAMES]
    return f"{', '.join(told)}." if told else ""


def _language(model: Any, sizes: Sizes, told: str) -> str:  # noqa: ANN401 - untyped
    language = told.split("-", maxsplit=1)[0].lower()
    known = ("en",) if sizes.is_english else cast("Sequence[str]", model.available_languages())
    if language not in known:
        raise InputError(
            f"This model of whisper.cpp does not know '{told}': take one that is not English alone."
        )
    return language


def _file(place: Path) -> Path:
    if place.is_file():
        return place
    found = sorted(place.glob("*.bin"))
    if len(found) != 1:
        many = "several models" if found else "no model"
        raise InputError(
            f"{place} holds {many} of whisper.cpp: name one file, such as ggml-base.en-q5_1.bin."
        )
    return found[0]


def _loaded(file: Path, threads: int) -> Any:  # noqa: ANN401 - untyped
    try:
        package: Any = import_module("pywhispercpp.model")
    except ModuleNotFoundError as error:
        raise InputError("Install the package first: pip install pywhispercpp") from error
    try:
        return package.Model(
            str(file.resolve()),
            redirect_whispercpp_logs_to=None,
            context_params={"use_gpu": False},
            n_threads=threads,
            print_progress=False,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise ArtifactError(f"{file} can't be loaded by whisper.cpp: {error}") from error
