"""What was said in a recording is known where nothing speaks against it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from gnothi.core.acting import Status
from gnothi.core.clock import FixedClock
from gnothi.core.errors import InputError
from gnothi.core.hearing import RATE
from gnothi.core.interaction import Interaction
from gnothi.core.understanding import Heard
from gnothi.journal.journal import Journal
from gnothi.learning.hearing import How
from gnothi.serve.listening.recordings import Recordings
from gnothi.serve.listening.transcripts import RecordedTurns, correct
from tests.journal.journal_turns import NOON, turn, undo

WRONG, RIGHT = "fees the goldfish", "feed the goldfish"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Return an empty journal."""
    with Journal.open(f"sqlite:///{tmp_path / 'journal.db'}") as journal:
        yield journal


@pytest.fixture
def kept(journal: Journal, tmp_path: Path) -> Recordings:
    """Return the recordings of Ana, who wants them kept."""
    found = Recordings(tmp_path, journal)
    found.want("ana", kept=True)
    return found


def heard(number: int, text: str, *, works: bool = True, minute: float = 0.0) -> Interaction:
    """Return a spoken turn."""
    one = turn(number, text=text, at=NOON + timedelta(minutes=minute))
    status = Status.DONE if works else Status.FAILED
    return replace(
        one,
        utterance=replace(one.utterance, heard=Heard("script", 1.0)),
        actions=(replace(one.actions[0], status=status),),
    )


def typed(number: int, text: str, *, minute: float) -> Interaction:
    """Return a typed turn that works."""
    return turn(number, text=text, at=NOON + timedelta(minutes=minute))


def put(journal: Journal, kept: Recordings, *turns: Interaction) -> None:
    """Write *turns* down, and the sound of the spoken ones."""
    for one in turns:
        journal.append(one)
        if one.utterance.heard:
            kept.keep(one.user, one.id, np.full(RATE, 0.1, np.float32))


def known(journal: Journal, kept: Recordings) -> list[tuple[str, How]]:
    """Return what was said, and how that is known."""
    return [(one.text, one.how) for one in RecordedTurns(journal, kept).transcripts()]


def test_what_was_done_was_said(journal: Journal, kept: Recordings) -> None:
    """What failed, was undone, typed, or of people without recordings says nothing."""
    assert known(journal, kept) == []
    undone = heard(2, "lock the door", minute=20)
    guest = replace(heard(4, "hello", minute=30), user=None)
    put(journal, kept, heard(0, RIGHT), heard(1, WRONG, works=False, minute=10), undone, guest)
    put(journal, kept, typed(3, "feed the cat", minute=40))
    journal.attach(undone.id, undo())
    assert known(journal, kept) == [(RIGHT, How.DONE)]
    [one] = RecordedTurns(journal, kept).transcripts()
    assert len(RecordedTurns(journal, kept).sound(one)) == pytest.approx(RATE, abs=500)


def test_what_is_said_again_was_meant(journal: Journal, kept: Recordings) -> None:
    """Typed or spoken, soon and alike; other words, later, or of others are another thing."""
    put(journal, kept, heard(0, WRONG, works=False), typed(1, RIGHT, minute=0.5))
    assert known(journal, kept) == [(RIGHT, How.AGAIN)]
    put(journal, kept, heard(2, WRONG, works=False, minute=5), typed(3, RIGHT, minute=7))
    put(journal, kept, heard(4, WRONG, works=False, minute=9), typed(5, "stop", minute=9.1))
    another = replace(typed(7, RIGHT, minute=11.1), user="ben")
    put(journal, kept, heard(6, WRONG, works=False, minute=11), another)
    assert known(journal, kept) == [(RIGHT, How.AGAIN)]


def test_what_may_have_been_another_thing_is_left_out(journal: Journal, kept: Recordings) -> None:
    """Something was done, and then nearly the same was said: nobody knows which was meant."""
    put(journal, kept, heard(0, WRONG), typed(1, RIGHT, minute=0.2))
    assert known(journal, kept) == []


def test_whoever_writes_it_down_is_believed(journal: Journal, kept: Recordings) -> None:
    """The last word counts; what was typed, is unknown or can't be said is refused."""
    one, other = heard(0, WRONG), typed(1, "stop", minute=5)
    put(journal, kept, one, other)
    correct(journal, FixedClock(NOON), one.id, "feed the fish")
    correct(journal, FixedClock(NOON + timedelta(1)), one.id, RIGHT)
    assert known(journal, kept) == [(RIGHT, How.TOLD)]
    for name, text, why in (
        (other.id, RIGHT, "typed"),
        ("none", RIGHT, "no turn"),
        (one.id, "…", "words"),
    ):
        with pytest.raises(InputError, match=why):
            correct(journal, FixedClock(NOON), name, text)


def test_a_recording_that_is_gone_is_told(journal: Journal, kept: Recordings) -> None:
    """Whoever erased it meanwhile is obeyed."""
    put(journal, kept, heard(0, RIGHT))
    turns = RecordedTurns(journal, kept)
    [one] = turns.transcripts()
    kept.erase("ana")
    with pytest.raises(InputError, match="gone"):
        turns.sound(one)
