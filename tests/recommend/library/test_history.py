"""Who listened to what."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
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


def test_accounts_are_kept_apart() -> None:
    """What another account of the same person tells is added, whichever tells again."""
    history = History(MemoryStore())
    for _ in range(2):
        history.replace("subsonic/a/ana", [Listen("ABBA", 10)], formerly="subsonic")
        history.replace("subsonic/b/ana", [Listen("ABBA", 1), Listen("Queen", 2)])
    assert told(history) == [("ABBA", 11), ("Queen", 2)]


def test_counts_of_former_versions_stay_until_their_account_tells() -> None:
    """Another account that is taken in first does not wipe them."""
    history = History(MemoryStore())
    history.replace("subsonic", [Listen("ABBA", 10), Listen("Queen", 5)])
    history.replace("subsonic/b/ben", [Listen("ABBA", 12)], formerly="subsonic")
    assert told(history) == [("ABBA", 22), ("Queen", 5)]


@pytest.mark.parametrize("is_own_first", [True, False])
def test_counts_of_former_versions_are_neither_lost_nor_counted_twice(is_own_first: bool) -> None:
    """They were kept under one name for all accounts; the one that they are of finds them."""
    history = History(MemoryStore())
    history.add([Listen("ABBA", 1)])
    history.replace("subsonic", [Listen("ABBA", 10), Listen("Queen", 5), Listen("Gone", 1)])
    imports = {
        "subsonic/a/ana": [Listen("ABBA", 12), Listen("Queen", 5), Listen("Björk", 3)],
        "subsonic/b/ben": [Listen("ABBA", 2), Listen("Portishead", 40)],
    }
    for name in sorted(imports, reverse=not is_own_first):
        history.replace(name, imports[name], formerly="subsonic")
    expected = {"Portishead": 40, "ABBA": 15, "Queen": 5, "Björk": 3}
    assert dict(told(history)) == expected
    for name, listens in imports.items():
        history.replace(name, listens, formerly="subsonic")
    assert dict(told(history)) == expected


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
