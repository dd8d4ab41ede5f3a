"""Finding items and attributes by what people say: "some eighties", "the beetles", "sinead"."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gnothi.core.protocols import Name
from gnothi.recommend.catalogue import Catalogue
from gnothi.text.fuzzy import NameIndex

SPOKEN = 20_000
"""Items whose titles are found misheard and misspelt, too, the likeliest first.

The others are found by their exact titles only: fuzzy look-up among a million titles is neither
quick nor right."""
ITEM, ATTRIBUTE, CREATOR = "item", "attribute", "creator"


@dataclass(frozen=True, slots=True)
class Mention:
    """Something of a catalogue that was said."""

    kind: str
    """``item``, ``attribute`` or ``creator``."""
    number: int
    """The item, the attribute, or the likeliest item by the creator."""
    score: float
    """From 0 to 1; 1 is the name itself."""
    start: int
    """First character of the mention."""
    end: int
    """One past the last character."""


class Ear:
    """Hears the names of a catalogue. Indexes are made when first needed, and kept."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Listen for the names of *catalogue*."""
        self._catalogue = catalogue

    def attributes(self, text: str) -> tuple[Mention, ...]:
        """Return the attributes that are mentioned in *text*, in its order."""
        return tuple(_mentions(self._facts, text))

    def titles(self, text: str) -> tuple[Mention, ...]:
        """Return the items and creators that are mentioned in *text*, in its order."""
        found = tuple(_mentions(self._names, text))
        whole = self._exact.get(text.strip().casefold())
        if whole is None or any(one.score == 1 for one in found):
            return found
        return (Mention(ITEM, whole, 1.0, 0, len(text)),)

    def best_titles(self, text: str, limit: int = 5) -> tuple[Mention, ...]:
        """Return the items that *text* as a whole may name, best first, likelier ones first."""
        found: dict[tuple[str, int], Mention] = {}
        for match in self._names.best(text, limit=4 * limit):  # the best of an item comes first
            target = _target(match.name)
            found.setdefault(target, Mention(*target, match.score, 0, len(text)))
        whole = self._exact.get(text.strip().casefold())
        if whole is not None:
            found[ITEM, whole] = Mention(ITEM, whole, 1.0, 0, len(text))
        weights = self._catalogue.weights
        ranked = sorted(found.values(), key=lambda one: (-one.score, -weights[one.number]))
        return tuple(ranked[:limit])

    @cached_property
    def _facts(self) -> NameIndex:
        return NameIndex(
            Name(text, str(number), ATTRIBUTE)
            for number, one in enumerate(self._catalogue.attributes)
            for text in (one.label, *one.also)
        )

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(_names_of(self._catalogue))

    @cached_property
    def _exact(self) -> dict[str, int]:
        """Titles as written, without regard to case; the likeliest item of an equal title."""
        order: list[int] = np.argsort(self._catalogue.weights, kind="stable").tolist()
        titles = self._catalogue.titles
        return {titles[number].casefold(): number for number in order}


def _names_of(catalogue: Catalogue) -> Iterator[Name]:
    """Yield titles, other names and creators, the likeliest items first."""
    likeliest: list[int] = np.argsort(-catalogue.weights, kind="stable")[:SPOKEN].tolist()
    creators: set[str] = set()
    for number in likeliest:
        yield Name(catalogue.titles[number], str(number), ITEM)
        for other in catalogue.also[number] if catalogue.also else ():
            yield Name(other, str(number), ITEM)
        creator = catalogue.creators[number]
        if creator and creator.casefold() not in creators:
            creators.add(creator.casefold())
            yield Name(creator, str(number), CREATOR)


def _mentions(index: NameIndex, text: str) -> Iterator[Mention]:
    for found in index.find(text):
        kind, number = _target(found.name)
        yield Mention(kind, number, found.score, found.start, found.end)


def _target(name: Name) -> tuple[str, int]:
    return name.kind, int(name.target)
