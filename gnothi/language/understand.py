"""Words into moves and requests, by the network that is shipped or learned."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from gnothi.core.understanding import (
    CONTENT,
    Alternative,
    Interpretation,
    Kind,
    Move,
    Situation,
    Slot,
    Understanding,
)
from gnothi.language.decoder import Ints, decode, log_softmax, spans
from gnothi.language.models import Labels, read_labels
from gnothi.text.encoder import Reading, SharedEncoder
from gnothi.text.tokenise import Word, tokenise

SHIPPED = Path(__file__).parent.parent / "models" / "language"
"""The artifact that comes with the package."""
ALTERNATIVES = 6
MOST_MOVES = 12
KINDS = tuple(Kind)
_UNREADABLE = 0.5
"""Share of unknown pieces from which a sentence counts as another script."""
_LONGEST = 60
"""Characters of a word from which it is noise."""
_STRANGE, _DOUBT = 0.6, 0.5
"""Share of words that nobody has heard from which an unsure understanding is worth so much less."""
_SURE = 0.6
"""A whole sentence understood this surely is a request, although no move was found in it."""

_LONE, _UNSURE = 0.35, 0.5
"""A single word beside a request, and a request with words left over, that were parted wrongly are
understood less surely than this."""


_QUOTATION = re.compile(r"[\"“„][^\"“”„]+[\"”“]")
_QUOTED = "milk"
"""Stands for a quotation that was taken for moves of its own: a plain thing."""


@dataclass(frozen=True, slots=True)
class Found:
    """A move in the words of a reading: ``words[first:last]``."""

    kind: Kind
    first: int
    last: int
    score: float


class NeuralUnderstander:
    """Understands with one pass of the shared network, two when there is more than one request.

    The first pass finds the moves of an utterance (what is a request, a correction, an answer, a
    mere remark); the words of each are then understood by themselves.

    Implements ``gnothi.core.protocols.Understander``. Never raises for any text: what can't be
    read is out of scope.
    """

    def __init__(self, encoder: SharedEncoder | None = None) -> None:
        """Understand with the heads of *encoder*, by default of the shipped network.

        Nothing is loaded before the first text.
        """
        self.encoder = encoder or SharedEncoder(SHIPPED)

    @cached_property
    def labels(self) -> Labels:
        """The names of intents and slots, with the calibration."""
        self.encoder.open()
        return read_labels(self.encoder.folder)

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return the moves and requests in *text*, in order; out of scope when nothing is asked."""
        artifact = self.encoder.card.label
        words = tokenise(text)
        if not words:
            return Understanding(text, out_of_scope=True, artifact=artifact)
        whole = self.encoder.read([words], situation)[0]
        found = find_moves(whole)
        if parts_quotation(found, words, text):
            whole = self.encoder.read([as_one(words, text)], situation)[0]
            found = find_moves(whole)
        found = reach_out(found, whole, self.labels)
        readings = self._contents(found, whole)
        moves = tuple(self._move(text, one, readings.get(one), whole) for one in found)
        if (not moves or _cut_wrongly(found, moves, whole)) and (alone := self._alone(text, whole)):
            moves = (alone,)
        requests = tuple(move.request for move in moves if move.request)
        return Understanding(
            text,
            requests,
            out_of_scope=not requests,
            artifact=artifact,
            moves=moves,
            notes={"scope": round(whole.scope, 3)},
        )

    def _contents(self, found: Sequence[Found], whole: Reading) -> dict[Found, Reading]:
        """Return a reading of the words of every move that has content, by themselves."""
        contents = [one for one in found if one.kind in CONTENT]
        if len(contents) == 1 and contents[0].last - contents[0].first == len(whole.words):
            return {contents[0]: whole}
        parts = [whole.words[one.first : one.last] for one in contents]
        return dict(zip(contents, self.encoder.read(parts), strict=True)) if parts else {}

    def _move(self, text: str, found: Found, reading: Reading | None, whole: Reading) -> Move:
        request = None
        if reading and _in_scope(reading, self.labels):
            request = interpret(text, reading, self.labels)
        start, end = whole.words[found.first].start, whole.words[found.last - 1].end
        return Move(found.kind, start, end, found.score, request)

    def _alone(self, text: str, whole: Reading) -> Move | None:
        """Return *whole* as a request if it is surely understood as one."""
        if not _in_scope(whole, self.labels):
            return None
        request = interpret(text, whole, self.labels)
        if request.score < _SURE:
            return None
        return Move(Kind.REQUEST, request.start, request.end, request.score, request)


def _cut_wrongly(found: Sequence[Found], moves: Sequence[Move], whole: Reading) -> bool:
    """Tell whether a request is hardly understood because its words were parted.

    So were "alexa | great song for the commute" and "will a fiesta be | worth anything". A single
    word beside a request counts, and words left over that no pause sets apart.
    """
    if any(move.kind is not Kind.REQUEST for move in moves):
        return False
    scores = [move.request.score if move.request else 0.0 for move in moves]
    if len(found) > 1:
        alone = [s for s, one in zip(scores, found, strict=True) if one.last - one.first == 1]
        return bool(alone) and min(alone) < _LONE
    first, last = found[0].first, found[0].last
    before = first > 0 and not whole.words[first].pause
    after = last < len(whole.words) and not whole.words[last].pause
    return scores[0] < _UNSURE and (before or after)


def find_moves(reading: Reading) -> list[Found]:
    """Return the moves in the words of *reading*, by the best legal sequence of tags."""
    scores = log_softmax(reading.moves)
    paths, _ = decode(scores[None])
    sure = np.exp(scores)[np.arange(len(scores)), paths[0]]
    return [
        Found(KINDS[kind], first, last, float(sure[first:last].mean()))
        for kind, first, last in spans(paths[0], len(KINDS))[:MOST_MOVES]
    ]


def parts_quotation(found: Sequence[Found], words: Sequence[Word], text: str) -> bool:
    """Whether a move begins or ends in a quotation of *text*, or at one: add "stop; drop it"."""
    edges = {words[one.first].start for one in found} | {words[one.last - 1].end for one in found}
    quotations = [match.span() for match in _QUOTATION.finditer(text)]
    whole = (words[0].start, words[-1].end) if words else (0, 0)
    return any(start <= edge <= end for start, end in quotations for edge in edges - set(whole))


def as_one(words: Sequence[Word], text: str) -> list[Word]:
    """Return *words* with each quotation of *text* as one plain word, without pauses."""
    left = list(words)
    for match in _QUOTATION.finditer(text):
        within = [word for word in left if match.start() <= word.start < match.end()]
        if within:
            at = left.index(within[0])
            one = Word(_QUOTED, match.start(), match.end(), 0)
            left[at : at + len(within)] = [one]
    return left


def reach_out(found: Sequence[Found], whole: Reading, labels: Labels) -> list[Found]:
    """Let moves with content end where a value ends: "an alarm for six tomorrow | morning".

    What follows in the same breath belongs to a move as long as it fills a slot of the whole
    utterance: two heads of one network read it, and the one that knows values knows better.
    """
    if not any(one.kind in CONTENT for one in found):
        return list(found)
    tags = log_softmax(whole.tags[_best(whole, labels)])
    path, _ = decode(tags[None], touching=labels.touching)
    ends = [*(one.first for one in found[1:]), len(whole.words)]
    return [_extended(one, end, path[0], whole) for one, end in zip(found, ends, strict=True)]


def _extended(one: Found, end: int, path: Ints, whole: Reading) -> Found:
    last = one.last
    while one.kind in CONTENT and last < end and path[last] and not whole.words[last].pause:
        last += 1
    return replace(one, last=last)


def _best(reading: Reading, labels: Labels) -> int:
    """Return which of the considered intents fits best with its slots."""
    likelihoods = log_softmax(reading.intents / np.float32(labels.temperature))
    _, fits = decode(log_softmax(reading.tags), touching=labels.touching)
    return int(np.argmax(likelihoods[reading.considered] + labels.slot_weight * fits))


def interpret(text: str, reading: Reading, labels: Labels) -> Interpretation:
    """Return the intent and the slots that fit together best.

    The network models p(intent) · p(tags | intent); the pair with the highest product wins,
    where the tags' share is damped by ``slot_weight``.
    """
    likelihoods = log_softmax(reading.intents / np.float32(labels.temperature))
    paths, fits = decode(log_softmax(reading.tags), touching=labels.touching)
    considered = reading.considered
    best = int(np.argmax(likelihoods[considered] + labels.slot_weight * fits))
    intent = int(considered[best])
    scores = np.exp(likelihoods)
    ranked: list[int] = np.argsort(-scores).tolist()
    others = [number for number in ranked if number != intent]
    name = labels.intents[intent]
    score = float(scores[intent])
    if reading.strange >= _STRANGE and score < _SURE:
        score *= _DOUBT
    return Interpretation(
        domain=labels.domains[name],
        intent=name,
        score=score,
        slots=tuple(
            _slot(text, labels.slots[slot], reading.words[first:last])
            for slot, first, last in spans(paths[best], len(labels.slots))
        ),
        alternatives=tuple(
            _alternative(labels, number, float(scores[number])) for number in others[:ALTERNATIVES]
        ),
        start=reading.words[0].start,
        end=reading.words[-1].end,
    )


def _alternative(labels: Labels, number: int, score: float) -> Alternative:
    name = labels.intents[number]
    return Alternative(name, score, labels.domains[name])


def _slot(text: str, name: str, words: Sequence[Word]) -> Slot:
    start, end = words[0].start, words[-1].end
    return Slot(name, text[start:end], start, end)


def _in_scope(reading: Reading, labels: Labels) -> bool:
    longest = max(word.end - word.start for word in reading.words)
    readable = reading.unknown < _UNREADABLE and longest <= _LONGEST
    return readable and reading.scope <= labels.scope_threshold
