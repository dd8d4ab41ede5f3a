"""Catalogues: what they hold, and how quickly one finds it."""

from collections.abc import Sequence
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import from_rows, header_of

HEADER = {
    "kind": "film",
    "columns": ["title", "creator", "popularity", "genre", "decade"],
    "labels": {"decade": {"90s": ["the nineties", "1990s"]}},
}
ROWS = [
    ["Fargo", "Joel Coen", 3, "crime, comedy", "90s"],
    ["Alien", "Ridley Scott", 6, ["science fiction", "horror"], "70s"],
    ["Blade Runner", "Ridley Scott", 1, "science fiction", "80s"],
    ["Untold", None, None, "", ""],
]


def catalogue(rows: Sequence[Sequence[object]] = ROWS) -> Catalogue:
    """A small catalogue."""
    numbered = ((f"row {number}", row) for number, row in enumerate(rows))
    return from_rows(header_of(HEADER, "test"), numbered)


def test_items_tell_what_is_known_of_them() -> None:
    """An item has its facts with the words people use for them."""
    item = catalogue().item(0)
    assert (item.id, item.title, item.creator) == ("Fargo / Joel Coen", "Fargo", "Joel Coen")
    assert [fact.label for fact in item.facts] == ["crime", "comedy", "the nineties"]
    assert catalogue().item(3).facts == ()


def test_facts_are_found_from_both_sides() -> None:
    """Items by attribute, and attributes that go together."""
    films = catalogue()
    science, horror = (
        films.attribute("genre", "science fiction"),
        films.attribute("genre", "horror"),
    )
    assert science is not None
    assert horror is not None
    assert films.items_with(science).tolist() == [1, 2]
    assert films.together(science)[[science, horror]].tolist() == [2, 1]
    assert films.counts[science] == 2
    assert films.facets == ("genre", "decade")
    assert films.attribute("genre", "opera") is None
    assert films.number("Alien / Ridley Scott") == 1
    assert films.number("Aliens") is None


def test_popular_items_are_likelier_from_the_start() -> None:
    """The prior is in proportion to popularity; what has none counts once."""
    assert np.allclose(catalogue().prior, np.array([3, 6, 1, 1]) / 11)


words = st.lists(st.sampled_from("abcdefgh"), max_size=5)


@settings(deadline=None)
@given(st.lists(words, min_size=1, max_size=12))
def test_look_ups_agree_with_the_matrix(facts: list[list[str]]) -> None:
    """Whatever the facts, counts and look-ups are those of the matrix."""
    films = catalogue([[f"film {n}", None, 1, values] for n, values in enumerate(facts)])
    dense = films.matrix.toarray()
    assert films.counts.tolist() == dense.sum(axis=0).tolist()
    for attribute in range(len(films.attributes)):
        assert films.items_with(attribute).tolist() == np.flatnonzero(dense[:, attribute]).tolist()
        assert films.together(attribute).tolist() == (dense.T @ dense)[attribute].tolist()


def test_order_of_items_does_not_matter_for_counts() -> None:
    """A shuffled catalogue has the same counts."""
    rows = ROWS.copy()
    Random(1).shuffle(rows)
    shuffled, straight = catalogue(rows), catalogue()
    for number, one in enumerate(straight.attributes):
        other = shuffled.attribute(one.facet, one.value)
        assert shuffled.counts[other] == straight.counts[number]
