"""Names as people say them: plural, misspelt, misheard, run together, with or without accents.

A :class:`NameIndex` keeps the names as a trie of words. A sentence walks the trie; each step is
a known word, a word that sounds the same or a typing error. A usual sentence against 150 names
takes a fraction of a millisecond, and the time grows in proportion to the words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from gnothi.core.protocols import Name
from gnothi.text import spelling
from gnothi.text.phonetics import sound, sounds_like
from gnothi.text.spelling import Word


class How(IntEnum):
    """Why a name matches, best first."""

    EXACT = 1
    FORM = 2
    """Another form of the same words: plural, spaces, hyphens, an article."""
    SOUND = 3
    TYPO = 4
    PART = 5
    """Some words of the name, or more than the name; only from :func:`best_names`."""


_WORTH = {How.EXACT: 1.0, How.FORM: 0.98, How.SOUND: 0.95, How.TYPO: 0.93, How.PART: 0.85}
_READINGS = 4
"""Readings of one word that are followed."""
_LONGEST_NAME = 12
"""Words of a name that count; nobody says more."""
_REMEMBERED = 10_000
_SHORTEST_TYPO = 4
_LONG = 7
"""Words of this length may hold two typing errors, shorter ones one."""
_ALIKE = 0.92
"""Likeness that words of one sound key must have: "rec" and "wreck", but not "lot" and "light"."""
_LIKELY = 0.5
"""Score below which a name isn't worth an offer."""


@dataclass(frozen=True, slots=True)
class Match:
    """A name that a whole text may mean."""

    name: Name
    score: float
    """From 0 to 1; 1 is the name itself."""
    how: How


@dataclass(frozen=True, slots=True)
class Found:
    """A name that is mentioned inside a sentence."""

    start: int
    """First character of the mention."""
    end: int
    """One past the last character."""
    name: Name
    score: float
    """From 0 to 1; 1 is the name itself."""
    how: How


@dataclass(frozen=True, slots=True)
class _Ending:
    """A name that ends at a node, and the words that spell it in full."""

    name: Name
    forms: tuple[str, ...]


@dataclass(slots=True)
class _Node:
    """A place in the trie: what may follow, and the names that end here."""

    next: dict[str, "_Node"] = field(default_factory=dict[str, "_Node"])
    endings: list[_Ending] = field(default_factory=list[_Ending])


@dataclass(frozen=True, slots=True)
class _Step:
    """One reading of what was said as a word of some name."""

    word: str
    score: float
    how: How


@dataclass(frozen=True, slots=True)
class _Path:
    """How far a walk through the trie has come."""

    at: int
    node: _Node
    steps: int = 0
    score: float = 0.0
    how: How = How.EXACT

    def walk(self, at: int, node: _Node, step: _Step) -> "_Path":
        how = max(self.how, step.how)
        return _Path(at, node, self.steps + 1, self.score + step.score, how)


class NameIndex:
    """Names, ready to be found; build it once for each gazetteer and keep it."""

    def __init__(self, names: Iterable[Name]) -> None:
        """Index *names*; those without a letter or digit can't be said and are left out."""
        self.names = tuple(name for name in names if spelling.forms(name.text))
        self._root = _Node()
        self._words: dict[str, None] = {}
        self._sounds: dict[str, list[str]] = {}
        self._known: dict[str, tuple[_Step, ...]] = {}
        self._texts = [_stemmed(name.text) for name in self.names]
        self._sounding: dict[str, list[Name]] = {}
        for name in self.names:
            for forms in spelling.variants(name.text):
                self._add(name, forms)
            self._sounding.setdefault(_joined_sound(name.text), []).append(name)
        for word in self._words:
            self._sounds.setdefault(sound(word), []).append(word)

    def find(self, text: str) -> tuple[Found, ...]:
        """Return the mentions in *text*; see :func:`find_names`."""
        words = spelling.words(text)
        hits = [hit for first in range(len(words)) for hit in self._from(words, first)]
        return tuple(_without_overlap(hits))

    def best(self, text: str, limit: int = 5) -> tuple[Match, ...]:
        """Return what *text* may mean; see :func:`best_names`."""
        best: dict[Name, Match] = {}
        for match in (*self._whole(text), *self._heard(text), *self._sharing(text)):
            if match.name not in best or match.score > best[match.name].score:
                best[match.name] = match
        return tuple(sorted(best.values(), key=lambda match: -match.score)[:limit])

    def _add(self, name: Name, forms: tuple[str, ...]) -> None:
        for words in _joinings(forms[:_LONGEST_NAME]):
            node = self._root
            for word in map(spelling.stem, words):
                self._words[word] = None
                node = node.next.setdefault(word, _Node())
            if all(ending.name != name for ending in node.endings):
                node.endings.append(_Ending(name, forms))

    def _from(self, words: Sequence[Word], first: int) -> Iterator[Found]:
        """Yield the names that begin with the word *first*."""
        paths = [_Path(first, self._root)]
        while paths:
            path = paths.pop()
            for last in range(path.at + 1, min(path.at + 2, len(words)) + 1):
                for step in self._readings(*(word.form for word in words[path.at : last])):
                    if node := path.node.next.get(step.word):
                        paths.append(path.walk(last, node, step))
                        yield from _found(words[first:last], paths[-1])

    def _readings(self, *said: str) -> tuple[_Step, ...]:
        """Read a word, or two run together, as words of names; remembers what it has read."""
        key = " ".join(said)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = tuple(self._read(said))[:_READINGS]
        return self._known[key]

    def _read(self, said: tuple[str, ...]) -> Iterator[_Step]:
        stems = tuple(map(spelling.stem, said))
        stem = spelling.stem("".join(said))
        if stem in self._words:
            how = How.EXACT if (stem,) == said else How.FORM
            yield _Step(stem, _WORTH[how], how)
        elif self._words.keys().isdisjoint(stems) and spelling.ORDINARY.isdisjoint(said):
            yield from self._same_sound(stem)
            if len(said) == 1:
                yield from self._mistyped(stem)

    def _same_sound(self, stem: str) -> Iterator[_Step]:
        for word in self._sounds.get(sound(stem) or " ", ()):
            likeness = sounds_like(stem, word)
            if likeness >= _ALIKE:
                yield _Step(word, _WORTH[How.SOUND] * likeness, How.SOUND)

    def _mistyped(self, stem: str) -> Iterator[_Step]:
        if len(stem) < _SHORTEST_TYPO or not stem.isalpha():
            return
        errors = 2 if len(stem) >= _LONG else 1
        near = process.extract(
            stem, self._words.keys(), scorer=OSA.distance, score_cutoff=errors, limit=_READINGS
        )
        for word, distance, _ in near:
            if len(word) >= _SHORTEST_TYPO:
                likeness = 1 - distance / (2 * len(word))
                yield _Step(word, _WORTH[How.TYPO] * likeness, How.TYPO)

    def _whole(self, text: str) -> Iterator[Match]:
        words = [word for word in spelling.words(text) if word.form not in ("the", "my", "our")]
        for found in self._from(words, 0) if words else ():
            if found.end == words[-1].end:
                yield Match(found.name, found.score, found.how)

    def _heard(self, text: str) -> Iterator[Match]:
        for name in self._sounding.get(_joined_sound(text) or " ", ()):
            likeness = sounds_like(text, name.text)
            if likeness >= _ALIKE:
                yield Match(name, _WORTH[How.SOUND] * likeness, How.SOUND)

    def _sharing(self, text: str) -> Iterator[Match]:
        said = _stemmed(text)
        for name, words in zip(self.names, self._texts, strict=True):
            shared = fuzz.token_set_ratio(said, words) + fuzz.token_sort_ratio(said, words)
            score = _WORTH[How.PART] * shared / 200
            if score >= _LIKELY:
                yield Match(name, score, How.PART)


def find_names(text: str, names: "Iterable[Name] | NameIndex") -> tuple[Found, ...]:
    """Return the mentions of *names* inside *text*, in its order.

    Longer mentions win over shorter ones that they overlap. A mention that several things share
    ("the light") is there once for each of them, with the same span.
    """
    return _index(names).find(text)


def best_names(text: str, names: "Iterable[Name] | NameIndex", limit: int = 5) -> tuple[Match, ...]:
    """Return the names that *text* as a whole may mean, best first, for offers and questions."""
    return _index(names).best(text, limit)


def _index(names: "Iterable[Name] | NameIndex") -> NameIndex:
    return names if isinstance(names, NameIndex) else _remembered(tuple(names))


@lru_cache(maxsize=16)
def _remembered(names: tuple[Name, ...]) -> NameIndex:
    return NameIndex(names)


def _joinings(forms: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the words as they are, with each neighbouring pair run together, and all of them."""
    yield forms
    for at in range(len(forms) - 1):
        yield (*forms[:at], forms[at] + forms[at + 1], *forms[at + 2 :])
    if len(forms) > 2:
        yield ("".join(forms),)


def _stemmed(text: str) -> str:
    return " ".join(map(spelling.stem, spelling.forms(text)))


def _joined_sound(text: str) -> str:
    return sound("".join(spelling.forms(text)))


def _found(words: Sequence[Word], path: _Path) -> Iterator[Found]:
    said = tuple(word.form for word in words)
    for ending in path.node.endings:
        how = path.how
        if how <= How.FORM:
            how = How.EXACT if said == ending.forms else How.FORM
        score = path.score / path.steps if how > How.FORM else _WORTH[how]
        yield Found(words[0].start, words[-1].end, ending.name, round(score, 4), how)


def _weight(mention: Found) -> float:
    return (mention.end - mention.start) * mention.score


def _without_overlap(found: list[Found]) -> list[Found]:
    """Keep the longest and best; those that share the best score on one span stay together."""
    kept: dict[tuple[int, int], list[Found]] = {}
    taken = bytearray(max((mention.end for mention in found), default=0))
    for mention in sorted(found, key=_weight, reverse=True):
        span = (mention.start, mention.end)
        if span in kept:
            best = kept[span][0].score
            if mention.score >= best and all(mention.name != other.name for other in kept[span]):
                kept[span].append(mention)
        elif not any(taken[slice(*span)]):
            taken[slice(*span)] = b"\1" * (mention.end - mention.start)
            kept[span] = [mention]
    return [mention for span in sorted(kept) for mention in kept[span]]
