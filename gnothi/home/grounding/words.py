"""Words as the grounding compares them: lower case, singular, without possessive."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gnothi.text.phonetics import plain

_WORD = re.compile(
    r"\d+(?:\.\d+)?|[^\W\d_]+(?:\.(?=[^\W\d_]\b)[^\W\d_])*(?:['\u2019][^\W\d_]+)?|[%°&,;]"
)
_CONTRACTED = re.compile("'(?:s|re|ve|ll|d|m)$")
_LONGEST = 200
_SHORTEST_PLURAL = 4
_KEPT = frozenset({"its", "is", "this", "was", "as", "us", "has", "does", "always", "gas", "bus"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, and where it stands."""

    form: str
    stem: str
    start: int
    end: int

    @property
    def plural(self) -> bool:
        """Whether the word is written as more than one."""
        return self.form != self.stem and self.form.endswith("s") and "'" not in self.form


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the lexicon in a sentence; ``start`` and ``end`` count words."""

    meanings: tuple[str, ...]
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Return the words of *text*, numbers and a few signs among them."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        form = (
            plain(match[0])
            .replace("\u2019", "'")
            .replace(".", "" if match[0][0].isalpha() else ".")
        )
        found.append(Word(form, stem(form), *match.span()))
        if len(found) == _LONGEST:
            break
    return found


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of a name."""
    return tuple(word.stem for word in words(text) if word.stem.isalnum())


@lru_cache(maxsize=4096)
def stem(form: str) -> str:
    """Return *form* without possessive and plural."""
    form = _CONTRACTED.sub("", form).replace("'", "")
    if len(form) < _SHORTEST_PLURAL or form in _KEPT or form.endswith(("ss", "us", "is")):
        return "tv" if form == "tvs" else form
    if form.endswith("ies"):
        return form[:-3] + "y"
    if form.endswith(("shes", "ches", "xes", "sses")):
        return form[:-2]
    return form.removesuffix("s")


class Phrases:
    """Phrases with their meanings, found in a sentence word by word; the longest wins."""

    def __init__(self, meanings: Mapping[str, Sequence[str]]) -> None:
        """Take *meanings*: each meaning with its phrases."""
        self._meanings: dict[tuple[str, ...], list[str]] = {}
        for meaning, phrases in meanings.items():
            for phrase in phrases:
                self._meanings.setdefault(stems(phrase) or (phrase,), []).append(meaning)
        self._longest = max((len(phrase) for phrase in self._meanings), default=0)
        self._first = frozenset(phrase[0] for phrase in self._meanings)

    def at(self, sentence: Sequence[Word], place: int) -> tuple[tuple[str, ...], int]:
        """Return the meanings of the longest phrase at *place*, and one past its last word."""
        if sentence[place].stem not in self._first:
            return (), place
        spoken = tuple(word.stem for word in sentence[place : place + self._longest])
        for length in range(len(spoken), 0, -1):
            if meanings := self._meanings.get(spoken[:length]):
                return tuple(meanings), place + length
        return (), place

    def find(self, sentence: Sequence[Word]) -> list[Hit]:
        """Return all phrases in *sentence*, in order, without overlap."""
        found: list[Hit] = []
        place = 0
        while place < len(sentence):
            meanings, end = self.at(sentence, place)
            if meanings:
                found.append(Hit(meanings, place, end))
            place = max(end, place + 1)
        return found
