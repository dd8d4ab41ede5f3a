"""How alike two requests are: word by word, by sound, and by what people are known to mean.

The differences between two requests are *blocks*: "play day news" and "play the news" differ in
``("day", "the")``. A block counts as explained where the two sound alike, or where people who were
not understood with the one have said the other next (:class:`Habits`).

What must not change between a request and what it is taken for, however alike they sound, is told
by :func:`contradicts`: numbers, "not", and opposites such as on and off.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from rapidfuzz.distance import Indel, LCSseq

from gnothi.text import numerals
from gnothi.text.phonetics import sound, sounds_like

Words: TypeAlias = tuple[str, ...]
Block: TypeAlias = tuple[str, str]
"""Words of a request, and those of another one in their place; either may be empty."""

OPPOSITES = (
    ("on", "off"),
    ("up", "down"),
    ("open", "close", "shut"),
    ("raise", "lower"),
    ("start", "stop"),
    ("lock", "unlock"),
    ("arm", "disarm"),
    ("mute", "unmute"),
    ("next", "previous", "last"),
    ("add", "remove", "delete"),
    ("pause", "resume"),
    ("more", "less"),
    ("louder", "quieter", "softer"),
    ("brighter", "dimmer", "darker"),
    ("brighten", "dim"),
    ("warmer", "cooler", "colder"),
    ("increase", "decrease", "reduce"),
    ("enable", "disable"),
    ("am", "pm"),
    ("today", "tomorrow", "yesterday"),
    ("morning", "evening", "night"),
    ("minutes", "hours", "seconds"),
)
"""Words of which one must not become another; people say them as they mean them."""
NEGATIONS = frozenset({"not", "no", "never", "don't", "dont", "without", "except"})
POLITE = frozenset({"please", "thanks", "thank", "now", "right", "for", "again"})
"""Words that may follow a number without being part of it."""
_SAME = 0.8
LONGEST_BLOCK = 5
"""Words of a block that habits know."""
_GROUPS: Mapping[str, int] = {
    word: number for number, group in enumerate(OPPOSITES) for word in group
}
_NUMBERS = (
    numerals.SMALL.keys()
    | numerals.TENS.keys()
    | numerals.SCALES.keys()
    | numerals.ORDINALS.keys()
    | {"half", "quarter", "third", "double", "twice"}
)


def numbers_in(words: Iterable[str]) -> Words:
    """Return the words of number among *words*, in order."""
    return tuple(filter(_is_number, words))


def _is_number(word: str) -> bool:
    return word in _NUMBERS or any(map(str.isdigit, word))


def contradicts(said: Words, other: Words) -> bool:
    """Whether *other* says another number than *said*, the opposite, or a "not" more or less."""
    here, there = _claims(said), _claims(other)
    if here == there:
        return False
    if here.numbers != there.numbers or here.negations != there.negations:
        return True
    if here.counted != there.counted and _counts_otherwise(here.counted, there.counted):
        return True
    gone, new = here.poles - there.poles, there.poles - here.poles
    return not {_GROUPS[word] for word in gone}.isdisjoint(_GROUPS[word] for word in new)


@dataclass(frozen=True, slots=True)
class _Claims:
    """What must not change."""

    numbers: Words
    counted: Words
    """The word behind each number; empty where the request ends."""
    negations: frozenset[str]
    poles: frozenset[str]
    """Words that have an opposite."""


@lru_cache(maxsize=1 << 14)
def _claims(words: Words) -> _Claims:
    # A "no" that opens is about what was said before.
    negations = NEGATIONS.intersection(words[1:])
    counted = tuple(behind for word, behind in pairwise((*words, "")) if _is_number(word))
    return _Claims(numbers_in(words), counted, negations, frozenset(_GROUPS.keys() & set(words)))


def _counts_otherwise(said: Words, other: Words) -> bool:
    """Whether something else follows a number: "twenty tree" may have been twenty three."""
    return any(
        one != there and one and one not in POLITE and (not there or alike(one, there) < _SAME)
        for one, there in zip(said, other, strict=True)
    )


def takes_side(before: str, after: str) -> bool:
    """Whether a block says on, or off, where nothing of the kind was said."""
    return not _GROUPS.keys().isdisjoint(set(after.split()) - set(before.split()))


def blocks_between(said: Words, other: Words) -> list[Block]:
    """Return what is different, in order of the text; nothing where both are the same."""
    found: list[Block] = []
    at = there = 0
    for match in LCSseq.opcodes(said, other).as_matching_blocks():
        if match.a > at or match.b > there:
            found.append((" ".join(said[at : match.a]), " ".join(other[there : match.b])))
        at, there = match.a + match.size, match.b + match.size
    return found


@lru_cache(maxsize=1 << 16)
def alike(one: str, other: str) -> float:
    """Return how alike two blocks sound, from 0 to 1; 0 where one is empty."""
    return sounds_like(one, other) if one and other else 0.0


@lru_cache(maxsize=1 << 16)
def heard(text: str) -> str:
    """Return what *text* sounds like, in one piece for comparing whole requests."""
    return sound(text)


def similarity(one: str, other: str) -> float:
    """Return how much two texts have in common, from 0 to 1."""
    return Indel.normalized_similarity(one, other)


@dataclass(frozen=True, slots=True)
class Habits:
    """What people of one scope said instead, when they had not been understood.

    *blocks* maps what was not understood to what took its place, with how often (or, for
    everybody, by how many different people).
    """

    blocks: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])

    def trust(self, before: str, after: str) -> float:
        """Return how surely *before* stands for *after* here, from 0 to 1."""
        known = self.blocks.get(before)
        if not known:
            return 0.0
        return known.get(after, 0) / (sum(known.values()) + 1.0)

    def variants(self, words: Words) -> Iterator[tuple[int, str]]:
        """Yield *words* with one block replaced by what takes its place, and how often it did."""
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + LONGEST_BLOCK) + 1):
                known = self.blocks.get(" ".join(words[first:last]))
                if known:
                    after, times = max(known.items(), key=lambda one: (one[1], one[0]))
                    yield times, " ".join((*words[:first], *after.split(), *words[last:]))


NO_HABITS = Habits()


def explained(block: Block, scopes: Sequence[Habits]) -> tuple[float, ...]:
    """Return how alike *block* sounds, and the trust of each scope in it."""
    before, after = block
    return (alike(before, after), *(_trust(scope, before, after) for scope in scopes))


def _trust(scope: Habits, before: str, after: str) -> float:
    """Return the trust in a block; words that go one by one may each be known to go."""
    whole = scope.trust(before, after)
    if whole or after or " " not in before:
        return whole
    return min(scope.trust(word, "") for word in before.split())
