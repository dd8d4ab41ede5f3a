import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from journal_turns import NOON, turn, undo

from gnothi.core.errors import InputError
from gnothi.journal.document import read_interaction
from gnothi.journal.journal import Journal


def test_what_was_appended_comes_back(journal: Journal) -> None:
    """A turn is read exactly as it was written."""
    journal.append(turn())
    assert journal.get(turn().id) == turn()


def test_an_unknown_turn_is_none(journal: Journal) -> None:
    """Asking for a turn that never was is answered with nothing."""
    assert journal.get("0" * 32) is None


def test_a_turn_is_recorded_once(journal: Journal) -> None:
    """Writing the same turn again, as after a crash, changes nothing."""
    journal.append(turn())
    journal.append(turn())
    assert journal.count() == 1


def test_signals_are_attached_beside_the_turn(journal: Journal) -> None:
    """Signals arrive later, in order, and each counts once."""
    journal.append(turn())
    later = undo(NOON + timedelta(minutes=1))
    for signal in (undo(), later, undo()):
        journal.attach(turn().id, signal)
    found = journal.get(turn().id)
    assert found is not None
    assert found.signals == (undo(), later)


def test_signals_need_a_turn(journal: Journal) -> None:
    """A signal for a turn that is not there is refused in words."""
    with pytest.raises(InputError, match="no turn"):
        journal.attach("0" * 32, undo())


def test_recent_turns_are_paged(journal: Journal) -> None:
    """The newest turns come first, and the next page begins where the last one ended."""
    journal.append_all(turn(number) for number in range(5))
    first = journal.recent(2)
    second = journal.recent(2, before=first[-1].id)
    assert [*first, *second] == [turn(4), turn(3), turn(2), turn(1)]


def test_recent_turns_of_a_person_or_a_session(journal: Journal) -> None:
    """A person sees their own turns, a session its own."""
    mine, yours, guests = turn(1), turn(2, user="ben", session="s2"), turn(3, user=None)
    journal.append_all([mine, yours, guests])
    assert journal.recent(user="ben") == [yours]
    assert journal.recent(session="s1") == [guests, mine]


def test_sessions_in_short(journal: Journal) -> None:
    """Conversations are listed by their latest turn."""
    journal.append_all([turn(1), turn(2, session="s2"), turn(3)])
    sessions = journal.sessions()
    assert [(session.id, session.turns) for session in sessions] == [("s1", 2), ("s2", 1)]
    assert sessions[0].last == turn(3).at


def test_counts(journal: Journal) -> None:
    """Turns are counted in all, by person and by day."""
    journal.append_all([turn(1), turn(2, user="ben"), turn(3, at=NOON + timedelta(days=1))])
    assert journal.count() == 3
    assert journal.count(user="ben") == 1
    assert journal.count(day=NOON.date()) == 2


def test_walking_through_days(journal: Journal) -> None:
    """A walk covers the days asked for, the first and the last included, in order."""
    written = [turn(day, at=NOON + timedelta(days=day)) for day in range(4)]
    journal.append_all(written)
    first, last = written[1].at.date(), written[2].at.date()
    assert list(journal.iterate(first, last)) == written[1:3]


def test_long_walks(journal: Journal) -> None:
    """A walk through more turns than a page holds leaves none out."""
    written = [turn(number) for number in range(1_201)]
    journal.append_all(written)
    assert [found.id for found in journal.iterate()] == [one.id for one in written]


def test_a_person_takes_their_turns_along(journal: Journal, tmp_path: Path) -> None:
    """An export holds a person's turns with their signals, one a line."""
    journal.append_all([turn(1), turn(2, user="ben")])
    journal.attach(turn(1).id, undo())
    assert journal.export("ana", tmp_path / "ana.jsonl") == 1
    (line,) = (tmp_path / "ana.jsonl").read_text().splitlines()
    assert read_interaction(line) == journal.get(turn(1).id)


def test_a_person_takes_along_what_is_remembered_of_them(journal: Journal, tmp_path: Path) -> None:
    """The memory of skills and importers follows the turns; nobody else's does."""
    for person in ("ana", "ben"):
        journal.store("listening", person=person).put("artist/abba", {"plays": len(person)})
    journal.store("listening").put("artist/abba", {"plays": 0})
    journal.append(turn(1))
    assert journal.export("ana", tmp_path / "ana.jsonl") == 1
    _, memory = (tmp_path / "ana.jsonl").read_text().splitlines()
    assert json.loads(memory) == {
        "memory": {"namespace": "listening", "key": "artist/abba", "value": {"plays": 3}}
    }


def test_hostile_text(journal: Journal) -> None:
    """What no database stores as it is comes back unchanged all the same."""
    hostile = turn(
        text="\0 \ud800 '; DROP TABLE interactions; -- 日本", session="\0", user="\udfff"
    )
    journal.append(hostile)
    assert journal.get(hostile.id) == hostile
    assert journal.recent(user="\udfff", session="\0") == [hostile]


def test_many_writers(journal: Journal) -> None:
    """Threads that write at the same time lose nothing and never see a lock."""

    def write(offset: int) -> None:
        for number in range(20):
            journal.append(turn(offset + number))

    threads = [threading.Thread(target=write, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.count() == 80


def test_two_processes_share_a_journal(url: str) -> None:
    """What one connection writes, another one reads at once."""
    with Journal.open(url) as one, Journal.open(url) as other:
        one.append(turn(1))
        other.append(turn(2))
        assert one.recent() == other.recent() == [turn(2), turn(1)]


def test_a_journal_in_memory() -> None:
    """A journal for one run needs no file."""
    with Journal.open("sqlite://") as journal:
        journal.append(turn())
        assert journal.count() == 1


def test_other_databases_are_refused() -> None:
    """A URL of another kind of database is answered with a sentence."""
    with pytest.raises(InputError, match="SQLite or PostgreSQL"):
        Journal.open("mysql://localhost/gnothi")
    with pytest.raises(InputError, match="not the URL"):
        Journal.open("journal")
