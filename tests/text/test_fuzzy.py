"""Names as people say them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.protocols import Name
from gnothi.text.fuzzy import How, NameIndex, best_names, find_names

HOME = tuple(
    Name(text, text, "device")
    for text in (
        "Rec Room|Living Room|Bedroom 2|Bedroom Two Light|Küche|Kitchen Light|Kitchen|Garage Door"
        "|Kids' Room|The Den|Hall|Office|Master Bedroom|TV|Dining Room Chandelier|Front Door Lock"
        "|Bedroom|Guest Room|Ana|1st Floor|厨房灯|Light"
    ).split("|")
)
INDEX = NameIndex(HOME)


@pytest.mark.parametrize(
    ("said", "name", "how"),
    [
        ("turn on the kitchen light", "Kitchen Light", How.EXACT),
        ("close the garage doors", "Garage Door", How.FORM),
        ("livingroom please", "Living Room", How.FORM),
        ("the master bed room", "Master Bedroom", How.FORM),
        ("bedroom two", "Bedroom 2", How.EXACT),
        ("bedroom 2 light", "Bedroom Two Light", How.EXACT),
        ("in the kuche", "Küche", How.EXACT),
        ("in der Kueche", "Küche", How.EXACT),
        ("kid's room", "Kids' Room", How.FORM),
        ("guest-room", "Guest Room", How.EXACT),
        ("the T.V.", "TV", How.FORM),
        ("first floor", "1st Floor", How.EXACT),
        ("wreck room", "Rec Room", How.SOUND),
        ("the den", "The Den", How.EXACT),
        ("the kichten light", "Kitchen Light", How.TYPO),
        ("garag door", "Garage Door", How.TYPO),
        ("请打开厨房灯", "厨房灯", How.EXACT),
    ],
)
def test_names_are_found_as_they_are_said(said: str, name: str, how: How) -> None:
    """A name is found in the plural, misspelt, misheard, run together, without accents."""
    (found,) = INDEX.find(said)
    assert (found.name.text, found.how) == (name, how)


def test_mentions_keep_their_places() -> None:
    """Each mention is found with its place, the longest where several overlap."""
    said = "set kitchen lights and the hall's lamp, Ana"
    found = [(said[each.start : each.end], each.name.text) for each in INDEX.find(said)]
    assert found == [("kitchen lights", "Kitchen Light"), ("hall's", "Hall"), ("Ana", "Ana")]


def test_a_shared_name_is_found_for_everything_that_has_it() -> None:
    """When two things have one name, both are found, so that somebody can ask which."""
    lamps = [Name("Lamp", "light.one", "device"), Name("lamp", "light.two", "device")]
    found = find_names("turn off the lamp", lamps)
    assert {each.name.target for each in found} == {"light.one", "light.two"}


@pytest.mark.parametrize(
    "said", ["turn all of them off", "what time is it", "write a note for me", "play some jazz"]
)
def test_ordinary_words_are_no_names(said: str) -> None:
    """Common words are not bent into names that look or sound a little like them."""
    assert INDEX.find(said) == ()


def test_the_best_names_come_first() -> None:
    """A text that fits several names offers them with the best first."""
    best = best_names("bedroom light", HOME, limit=3)
    assert best[0].name.text == "Bedroom Two Light"
    assert len(best) == 3
    assert [match.score for match in best] == sorted((m.score for m in best), reverse=True)
    assert best_names("sell are", [Name("Cellar", "c", "area")])[0].how is How.SOUND


@given(st.lists(st.sampled_from(HOME), min_size=1, max_size=4))
def test_every_name_finds_itself(names: list[Name]) -> None:
    """Whoever says exactly a name means it."""
    for name in names:
        assert any(
            found.name == name and found.score == 1 for found in find_names(name.text, names)
        )


@given(st.text(max_size=200))
def test_any_text_is_searched(text: str) -> None:
    """No text breaks the search; mentions lie inside it and never overlap partly."""
    spans = [(found.start, found.end) for found in INDEX.find(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    apart = sorted(set(spans))
    assert all(one[1] <= two[0] for one, two in pairwise(apart))
    INDEX.best(text)


@given(st.lists(st.text(max_size=30), max_size=10))
def test_any_names_are_indexed(texts: list[str]) -> None:
    """Homes may give things any name, even one that cannot be said."""
    names = [Name(text, str(at), "device") for at, text in enumerate(texts)]
    find_names(" ".join(texts), names)


def test_a_megabyte_is_no_request() -> None:
    """Very long texts are cut, so that nobody can keep the assistant busy."""
    assert len(INDEX.find("the bedroom light " * 60_000)) < 500
