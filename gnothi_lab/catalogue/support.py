"""How many of our catalogue's facts listeners back: a sample, with intervals and a baseline."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gnothi.recommend.catalogue import Attribute, Catalogue
from gnothi_lab.catalogue.tagging import Tagged, means, normal
from gnothi_lab.statistics import cluster_bootstrap, rate

SAMPLE = 400
"""Facts of each facet that are drawn; all there are where they are fewer."""
SAID_OF_LATER = frozenset({"2010s", "2020s"})
"""Decades that taggers of 2011 could not speak of."""
ENOUGH: Mapping[str, int] = {"genre": 20, "decade": 3, "mood": 5, "country": 1}
"""Taggings of an artist that speak of a facet, without which silence tells nothing.

For genres all taggings count, since nearly all speak of some genre."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact of ours about an artist whom listeners tagged."""

    artist: str
    fact: Attribute
    tagged: Tagged


@dataclass(frozen=True, slots=True)
class Support:
    """What share of the claims of a facet listeners back."""

    claims: int
    """How many there are to draw from."""
    backed: Sequence[bool]
    """Of the drawn ones: some tag means the same."""
    on_top: Sequence[bool]
    """One of the artist's most used tags does."""
    dealt: Sequence[bool]
    """The same facts, dealt to other artists of the sample: what chance would back."""
    artists: Sequence[str]

    def interval(self, hits: Sequence[bool], rng: np.random.Generator) -> tuple[float, float]:
        """Return the interval of a share; the facts of an artist are drawn together."""
        return cluster_bootstrap(hits, self.artists, rng)

    @property
    def shares(self) -> tuple[float, float, float]:
        """The shares that are backed, backed by top tags, and backed by chance."""
        return rate(self.backed), rate(self.on_top), rate(self.dealt)


def claims(catalogue: Catalogue, tagged: Mapping[str, Tagged], facet: str) -> Iterator[Claim]:
    """Yield the facts of a *facet* on which enough listeners had their say."""
    of_facet = [one for one in catalogue.attributes if one.facet == facet]
    speaks = _counter(facet, of_facet)
    for number, title in enumerate(catalogue.titles):
        found = tagged.get(normal(title))
        if found and speaks(found) >= ENOUGH[facet]:
            for fact in catalogue.item(number).facts:
                if fact.facet == facet and _askable(fact):
                    yield Claim(title, fact, found)


def measure(found: Sequence[Claim], rng: np.random.Generator) -> Support:
    """Draw a sample of claims and look what backs them."""
    drawn = [found[at] for at in rng.permutation(len(found))[:SAMPLE]]
    dealt = rng.permutation(len(drawn))
    return Support(
        len(found),
        [one.tagged.backs(one.fact) for one in drawn],
        [one.tagged.backs(one.fact, top=True) for one in drawn],
        [
            replace(one, fact=drawn[other].fact).tagged.backs(drawn[other].fact)
            for one, other in zip(drawn, dealt, strict=True)
        ],
        [one.artist for one in drawn],
    )


def _counter(facet: str, of_facet: Sequence[Attribute]) -> Callable[[Tagged], int]:
    """Return what counts the taggings of an artist that speak of the facet."""
    if facet == "genre":
        return lambda tagged: tagged.taggings
    verdicts: dict[str, bool] = {}

    def speaks(tag: str) -> bool:
        if tag not in verdicts:
            verdicts[tag] = any(means(tag, fact) for fact in of_facet if _askable(fact))
        return verdicts[tag]

    return lambda tagged: sum(times for tag, times in tagged.tags.items() if speaks(tag))


def _askable(fact: Attribute) -> bool:
    return fact.facet != "decade" or (
        fact.value not in SAID_OF_LATER and "century" not in fact.value
    )
