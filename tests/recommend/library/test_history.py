"""Who listened to what."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.journal.journal import Journal
from gnothi.journal.memory import MemoryStore
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.library.history import NAMESPACE, History, Listen

DAY = datetime(2026, 11, 3, 19, 30, tzinfo=UTC)


def told(history: History) -> list[tuple[str, int]]:
    """Artists and how often they were played."""
    return [(one.artist, one.plays) for one in history.heard()]


def test_spellings_of_one_artist_are_one() -> None:
    """Case, accents, an article and an ampersand make no other artist."""
    history = History(MemoryStore())
    assert history.add([Listen("Sigur Rós", 2), Listen("sigur ros", 1, DAY), Listen("", 5)]) == 3
    history.add([Listen("The Cure"), Listen("Cure")])
    assert told(history) == [("Sigur Rós", 3), ("The Cure", 2)]
    assert history.heard()[0].last == DAY


def test_counts_that_are_told_again_are_not_counted_again() -> None:
    """A music server tells counts from the beginning; other sources stay beside it."""
    history = History(MemoryStore())
    history.add([Listen("ABBA", 5)])
    history.replace("subsonic", [Listen("ABBA", 10), Listen("Queen", 1)])
    history.replace("subsonic", [Listen("ABBA", 12)])
    assert told(history) == [("ABBA", 17)]


plays = st.dictionaries(st.sampled_from(["A", "B", "C"]), st.integers(1, 9))


@settings(deadline=None)
@given(st.lists(plays, max_size=4), plays)
def test_the_last_word_of_a_source_counts(
    rounds: list[dict[str, int]], heard: dict[str, int]
) -> None:
    """Whatever it told before, a source counts as it told last, added to what was heard here."""
    history = History(MemoryStore())
    history.add(Listen(name, count) for name, count in heard.items())
    for one in rounds:
        history.replace("server", [Listen(name, count) for name, count in one.items()])
    last = rounds[-1] if rounds else {}
    expected = {name: heard.get(name, 0) + last.get(name, 0) for name in {*heard, *last}}
    assert dict(told(history)) == expected


def test_a_history_finds_its_place_in_a_catalogue() -> None:
    """Artists that the catalogue does not have are left out."""
    music, history = shipped("music"), History(MemoryStore())
    history.add([Listen("the beatles", 3), Listen("Nobody At All", 9), Listen("Bjork", 2)])
    items, counts = history.on(music)
    found = {music.titles[item]: count for item, count in zip(items, counts, strict=True)}
    assert found == {"The Beatles": 3, "Björk": 2}


def test_forgetting_a_person_forgets_what_they_listened_to(tmp_path: Path) -> None:
    """Export takes the history along; erasing leaves nothing; others keep theirs."""
    with Journal.open(f"sqlite:///{tmp_path}/journal.sqlite") as journal:
        for person in ("ana", "ben"):
            history = History(journal.store(NAMESPACE, person=person))
            history.add([Listen("ABBA", 4, DAY)])
            history.mark("listenbrainz", DAY)
        assert history.until("listenbrainz") == DAY
        journal.export("ana", tmp_path / "ana.jsonl")
        assert '"ABBA"' in (tmp_path / "ana.jsonl").read_text()
        journal.erase("ana")
        assert History(journal.store(NAMESPACE, person="ana")).heard() == ()
        assert told(history) == [("ABBA", 4)]
        assert history.forget() == 1
        assert history.until("listenbrainz") is None
