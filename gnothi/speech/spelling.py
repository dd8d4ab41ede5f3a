"""What may be spelled, piece by piece: the words and names that a language model expects.

Words lie on a tree of letters; a beginning of a word already counts as the likeliest word that it
may become (Ney et al. 1992). Where each piece leads is worked out once, for all searches that share
an expectation, and kept in tables, so that a search looks up its whole beam at a time.
"""

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gnothi.speech.ngrams import BEGIN, END, Gram, Ngrams
from gnothi.speech.wording import LanguageModel

Doubles = NDArray[np.float64]
Numbers = NDArray[np.int64]
Ways = tuple[Numbers, Numbers, Numbers, Doubles]

EDGE = "_"
"""Begins a piece that begins a word."""
_NEVER = -math.inf
_LEAST = 1e-12
_ROOM = 256
"""Rows of the table that there is room for at first."""
_MOST = 50_000
"""States after which a spelling is begun anew for new searches: it must not grow for ever."""
_BITS = 32
_PLACE = (1 << _BITS) - 1
"""The part of a state that is the place in the tree; the rest are the words before."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How the search weighs what it hears against what it expects."""

    language: float = 0.5
    """Weight of the logarithm of the language model's probability."""
    word: float = 2.0
    """Bonus for each word, against the pull to short sentences."""
    beam: int = 48
    pieces: int = 12
    """Pieces that are tried in one frame."""
    threshold: float = -9.0
    """Logarithm of the probability below which a piece is not tried."""
    blank: float = 0.0
    """Taken off the logarithm of the probability of blanks where something is expected: a network
    that is unsure says nothing rather than something."""
    transducer: float = 0.0
    """Share of the transducer in what is heard, where there is one; CTC has the rest."""
    internal: float = 0.0
    """How often the transducer's own language model is taken off where something is expected
    (Variani et al., arXiv 2003.07705; Meng et al., arXiv 2011.01991)."""


@dataclass(slots=True)
class _Letter:
    """A place in the tree of what may be said: a beginning of words and names."""

    likeliest: float = _NEVER
    """Logarithm of the probability of the likeliest word below, whatever stands before it."""
    ends: list[tuple[str, float, int]] = field(default_factory=list[tuple[str, float, int]])
    """Symbols of the language model that end here, the name's share in it, and its words."""
    next: "dict[str, _Letter]" = field(default_factory=dict[str, "_Letter"])
    number: int = 0
    """Its place in ``below``."""

    def below(self) -> "Iterator[_Letter]":
        """Yield this place and all below it."""
        waiting: list[_Letter] = [self]
        while waiting:
            place = waiting.pop()
            yield place
            waiting.extend(place.next.values())

    def add(self, name: Sequence[str], symbol: str, share: float, chance: float) -> None:
        """Let *name* be said for *symbol*."""
        place = self
        for letter in EDGE + EDGE.join(name):
            place = place.next.setdefault(letter, _Letter())
            place.likeliest = max(place.likeliest, chance + share)
        place.ends.append((symbol, share, len(name)))

    def walk(self, piece: str) -> "_Letter | None":
        """Return where the letters of *piece* lead from here."""
        place = self
        for letter in piece:
            if letter not in place.next:
                return None
            place = place.next[letter]
        return place


class Expectation:
    """A language model prepared for the search; any number of searches may share it."""

    def __init__(self, model: LanguageModel) -> None:
        """Prepare *model*."""
        self._ngrams: Ngrams = model.ngrams
        self.root = _Letter()
        for symbol in model.ngrams.symbols:
            chance = math.log(max(model.ngrams.chance(symbol, ()), _LEAST))
            names: Mapping[Gram, float] = model.classes.get(symbol) or {(symbol,): 1.0}
            if symbol in model.classes and not model.classes[symbol]:
                continue
            for name, share in names.items():
                if share > 0 and all(name):
                    self.root.add(name, symbol, math.log(share), chance)
        self._known: dict[tuple[str, Gram], float] = {}
        self._lock = threading.Lock()
        self._spellings: dict[tuple[tuple[str, ...], Weights], _Expected] = {}

    def chance(self, symbol: str, context: Gram) -> float:
        """Return the logarithm of how probable *symbol* is after *context*."""
        key = (symbol, context)
        if key not in self._known:
            self._known[key] = math.log(max(self._ngrams.chance(symbol, context), _LEAST))
        return self._known[key]

    def spelling(self, pieces: tuple[str, ...], weights: Weights) -> "Spelling":
        """Return what may be spelled with *pieces*, weighed by *weights*."""
        key = (pieces, weights)
        with self._lock:
            kept = self._spellings.get(key)
            if kept is None or kept.size > _MOST:
                # Searches that are under way keep the one that they have.
                kept = self._spellings[key] = _Expected(self, pieces, weights)
            return kept


class Spelling(Protocol):
    """States of spelling, numbered; number 0 is where nothing was said yet."""

    def ahead(self, states: Numbers) -> Doubles:
        """Return what the unfinished word of each of *states* counts."""
        ...

    def ways(self, states: Numbers, pieces: Numbers) -> Ways:
        """Return every way on from *states* with one of *pieces*.

        Four arrays with an entry for each way: place in *states*, place in *pieces*, the state that
        is reached, and what words that end on the way add.
        """
        ...

    def endings(self, state: int) -> Iterator[float]:
        """Yield what each way to end in *state* adds; none where a word is unfinished."""
        ...


class _Anything:
    """Any pieces may follow each other; the first begins a word."""

    def __init__(self, pieces: tuple[str, ...]) -> None:
        """Spell with *pieces*."""
        self._begins = np.array([piece.startswith(EDGE) for piece in pieces])

    def ahead(self, states: Numbers) -> Doubles:
        """Return nothing: any word is as likely as another."""
        return np.zeros(len(states))

    def ways(self, states: Numbers, pieces: Numbers) -> Ways:
        """Return ways to state 1."""
        parent, piece = np.nonzero((states > 0)[:, None] | self._begins[pieces])
        return parent, piece, np.ones(len(parent), np.int64), np.zeros(len(parent))

    def endings(self, state: int) -> Iterator[float]:
        """Yield nothing to add."""
        yield 0.0


@lru_cache(maxsize=4)
def anything(pieces: tuple[str, ...]) -> Spelling:
    """Return the spelling that allows everything."""
    return _Anything(pieces)


class _Expected:
    """Only what is expected may be spelled.

    A state is a place in the tree and the words before, packed into one number: where a piece
    leads inside a word depends on the place alone, so that little has to be worked out anew.
    """

    def __init__(self, expectation: Expectation, pieces: tuple[str, ...], weights: Weights) -> None:
        """Spell with *pieces* what is in *expectation*."""
        self._expectation = expectation
        self._pieces = pieces
        self._weights = weights
        self._lock = threading.Lock()
        self._places: list[_Letter] = list(expectation.root.below())
        for number, place in enumerate(self._places):
            place.number = number
        likeliest = np.array([place.likeliest for place in self._places])
        self._ahead = weights.language * likeliest
        self._ahead[0] = 0.0
        self._may_end = np.array([bool(place.ends) for place in self._places])
        self._row = np.full(len(self._places), -1, np.int64)
        """For each place its row in the table, once a search got there."""
        self._rows = 0
        self._reached = np.full((_ROOM, len(pieces)), -1, np.int32)
        """For each row and piece the place that is reached; -1 for none."""
        begins = [number for number, piece in enumerate(pieces) if piece.startswith(EDGE)]
        self._fresh = np.full(len(pieces), -1, np.int64)
        """Where each piece leads from the root."""
        for number in begins:
            if place := expectation.root.walk(pieces[number]):
                self._fresh[number] = place.number
        self._contexts: list[Gram] = [(BEGIN, BEGIN)]
        self._numbers: dict[Gram, int] = {(BEGIN, BEGIN): 0}
        self._after: dict[int, tuple[tuple[int, float], ...]] = {}
        """For states where a word or name may end: contexts that follow, and what they gain."""

    @property
    def size(self) -> int:
        """How many states with an end were met."""
        return len(self._after)

    def ahead(self, states: Numbers) -> Doubles:
        """Return what the unfinished word of each state counts."""
        return self._ahead[states & _PLACE]

    def ways(self, states: Numbers, pieces: Numbers) -> Ways:
        """Return every way on from *states* with one of *pieces*."""
        places = states & _PLACE
        rows = self._row[places]
        if rows.min() < 0:
            rows = self._look(places)
        reached = self._reached[rows[:, None], pieces]
        parent, piece = np.nonzero(reached >= 0)
        inside = (states[parent] - places[parent]) + reached[parent, piece]
        fresh = self._fresh[pieces]
        begins = np.flatnonzero(fresh >= 0)
        ending = np.flatnonzero(self._may_end[places])
        ended = [
            (at, context, gain)
            for at, state in zip(ending.tolist(), states[ending].tolist(), strict=True)
            for context, gain in self._ended(state)
        ]
        if not (ended and len(begins)):
            return parent, piece, inside, np.zeros(len(parent))
        from_, contexts, gains = (np.array(part) for part in zip(*ended, strict=True))
        count = len(begins)
        return (
            np.concatenate([parent, np.repeat(from_, count)]),
            np.concatenate([piece, np.tile(begins, len(from_))]),
            np.concatenate(
                [inside, (np.repeat(contexts, count) << _BITS) + np.tile(fresh[begins], len(from_))]
            ),
            np.concatenate([np.zeros(len(parent)), np.repeat(gains, count)]),
        )

    def endings(self, state: int) -> Iterator[float]:
        """Yield what each way to end in *state* adds."""
        language = self._weights.language
        if not state:
            yield language * self._expectation.chance(END, self._contexts[0])
        for context, gain in self._ended(state):
            yield gain + language * self._expectation.chance(END, self._contexts[context])

    def _look(self, places: Numbers) -> Numbers:
        """Work out where the pieces lead from places where nobody has been, and return all rows."""
        with self._lock:
            missing: list[int] = places[self._row[places] < 0].tolist()
            for number in missing:
                if self._row[number] >= 0:
                    continue
                if self._rows == len(self._reached):
                    more = np.full_like(self._reached, -1)
                    self._reached = np.concatenate([self._reached, more])
                place = self._places[number]
                for piece, told in enumerate(self._pieces):
                    if told and (found := place.walk(told)):
                        self._reached[self._rows, piece] = found.number
                # The row is told last: whoever reads meanwhile finds it whole.
                self._row[number] = self._rows
                self._rows += 1
        return self._row[places]

    def _ended(self, state: int) -> tuple[tuple[int, float], ...]:
        """Return contexts and gains where the word or name at hand ends."""
        found = self._after.get(state)
        if found is None:
            found = self._worked_out(self._places[state & _PLACE], state >> _BITS)
            self._after[state] = found
        return found

    def _worked_out(self, place: _Letter, number: int) -> tuple[tuple[int, float], ...]:
        weights, context = self._weights, self._contexts[number]
        found: list[tuple[int, float]] = []
        for symbol, share, words in place.ends:
            chance = self._expectation.chance(symbol, context) + share
            gain = weights.language * chance + weights.word * words
            found.append((self._number((context[1], symbol)), gain))
        return tuple(found)

    def _number(self, context: Gram) -> int:
        with self._lock:
            if context not in self._numbers:
                self._contexts.append(context)
                self._numbers[context] = len(self._contexts) - 1
            return self._numbers[context]
