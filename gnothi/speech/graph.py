"""Sentences as a graph: all that a skill's samples can say, weighed against sound as a whole.

A skill's samples and the values of its slots stand for many sentences: a coffee maker's for some
millions. Their words are merged to the smallest graph without loops (Revuz 1992), each word is
spelled in every way that the recogniser's pieces allow, and CTC's blanks stand between pieces. The
best of all sentences is then found exactly (Viterbi), in a time that grows with the words in the
graph rather than with the sentences.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import Hypothesis, Pattern, Word
from gnothi.speech.words import said

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

EDGE = "_"
"""Begins a piece that begins a word."""
_NEVER = -1e30
Texts = tuple[tuple[str, ...], ...]
"""Alternatives, each in words."""


@dataclass(frozen=True, slots=True)
class WordArc:
    """A word that may be said between two places in sentences."""

    source: int
    target: int
    word: str


@dataclass(frozen=True, slots=True)
class WordGraph:
    """Sentences that share their beginnings and ends; place 0 is before the first word."""

    arcs: tuple[WordArc, ...]
    places: int
    ends: frozenset[int]

    @classmethod
    def of(cls, patterns: Iterable[Pattern]) -> "WordGraph":
        """Return the graph of *patterns*.

        What can't be said in letters is left out, and so is a pattern of which a part can't.
        """
        trie = _Trie()
        known: dict[tuple[str, ...], Texts | None] = {}
        for pattern in patterns:
            for part in pattern.parts:
                if part not in known:
                    known[part] = _spoken(part)
            if keys := _keys([known[part] for part in pattern.parts]):
                trie.add(keys)
        return _Flattened().graph(trie)

    def closest(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the sentence with the fewest words other than *words*; the first among equals.

        For recognisers that know nothing of the graph, and miss it by a word.
        """
        best: dict[int, list[tuple[int, tuple[str, ...]]]] = {
            0: [(at, ()) for at in range(len(words) + 1)]
        }
        for arc in self._ordered():
            before = best[arc.source]
            found = [(before[0][0] + 1, (*before[0][1], arc.word))]
            for at, word in enumerate(words):
                missed, said = before[at + 1], before[at]
                found.append(
                    min(
                        (missed[0] + 1, (*missed[1], arc.word)),
                        (said[0] + (word != arc.word), (*said[1], arc.word)),
                        (found[-1][0] + 1, found[-1][1]),
                        key=lambda one: one[0],
                    )
                )
            known = best.get(arc.target)
            best[arc.target] = [*map(_fewer, known, found)] if known else found
        ended = [best[end][-1] for end in sorted(self.ends) if end in best]
        return min(ended, key=lambda one: one[0])[1] if ended else ()

    def _ordered(self) -> list[WordArc]:
        """Return the arcs so that all that lead to a place come before those that leave it."""
        entering = Counter(arc.target for arc in self.arcs)
        leaving: dict[int, list[WordArc]] = {}
        for arc in self.arcs:
            leaving.setdefault(arc.source, []).append(arc)
        found: list[WordArc] = []
        waiting = [0]
        while waiting:
            for arc in leaving.get(waiting.pop(), ()):
                found.append(arc)
                entering[arc.target] -= 1
                if not entering[arc.target]:
                    waiting.append(arc.target)
        return found


_Read = tuple[int, tuple[str, ...]]
"""Words that are other ones, and the sentence that they belong to."""


def _fewer(one: _Read, other: _Read) -> _Read:
    return one if one[0] <= other[0] else other


def _spoken(part: Sequence[str]) -> Texts | None:
    """Return the words of each text of *part*; none at all where they can't be said."""
    spoken = tuple(dict.fromkeys(words for text in part if (words := said(text))))
    return spoken if spoken or not any(text.strip(" ,.;:!?-") for text in part) else None


def _keys(parts: Sequence[Texts | None]) -> list[Texts]:
    """Return *parts* as alternatives; words that have none stand alone."""
    keys: list[Texts] = []
    for part in parts:
        if part is None:
            return []
        keys += [((word,),) for word in part[0]] if len(part) == 1 else [part]
    return [key for key in keys if key]


class _Trie:
    """Sequences of keys by their beginnings."""

    def __init__(self) -> None:
        self.next: dict[Texts, _Trie] = {}
        self.end = False

    def add(self, keys: Iterable[Texts]) -> None:
        place = self
        for key in keys:
            place = place.next.setdefault(key, _Trie())
        place.end = True

    def merged(self, known: "dict[object, _Trie]") -> "_Trie":
        """Return this trie with equal ends of sequences made one."""
        self.next = {key: child.merged(known) for key, child in self.next.items()}
        told = (self.end, tuple(sorted((key, id(child)) for key, child in self.next.items())))
        return known.setdefault(told, self)


class _Flattened:
    """Numbers for places, and arcs between them."""

    def __init__(self) -> None:
        self._arcs: dict[WordArc, None] = {}
        self._numbers: dict[int, int] = {}
        self._ends: set[int] = set()
        self._places = 0

    def graph(self, trie: _Trie) -> WordGraph:
        kept: dict[object, _Trie] = {}
        root = trie.merged(kept)
        self._walk(root)
        return WordGraph(tuple(self._arcs), max(1, self._places), frozenset(self._ends))

    def _new(self) -> int:
        self._places += 1
        return self._places - 1

    def _walk(self, root: _Trie) -> None:
        self._numbers[id(root)] = self._new()
        waiting = [root]
        while waiting:
            place = waiting.pop()
            number = self._numbers[id(place)]
            if place.end:
                self._ends.add(number)
            for key, child in place.next.items():
                if id(child) not in self._numbers:
                    self._numbers[id(child)] = self._new()
                    waiting.append(child)
                self._alternatives(number, self._numbers[id(child)], key)

    def _alternatives(self, source: int, target: int, texts: Texts) -> None:
        """Add arcs for each of *texts* from *source* to *target*."""
        trie = _Trie()
        for words in texts:
            trie.add([((word,),) for word in words])
        known: dict[object, _Trie] = {}
        numbers = {id(trie.merged(known)): source}
        waiting = [trie]
        while waiting:
            place = waiting.pop()
            for ((word,),), child in place.next.items():
                if child.end:
                    self._arcs[WordArc(numbers[id(place)], target, word)] = None
                if child.next:
                    if id(child) not in numbers:
                        numbers[id(child)] = self._new()
                        waiting.append(child)
                    self._arcs[WordArc(numbers[id(place)], numbers[id(child)], word)] = None


@dataclass(frozen=True, slots=True)
class GraphWeights:
    """How sentences are weighed against sound."""

    blank: float = 0.0
    """Taken off the logarithm of the probability of blanks. A network that has heard little of
    what people sound like says nothing rather than something: that is taken back."""
    word: float = 4.0
    """Bonus for each word, against the pull to short sentences."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """The best sentence of a graph for some sound."""

    words: tuple[Word, ...]
    score: float
    """Logarithm of the probability of its best alignment, with bonuses."""
    strain: float
    """How much likelier each frame would be if anything could be said: the logarithm of a ratio."""

    @property
    def text(self) -> str:
        """The sentence."""
        return " ".join(word.text for word in self.words)

    @property
    def hypothesis(self) -> Hypothesis:
        """The sentence as recognisers tell it."""
        return Hypothesis(self.text, self.score, self.words)


class SentenceGraph:
    """A word graph spelled in pieces, with blanks; any number of streams may share it.

    States are pieces at their places and one blank for each place. A state is entered from itself
    or from a *junction*: what may stand before it. Blanks must part equal pieces.
    """

    def __init__(self, graph: WordGraph, pieces: Sequence[str]) -> None:
        """Spell *graph* with *pieces*, of which number 0 is the blank."""
        self.words = graph
        numbers = {piece: number for number, piece in enumerate(pieces) if piece}
        longest = max(map(len, pieces))
        places = graph.places
        sources: list[int] = []
        targets: list[int] = []
        spelled: list[int] = []
        owners: list[int] = []
        for owner, arc in enumerate(graph.arcs):
            letters = EDGE + arc.word
            inner = {0: arc.source, len(letters): arc.target}
            for at in range(1, len(letters)):
                inner[at] = places
                places += 1
            for at in range(len(letters)):
                for end in range(at + 1, min(len(letters), at + longest) + 1):
                    if (number := numbers.get(letters[at:end])) is not None:
                        sources.append(inner[at])
                        targets.append(inner[end])
                        spelled.append(number)
                        owners.append(owner)
        count = len(spelled)
        self.emitted: Ints = np.array([*spelled, *([0] * places)])
        """Piece of each state; blanks come behind the pieces."""
        self._owners = np.array([*owners, *([-1] * places)])
        self.begins: NDArray[np.bool_] = np.array(
            [pieces[number].startswith(EDGE) for number in spelled], bool
        )
        self._loops = np.zeros(count + places)
        self._loops[:count] = 1
        self._join(np.array(sources, int), np.array(targets, int), count, places)
        last = np.zeros(count + places, bool)
        ends = sorted(graph.ends)
        last[:count] = np.isin(targets, ends)
        last[[count + end for end in ends]] = True
        self.last: Ints = np.flatnonzero(last)
        """States in which a sentence may end."""

    def _join(self, sources: Ints, targets: Ints, count: int, places: int) -> None:
        """Find what each state may be entered from; the first junction is the beginning's."""
        into: list[list[int]] = [[count + place] for place in range(places)]
        for state in range(count):
            into[int(targets[state])].append(state)
        junctions = list(into)
        junction = np.concatenate([sources, np.arange(places)])
        met: dict[tuple[int, int], int] = {}
        for state in range(count):
            source, piece = int(sources[state]), int(self.emitted[state])
            if any(self.emitted[one] == piece for one in into[source]):
                if (source, piece) not in met:
                    met[source, piece] = len(junctions)
                    junctions.append([one for one in into[source] if self.emitted[one] != piece])
                junction[state] = met[source, piece]
        self._junction = junction
        self._flat = np.concatenate([np.array(one) for one in junctions])
        self._starts = np.cumsum([0, *map(len, junctions)])
        # Before any sound, a sentence begins: wherever place 0 may be left from.
        begun = [number for (source, _), number in met.items() if source == 0]
        self._begun = np.isin(junction, [0, *begun]).astype(float)

    @property
    def size(self) -> int:
        """How many states there are."""
        return len(self.emitted)

    def open(self, weights: "GraphWeights | None" = None) -> "Alignment":
        """Begin to follow a stream of scores."""
        return Alignment(self, weights or GraphWeights())

    def best(self, scores: Floats, weights: "GraphWeights | None" = None) -> "Aligned | None":
        """Return the sentence with the best alignment to *scores*; ``None`` where none fits.

        *scores* are logarithms of the probabilities of pieces, shape (frames, pieces).
        """
        alignment = self.open(weights)
        alignment.accept(scores)
        return alignment.finish()

    def entering(self, bonus: float) -> Doubles:
        """Return what it counts to enter each state, where a new word counts *bonus*."""
        entered = np.zeros(self.size)
        entered[: len(self.begins)][self.begins] = bonus
        return entered

    def first(self, told: Doubles, entered: Doubles) -> Doubles:
        """Return the scores of all states at the first frame."""
        return np.where(self._begun > 0, told + entered, _NEVER)

    def following(self, before: Doubles, told: Doubles, entered: Doubles) -> Doubles:
        """Return the scores of all states one frame after *before*."""
        met = np.maximum.reduceat(before[self._flat], self._starts[:-1])
        loops = np.where(self._loops > 0, before, _NEVER)
        return np.maximum(loops, met[self._junction] + entered) + told

    def source(self, state: int, before: Doubles, entered: Doubles) -> int:
        """Return the state that *state* is best reached from, which may be itself."""
        junction = self._junction[state]
        into = self._flat[self._starts[junction] : self._starts[junction + 1]]
        found = int(into[np.argmax(before[into])])
        stays = self._loops[state] > 0 and before[state] >= before[found] + entered[state]
        return state if stays else found

    def word(self, state: int) -> str:
        """Return the word that the piece *state* is of."""
        return self.words.arcs[int(self._owners[state])].word


class Alignment:
    """The best sentences of a graph for a stream of scores, frame by frame."""

    def __init__(self, graph: SentenceGraph, weights: GraphWeights) -> None:
        """Begin with nothing heard."""
        self._graph, self._weights = graph, weights
        self._entered = graph.entering(weights.word)
        self._kept: list[Doubles] = []
        self._heard: list[Floats] = []
        self._free = 0.0

    def accept(self, scores: Floats) -> None:
        """Take in logarithms of the probabilities of pieces, shape (frames, pieces)."""
        for frame in np.asarray(scores, np.float32):
            weighed = frame.copy()
            weighed[0] -= self._weights.blank
            self._free += float(weighed.max())
            told = weighed[self._graph.emitted].astype(np.float64)
            if self._kept:
                now = self._graph.following(self._kept[-1], told, self._entered)
            else:
                now = self._graph.first(told, self._entered)
            self._kept.append(now)
            self._heard.append(weighed)

    def finish(self, *, frame_s: float = 0.06) -> "Aligned | None":
        """Return the best sentence; ``None`` where the sound is too short for any."""
        last = self._graph.last
        if not self._kept or not len(last):
            return None
        state = int(last[np.argmax(self._kept[-1][last])])
        score = float(self._kept[-1][state])
        if score < _NEVER / 2:
            return None
        words = tuple(self._words(state, frame_s))
        strain = (self._free - (score - self._weights.word * len(words))) / len(self._kept)
        return Aligned(words, score, strain)

    def _words(self, state: int, frame_s: float) -> Iterator[Word]:
        """Yield the words on the best path that ends in *state*."""
        found: list[tuple[str, int, int, list[float]]] = []
        end, sure = -1, list[float]()
        for at in range(len(self._kept) - 1, -1, -1):
            graph = self._graph
            before = self._kept[at - 1] if at else None
            source = -1 if before is None else graph.source(state, before, self._entered)
            if state < len(graph.begins):
                end = max(end, at)
                sure.append(float(self._heard[at][graph.emitted[state]]))
                if graph.begins[state] and source != state:
                    found.append((graph.word(state), at, end, sure))
                    end, sure = -1, []
            state = source
        for word, begin, last, chances in reversed(found):
            sureness = min(1.0, math.exp(sum(chances) / len(chances)))
            yield Word(word, begin * frame_s, (last + 1) * frame_s, sureness)


def count_sentences(graph: WordGraph) -> int:
    """Return how many paths of words *graph* has."""
    after: dict[int, int] = {}
    leaving: dict[int, list[int]] = {}
    for arc in graph.arcs:
        leaving.setdefault(arc.source, []).append(arc.target)
    waiting = [0]
    while waiting:
        place = waiting[-1]
        missing = [one for one in leaving.get(place, ()) if one not in after]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        here = int(place in graph.ends)
        after[place] = here + sum(after[one] for one in leaving.get(place, ()))
    return after[0]
