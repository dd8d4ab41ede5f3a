"""Names are found in sentences, and it is told whether they are wanted."""

import pytest

from gnothi.recommend.catalogue import Attribute
from gnothi.recommend.catalogue_file import shipped
from gnothi.recommend.replies.polarity import Scope
from gnothi.recommend.replies.spotting import Spotter, names_of

MUSIC = shipped("music")
SPOTTER = Spotter(MUSIC, ordinary=("party", "with"), feelings=("happy", "sad"))
W, R, U = Scope.WANTED, Scope.REFUSED, Scope.UNCLEAR


def _named(text: str) -> dict[str, Scope]:
    return {
        MUSIC.titles[one.number] if one.is_item else MUSIC.attributes[one.number].value: one.scope
        for one in SPOTTER.spot(text).mentions
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("no metal, punk or ska", {"metal": R, "punk": R, "ska": R}),
        ("no metal, jazz please", {"metal": R, "jazz": W}),
        ("not jazz but blues", {"jazz": R, "blues": W}),
        ("anything but country", {"country": R}),
        ("nothing but blues", {"blues": W}),
        ("not only rock, also pop", {"rock": W, "pop": W}),
        ("less electronic, more folk", {"electronic": R, "folk": W}),
        ("I don't mind folk but I can't stand techno", {"folk": W, "techno": R}),
        ("I can't get enough of disco", {"disco": W}),
        ("jazz? no thanks", {"jazz": R}),
        ("metal no, techno yes", {"metal": R, "techno": W}),
        ("country is not my thing", {"country": R}),
        ("I don't know Queen", {"Queen": U}),
        ("folk instead of rock", {"folk": W, "rock": R}),
        ("neither jazz nor blues", {"jazz": R, "blues": R}),
    ],
)
def test_how_far_a_refusal_reaches(text: str, named: dict[str, Scope]) -> None:
    """Refusals hold for lists, end at "but" and at corrections, and may come afterwards."""
    assert _named(text) == named


@pytest.mark.parametrize(
    "text", ["the sixties", "60s", "the 60's", "1960s", "nineteen sixties", "from 1967"]
)
def test_decades_in_all_spellings(text: str) -> None:
    """A decade is a decade, in digits and in words."""
    assert _named(text) == {"60s": W}


@pytest.mark.parametrize("text", ["hip-hop", "hip hop", "hiphop", "rap"])
def test_other_names_and_spellings(text: str) -> None:
    """Hyphens, spaces and other names make no difference."""
    assert _named(text) == {"hip hop": W}


@pytest.mark.parametrize(
    ("text", "title"),
    [("acdc", "AC/DC"), ("bjork", "Björk"), ("the beatles", "The Beatles"), ("rem", "R.E.M.")],
)
def test_titles_as_they_are_typed(text: str, title: str) -> None:
    """Nobody types the signs of a name."""
    assert _named(text) == {title: W}


def test_ordinary_words_are_no_titles() -> None:
    """The word "yes" is a band only where something says so."""
    assert _named("yes") == {}
    assert _named("something by Yes") == {"Yes": W}


def test_feelings_are_no_requests() -> None:
    """Who is happy doesn't ask for happy music."""
    assert _named("I'm happy with that") == {}
    assert _named("happy music") == {"happy": W}


@pytest.mark.parametrize("text", ["Bowie", "bowie", "play some Bowie", "something by bowie"])
def test_last_names(text: str) -> None:
    """People are called by their last names where nobody else is meant."""
    assert _named(text) == {"David Bowie": W}


@pytest.mark.parametrize(
    ("text", "mood"),
    [("darker please", "dark"), ("something happier", "happy"), ("chill", "mellow")],
)
def test_moods_have_degrees(text: str, mood: str) -> None:
    """Moods are asked for by comparison, too."""
    assert _named(text) == {mood: W}


def test_what_was_had_is_neither_wanted_nor_refused() -> None:
    """Telling of something is no request."""
    assert _named("we have heard Queen already") == {"Queen": U}


def test_names_give_way_to_stand_ins() -> None:
    """A reaction is read without the names in it."""
    assert SPOTTER.spot("I love Queen, but not jazz").text == "I love {i}, but not {a}"


def test_decades_are_said_in_many_ways() -> None:
    """The short form of a file is enough to know what people say."""
    names = set(names_of(Attribute("decade", "80s", "the eighties")))
    assert {"eighties", "1980s", "80s", "from 1984"} <= names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("don't play jazz", {"jazz": R}),
        ("I don't want to hear any more jazz", {"jazz": R}),
        ("why don't you play jazz", {"jazz": W}),
        ("I don't want pop, more rock", {"pop": R, "rock": W}),
        ("jazz does nothing for me", {"jazz": R}),
        ("free jazz", {"jazz": W}),
        ("less sad than Radiohead", {"melancholic": R, "Radiohead": W}),
        ("not as sad as Radiohead", {"melancholic": R, "Radiohead": W}),
        ("rather ambient than techno", {"ambient": W, "techno": R}),
    ],
)
def test_what_a_negation_reaches(text: str, named: dict[str, Scope]) -> None:
    """It reaches over a verb; what something is measured by is neither refused nor meant."""
    assert _named(text) == named


def test_the_end_of_a_short_form_is_no_name() -> None:
    """There is a film called M, but "I'm" is not about it."""
    films = Spotter(shipped("films"))
    titles = {shipped("films").titles[one.number] for one in films.spot("M").mentions}
    assert titles == {"M"}
    for text in ("I'm not into romance", "we're four", "I'm in the mood for a comedy"):
        assert all(not one.is_item for one in films.spot(text).mentions)
