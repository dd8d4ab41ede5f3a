"""Short and long speech are told apart, and recognisers are compared recording by recording."""

import numpy as np
import pytest

from gnothi.core.hearing import NO_HINTS, RATE
from gnothi.speech.word_errors import Errors
from gnothi_lab.benchmarks.alternation import LONG, MIXES, SHORT, START, joined, result
from gnothi_lab.benchmarks.recognise import Heard, Task
from gnothi_lab.speech.recordings import Recording


def test_long_speech_is_commands_of_one_voice_after_the_other() -> None:
    """Nothing of what is said is lost, and sound goes with its text."""
    made = [Recording(f"{at}", np.full(RATE, at, np.float32), "ab"[at % 2]) for at in range(6)]
    first, second = joined(made)
    assert (first.text, second.text) == ("0 2 4 1", "3 5")
    assert first.samples[::RATE].tolist() == [0, 2, 4, 1]
    assert second.seconds == 2


def test_reductions_are_over_all_words_of_a_kind() -> None:
    """Who is half as often wrong on long speech has fewer errors there, and not on short."""
    recordings = [Recording("a b", np.zeros(RATE, np.float32), "x")] * 20

    def heard(task: str, edits: int) -> Heard:
        return Heard(Task(task, recordings, NO_HINTS), [Errors(edits, 2)] * 20, [], 1.0)

    def by_task(long: int) -> dict[str, Heard]:
        return {task: heard(task, 1) for task in SHORT} | {task: heard(task, long) for task in LONG}

    found = {name: by_task(1 if name == MIXES[0] else 2) for name in (START, *MIXES)}
    compared = result(found, np.random.default_rng(0))
    assert compared.figures["wer_reduction_long_vs_short"] == pytest.approx(0.5)
    assert compared.figures["wer_reduction_short_vs_long"] == 0
    assert compared.intervals["wer_reduction_long_vs_start"] == pytest.approx((0.5, 0.5))
    assert compared.baselines["short"]["wer_long"] == 1
