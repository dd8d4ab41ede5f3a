"""Names of a catalogue, as people say them."""

from dataclasses import replace

import pytest

from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies import naming
from gnothi.recommend.replies.naming import ATTRIBUTE, CREATOR, ITEM, Ear

MUSIC = shipped("music")
EAR = Ear(MUSIC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("some mellow jazz please", {"mellow", "jazz"}),
        ("eighties rap", {"80s", "hip hop"}),
        ("french or brazilian music", {"french", "brazilian"}),
        ("something laid back", {"mellow"}),
        ("heavy mettal", {"metal"}),
        ("the weather in paris", set()),
    ],
)
def test_attributes_are_heard(said: str, meant: set[str]) -> None:
    """Labels, other words for them, and misspellings."""
    found = EAR.attributes(said)
    assert {MUSIC.attributes[one.number].value for one in found} >= meant
    assert all(one.kind == ATTRIBUTE for one in found)
    assert bool(found) == bool(meant)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("the beetles", "The Beatles"),
        ("red hot chilly peppers", "Red Hot Chili Peppers"),
        ("bach", "Johann Sebastian Bach"),
        ("sinead o connor", "Sinéad O'Connor"),
        ("acdc", "AC/DC"),
    ],
)
def test_titles_are_heard(said: str, meant: str) -> None:
    """What sounds alike, lacks its accents or is only a surname is found first."""
    assert MUSIC.titles[EAR.best_titles(said)[0].number] == meant


def test_titles_are_found_inside_a_sentence() -> None:
    """The mention says where it stands."""
    said = "put on sigur ros maybe"
    [found] = EAR.titles(said)
    assert MUSIC.titles[found.number] == "Sigur Rós"
    assert said[found.start : found.end] == "sigur ros"


def test_creators_are_heard() -> None:
    """A film's director leads to the likeliest film."""
    films = replace(MUSIC, creators=["Ana Example", *[""] * (len(MUSIC) - 1)])
    [found] = Ear(films).titles("by ana example")
    assert (found.kind, found.number) == (CREATOR, 0)


def test_rare_titles_are_found_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond those that are found misheard, the exact title still works."""
    monkeypatch.setattr(naming, "SPOKEN", 10)
    ear, rare = Ear(MUSIC), MUSIC.number("Huun-Huur-Tu")
    assert [(one.kind, one.number) for one in ear.titles("huun-huur-tu")] == [(ITEM, rare)]
    assert ear.best_titles("Huun-Huur-Tu")[0].number == rare
    assert ear.titles("hun hur tu") == ()
