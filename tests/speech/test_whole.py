"""Recognisers that read whole utterances keep the contract of streams."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Samples
from gnothi.speech.faster_whisper import FasterWhisper
from gnothi.speech.whole import LONGEST_S, WholeStream
from gnothi.testing.hearing import recogniser_complaints


class Loudness:
    """Says how long it was loud."""

    name = "loudness"

    def open(self, hints: Hints = NO_HINTS) -> WholeStream:
        return WholeStream(self._decode)

    def _decode(self, samples: Samples) -> Sequence[Hypothesis]:
        loud = int((np.abs(samples) > 0.1).sum())
        return (Hypothesis(f"{loud}", 0.0),) if loud else ()


def test_whole_utterances_make_a_recogniser() -> None:
    """Blocks are put together, silence says nothing, and a finished stream takes no more."""
    sound = np.sin(np.arange(RATE) / 7).astype(np.float32)
    assert list(recogniser_complaints(Loudness(), sound)) == []


def test_what_never_ends_is_refused() -> None:
    """Memory is bounded: what goes on for minutes is told to be parted."""
    stream = Loudness().open()
    stream.accept(np.zeros(int(LONGEST_S * RATE), np.float32))
    with pytest.raises(InputError, match="pauses"):
        stream.accept(np.zeros(1, np.float32))


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    """The sentence says what is missing and what to fetch."""
    with pytest.raises(InputError, match=r"model\.bin, config\.json, tokenizer\.json is missing"):
        FasterWhisper(tmp_path)
