"""The recogniser's vocabulary, and how probable it holds each word to be."""

from collections import defaultdict
from collections.abc import Iterator

from gnothi_lab.worlds.households.catalogue import Catalogue
from gnothi_lab.worlds.households.chance import zipf
from gnothi_lab.worlds.households.parameters import Parameters


def priors(parameters: Parameters, catalogue: Catalogue) -> dict[str, float]:
    """Return each word's unigram probability, from the kinds of text that the recogniser knows.

    Songs that are yet to appear are not among them: their new words will be misheard.
    """
    numbers = parameters.hearing
    counts: defaultdict[str, float] = defaultdict(float)
    for text, weight in (
        *_requests(parameters),
        *_names(parameters),
        *_titles(parameters, catalogue),
    ):
        for word in text.split():
            if word[0] != "{":
                counts[word] += weight
    total = sum(counts.values())
    found = {word: max(numbers.prior_floor, count / total) for word, count in counts.items()}
    rest = (*parameters.other_words, *parameters.title_words)
    for word, share in zip(rest, zipf(len(rest), numbers.prior_zipf), strict=True):
        least = max(numbers.prior_floor, numbers.prior["other"] * share)
        found[word] = max(found.get(word, 0.0), least)
    return found


def _requests(parameters: Parameters) -> Iterator[tuple[str, float]]:
    """Yield wordings as often as they are used, roughly."""
    share, groups = parameters.hearing.prior, parameters.taste.groups
    for intent in parameters.intents:
        rows = [*intent.known, *((row[0], row[1] * share["missed"]) for row in intent.missed)]
        weight = intent.weight * groups[intent.group].weight / sum(row[1] for row in rows)
        for text, popularity in rows:
            yield str(text), weight * popularity
    for text in parameters.unsupported:
        yield text, share["own"]
    for text, _ in (*parameters.wording.fillers_before, *parameters.wording.fillers_after):
        yield text, share["fixed"]


def _names(parameters: Parameters) -> Iterator[tuple[str, float]]:
    share = parameters.hearing.prior
    for slot in parameters.slots.values():
        for value in slot.values:
            for said in (value.say, *value.known, *value.missed):
                yield said, share["value"] * value.weight
        for said in (*slot.own, *slot.own_proper):
            yield said, share["own"]


def _titles(parameters: Parameters, catalogue: Catalogue) -> Iterator[tuple[str, float]]:
    share, exponent = parameters.hearing.prior, parameters.catalogue.artist_zipf
    for kind, names in (
        ("artist", catalogue.artists),
        ("station", catalogue.stations),
        ("city", catalogue.cities),
    ):
        for name, popularity in zip(names, zipf(len(names), exponent), strict=True):
            yield name, share[kind] * popularity
    for song in catalogue.songs:
        if song.released < 0:
            yield song.title, share["song"] * song.popularity
