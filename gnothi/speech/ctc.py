"""From scores of pieces to words: prefix beam search over what may be said in a home.

CTC sums over all ways to spread a text over time (Graves et al. 2006); the search keeps the best
beginnings and extends them frame by frame (Hannun et al. 2014). With a language model, only its
words and the home's names are spelled (``gnothi.speech.spelling``). Without one, anything is.

Where there is a transducer, it follows the same beginnings through the same frames, and both are
weighed in a log-linear sum: alone it would be misled by its own language model.

A beam is a row of arrays, and a frame is a dozen operations on them: what is worked out for one
beginning at a time is only what survives for the first time.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gnothi.core.hearing import Hypothesis, States, Word
from gnothi.speech.spelling import EDGE, Expectation, Spelling, Weights, anything
from gnothi.speech.transducer import Transducer

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Numbers = NDArray[np.int64]

WEIGHTS = Weights()
_NEVER = -math.inf
_ROOM = 256
"""Beginnings that there is room for at first."""


class _Texts:
    """Beginnings that were in the beam: a tree of pieces, and when each was heard best."""

    def __init__(self) -> None:
        """Begin with the empty text, number 0."""
        self.size = 1
        self.before = np.full(_ROOM, -1, np.int64)
        self.piece = np.zeros(_ROOM, np.int64)
        self.frame = np.zeros(_ROOM, np.int64)
        self.sure = np.full(_ROOM, _NEVER)
        self._known: dict[tuple[int, int, int], int] = {}

    def number(self, before: int, piece: int, state: int) -> int:
        """Return the text that *piece* makes of the text *before*, in one place of spelling."""
        key = (before, piece, state)
        found = self._known.get(key)
        if found is None:
            if self.size == len(self.before):
                self._grow()
            found = self._known[key] = self.size
            self.before[found], self.piece[found] = before, piece
            self.size += 1
        return found

    def note(self, numbers: Numbers, scores: Doubles, frame: int) -> None:
        """Remember where the last pieces of texts were heard best."""
        better = scores > self.sure[numbers]
        self.sure[numbers[better]], self.frame[numbers[better]] = scores[better], frame

    def line(self, number: int) -> list[int]:
        """Return the texts from the first piece to *number*."""
        found: list[int] = []
        while number > 0:
            found.append(number)
            number = int(self.before[number])
        return found[::-1]

    def shared(self, numbers: Numbers) -> int:
        """Return the longest beginning of all *numbers*; those before have smaller numbers."""
        rest = set(numbers.tolist())
        while len(rest) > 1:
            last = max(rest)
            rest.remove(last)
            rest.add(int(self.before[last]))
        return rest.pop()

    def _grow(self) -> None:
        for name, empty in (("before", -1), ("piece", 0), ("frame", 0), ("sure", _NEVER)):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.full(len(old), empty, old.dtype)]))


@dataclass(slots=True)
class _Beam:
    """The best beginnings, best first; all arrays have one entry for each."""

    text: Numbers
    piece: Numbers
    state: Numbers
    """Where each stands in what may be spelled."""
    expected: Doubles
    """Language model and bonus of the words that are complete."""
    blank: Doubles
    """Logarithm of the probability of all ways of CTC that end in a blank; then, in the piece."""
    end: Doubles
    transduced: Doubles
    """Logarithm of the probability of all ways of the transducer; 0 where there is none."""

    @property
    def heard(self) -> Doubles:
        """Logarithm of the probability of the sound, summed over all ways."""
        return np.logaddexp(self.blank, self.end)


@dataclass(slots=True)
class _Grown:
    """What beginnings may become with one more piece; all arrays have one entry for each."""

    parent: Numbers
    """Place in the beam."""
    piece: Numbers
    state: Numbers
    score: Doubles
    end: Doubles
    transduced: Doubles
    expected: Doubles


@dataclass(frozen=True, slots=True)
class Reading:
    """A hypothesis, and what speaks for it."""

    hypothesis: Hypothesis
    heard: float
    """Logarithm of the probability of the sound by CTC."""
    expected: float
    """What the language model adds, weighted, and the bonus of words."""
    transduced: float = 0.0
    """Logarithm of the probability of the sound by the transducer; 0 where there is none."""


class Search:
    """Finds the best texts for frames of log-probabilities that come one after the other."""

    def __init__(
        self,
        pieces: Sequence[str],
        expectation: Expectation | None = None,
        weights: Weights = WEIGHTS,
        *,
        frame_s: float,
        transducer: Transducer | None = None,
    ) -> None:
        """Spell with *pieces* (number 0 is the blank); frames are *frame_s* seconds apart."""
        self._transducer = transducer
        self._share = weights.transducer if transducer else 0.0
        self._internal = weights.internal if expectation else 0.0
        self._pieces = tuple(pieces)
        self.expectation = expectation
        self._weights = weights
        self._blank = weights.blank if expectation else 0.0
        self._frame_s = frame_s
        self._frames = 0
        self._spelling: Spelling = (
            expectation.spelling(self._pieces, weights) if expectation else anything(self._pieces)
        )
        self._texts = _Texts()
        none, zero = np.zeros(1, np.int64), np.zeros(1)
        self._beam = _Beam(none, none, none, zero, zero, np.full(1, _NEVER), zero)

    def accept(self, scores: Floats, states: States | None = None) -> None:
        """Take in the logarithms of probabilities of pieces; shape (frames, pieces).

        A transducer wants the *states* of the encoder besides; (frames, width).
        """
        for number, frame in enumerate(scores.astype(np.float64)):
            frame[0] -= self._blank
            self._advance(frame, None if states is None else states[number])
            self._frames += 1

    def _advance(self, frame: Doubles, state: States | None) -> None:
        beam = self._beam
        heard = beam.heard
        blank, end = heard + frame[0], beam.end + frame[beam.piece]
        steps = self._steps(state)
        transduced = beam.transduced + steps[:, 0]
        tried = self._tried(frame)
        if not len(tried):
            self._keep(blank, end, transduced, None)
            return
        grown = self._grown(frame, tried, heard, steps)
        self._merge(grown, end, transduced)
        self._keep(blank, end, transduced, grown)

    def _steps(self, state: States | None) -> Floats:
        """Return what the transducer makes of a frame after each beginning; (beam, pieces)."""
        beam, texts = self._beam, self._texts
        if self._transducer is None or state is None:
            return np.broadcast_to(np.float32(0), (len(beam.text), len(self._pieces)))
        before = texts.piece[np.maximum(texts.before[beam.text], 0)]
        return self._transducer.scores(state, before, beam.piece, internal=self._internal)

    def _tried(self, frame: Doubles) -> Numbers:
        most = min(self._weights.pieces, len(frame) - 1)
        best = np.argpartition(-frame, most)[: most + 1]
        return best[(best > 0) & (frame[best] > self._weights.threshold)]

    def _grown(self, frame: Doubles, tried: Numbers, heard: Doubles, steps: Floats) -> _Grown:
        beam = self._beam
        # A piece that follows itself is another one only after a blank.
        source = np.where(tried == beam.piece[:, None], beam.blank[:, None], heard[:, None])
        parent, piece, state, gain = self._spelling.ways(beam.state, tried)
        score = frame[tried][piece]
        return _Grown(
            parent,
            tried[piece],
            state,
            score,
            source[parent, piece] + score,
            beam.transduced[parent] + steps[parent, tried[piece]],
            beam.expected[parent] + gain,
        )

    def _merge(self, grown: _Grown, end: Doubles, transduced: Doubles) -> None:
        """Add what grows into a beginning that is in the beam already to what it has itself."""
        beam, texts = self._beam, self._texts
        at = np.full(texts.size + 1, -1, np.int64)
        at[beam.text] = np.arange(len(beam.text))
        above = at[texts.before[beam.text]]  # What is before the empty text is never in the beam.
        inside = np.flatnonzero((above >= 0) & (beam.text > 0))
        same = (
            (above[inside, None] == grown.parent)
            & (beam.piece[inside, None] == grown.piece)
            & (beam.state[inside, None] == grown.state)
        )
        row, column = np.nonzero(same)
        known = inside[row]
        end[known] = np.logaddexp(end[known], grown.end[column])
        if self._transducer:
            transduced[known] = np.logaddexp(transduced[known], grown.transduced[column])
        texts.note(beam.text[known], grown.score[column], self._frames)
        grown.end[column] = _NEVER

    def _heard(self, sound: Doubles, transduced: Doubles) -> Doubles:
        """Return what CTC and the transducer say together."""
        return (1 - self._share) * sound + self._share * transduced

    def _keep(
        self, blank: Doubles, end: Doubles, transduced: Doubles, grown: _Grown | None
    ) -> None:
        beam, ahead = self._beam, self._spelling.ahead
        totals = (
            self._heard(np.logaddexp(blank, end), transduced) + beam.expected + ahead(beam.state)
        )
        count = len(totals)
        if grown is not None:
            more = self._heard(grown.end, grown.transduced) + grown.expected + ahead(grown.state)
            totals = np.concatenate([totals, more])
        order = np.argsort(-totals, kind="stable")[: self._weights.beam]
        order = order[totals[order] > _NEVER]
        if grown is None:
            self._beam = _Beam(
                beam.text[order],
                beam.piece[order],
                beam.state[order],
                beam.expected[order],
                blank[order],
                end[order],
                transduced[order],
            )
            return
        new = np.flatnonzero(order >= count)
        chosen = order[new] - count
        text = np.concatenate([beam.text, np.zeros(len(grown.end), np.int64)])[order]
        before = beam.text[grown.parent[chosen]].tolist()
        rows = zip(before, grown.piece[chosen].tolist(), grown.state[chosen].tolist(), strict=True)
        text[new] = [self._texts.number(*row) for row in rows]
        self._texts.note(text[new], grown.score[chosen], self._frames)
        self._beam = _Beam(
            text,
            np.concatenate([beam.piece, grown.piece])[order],
            np.concatenate([beam.state, grown.state])[order],
            np.concatenate([beam.expected, grown.expected])[order],
            np.concatenate([blank, np.full(len(grown.end), _NEVER)])[order],
            np.concatenate([end, grown.end])[order],
            np.concatenate([transduced, grown.transduced])[order],
        )

    @property
    def text(self) -> str:
        """The best text so far; its last word may be unfinished."""
        return self._spelled(int(self._beam.text[0]))

    @property
    def stable(self) -> str:
        """The beginning that all texts in the beam share: no later text changes it."""
        return self._spelled(self._texts.shared(self._beam.text))

    def finish(self, best: int = 10) -> list[Hypothesis]:
        """Return the *best* texts, the best first; none where nothing was said."""
        return [one.hypothesis for one in self.readings(best)]

    def readings(self, best: int = 10) -> list[Reading]:
        """Return the *best* texts with what speaks for each, the best first."""
        found: dict[str, tuple[float, float, int]] = {}
        for at, number in enumerate(self._beam.text.tolist()):
            text = self._spelled(number)
            for score in self._scores(at):
                known = found.get(text)
                total = float(np.logaddexp(score, known[0])) if known else score
                top = (score, at) if known is None or score > known[1] else known[1:]
                found[text] = (total, *top)
        ordered = sorted(found.items(), key=lambda item: item[1][0], reverse=True)
        if not ordered or not ordered[0][0]:
            return []
        sound, transduced = self._beam.heard, self._beam.transduced
        heard = self._heard(sound, transduced)
        return [
            Reading(
                Hypothesis(text, total, tuple(self._words(int(self._beam.text[at])))),
                float(sound[at]),
                score - float(heard[at]),
                float(transduced[at]),
            )
            for text, (total, score, at) in ordered[:best]
            if text
        ]

    def _scores(self, at: int) -> Iterator[float]:
        """Yield what the beginning at a place of the beam scores in each way that it may end."""
        beam = self._beam
        base = float(self._heard(beam.heard, beam.transduced)[at] + beam.expected[at])
        return (base + gain for gain in self._spelling.endings(int(self._beam.state[at])))

    def _spelled(self, number: int) -> str:
        return self._joined(self._texts.line(number)).replace(EDGE, " ").strip()

    def _joined(self, line: Sequence[int]) -> str:
        return "".join(self._pieces[int(self._texts.piece[one])] for one in line)

    def _words(self, number: int) -> Iterator[Word]:
        """Yield the words of a text, from just before the first piece to just after the last."""
        texts = self._texts
        groups: list[list[int]] = []
        for step in texts.line(number):
            if self._joined([step]).startswith(EDGE) or not groups:
                groups.append([])
            groups[-1].append(step)
        after = 0.0
        for group in groups:
            begin = max(after, (int(texts.frame[group[0]]) - 1) * self._frame_s)
            end = max(begin, (int(texts.frame[group[-1]]) + 1) * self._frame_s)
            after = begin
            text = self._joined(group).lstrip(EDGE)
            sure = math.exp(float(texts.sure[group].mean()))
            yield Word(text, begin, min(end, self._frames * self._frame_s), min(1.0, sure))
