"""What the household has, by where it came from."""

from pathlib import Path

import pytest

from gnothi.core.errors import InputError
from gnothi.core.protocols import Track
from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.library.sources import (
    Sources,
    albums,
    artists,
    decades,
    genres,
    key,
    performers,
    songs,
)

TRACKS = [
    Track("1", "Hyperballad", "Bjork", genre="Electronica; Pop", uri="b/1.mp3", year=1995),
    Track("2", "Army of Me", "Björk", genre="Rap", uri="b/2.mp3", year=1995),
    Track("3", "Home Tape", "Aunt Ida", genre="Polka", uri="i/1.mp3"),
    Track("4", "Nameless", "", uri="n.mp3"),
]


def facts(catalogue: Catalogue, title: str) -> set[str]:
    """What is known of an item."""
    [number] = [n for n, one in enumerate(catalogue.titles) if one == title]
    return {fact.value for fact in catalogue.item(number).facts}


def test_artists_join_tags_with_what_we_know() -> None:
    """Moods and countries come from our catalogue; who is not in it has the tags alone."""
    found = artists([songs(TRACKS)], shipped("music"))
    assert set(found.titles) == {"Bjork", "Aunt Ida"}
    various = Track("5", "Mix", "Various Artists", uri="m.mp3")
    assert performers(songs([*TRACKS, various])) == set(map(key, found.titles))
    assert facts(found, "Bjork") >= {"electronic", "pop", "hip hop", "90s", "is", "dreamy"}
    assert facts(found, "Aunt Ida") == {"polka"}
    assert found.prior[found.number("bjork") or 0] > 0.5
    labels = {fact.label for fact in found.item(0).facts}
    assert "iceland" in labels


def test_sources_are_kept_and_forgotten(tmp_path: Path) -> None:
    """One file a source; reading a source again replaces it."""
    sources = Sources(tmp_path / "library")
    assert sources.names() == ()
    sources.keep("files", songs(TRACKS))
    sources.keep("files", songs(TRACKS[:2]))
    sources.keep("subsonic", albums([("al-1", "Post", "Björk", "Electronic", 1995, 11)]))
    assert sources.names() == ("files", "subsonic")
    assert list(sources.read("files").titles) == ["Hyperballad", "Army of Me"]
    assert artists(sources.all(), shipped("music")).titles == ["Bjork"]
    sources.forget("files")
    assert sources.names() == ("subsonic",)
    for refused in (sources.forget, sources.read):
        with pytest.raises(InputError, match="no source 'files'"):
            refused("files")
    with pytest.raises(InputError, match="no name for a source"):
        sources.keep("../x", songs(TRACKS))


def test_a_library_without_artists_is_said() -> None:
    """Files without tags make no catalogue of artists; no files make none at all."""
    with pytest.raises(InputError, match="which artist"):
        artists([songs(TRACKS[3:])], shipped("music"))
    with pytest.raises(InputError, match="no items"):
        songs([])


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("Rock; Indie/Hip-Hop", ["rock", "indie rock", "hip hop"]),
        ("Unknown", []),
        ("", []),
        ("Électro", ["electro"]),
    ],
)
def test_genres_are_read_from_tags(told: str, meant: list[str]) -> None:
    """Several in one tag, in whatever spelling."""
    assert genres(told) == meant


@pytest.mark.parametrize(
    ("year", "decade"),
    [(1968, ["60s"]), (2004, ["2000s"]), (1925, ["1920s"]), (0, []), (12, []), (20000, [])],
)
def test_years_become_decades(year: int, decade: list[str]) -> None:
    """As our catalogues call them."""
    assert decades(year) == decade


def test_names_are_one_in_any_spelling() -> None:
    """Articles, ampersands and accents."""
    assert key("The Mamas & The Papas") == key("mamas and the papas")
    assert key("!!!") == "!!!"
