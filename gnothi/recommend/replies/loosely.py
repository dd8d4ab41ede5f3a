"""What people say for a fact that has another name: "poppy", "party music", "faster".

Where a catalogue's own names say the same words, they mean what they name there; and these are no
ways to put a fact into words, only to understand it.
"""

from collections.abc import Iterator, Mapping

from gnothi.recommend.catalogue import Attribute

_LOOSE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("mood", "energetic"): (
        "fast", "faster", "uptempo", "up-tempo", "powerful", "for a workout",
    ),
    ("mood", "upbeat"): ("party music", "party song", "for a party", "to party"),
    ("mood", "calm"): ("slow", "slower", "soft", "softer", "soothing"),
    ("mood", "exciting"): ("fast-paced", "fast", "faster"),
    ("mood", "tense"): ("suspense",),
    ("genre", "dance"): ("danceable", "to dance to", "for dancing"),
    ("genre", "soul"): ("soulful",),
    ("effort", "quick"): ("simple", "simpler"),
}  # fmt: skip
_SHORTEST, _LONGEST = 3, 5
"""Letters of a genre that people make an adjective of: "jazzy", but not "grungy"."""
_VOWELS = frozenset("aeiouy")


def loose_names_of(attribute: Attribute) -> Iterator[str]:
    """Yield what an *attribute* is called by those who do not name it."""
    yield from _LOOSE.get((attribute.facet, attribute.value), ())
    name = attribute.value
    if attribute.facet != "genre" or not name.isalpha() or name[-1] in _VOWELS:
        return
    if _SHORTEST <= len(name) <= _LONGEST:
        is_doubled = len(name) == _SHORTEST and name[-2] in _VOWELS
        yield f"{name}{name[-1] * is_doubled}y"
