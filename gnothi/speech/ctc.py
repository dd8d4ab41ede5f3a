"""From scores of pieces to words: prefix beam search over what may be said in a home.

CTC sums over all ways to spread a text over time (Graves et al. 2006); the search keeps the best
beginnings and extends them frame by frame (Hannun et al. 2014). With a language model, only its
words and the home's names are spelled, along a tree of letters; a beginning of a word already
counts as the likeliest word that it may become (Ney et al. 1992). Without one, anything is.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import Hypothesis, Word
from gnothi.speech.ngrams import BEGIN, END, Gram, Ngrams
from gnothi.speech.wording import LanguageModel

Floats = NDArray[np.float32]

EDGE = "_"
"""Begins a piece that begins a word."""
_NEVER = -math.inf
_LEAST = 1e-12


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


WEIGHTS = Weights()


@dataclass(slots=True)
class _Letter:
    """A place in the tree of what may be said: a beginning of words and names."""

    likeliest: float = _NEVER
    """Logarithm of the probability of the likeliest word below, whatever stands before it."""
    ends: list[tuple[str, float, int]] = field(default_factory=list[tuple[str, float, int]])
    """Symbols of the language model that end here, the name's share in it, and its words."""
    next: "dict[str, _Letter]" = field(default_factory=dict[str, "_Letter"])
    reached: "dict[int, _Letter | None]" = field(default_factory=dict[int, "_Letter | None"])

    def add(self, name: Sequence[str], symbol: str, share: float, chance: float) -> None:
        """Let *name* be said for *symbol*."""
        place = self
        for letter in EDGE + EDGE.join(name):
            place = place.next.setdefault(letter, _Letter())
            place.likeliest = max(place.likeliest, chance + share)
        place.ends.append((symbol, share, len(name)))

    def walk(self, number: int, piece: str) -> "_Letter | None":
        """Return where the letters of *piece* lead from here."""
        if number not in self.reached:
            self.reached[number] = self._reach(piece)
        return self.reached[number]

    def _reach(self, piece: str) -> "_Letter | None":
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

    def chance(self, symbol: str, context: Gram) -> float:
        """Return the logarithm of how probable *symbol* is after *context*."""
        key = (symbol, context)
        if key not in self._known:
            self._known[key] = math.log(max(self._ngrams.chance(symbol, context), _LEAST))
        return self._known[key]


@dataclass(slots=True, eq=False)
class _Beginning:
    """A text so far: pieces, and where it stands in what is expected."""

    before: "_Beginning | None"
    piece: int
    place: _Letter | None
    context: Gram
    expected: float
    """Language model and bonus of the words that are complete."""
    ahead: float
    """What the unfinished word counts."""
    frame: int = 0
    sure: float = _NEVER
    blank: float = _NEVER
    """Logarithm of the probability of all ways that end in a blank; beside it, in the piece."""
    piece_end: float = _NEVER
    next: "dict[tuple[int, Gram, int], _Beginning]" = field(
        default_factory=dict[tuple[int, Gram, int], "_Beginning"]
    )
    new_blank: float = _NEVER
    new_piece: float = _NEVER

    @property
    def heard(self) -> float:
        """Logarithm of the probability of the sound, summed over all ways."""
        return _add(self.blank, self.piece_end)

    @property
    def total(self) -> float:
        """What the beam is ordered by."""
        return self.heard + self.expected + self.ahead

    def line(self) -> "list[_Beginning]":
        """Return the beginnings from the first piece to here."""
        found: list[_Beginning] = []
        at = self
        while at.before is not None:
            found.append(at)
            at = at.before
        return found[::-1]


def _add(one: float, other: float) -> float:
    if one < other:
        one, other = other, one
    return one if other == _NEVER else one + math.log1p(math.exp(other - one))


class Search:
    """Finds the best texts for frames of log-probabilities that come one after the other."""

    def __init__(
        self,
        pieces: Sequence[str],
        expectation: Expectation | None = None,
        weights: Weights = WEIGHTS,
        *,
        frame_s: float,
    ) -> None:
        """Spell with *pieces* (number 0 is the blank); frames are *frame_s* seconds apart."""
        self._pieces = pieces
        self.expectation = expectation
        self._weights = weights
        self._frame_s = frame_s
        self._frames = 0
        place = expectation.root if expectation else None
        start = _Beginning(None, 0, place, (BEGIN, BEGIN), 0.0, 0.0, blank=0.0)
        self._beam = [start]

    def accept(self, scores: Floats) -> None:
        """Take in the logarithms of probabilities of pieces; shape (frames, pieces)."""
        for frame in scores:
            self._advance(frame)
            self._frames += 1

    def _advance(self, frame: Floats) -> None:
        weights = self._weights
        blank = float(frame[0])
        most = min(weights.pieces, len(frame) - 1)
        best = np.argpartition(-frame, most)[: most + 1]
        tried = [
            (number, float(frame[number]))
            for number in best.tolist()
            if number and frame[number] > weights.threshold
        ]
        touched: dict[int, _Beginning] = {}
        for one in self._beam:
            touched[id(one)] = one
            one.new_blank = _add(one.new_blank, one.heard + blank)
            if one.piece:
                one.new_piece = _add(one.new_piece, one.piece_end + float(frame[one.piece]))
            for number, score in tried:
                source = one.blank if number == one.piece else one.heard
                if source == _NEVER:
                    continue
                for child in self._extended(one, number):
                    touched[id(child)] = child
                    child.new_piece = _add(child.new_piece, source + score)
                    if score > child.sure:
                        child.sure, child.frame = score, self._frames
        for one in touched.values():
            one.blank, one.piece_end = one.new_blank, one.new_piece
            one.new_blank = one.new_piece = _NEVER
        ordered = sorted(touched.values(), key=lambda one: one.total, reverse=True)
        for one in ordered[weights.beam :]:
            one.blank = one.piece_end = _NEVER
        self._beam = ordered[: weights.beam]

    def _extended(self, one: _Beginning, number: int) -> "Iterator[_Beginning]":
        """Yield what becomes of *one* with one more piece: more than one where a name may end."""
        piece = self._pieces[number]
        if self.expectation is None:
            if one.before is not None or piece.startswith(EDGE):
                yield self._child(one, number, None, one.context, one.expected, 0.0)
            return
        if one.place is None:
            return
        if inside := one.place.walk(number, piece):
            ahead = self._weights.language * inside.likeliest
            yield self._child(one, number, inside, one.context, one.expected, ahead)
        if piece.startswith(EDGE) and one.before is not None:
            fresh = self.expectation.root.walk(number, piece)
            if fresh is None:
                return
            ahead = self._weights.language * fresh.likeliest
            for context, expected in self._ended(one):
                yield self._child(one, number, fresh, context, expected, ahead)

    def _ended(self, one: _Beginning) -> Iterator[tuple[Gram, float]]:
        """Yield contexts and expectations where the word or name at hand ends in *one*."""
        assert self.expectation is not None and one.place is not None
        weights = self._weights
        for symbol, share, words in one.place.ends:
            chance = self.expectation.chance(symbol, one.context) + share
            expected = one.expected + weights.language * chance + weights.word * words
            yield (one.context[1], symbol), expected

    @staticmethod
    def _child(
        one: _Beginning,
        number: int,
        place: _Letter | None,
        context: Gram,
        expected: float,
        ahead: float,
    ) -> _Beginning:
        key = (number, context, id(place))
        if key not in one.next:
            one.next[key] = _Beginning(one, number, place, context, expected, ahead)
        return one.next[key]

    @property
    def text(self) -> str:
        """The best text so far; its last word may be unfinished."""
        return self._spelled(self._beam[0])

    @property
    def stable(self) -> str:
        """The beginning that all texts in the beam share: no later text changes it."""
        lines = [one.line() for one in self._beam]
        shared = 0
        for column in zip(*lines, strict=False):
            if any(one is not column[0] for one in column):
                break
            shared += 1
        return self._spelled(lines[0][shared - 1]) if shared else ""

    def finish(self, best: int = 10) -> list[Hypothesis]:
        """Return the *best* texts, the best first; none where nothing was said."""
        found: dict[str, tuple[float, float, _Beginning]] = {}
        for one in self._beam:
            for score in self._scores(one):
                text = self._spelled(one)
                known = found.get(text)
                total = _add(score, known[0]) if known else score
                top = max(known, (total, score, one), key=lambda row: row[1]) if known else None
                found[text] = (total, score, one) if top is None else (total, top[1], top[2])
        ordered = sorted(found.items(), key=lambda item: item[1][0], reverse=True)
        if not ordered or not ordered[0][0]:
            return []
        return [
            Hypothesis(text, total, tuple(self._words(one)))
            for text, (total, _, one) in ordered[:best]
            if text
        ]

    def _scores(self, one: _Beginning) -> Iterator[float]:
        if self.expectation is None:
            yield one.heard
        elif one.before is None:
            end = self.expectation.chance(END, one.context)
            yield one.heard + self._weights.language * end
        else:
            for context, expected in self._ended(one):
                end = self.expectation.chance(END, context)
                yield one.heard + expected + self._weights.language * end

    def _spelled(self, one: _Beginning) -> str:
        told = "".join(self._pieces[step.piece] for step in one.line())
        return told.replace(EDGE, " ").strip()

    def _words(self, one: _Beginning) -> Iterator[Word]:
        """Yield the words of *one*: from just before their first piece to just after their last."""
        groups: list[list[_Beginning]] = []
        for step in one.line():
            if self._pieces[step.piece].startswith(EDGE) or not groups:
                groups.append([])
            groups[-1].append(step)
        after = 0.0
        for group in groups:
            begin = max(after, (group[0].frame - 1) * self._frame_s)
            end = max(begin, (group[-1].frame + 1) * self._frame_s)
            after = begin
            text = "".join(self._pieces[step.piece] for step in group).lstrip(EDGE)
            sure = math.exp(sum(step.sure for step in group) / len(group))
            yield Word(text, begin, min(end, self._frames * self._frame_s), min(1.0, sure))
