"""Recordings that were kept are gathered with what was meant, where nothing speaks against it."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from gnothi.core.acting import Status
from gnothi.core.hearing import RATE
from gnothi.core.interaction import Interaction
from gnothi.journal.journal import Journal
from gnothi.serve.listening.gathering import gather
from gnothi.serve.listening.recordings import Recordings
from gnothi_train.speech.weak import read_recordings
from tests.journal.journal_turns import turn, undo


def failed(one: Interaction) -> Interaction:
    """Return the same turn, but nothing came of it."""
    return replace(one, actions=(replace(one.actions[0], status=Status.FAILED),))


def test_what_was_done_is_what_was_meant(tmp_path: Path) -> None:
    """Turns that failed, were undone, were for other skills or were not kept are left out."""
    with Journal.open(f"sqlite:///{tmp_path / 'journal.db'}") as journal:
        kept = Recordings(tmp_path, journal)
        kept.want("ana", kept=True)
        good, broken, undone, guest, other = (
            turn(0),
            failed(turn(1)),
            turn(2),
            turn(3, user=None),
            turn(4, user="ben"),
        )
        for one in (good, broken, undone, guest, other):
            journal.append(one)
            kept.keep(one.user, one.id, np.zeros(RATE, np.float32))
        journal.attach(undone.id, undo())
        out = tmp_path / "out"
        assert gather(journal, kept, "timers", out) == 1
        assert gather(journal, kept, "lists", tmp_path / "none") == 0
    [found] = read_recordings(out)
    assert (found.meaning.intent, dict(found.meaning.slots), found.group) == (
        "timer_set",
        {"duration": "five minutes"},
        "ana",
    )
    assert found.path.name == f"{good.id}.ogg"
    assert sorted(one.name for one in out.iterdir()) == [
        found.path.name,
        "transcripts.tsv",
    ]
