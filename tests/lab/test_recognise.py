"""The recognisers' benchmark counts what it says it counts."""

from pathlib import Path

import numpy as np
import pytest

from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Samples
from gnothi.speech.whole import WholeStream
from gnothi.speech.word_errors import Errors, compare, rate
from gnothi_lab.benchmarks import recognise
from gnothi_lab.benchmarks.recognise import Task, all_figures, hear, interval, intervals
from gnothi_lab.speech.recordings import Home, Recording, in_room
from gnothi_train.speech.voices import HELD_OUT


class Parrot:
    """Says the same whatever it hears, and something better second."""

    name = "parrot"

    def open(self, hints: Hints = NO_HINTS) -> WholeStream:
        said = (Hypothesis("turn on a light", 0.0), Hypothesis("turn on the light", -1.0))
        return WholeStream(lambda samples: said)


def second() -> Samples:
    """Return a second of noise."""
    return np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)


@pytest.mark.parametrize(
    ("said", "heard", "edits"),
    [
        ("Turn on the light.", "turn on the light", 0),
        ("it's 21°", "it's twenty one degrees", 0),
        ("turn on the light", "turn the light off", 2),
        ("turn on", "", 2),
        ("on", "turn it on now", 3),
    ],
)
def test_words_are_compared_as_they_are_spoken(said: str, heard: str, edits: int) -> None:
    """Missing, added and other words count one each; spelling does not count."""
    assert compare(said, heard).edits == edits


def test_rates_are_over_words_and_told_by_voices() -> None:
    """A group's rate is its own, the worst is told, and the oracle picks among hypotheses."""
    recordings = [
        Recording("turn on the light", second(), HELD_OUT),
        Recording("turn off", second(), "other"),
    ]
    found = hear(Parrot(), "parrot", Task("commands", recordings, NO_HINTS, by_group=True))
    figures = all_figures([found])
    assert figures["wer_commands"] == pytest.approx(4 / 6)
    assert figures[f"wer_commands_{HELD_OUT}"] == pytest.approx(1 / 4)
    assert figures["wer_commands_worst"] == pytest.approx(3 / 2)
    assert figures["oracle_wer_commands"] == pytest.approx(3 / 6)
    assert figures["all_right_commands"] == 0
    low, high = intervals([found], np.random.default_rng(0))["wer_commands"]
    assert low <= figures["wer_commands"] <= high


def test_engines_count_as_unseen_only_where_no_voice_of_theirs_was_heard(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without recognisers that were trained apart, only voices that nobody heard are left."""
    monkeypatch.setattr(recognise, "ROTATION", tmp_path)
    recordings = [Recording("turn on", second(), group) for group in ("espeak", "rms", "joe")]
    task = Task("commands", recordings, NO_HINTS, by_group=True)
    found = recognise.unseen(task, hear(Parrot(), "parrot", task))
    assert {engine: len(errors) for engine, errors in found.items()} == {
        "flite_festival": 1,
        "piper": 1,
    }


def test_intervals_cover_the_rate_and_narrow_with_recordings() -> None:
    """The bootstrap draws recordings; more of them say more."""
    rng = np.random.default_rng(0)
    many = [Errors(int(rng.random() < 0.3), 1) for _ in range(400)]
    widths = []
    for found in (many[:50], many):
        low, high = interval(found, np.random.default_rng(1))
        assert low <= rate(found) <= high
        widths.append(high - low)
    assert widths[1] < widths[0]


def test_nothing_that_was_learned_from_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real recordings are those of the development part, never of the training part."""
    taken: list[tuple[str, ...]] = []

    def read_set(data: Path, name: str, *, splits: tuple[str, ...]) -> list[Recording]:
        taken.append(splits)
        return [Recording("one", second(), name)]

    home = Home([Recording("turn off", second(), "awb")], ())
    monkeypatch.setattr(recognise, "read_set", read_set)
    monkeypatch.setattr(recognise, "spoken_commands", lambda *_, **__: home)
    monkeypatch.setattr(recognise, "with_noise", lambda recordings, *_, **__: recordings)
    monkeypatch.setattr(recognise, "room_tones", lambda _: (second(),))
    recognise.tasks(Path("nowhere"), 0, quick=True)
    assert taken == [("dev",), ("dev",)]


def test_nothing_is_digitally_silent() -> None:
    """Room tone lies before, after and beneath what is spoken."""
    tone = np.random.default_rng(1).normal(0, 0.01, 4000).astype(np.float32)
    spoken = np.zeros(RATE, np.float32)
    heard = in_room(spoken, [tone], np.random.default_rng(2))
    assert len(heard) > 1.4 * RATE
    assert (heard == 0).mean() < 0.01
