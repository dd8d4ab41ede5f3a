"""Words that sound like others: what wakes an assistant by mistake."""

from collections.abc import Mapping, Sequence
from functools import cache

from rapidfuzz.distance import Levenshtein

from gnothi.speech.pronounce import Letters, Phones, Pronunciations
from gnothi.speech.sphinx import dictionary_file, read_dictionary

_LEAST = 0.2
"""Share of the phones that must differ: nearer is the word itself, spelled in another way."""


def alike(phrase: str, count: int) -> list[str]:
    """Return the *count* words of the dictionary of pocketsphinx that sound most like *phrase*.

    They are the nearest by edit distance of phones (Levenshtein 1966), as a share of the longer
    one; words that hold one of its own are not among them.
    """
    phones = said(phrase)
    own = set(phrase.lower().split())
    found: list[tuple[float, str]] = []
    for word, ways in _dictionary().items():
        is_near = abs(len(ways[0]) - len(phones)) <= len(phones) // 2
        if not is_near or not word.isalpha() or any(one in word for one in own):
            continue
        share = min(Levenshtein.normalized_distance(way, phones) for way in ways)
        if share >= _LEAST:
            found.append((share, word))
    return [word for _, word in sorted(found)[:count]]


def said(phrase: str) -> Phones:
    """Return how *phrase* is said, all its words in a row; nothing if no letter can be said."""
    sounds = Pronunciations(_dictionary(), Letters.read())
    ways = (sounds.of(word) for word in phrase.lower().split())
    return tuple(phone for way in ways if way for phone in way[0])


@cache
def _dictionary() -> Mapping[str, Sequence[Phones]]:
    return read_dictionary(dictionary_file())
