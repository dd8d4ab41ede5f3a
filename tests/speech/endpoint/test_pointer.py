"""An ear asks, while somebody is silent, whether they have finished."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.clock import FixedClock
from gnothi.core.errors import ArtifactError
from gnothi.core.hearing import NO_HINTS, RATE, Hints, Hypothesis, Partial, Samples
from gnothi.journal.journal import Journal
from gnothi.speech import wording
from gnothi.speech.ear import Ear, Sound, Utterance
from gnothi.speech.endpoint.arbitrator import FILE, PLAIN, SHIPPED, Arbitrator
from gnothi.speech.endpoint.completeness import Completeness
from gnothi.speech.endpoint.habit import KEY, Habit
from gnothi.speech.endpoint.pointer import EndPointer, Pointing
from gnothi.speech.endpoint.shipped import Latest, end_pointer
from gnothi.speech.streaming import StreamingModel, StreamingRecogniser
from gnothi.speech.voice import (
    BLOCK,
    QUESTION,
    STATEMENT,
    Ending,
    Heard,
    Patience,
    VoiceDetector,
)
from gnothi_train.endpoint import cases
from tests.speech.loud import Detector


class Deaf:
    """A recogniser that understands nothing, and hides its states."""

    name = "deaf"

    def open(self, hints: Hints = NO_HINTS) -> "Deaf":
        return self

    def accept(self, samples: Samples) -> Partial:
        return Partial("")

    def finish(self) -> Sequence[Hypothesis]:
        return ()

    def close(self) -> None:
        pass


def sound(seconds: float, level: float) -> Iterator[Samples]:
    """Yield noise in blocks of a twentieth of a second."""
    rng = np.random.default_rng(0)
    for _ in range(round(seconds * 20)):
        yield (level * rng.uniform(-1, 1, RATE // 20)).astype(np.float32)


def heard(ear: Ear, *pieces: tuple[float, float]) -> list[Sound]:
    """Let *ear* hear noise of so many seconds and such a level."""
    blocks = (block for seconds, level in pieces for block in sound(seconds, level))
    return [one for block in blocks for one in ear.accept(block)]


def test_people_who_hesitate_are_not_cut_off(data: Path) -> None:
    """Real people with pauses of a second and more are heard as one more often than by pauses."""
    detector = VoiceDetector()
    recogniser = StreamingRecogniser(StreamingModel(), wording.shipped)
    rng = np.random.default_rng(0)
    chosen: list[cases.Case] = []
    for recording in cases.real("dev", data, detector):
        case = cases.case(recording, rng)
        if case and any(
            pause.how == cases.CUT and (pause.goes_on_s or 0) > 1 for pause in case.pauses
        ):
            chosen.append(case)
        if len(chosen) == 5:
            break
    parts = {True: 0, False: 0}
    for case in chosen:
        for is_judged in parts:
            judge = end_pointer(recogniser) if is_judged else None
            ear = Ear(recogniser, detector, end_pointer=judge)
            blocks = np.array_split(case.samples, len(case.samples) // 1600)
            said = [one for one in ear.hear(blocks) if isinstance(one, Utterance)]
            parts[is_judged] += len(said)
    assert len(chosen) <= parts[True] < parts[False]


def test_the_end_is_decided_in_the_silence_and_never_after_patience() -> None:
    """Whatever the arbitrator makes of noise, nobody is waited for longer than allowed."""
    ear = Ear(Deaf(), Detector(), end_pointer=end_pointer(Deaf()))
    (said,) = [one for one in heard(ear, (1, 0.3), (3, 0.0005)) if isinstance(one, Utterance)]
    assert said.ending is Ending.DECIDED
    assert 0 < said.decided_s - said.end_s <= STATEMENT.wait_s + 0.04


def test_nothing_is_judged_while_a_button_is_held() -> None:
    """Where only the pause tells, the arbitrator is not asked."""
    ear = Ear(Deaf(), Detector(), patience=Patience(8.0, 60.0), end_pointer=end_pointer(Deaf()))
    assert not [one for one in heard(ear, (1, 0.3), (9, 0.0005)) if isinstance(one, Utterance)]
    assert ear.is_speaking
    assert len(ear.conclude()) == 1


def test_an_ear_learns_from_who_goes_on(tmp_path: Path) -> None:
    """Speech right after the end says that it was too early; silence says that it was not."""
    clock = FixedClock(datetime(2026, 11, 29, tzinfo=UTC))
    with Journal.open(f"sqlite:///{tmp_path / 'journal.db'}", clock=clock) as journal:
        store = journal.store("hearing", person="ana")
        judge = end_pointer(Deaf())
        habit = Habit(judge.levels, np.random.default_rng(0), store)
        ear = Ear(Deaf(), Detector(), end_pointer=judge, habit=habit)
        for block in (*sound(1, 0.3), *sound(3, 0.0005)):
            if any(isinstance(one, Utterance) for one in ear.accept(block)):
                break
        heard(ear, (1, 0.3), (6, 0.0005))
        kept = store.get(KEY)
        assert isinstance(kept, dict)
        rows = kept["levels"]
        assert isinstance(rows, list)
        told = np.array(rows, float).sum(0)
        assert told[:2].tolist() == [2, 1]


def test_words_that_are_complete_end_what_a_radio_goes_on_with() -> None:
    """Where the voice detector hears voices still, a whole sentence is judged all the same."""
    told = Completeness(wording.shipped().model(NO_HINTS))
    for text, is_asked in (("turn on the kitchen lights", True), ("turn on the", False)):
        pointing = Pointing(told, reads_states=False)
        block = Heard(np.full(BLOCK, 0.1, np.float32), 0.9, 0.0)
        asked = [pointing.watch(block) for _ in range(10)]
        pointing.read(Partial(text))
        asked += [pointing.watch(block) for _ in range(60)]
        assert any(asked) is is_asked
        assert pointing.moment().plain.shape == (PLAIN,)


class Parrot(Deaf):
    """A recogniser that hears the same words in everything."""

    name = "parrot"

    def accept(self, samples: Samples) -> Partial:
        return Partial("turn on the kitchen light")


def test_a_whole_request_is_not_waited_for_as_long_as_any_words() -> None:
    """What sounds like nobody the arbitrator knows ends soon where the words are whole."""
    waited: dict[tuple[float, Patience], float] = {}
    for chance in (0.0, 0.9):
        judge = end_pointer(Parrot(), lambda _, chance=chance: lambda _: chance)
        for patience in (STATEMENT, QUESTION):
            ear = Ear(Parrot(), Detector(), patience=patience, end_pointer=judge)
            told = heard(ear, (1, 0.3), (5, 0.0005))
            (said,) = [one for one in told if isinstance(one, Utterance)]
            waited[chance, patience] = said.decided_s - said.end_s
    assert waited[0.9, STATEMENT] < 0.7 < waited[0.0, STATEMENT]
    assert waited[0.9, STATEMENT] < waited[0.9, QUESTION] < waited[0.0, QUESTION]


def test_states_of_another_encoder_are_not_read() -> None:
    """The arbitrator knows which encoder it was fitted to, and does without another's."""
    arbitrator = Arbitrator.read()
    assert EndPointer(arbitrator, Latest(), encoder=arbitrator.encoder).reads_states
    assert not EndPointer(arbitrator, Latest(), encoder="another").reads_states
    assert not end_pointer(Deaf()).reads_states
    assert len(end_pointer(Deaf()).levels) == 5


def test_what_ships_is_small_and_damage_is_told(tmp_path: Path) -> None:
    """Less than a megabyte, and never a file that was changed."""
    assert (SHIPPED / FILE).stat().st_size < 1_000_000
    for file in SHIPPED.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / FILE).write_bytes(b"damaged")
    with pytest.raises(ArtifactError, match="damaged"):
        Arbitrator.read(tmp_path)
