"""The household's own music, and what else there is, in one catalogue."""

from gnothi.recommend.catalogue_file import Header, from_rows
from gnothi.recommend.library.joining import joined

HEADER = Header("artist", ("id", "title", "popularity", "genre"), {})


def _artists(*names: str) -> object:
    return from_rows(HEADER, ((name, [name, name, 1, ["rock"]]) for name in names))


def test_what_one_has_comes_first_and_once() -> None:
    """An artist of both is one item, the household's."""
    both = joined(_artists("The Beatles", "Us"), _artists("Beatles", "Queen"))
    assert list(both.titles) == ["The Beatles", "Us", "Queen"]


def test_the_more_one_has_the_likelier_it_is() -> None:
    """A few artists of one's own don't crowd out the world; many do."""
    known = _artists(*(f"known {number}" for number in range(100)))
    shares = [
        joined(_artists(*(f"own {n}" for n in range(count))), known).prior[:count].sum()
        for count in (1, 5, 120)
    ]
    assert shares[0] < 0.25 < 0.45 < shares[1] < 0.55 < 0.9 < shares[2]
