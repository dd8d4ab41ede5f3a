"""How typical a fact is of an item, told from its other facts."""

from dataclasses import replace

import numpy as np

from gnothi.recommend.catalogue import Attribute, Catalogue
from gnothi.recommend.typicality import Typicality

SOUL, MOTOWN, METAL, LOUD, FACTS = 0, 1, 2, 3, ("soul", "motown", "metal", "loud")
SINGER, BAND, OTHER = 0, 1, 82
"""Two that both have the fact soul: a singer beside Motown, and a loud metal band; a loud one."""


def _catalogue() -> Catalogue:
    """Forty soul singers of Motown and forty loud metal bands, and two more."""
    rows = (
        [(SOUL, MOTOWN), (SOUL, METAL, LOUD)]
        + [(SOUL, MOTOWN)] * 40
        + [(METAL, LOUD)] * 40
        + [(LOUD,)]
    )
    sizes = np.array([len(row) for row in rows])
    return Catalogue(
        kind="artist",
        ids=[str(at) for at in range(len(rows))],
        titles=[f"Artist {at}" for at in range(len(rows))],
        creators=[""] * len(rows),
        weights=np.ones(len(rows), np.float32),
        attributes=tuple(Attribute("genre", name, name) for name in FACTS),
        starts=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        members=np.array([fact for row in rows for fact in row], np.int32),
    )


def test_what_goes_with_the_other_facts_is_typical() -> None:
    """Soul is typical of a Motown singer, and hardly of a metal band that has it as well."""
    told = Typicality(_catalogue()).of(np.array([SINGER, BAND], np.int32), [SOUL])
    assert told[SINGER, 0] > 0.6
    assert told[BAND, 0] < 0.2


def test_a_fact_does_not_speak_for_itself() -> None:
    """Metal is as typical of a band that has it as of one that has the same other facts."""
    told = Typicality(_catalogue()).of(np.array([2 + 40, OTHER], np.int32), [METAL])
    assert told[0, 0] == told[1, 0] > 0.5


def test_a_value_is_had_by_degrees() -> None:
    """The singer has more of soul than the metal band; with a power of 0 they have it alike."""
    typicality = Typicality(_catalogue())
    singer, band = typicality.degree(SOUL, 1.5)[[SINGER, BAND]]
    assert 1 <= singer <= 2
    assert band < singer / 2
    assert (typicality.degree(SOUL, 0.0) == 1).all()


def test_of_an_item_without_other_facts_nothing_is_told() -> None:
    """Who is loud and nothing else is neither typical nor untypical of it."""
    catalogue = _catalogue()
    degrees = Typicality(catalogue).degree(LOUD, 1.5)
    assert degrees[catalogue.items_with(LOUD).tolist().index(OTHER)] == 1


def test_a_value_that_nobody_has_is_no_error() -> None:
    """Catalogues that were narrowed keep all attributes."""
    catalogue = _catalogue()
    alone = replace(catalogue, attributes=(*catalogue.attributes, Attribute("genre", "x", "x")))
    assert not len(Typicality(alone).degree(len(FACTS), 1.5))
