"""What the household has, and what else there is, in one catalogue to talk about."""

from collections.abc import Iterator

from gnothi.recommend.catalogue import Catalogue
from gnothi.recommend.catalogue_file import Header, from_rows
from gnothi.recommend.library.sources import key

ALIKE = 5
"""With so many artists of their own, half of what is suggested is theirs; with more, more."""


def joined(own: Catalogue, known: Catalogue) -> Catalogue:
    """Return the items of both, those that the household has first, and likelier.

    The share of a household's own items grows with their number: of three artists nobody wants
    to choose, of a hundred everybody does.
    """
    mine = set(map(key, own.titles))
    others = [at for at, title in enumerate(known.titles) if key(title) not in mine]
    facets = tuple(dict.fromkeys((*own.facets, *known.facets)))
    header = Header("artist", ("id", "title", "popularity", "also", *facets), _labels(own, known))
    share = len(own) / (len(own) + ALIKE)
    shares = (share / float(own.weights.sum()), (1 - share) / float(known.weights[others].sum()))
    places = {key(title): number for number, title in enumerate(known.titles)}

    def rows() -> Iterator[tuple[str, list[object]]]:
        for number, title in enumerate(own.titles):
            place = places.get(key(title))
            also = list(known.also[place]) if known.also and place is not None else []
            yield title, _row(own, number, shares[0], also, facets)
        for number in others:
            also = list(known.also[number]) if known.also else []
            yield known.titles[number], _row(known, number, shares[1], also, facets)

    return from_rows(header, rows())


def _row(
    catalogue: Catalogue, number: int, share: float, also: list[str], facets: tuple[str, ...]
) -> list[object]:
    cells: dict[str, list[str]] = {facet: [] for facet in facets}
    for fact in catalogue.item(number).facts:
        cells[fact.facet].append(fact.value)
    weight = max(float(catalogue.weights[number]) * share * 1e6, 1e-3)
    title = catalogue.titles[number]
    return [catalogue.ids[number], title, weight, also, *cells.values()]


def _labels(*catalogues: Catalogue) -> dict[str, dict[str, list[str]]]:
    labels: dict[str, dict[str, list[str]]] = {}
    for catalogue in catalogues:
        for one in catalogue.attributes:
            labels.setdefault(one.facet, {})[one.value] = [one.label, *one.also]
    return labels
