"""Names of a catalogue inside what people say, and whether they are wanted or not.

Names are kept as a trie of words, which a sentence walks once: the time depends on the words said,
not on how many names there are. "Some mellow jazz from the sixties but nothing sad, like Nina
Simone" wants three attributes and an item, and refuses one attribute.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from gnothi.recommend.catalogue import Attribute, Catalogue
from gnothi.recommend.replies.comparing import compared
from gnothi.recommend.replies.loosely import loose_names_of
from gnothi.recommend.replies.polarity import Cue, Scope, cue_at, scopes
from gnothi.text import spelling
from gnothi.text.normalise import fold
from gnothi.text.phonetics import plain

Node: TypeAlias = "dict[str, Any]"
"""Words to nodes; under the empty word, the names that end here."""

MAX_CHARACTERS = 400
"""Of a reply; the rest is not read."""
SPOKEN = 200_000
"""Items whose names are in the trie, the likeliest first."""
_LONGEST = 10
"""Words of a name that count."""
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?\u2026\n\"]|&|-(?= )")
_DECADE = re.compile(r"(?:the )?(\d{2}|\d{4})s")
_YEAR = re.compile(r"(?:19|20)\d0")
_CENTURY = {"19": "nineteen", "20": "twenty"}
_TENS = {
    "20": "twenties",
    "30": "thirties",
    "40": "forties",
    "50": "fifties",
    "60": "sixties",
    "70": "seventies",
    "80": "eighties",
    "90": "nineties",
}
_MISSPELT = {"40": "fourties", "90": "ninties"}
_GRADED = frozenset(("mood", "effort"))
"""Facets whose values have degrees: "darker", "easier"."""
_SHORT = 6
_PLURALS = frozenset((*_TENS.values(), *_MISSPELT.values()))
_SPELLINGS = {"coloured": "colored", "favourite": "favorite", "cosy": "cozy", "theatre": "theater"}
_FIRST = frozenset(("the", "a", "an"))
_LACKING = re.compile(r"without (?P<what>.+)|(?P<of>.+)[- ]free")
"""Names of attributes that say what is not in it: whoever refuses that wants the attribute."""
_POINTING = frozenset("the a an my our this that your his her its to around at in".split())
_THINGS = frozenset("something anything nothing everything".split())
_NAMING = frozenset("by called named band artist group singer song track film movie album".split())
_KIND = frozenset(
    """music song songs stuff one ones tune tunes film films movie movies dish dishes food station
    stations artist artists band bands thing things sound sounds mood please""".split()
)
_FEELING = frozenset("am is s was are re were be m me feel feels so very how really".split())
_ARTICLES = frozenset(("The", "A", "An", "Los", "Les", "Die"))
_BEFORE_NAMES = _NAMING | frozenset("like play some from of or and more".split())
_SENTENCE = frozenset(".!?\u2026\n")
_TURNED = {Scope.WANTED: Scope.REFUSED, Scope.REFUSED: Scope.WANTED, Scope.UNCLEAR: Scope.UNCLEAR}


class Kind(IntEnum):
    """What a name is the name of."""

    ATTRIBUTE = 0
    ITEM = 1
    CONTRARY = 2
    """What an attribute is without: "meat" of "without meat"."""
    CREATOR = 3
    """Who made items."""


class Token(NamedTuple):
    """A word of a reply in the spelling of the trie, or a sign."""

    form: str
    start: int
    end: int
    is_capital: bool


class Mentioned(NamedTuple):
    """A name in a reply."""

    kind: Kind
    number: int
    """The item, or the attribute; the likeliest item of a creator."""
    first: int
    """First token."""
    last: int
    """One past the last token."""
    scope: Scope = Scope.WANTED
    is_compared: bool = False
    """Whether it is only gone by: "like Queen"."""

    @property
    def is_item(self) -> bool:
        """Whether it names an item, or who made it; else it is about an attribute."""
        return _is_item(self.kind)


@dataclass(frozen=True, slots=True)
class Spotted:
    """What was found in a reply."""

    mentions: tuple[Mentioned, ...]
    tokens: tuple[Token, ...]
    text: str
    """The reply with stand-ins for its names."""
    refuses: bool = False
    """Whether anything is refused, be it a name or not."""
    refuses_unknown: bool = False
    """Whether it is something of which the catalogue knows nothing: "allergic to nuts"."""

    def numbers(self, scope: Scope, *, items: bool = False) -> tuple[int, ...]:
        """Return what is mentioned in a *scope*, each once, in order."""
        found = (m.number for m in self.mentions if m.scope is scope and m.is_item == items)
        return tuple(dict.fromkeys(found))

    @property
    def items(self) -> tuple[int, ...]:
        """Items that are wanted themselves."""
        return self._wanted_items(is_compared=False)

    @property
    def similar(self) -> tuple[int, ...]:
        """Items that are only gone by."""
        return self._wanted_items(is_compared=True)

    def _wanted_items(self, *, is_compared: bool) -> tuple[int, ...]:
        wanted = (m for m in self.mentions if m.is_item and m.scope is Scope.WANTED)
        return tuple(dict.fromkeys(m.number for m in wanted if m.is_compared == is_compared))


class Spotter:
    """Finds the names of one catalogue."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        ordinary: Iterable[str] = (),
        feelings: Iterable[str] = (),
        stand_ins: tuple[str, str] = ("{a}", "{i}"),
    ) -> None:
        """Build the trie: some 0.1 s for ten thousand items.

        *ordinary* words are no titles by themselves ("yes" is a band only where something says
        so); *feelings* are attributes only where they are not said of oneself ("I'm happy with
        that"). A title in a reply is replaced by the *stand_ins*: an attribute's, an item's.
        """
        self._ordinary = spelling.ORDINARY | frozenset(ordinary)
        self._feelings = frozenset(feelings)
        self._stand_ins = stand_ins
        self._root: Node = {}
        for number, one in enumerate(catalogue.attributes):
            for name in names_of(one):
                self._add(name, (Kind.ATTRIBUTE, number))
        for number, one in enumerate(catalogue.attributes):
            for name in contraries_of(one):
                self._add(name, (Kind.CONTRARY, number))
        for name, kind, number in _titles(catalogue):
            self._add(name, (kind, number))
        for number, one in enumerate(catalogue.attributes):
            for name in loose_names_of(one):
                self._add(name, (Kind.ATTRIBUTE, number))
        self._called = Kind.ITEM if catalogue.kind == "artist" else Kind.CREATOR
        self._surnames = self._last_names(catalogue)

    def spot(self, text: str, expected: Sequence[int] = ()) -> Spotted:
        """Return the names in *text*; attributes that are *expected* need no further sign."""
        folded = fold(text[:MAX_CHARACTERS])
        tokens = tokens_of(folded)
        forms = [token.form for token in tokens]
        mentions, cues = self._walk(tokens, forms, frozenset(expected))
        refuses = any(cue.scope is Scope.REFUSED and not cue.is_close for cue in cues)
        unknown = refuses and self._refuses_unknown(forms, mentions, cues)
        if not mentions:
            return Spotted((), tuple(tokens), folded, refuses, unknown)
        spans = [(one.first, one.last) for one in mentions]
        judged = zip(scopes(forms, spans, cues), compared(forms, spans, cues), strict=True)
        found = tuple(
            one._replace(
                scope=_TURNED[scope] if one.kind is Kind.CONTRARY else scope,
                is_compared=is_compared,
            )
            for one, (scope, is_compared) in zip(mentions, judged, strict=True)
        )
        return Spotted(found, tuple(tokens), self._masked(folded, tokens, found), refuses, unknown)

    def is_ordinary(self, text: str) -> bool:
        """Return whether all words of *text* are such as occur in any reply."""
        forms = [token.form for token in tokens_of(fold(text)) if token.form[0].isalnum()]
        return self._ordinary.issuperset(forms)

    def _refuses_unknown(
        self, forms: list[str], mentions: Sequence[Mentioned], cues: Sequence[Cue]
    ) -> bool:
        """Return whether a word that is neither a name nor ordinary stands where one is refused."""
        known = {at for one in (*mentions, *cues) for at in range(one.first, one.last)}
        every = enumerate(forms)
        spans = [(at, at + 1) for at, form in every if at not in known and self._is_unknown(form)]
        return Scope.REFUSED in scopes(forms, spans, cues)

    def _is_unknown(self, form: str) -> bool:
        return form.isalpha() and len(form) > 1 and form not in self._ordinary

    def _add(self, name: str, target: tuple[Kind, int]) -> None:
        for forms in _spellings(name):
            node = self._root
            for form in forms[:_LONGEST]:
                node = node.setdefault(form, {})
            targets = node.setdefault("", [])
            if all(_is_item(target[0]) != _is_item(other[0]) for other in targets):
                targets.append(target)

    def _last_names(self, catalogue: Catalogue) -> dict[str, int]:
        """Return last names that one person has, or one much likelier than the others."""
        found: dict[str, int] = {}
        people = catalogue.titles if catalogue.kind == "artist" else catalogue.creators
        likeliest: list[int] = np.argsort(-catalogue.weights, kind="stable")[:SPOKEN].tolist()
        for number in likeliest:
            first, _, last = people[number].partition(" ")
            if first not in _ARTICLES and last.isalpha() and len(last) > len("Bush"):
                found.setdefault(_stem(plain(last.lower())), number)
        return {name: at for name, at in found.items() if name not in self._root}

    def _surname(self, tokens: list[Token], forms: list[str], at: int) -> Mentioned | None:
        """Return whom a last name means, where it is written or said like a name."""
        number = self._surnames.get(forms[at])
        before = forms[at - 1] if at else ""
        is_name = before in _BEFORE_NAMES or (at > 0 and tokens[at].is_capital)
        is_name = is_name or len(forms) == 1
        if number is None or not is_name or forms[at] in self._ordinary:
            return None
        return Mentioned(self._called, number, at, at + 1)

    def _walk(
        self, tokens: list[Token], forms: list[str], expected: frozenset[int]
    ) -> tuple[list[Mentioned], list[Cue]]:
        """Return names and cues from left to right, the longest of each; names come first."""
        mentions, cues, at, root = list[Mentioned](), list[Cue](), 0, self._root
        surnames = self._surnames
        while at < len(forms):
            form = forms[at]
            is_ending = at > 0 and tokens[at].start == tokens[at - 1].start  # 'm, 're, n't
            begins = form in root and not is_ending
            found = self._longest(tokens, forms, at, expected) if begins else None
            if found is None and form in surnames:
                found = self._surname(tokens, forms, at)
            if found:
                mentions.append(found)
                at = found.last
            elif cue := cue_at(forms, at):
                cues.append(cue)
                at = cue.last
            else:
                at += 1
        return mentions, cues

    def _longest(
        self, tokens: list[Token], forms: list[str], first: int, expected: frozenset[int]
    ) -> Mentioned | None:
        node, best, last = self._root, None, first
        while last < len(forms) and (node := node.get(forms[last])):
            last += 1
            for kind, number in node.get("", ()):
                is_item = _is_item(kind)
                is_expected = kind is Kind.ATTRIBUTE and number in expected
                if is_expected or self._meant(tokens, forms, first, last, is_item=is_item):
                    best = (kind, number, last)
                    break
        return best and Mentioned(best[0], best[1], first, best[2])

    def _meant(
        self, tokens: list[Token], forms: list[str], first: int, last: int, *, is_item: bool
    ) -> bool:
        """Return whether words that spell a name are likely to mean it."""
        before = forms[first - 1] if first else ""
        if is_item:
            if not self._ordinary.issuperset(forms[first:last]):
                return last - first > 1 or before not in _POINTING or tokens[first].is_capital
            return before in _NAMING or _is_title(tokens, forms, first, last)
        if last - first > 1:
            return True
        after = forms[last] if last < len(forms) else ""
        if forms[first] in self._feelings:
            return before not in _FEELING or forms[max(0, first - 2)] == "not"
        is_part = before in _POINTING or (before.endswith("ing") and before not in _THINGS)
        is_bare = is_part and forms[first] in self._ordinary
        return not is_bare or after in _KIND

    def _masked(self, text: str, tokens: list[Token], found: Iterable[Mentioned]) -> str:
        parts, at = list[str](), 0
        for one in found:
            start, end = tokens[one.first].start, tokens[one.last - 1].end
            parts += (text[at:start], self._stand_ins[one.is_item])
            at = end
        return "".join((*parts, text[at:]))


def tokens_of(text: str) -> list[Token]:
    """Return the words and signs of *text*, which :func:`gnothi.text.normalise.fold` has read."""
    found = list[Token]()
    for match in _TOKEN.finditer(text):
        word = match[0]
        start, end, is_capital = match.start(), match.end(), word[0].isupper()
        found += [Token(form, start, end, is_capital) for form in _forms(word)]
    return found


def names_of(attribute: Attribute) -> Iterator[str]:
    """Yield the ways to say an *attribute*: decades also by years and in words."""
    for name in (attribute.label, *attribute.also):
        yield name
        yield from _derived(name, attribute.facet)
    decade = _DECADE.fullmatch(attribute.value)
    if not decade:
        if attribute.value.isalpha() and len(attribute.value) > 2:
            yield attribute.value
        return
    digits = decade[1]
    century, tens = (digits[:2], digits[2:]) if len(digits) > 2 else ("19", digits)
    yield from (f"{century}{tens}s", f"{century}{tens}'s", f"{century}{tens}s music")
    if century == "19":
        yield f"{tens}s"
    if words := _TENS.get(tens):
        yield f"{_CENTURY.get(century, '')} {words}"
        if century == "19":
            yield from (words, f"{tens}ies", _MISSPELT.get(tens, words))
    if _YEAR.fullmatch(century + tens):
        for year in range(10):
            yield from (f"from {century}{tens[0]}{year}", f"in {century}{tens[0]}{year}")


def contraries_of(attribute: Attribute) -> Iterator[str]:
    """Yield what an *attribute* is without, by its names: "meat" of "without meat"."""
    for name in (attribute.label, *attribute.also):
        if lacking := _LACKING.fullmatch(name):
            yield lacking["what"] or lacking["of"]


def _is_item(kind: Kind) -> bool:
    return kind in (Kind.ITEM, Kind.CREATOR)


def _derived(name: str, facet: str) -> Iterator[str]:
    """Yield other forms of a *name*: "scary" of "scary films"; "darker", "relaxed" of moods."""
    if name.endswith(" films"):
        yield name.removesuffix(" films")
    if facet not in _GRADED or not name.isalpha():
        return
    if name.endswith("y"):
        yield f"{name[:-1]}ier"
    elif len(name) <= _SHORT:
        yield f"{name}{name[-1] * (len(name) == len('sad'))}er"
    if name.endswith("ing"):
        yield f"{name[:-3]}ed"
    if name.endswith("ed") and len(name) > _SHORT:
        yield from (name[:-2], f"{name[:-2]}ing")


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[str, ...]:
    """Return how the trie spells a *word*: "don't" are two."""
    if word == "&":
        return ("and",)
    if not word[0].isalnum():
        return (word,)
    if word[0].isdigit():
        return (word.lower().replace("'", ""),)
    low = plain(word.lower())
    head, _, tail = low.partition("'")
    if tail == "t" and head.endswith("n"):
        return ({"ca": "can", "wo": "will"}.get(head[:-1], head[:-1]), "not")
    if tail in ("s", "m", "re", "ve", "ll", "d"):
        return (_stem(head),) if tail == "s" and head not in _IS else (head, tail)
    low = low.replace("'", "")
    return _JOINED.get(low) or (_stem(low),)


_IS = frozenset("it that he she what there who how here let".split())
_JOINED = {
    "n": ("and",),
    "cannot": ("can", "not"),
    "cant": ("can", "not"),
    "wont": ("will", "not"),
    "aint": ("is", "not"),
    "im": ("i", "m"),
    "its": ("it", "s"),
    "thats": ("that", "s"),
    "whats": ("what", "s"),
    "lets": ("let", "s"),
    "rnb": ("r", "and", "b"),
    **{
        f"{verb}nt": (verb, "not")
        for verb in "do does did is are was were would could should have has".split()
    },
}


def _stem(word: str) -> str:
    word = _SPELLINGS.get(word, word)
    return word if word in _PLURALS else spelling.stem(word)


def _spellings(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to spell a *name*: as it is, without its article, run together."""
    forms = tuple(token.form for token in tokens_of(fold(name)) if token.form[0].isalnum())
    if not forms:
        return
    yield forms
    has_article = len(forms) > 1 and forms[0] in _FIRST
    bare = forms[has_article:]
    if has_article and len("".join(bare)) > 3:
        yield bare
    if 1 < len(bare) <= 4 and (all(len(one) == 1 for one in bare) or len(bare) == 2):
        joined = "".join(bare)
        if len(joined) > 2:
            yield (_stem(joined),)


def _titles(catalogue: Catalogue) -> Iterator[tuple[str, Kind, int]]:
    """Yield titles, other names and creators, the likeliest items first."""
    likeliest: list[int] = np.argsort(-catalogue.weights, kind="stable")[:SPOKEN].tolist()
    for number in likeliest:
        yield catalogue.titles[number], Kind.ITEM, number
        for other in catalogue.also[number] if catalogue.also else ():
            yield other, Kind.ITEM, number
    for number in likeliest:
        if creator := catalogue.creators[number]:
            yield creator, Kind.CREATOR, number


def _is_title(tokens: list[Token], forms: list[str], first: int, last: int) -> bool:
    """Return whether ordinary words are written as a title inside a sentence that isn't one."""
    if not (tokens[first].is_capital and tokens[last - 1].is_capital):
        return False
    at_start = first == 0 or forms[first - 1] in _SENTENCE
    others = [token.is_capital for token in tokens if token.form.isalpha()]
    return not at_start and not all(others)
