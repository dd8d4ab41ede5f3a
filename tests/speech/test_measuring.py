"""Recognisers are compared on the same recordings, and advice says how little it rests on."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Pattern, Samples
from gnothi.core.protocols import Name
from gnothi.speech.measuring import Measured, Recording, advise, measure
from gnothi.speech.reciting import recite, sentences, voices
from gnothi.speech.voice import VoiceDetector
from gnothi.speech.whole import WholeStream
from gnothi.speech.word_errors import Errors

LAMPS = Hints(
    names=(Name("zoobo lamp", "light.one", "device"), Name("Kitchen", "kitchen", "area")),
    patterns=(
        Pattern((("turn on the ",), ("[device]",), (" in the ",), ("[area]",))),
        Pattern((("set a timer for ",), ("five minutes", "an hour"))),
        Pattern((("stop",),)),
        Pattern((("add some milk to ",), ("[list]",))),
    ),
)


class Parrot:
    """Says the same of everything; by how long it is, it knows which of two it hears."""

    name = "parrot"

    def __init__(self, short: str, long: str) -> None:
        self._says = (short, long)

    def open(self, hints: Hints = NO_HINTS) -> WholeStream:
        return WholeStream(self._decode)

    def _decode(self, samples: Samples) -> Sequence[Hypothesis]:
        text = self._says[len(samples) > RATE]
        return (Hypothesis(text, 0.0),) if text else ()


def measured(name: str, *edits: int, finish_ms: float = 100, factor: float = 0.1) -> Measured:
    """Return what was measured on sentences of five words with so many wrong in each."""
    errors = tuple(Errors(one, 5) for one in edits)
    return Measured(name, errors, ("",) * len(edits), factor, finish_ms)


def test_words_and_time_are_counted() -> None:
    """What is missing, too much or wrong, in all of them; and what was heard is kept."""
    given = [
        Recording("turn on the light", np.zeros(RATE // 2, np.float32)),
        Recording("stop it", np.zeros(2 * RATE, np.float32)),
    ]
    found = measure("parrot", Parrot("turn of the light", "stop it"), NO_HINTS, given)
    assert found.errors == (Errors(1, 4), Errors(0, 2))
    assert found.word_error_rate == pytest.approx(1 / 6)
    assert found.all_right == 0.5
    assert found.heard == ("turn of the light", "stop it")
    assert found.told()["interval"] == [0.0, 0.25]
    assert measure("deaf", Parrot("", ""), NO_HINTS, given).word_error_rate == 1


def test_the_fewest_errors_win_where_it_is_no_chance() -> None:
    """Clearly better on many sentences: no doubt is told."""
    advice = advise([measured("bad", *[3] * 20), measured("good", *[1] * 20)], usual="bad")
    assert advice.choice == "good"
    assert advice.why == ("It got 20 of 100 words wrong.",)


def test_where_chance_may_have_decided_nothing_changes() -> None:
    """One word more or less on five sentences is no reason for a change; it is said."""
    found = [measured("new", 0, 1, 0, 1, 0), measured("old", 1, 1, 0, 1, 0)]
    advice = advise(found, usual="old")
    assert advice.choice == "old"
    assert advice.why[1] == (
        "It can't be told apart from new (2 of 25 words) on this little: chance may have decided."
    )
    assert advise(found).choice == "new"


def test_nobody_waits_for_the_best() -> None:
    """Too slow is no advice while another is quick; and it is said why."""
    best = measured("best", *[0] * 20, finish_ms=9000)
    advice = advise([best, measured("quick", *[1] * 20)])
    assert advice.choice == "quick"
    assert "best (0 of 100 words) is too slow here: it lets you wait for 9.0 s." in advice.why
    alone = advise([measured("slow", *[1] * 20, factor=3.0, finish_ms=9000)])
    assert alone.choice == "slow"
    assert "It is slow here, as all are: it lets you wait 9.0 s." in alone.why


def test_where_nobody_hears_anything_nothing_changes() -> None:
    """Then it is not the recogniser's fault."""
    advice = advise([measured("usual", *[5] * 5), measured("other", *[4] * 5)], usual="usual")
    assert advice.choice == "usual"
    assert "even other got 20 of 25 words wrong. Look at the microphone" in advice.why[0]


def test_sentences_are_the_homes_own() -> None:
    """With its names, each way to say something once; what is short or can't be filled is not."""
    assert sorted(sentences(LAMPS, 2, Random(0))) in (
        ["set a timer for an hour", "turn on the zoobo lamp in the Kitchen"],
        ["set a timer for five minutes", "turn on the zoobo lamp in the Kitchen"],
    )
    found = sentences(LAMPS, 50, Random(0))
    assert not any("[" in one or one == "stop" for one in found)
    assert found == sentences(LAMPS, 50, Random(0))
    assert sentences(Hints(), 5, Random(0)) == ()


@pytest.mark.skipif(not voices(), reason="Neither flite nor espeak-ng is installed.")
def test_machines_say_them(tmp_path: Path) -> None:
    """One voice of each program in turn, heard as speech, with a quiet room around it."""
    detector = VoiceDetector()
    by_program = {name.split()[0]: name for name in voices()}
    said_by = {name: voices()[name] for name in by_program.values()}
    texts = ["turn on the kitchen light"] * len(said_by)
    found = list(recite(texts, list(said_by.values()), np.random.default_rng(0)))
    for name, one in zip(said_by, found, strict=True):
        assert one.text == texts[0]
        speech = detector.open().accept(one.samples)
        assert 0.5 < 0.032 * sum(chance > 0.5 for chance in speech) < 4, name
        assert 0 < np.abs(one.samples[: RATE // 5]).max() < 0.01
