"""Understanding with gaps: patterns and lexicons; text in, one interpretation or none out.

The same function reads what was heard and what a rewrite made of it. It knows neither the names
that homes give their things, nor the wordings planted as missed, nor who speaks.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gnothi_lab.worlds.households.catalogue import Catalogue, Song
from gnothi_lab.worlds.households.chance import hash_of, unit
from gnothi_lab.worlds.households.goals import key_of
from gnothi_lab.worlds.households.parameters import Control, Intent, Parameters

OUT_OF_SCOPE = "out_of_scope"
_UNKNOWN = "?"


class Found(NamedTuple):
    """A slot that was found: where, what it says, what that stands for."""

    slot: str
    first: int
    last: int
    """Tokens ``first:last``."""
    value: str | None
    """``None`` for words that are no known value."""


class Span(NamedTuple):
    """A slot as the journal has it."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Interpretation:
    """What a text was taken for."""

    text: str
    key: str
    """What it does; equal to a goal's key when it does that."""
    score: float
    intent: Intent | None = None
    control: Control | None = None
    spans: tuple[Span, ...] = ()
    start: int = 0
    missing: str = ""
    """Words that name nothing known: the action fails."""
    needs: tuple[tuple[str, str], ...] = ()
    """(slot, value) that the home must have."""
    song: Song | None = None
    correction: bool = False
    alternative: tuple[Intent, float] | None = None


class _Words(NamedTuple):
    """A text, and where in it the request is."""

    text: str
    tokens: list[str]
    first: int
    last: int
    correction: bool
    """Whether words before the request say that the last one went wrong."""

    def of(self, found: Found) -> str:
        """Return the words of a slot."""
        return " ".join(self.tokens[found.first : found.last])


class _Meaning(NamedTuple):
    """What slots stand for."""

    labels: tuple[str, ...]
    values: tuple[str, ...]
    missing: str
    needs: tuple[tuple[str, str], ...] = ()
    song: Song | None = None
    searched: bool = False


class _Node:
    """A place in the tree of patterns."""

    __slots__ = ("ends", "slots", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.slots: dict[str, _Node] = {}
        self.ends: list[_Pattern] = []


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    rank: int
    intent: Intent
    tokens: tuple[str, ...]
    content: frozenset[str]
    """Words that tell the intent."""


class _Parse(NamedTuple):
    """A pattern and its slots."""

    pattern: _Pattern
    found: tuple[Found, ...]

    @property
    def unknown(self) -> int:
        """How many words name nothing known."""
        return sum(found.last - found.first for found in self.found if found.value is None)


@dataclass
class _Lexicon:
    """Names of values, by slot."""

    names: dict[str, dict[str, str]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    open: frozenset[str] = frozenset()

    def add(self, slot: str, said: str, value: str) -> None:
        self.names.setdefault(slot, {}).setdefault(said, value)
        self.longest[slot] = max(self.longest.get(slot, 0), said.count(" ") + 1)


class Understanding:
    """Understands in the state of one week: the catalogue grows."""

    def __init__(self, parameters: Parameters, catalogue: Catalogue) -> None:
        """Compile patterns and lexicons."""
        self._parameters, self._catalogue = parameters, catalogue
        self._numbers = parameters.understanding
        self._lexicon = _make_lexicon(parameters, catalogue)
        self._patterns = tuple(_patterns(parameters))
        self._tree = _tree(self._patterns)
        self._by_word = _by_word(self._patterns)
        self._controls = {control.text: control for control in parameters.reacting.controls}
        self._before = _spoken_first(parameters)
        self._after = _spoken_last(parameters)
        self._by_title_word = _by_title_word(catalogue)
        self._week, self._cache = -1, dict[str, Interpretation]()

    def begin(self, week: int) -> None:
        """Go to *week*, with the songs that the catalogue has by then."""
        if week != self._week:
            self._week = week
            self._cache = {
                text: found
                for text, found in self._cache.items()
                if found.intent is None or found.intent.slots != ("song",)
            }

    def read(self, text: str) -> Interpretation:
        """Return what *text* is taken for."""
        found = self._cache.get(text)
        if found is None:
            found = self._cache[text] = self._read(text)
        return found

    def _read(self, text: str) -> Interpretation:
        if control := self._controls.get(text):
            return Interpretation(text, control.key, self._numbers.control_score, control=control)
        words = self._trim(text)
        parse = self._exact(words, unknown=False)
        if parse is not None:
            return self._finish(words, parse, self._numbers.exact_score)
        parse = self._exact(words, unknown=True)
        if parse is not None:
            return self._finish(words, parse, self._numbers.unknown_score)
        return self._loose(words)

    def _trim(self, text: str) -> _Words:
        """Find where the request begins and ends without fillers."""
        tokens = text.split()
        first, last, correction = 0, len(tokens), False
        going = True
        while going:
            going = False
            for opening, corrects in self._before:
                if len(opening) < last - first and _at(tokens, first, opening):
                    first, going, correction = first + len(opening), True, correction or corrects
                    break
        for closing in self._after:
            if len(closing) < last - first and _at(tokens, last - len(closing), closing):
                last -= len(closing)
                break
        return _Words(text, tokens, first, last, correction)

    def _exact(self, words: _Words, *, unknown: bool) -> _Parse | None:
        """Return the best pattern that fits every token; one slot may be *unknown* words."""
        parses = self._walk(self._tree, words, words.first, (), unknown=unknown)
        return min(parses, key=_preference, default=None)

    def _walk(
        self, node: _Node, words: _Words, at: int, found: tuple[Found, ...], *, unknown: bool
    ) -> Iterator[_Parse]:
        if at == words.last:
            for pattern in node.ends:
                yield _Parse(pattern, found)
            return
        child = node.words.get(words.tokens[at])
        if child is not None:
            yield from self._walk(child, words, at + 1, found, unknown=unknown)
        for slot, child in node.slots.items():
            for one in self._values(slot, words, at, unknown=unknown):
                left = unknown and one.value is not None
                yield from self._walk(child, words, one.last, (*found, one), unknown=left)

    def _values(self, slot: str, words: _Words, at: int, *, unknown: bool) -> Iterator[Found]:
        names, lexicon = self._lexicon.names[slot], self._lexicon
        for end in range(min(words.last, at + lexicon.longest[slot]), at, -1):
            value = names.get(" ".join(words.tokens[at:end]))
            if value is not None:
                yield Found(slot, at, end, value)
        if unknown and slot in lexicon.open:
            longest = min(words.last, at + self._numbers.longest_unknown)
            for end in range(at + 1, longest + 1):
                yield Found(slot, at, end, None)

    def _loose(self, words: _Words) -> Interpretation:
        """Go by the share of a pattern's words; nothing guarded is understood loosely."""
        said = words.tokens[words.first : words.last]
        candidates = {pattern for word in set(said) for pattern in self._by_word.get(word, ())}
        rated: list[tuple[float, int, _Parse]] = []
        for pattern in candidates:
            share = len(pattern.content.intersection(said)) / len(pattern.content)
            if share >= self._numbers.enough:
                found = self._anywhere(pattern.intent, words)
                if found is not None:
                    rated.append((-share, pattern.rank, _Parse(pattern, found)))
        if not rated:
            return Interpretation(words.text, OUT_OF_SCOPE, 0.0, correction=words.correction)
        rated.sort(key=lambda row: row[:2])
        low, more = self._numbers.loose_score
        best = rated[0][2]
        others = (row for row in rated if row[2].pattern.intent is not best.pattern.intent)
        other = next(others, None)
        alternative = other and (other[2].pattern.intent, -other[0] * low)
        return self._finish(words, best, low - more * rated[0][0], alternative=alternative)

    def _anywhere(self, intent: Intent, words: _Words) -> tuple[Found, ...] | None:
        """Return known values for all slots of *intent*, wherever they stand."""
        found: list[Found] = []
        for slot in intent.slots:
            values = (
                value
                for at in range(words.first, words.last)
                for value in self._values(slot, words, at, unknown=False)
            )
            one = next(values, None)
            if one is None:
                return None
            found.append(one)
        return tuple(found)

    def _finish(
        self,
        words: _Words,
        parse: _Parse,
        score: float,
        *,
        alternative: tuple[Intent, float] | None = None,
    ) -> Interpretation:
        """Say what *parse* does."""
        intent, starts = parse.pattern.intent, _starts(words.tokens)
        spans = [self._span(one, words, starts) for one in parse.found]
        if intent.implied[0]:
            spans.append(_implied(intent, words.text))
        meaning = (
            self._song(parse, words) if intent.slots == ("song",) else self._plain(parse, words)
        )
        if meaning.searched:
            score = min(score, self._numbers.search_score)
        score += self._numbers.score_spread * (unit(hash_of(words.text), 3) - 0.5)
        return Interpretation(
            text=words.text,
            key=key_of(intent, meaning.labels, meaning.values),
            score=round(score, 4),
            intent=intent,
            spans=tuple(sorted(spans, key=lambda span: span.start)),
            start=starts[words.first],
            missing=meaning.missing,
            needs=meaning.needs,
            song=meaning.song,
            correction=words.correction,
            alternative=alternative,
        )

    def _plain(self, parse: _Parse, words: _Words) -> _Meaning:
        """Return what is meant where nothing has to be looked up."""
        intent = parse.pattern.intent
        by_slot = {one.slot: one for one in parse.found}
        values = tuple(by_slot[slot].value or _UNKNOWN for slot in intent.slots)
        missing = next((words.of(one) for one in parse.found if one.value is None), "")
        needs = () if missing else tuple(zip(intent.slots, values, strict=True))
        return _Meaning(tuple(map(self._parameters.label, intent.slots)), values, missing, needs)

    def _song(self, parse: _Parse, words: _Words) -> _Meaning:
        """Return what is played."""
        said = {one.slot: words.of(one) for one in parse.found}
        song, sure = self._find(said["song"], said.get("artist"))
        value = song.value if song else _UNKNOWN + said["song"]
        missing = "" if song else said["song"]
        return _Meaning(("track",), (value,), missing, song=song, searched=not sure)

    def _span(self, found: Found, words: _Words, starts: list[int]) -> Span:
        last = found.last - 1
        end = starts[last] + len(words.tokens[last])
        return Span(self._parameters.label(found.slot), words.of(found), starts[found.first], end)

    def _find(self, title: str, artist: str | None) -> tuple[Song | None, bool]:
        """Return what the catalogue has for the words, and whether it is what they name."""
        if artist:
            song = self._catalogue.by_value.get(f"{title} by {artist}")
            if song and song.served <= self._week:
                return song, True
        song = self._catalogue.top(title, self._week)
        if song:
            return song, not artist
        return self._search(title), False

    def _search(self, title: str) -> Song | None:
        """Return the most popular song with the rarest word of *title*, as a search would."""
        found = [self._by_title_word[word] for word in title.split() if word in self._by_title_word]
        if not found:
            return None
        rarest = min(found, key=len)
        return next((song for song in rarest if song.served <= self._week), None)


def _make_lexicon(parameters: Parameters, catalogue: Catalogue) -> _Lexicon:
    lexicon = _Lexicon()
    for name, slot in parameters.slots.items():
        for value in slot.values:
            for said in (value.say, *value.known):
                lexicon.add(name, said, value.say)
    for name, known in (
        ("song", tuple(catalogue.by_title)),
        ("artist", catalogue.artists),
        ("station", catalogue.stations),
        ("city", catalogue.cities),
    ):
        for said in known:
            lexicon.add(name, said, said)
    opened = {name for name, slot in parameters.slots.items() if slot.open}
    lexicon.open = frozenset(opened | set(parameters.open_labels))
    return lexicon


def _patterns(parameters: Parameters) -> Iterator[_Pattern]:
    stop = frozenset(parameters.understanding.stop_words)
    rank = 0
    for intent in parameters.intents:
        texts = [str(text) for text, _ in intent.known]
        if intent.slots == ("song",):
            texts += [f"{text} by {{artist}}" for text in texts]
        for text in texts:
            tokens = tuple(text.split())
            content = frozenset(word for word in tokens if word[0] != "{") - stop
            yield _Pattern(rank, intent, tokens, content)
            rank += 1


def _tree(patterns: tuple[_Pattern, ...]) -> _Node:
    root = _Node()
    for pattern in patterns:
        node = root
        for token in pattern.tokens:
            if token[0] == "{":
                node = node.slots.setdefault(token[1:-1], _Node())
            else:
                node = node.words.setdefault(token, _Node())
        node.ends.append(pattern)
    return root


def _by_word(patterns: tuple[_Pattern, ...]) -> Mapping[str, tuple[_Pattern, ...]]:
    """Index patterns for loose matching: neither guarded ones nor those of any words at all."""
    index: dict[str, list[_Pattern]] = defaultdict(list)
    for pattern in patterns:
        if pattern.intent.risk != "guarded" and len(pattern.content) > 1:
            for word in pattern.content:
                index[word].append(pattern)
    return {word: tuple(found) for word, found in index.items()}


def _by_title_word(catalogue: Catalogue) -> Mapping[str, tuple[Song, ...]]:
    index: dict[str, list[Song]] = defaultdict(list)
    for song in sorted(catalogue.songs, key=lambda song: -song.popularity):
        for word in set(song.title.split()):
            index[word].append(song)
    return {word: tuple(songs) for word, songs in index.items()}


def _spoken_first(parameters: Parameters) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """Return what may stand before a request, longest first; true marks a correction."""
    fillers = [(text, False) for text, _ in parameters.wording.fillers_before]
    corrections = [(text, True) for text in parameters.understanding.openings]
    rows = [(tuple(text.split()), corrects) for text, corrects in fillers + corrections]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))


def _spoken_last(parameters: Parameters) -> tuple[tuple[str, ...], ...]:
    """Return what may stand behind a request, longest first."""
    fillers = [tuple(text.split()) for text, _ in parameters.wording.fillers_after]
    return tuple(sorted(fillers, key=lambda filler: -len(filler)))


def _preference(parse: _Parse) -> tuple[int, int, int]:
    """Prefer few unknown words, then patterns that say more themselves, then earlier ones."""
    return parse.unknown, len(parse.found) - len(parse.pattern.tokens), parse.pattern.rank


def _implied(intent: Intent, text: str) -> Span:
    name, word = intent.implied
    start = max(0, text.find(word))
    return Span(name, text[start : start + len(word)], start, start + len(word))


def _at(tokens: list[str], first: int, phrase: tuple[str, ...]) -> bool:
    return tuple(tokens[first : first + len(phrase)]) == phrase


def _starts(tokens: list[str]) -> list[int]:
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    return starts
