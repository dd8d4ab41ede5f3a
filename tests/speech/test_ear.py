"""An ear hears utterances one after the other, however long the recording."""

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pytest

from gnothi.core.errors import InputError
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Partial, Samples
from gnothi.speech.ear import Ear, Listening, Nobody, Sound, Utterance
from gnothi.speech.voice import (
    BLOCK_S,
    ON_REQUEST,
    QUESTION,
    Ending,
    Pauses,
)
from tests.speech.loud import Detector


class Counter:
    """A recogniser that tells how much it heard; it counts open streams."""

    name = "counter"
    open_streams = 0
    most = 0

    def open(self, hints: Hints = NO_HINTS) -> "Counting":
        self.open_streams += 1
        return Counting(self)


class Counting:
    """Counts samples."""

    def __init__(self, owner: Counter) -> None:
        self._owner = owner
        self._heard = 0

    def accept(self, samples: Samples) -> Partial:
        self._heard += len(samples)
        self._owner.most = max(self._owner.most, self._heard)
        return Partial(f"{self._heard} samples")

    def finish(self) -> Sequence[Hypothesis]:
        return (Hypothesis(f"{self._heard} samples", 0.0),)

    def close(self) -> None:
        self._owner.open_streams -= 1


def speech(seconds: float, pause: float) -> Iterator[Samples]:
    """Yield somebody who speaks, and a pause, in blocks."""
    rng = np.random.default_rng(0)
    for length, level in ((seconds, 0.3), (pause, 0.0005)):
        for _ in range(int(length * 10)):
            yield (level * rng.uniform(-1, 1, RATE // 10)).astype(np.float32)


def test_utterances_follow_each_other() -> None:
    """Partial results come before each utterance, and every stream is closed."""
    recogniser = Counter()
    ear = Ear(recogniser, Detector(), NO_HINTS, Pauses())
    found = list(ear.hear(block for _ in range(3) for block in speech(1.0, 1.5)))
    utterances = [one for one in found if isinstance(one, Utterance)]
    assert [round(one.begin_s, 1) for one in utterances] == pytest.approx([0, 2.2, 4.7], abs=0.3)
    assert any(isinstance(one, Listening) and one.partial.text for one in found)
    assert recogniser.open_streams == 0
    assert ear.meter.seconds == pytest.approx(7.5)


def test_a_radio_does_not_fill_the_memory() -> None:
    """A long talk without a pause is parted: no stream hears more than half a minute."""
    recogniser = Counter()
    ear = Ear(recogniser, Detector(), NO_HINTS, Pauses())
    utterances = [one for one in ear.hear(speech(95, 1)) if isinstance(one, Utterance)]
    assert len(utterances) == pytest.approx(4, abs=1)
    assert utterances[0].ending is Ending.LONGEST
    assert recogniser.most <= 31 * RATE


def test_a_recording_that_breaks_off_leaves_nothing_open() -> None:
    """What was heard before the break is told, then the break."""
    recogniser = Counter()

    def broken() -> Iterator[Samples]:
        yield from speech(1, 1)
        yield from speech(1, 0)
        raise InputError("cut off")

    heard: list[Sound] = []
    ear = Ear(recogniser, Detector(), NO_HINTS, Pauses())
    with pytest.raises(InputError, match="cut off"):
        heard.extend(ear.hear(broken()))
    assert sum(isinstance(one, Utterance) for one in heard) == 2
    assert recogniser.open_streams == 0


def test_sound_that_is_pushed_is_heard_like_sound_that_is_pulled() -> None:
    """Whether blocks are handed over or fetched, the same is said, at the same times."""
    blocks = [block for _ in range(2) for block in speech(1.0, 1.5)]
    pulled = list(Ear(Counter(), Detector()).hear(blocks))
    ear = Ear(Counter(), Detector())
    pushed = [one for block in blocks for one in ear.accept(block)] + ear.finish()
    assert pushed == pulled
    utterances = [one for one in pushed if isinstance(one, Utterance)]
    assert [one.ending for one in utterances] == [Ending.DECIDED] * 2
    assert all(0.5 < one.decided_s - one.end_s < 0.7 for one in utterances)


def test_what_is_expected_holds_from_the_next_utterance_on() -> None:
    """Patience that is asked for while somebody speaks is for what is said after that."""
    ear = Ear(Counter(), Detector())
    ends = list[float]()
    for _ in range(2):
        for block in speech(1.0, 2.0):
            for one in ear.accept(block):
                if isinstance(one, Utterance):
                    ends.append(one.decided_s - one.end_s)
                elif isinstance(one, Listening):
                    ear.expect(patience=ON_REQUEST)
    assert ends == pytest.approx([0.6, 1.5], abs=0.05)


def test_nobody_who_speaks_is_told_once() -> None:
    """After a question four seconds are waited, and no longer; then speech begins as ever."""
    ear = Ear(Counter(), Detector())
    ear.expect(patience=QUESTION, is_awaited=True)
    silent = [one for block in speech(0, 9) for one in ear.accept(block)]
    assert [round(one.at_s) for one in silent if isinstance(one, Nobody)] == [4]
    ear.expect(is_awaited=True)
    heard = [one for block in speech(1, 9) for one in ear.accept(block)]
    assert not any(isinstance(one, Nobody) for one in heard)
    assert any(isinstance(one, Utterance) for one in heard)


def test_a_released_button_ends_what_is_said() -> None:
    """Who talks while pressing a button is not waited for after it."""
    recogniser = Counter()
    ear = Ear(recogniser, Detector())
    assert not ear.conclude()
    for block in (*speech(0, 0.5), *speech(1, 0)):
        ear.accept(block)
    (said,) = ear.conclude()
    assert isinstance(said, Utterance)
    assert said.ending is Ending.STOPPED
    assert said.broke_off is True, "the sound was loud to its end"
    assert recogniser.open_streams == 0
    for block in speech(1, 0):
        ear.accept(block)
    ear.close()
    ear.close()
    assert recogniser.open_streams == 0
    assert not ear.finish()


def test_time_goes_by_while_nothing_is_heard() -> None:
    """Who was muted for a minute is heard a minute later; what they were saying is given up."""
    recogniser = Counter()
    ear = Ear(recogniser, Detector())
    for block in speech(1, 0):
        ear.accept(block)
    ear.skip(round(60 / BLOCK_S))
    assert recogniser.open_streams == 0
    heard = [one for block in speech(1, 1) for one in ear.accept(block)]
    [said] = [one for one in heard if isinstance(one, Utterance)]
    assert said.begin_s == pytest.approx(61, abs=0.1)
    assert said.hypotheses[0].text != "0 samples"


def test_hours_of_sound_take_the_room_of_minutes() -> None:
    """Minute after minute of speech and silence: what is held does not grow with it."""
    ear = Ear(Counter(), Detector())
    minute = [block for _ in range(6) for block in speech(3.0, 7.0)]
    utterances = 0
    for at in range(6):
        heard = [one for block in minute for one in ear.accept(block)]
        utterances += sum(isinstance(one, Utterance) for one in heard)
        if at == 2:
            before = _held(ear)
    assert utterances == 36
    assert ear.meter.seconds == pytest.approx(360)
    assert _held(ear) <= before


def _held(ear: Ear) -> int:
    """Return the bytes of everything that *ear* holds, in its last few seconds of silence."""
    gc.collect()
    waiting, seen, size = [ear], set[int](), 0
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen.add(id(one))
        size += sys.getsizeof(one)
        if isinstance(one, Iterable) and not isinstance(one, str | bytes | np.ndarray):
            waiting += one
        waiting += [getattr(one, name, None) for name in getattr(one, "__slots__", ())]
        waiting += vars(one).values() if hasattr(one, "__dict__") else ()
    return size


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_sound_is_refused(value: float) -> None:
    """And the ear listens on."""
    ear = Ear(Counter(), Detector())
    with pytest.raises(InputError, match="no numbers"):
        ear.accept(np.full(100, value, np.float32))
    assert any(isinstance(one, Utterance) for one in ear.hear(speech(1, 1)))
