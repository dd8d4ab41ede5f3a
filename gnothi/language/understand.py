"""Words into requests, by the network that is shipped or learned."""

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from gnothi.core.understanding import Alternative, Interpretation, Slot, Understanding
from gnothi.language.decoder import decode, log_softmax, spans
from gnothi.language.models import Labels, read_labels
from gnothi.text.encoder import Reading, SharedEncoder
from gnothi.text.tokenise import Word, tokenise

SHIPPED = Path(__file__).parent.parent / "models" / "language"
"""The artifact that comes with the package."""
ALTERNATIVES = 4
MOST_REQUESTS = 5
_UNREADABLE = 0.5
"""Share of unknown pieces from which a sentence counts as another script."""
_SENTENCE_END = re.compile(r"[.;!?\n]")
_END_BONUS, _COMMA_BONUS, _JOINT_BONUS = 5.0, 3.0, 2.0
"""Added to a boundary's logit after the end of a sentence, a comma, a joining word.

The network reads no punctuation, because recognisers write none; what a writer gives is taken
as evidence here.
"""
_SURE = 0.45
"""Every part of a sentence must be understood this surely, or it stays whole."""
_JOINTS = frozenset("and then also plus afterwards".split())
_LONG_JOINTS = (("after", "that"), ("as", "well", "as"), ("as", "well"), ("and", "please"))
_EMPTY = frozenset(
    "please thanks thank you okay ok gnothi and then also hey hi so well alexa now just".split()
)
"""Words that ask for nothing by themselves: no request consists of them alone."""


class NeuralUnderstander:
    """Understands with one pass of the shared network, two when a sentence holds several requests.

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

    def understand(self, text: str) -> Understanding:
        """Return the requests in *text*, in order; out of scope when there is none."""
        artifact = self.encoder.card.label
        words = tokenise(text)
        if not words:
            return Understanding(text, out_of_scope=True, artifact=artifact)
        labels = self.labels
        readings = self._parts(text, self.encoder.read([words])[0])
        inside = [reading for reading in readings if _in_scope(reading, labels)]
        requests = tuple(interpret(text, reading, labels) for reading in inside)
        return Understanding(
            text,
            requests,
            out_of_scope=not requests,
            artifact=artifact,
            notes={
                "scope": [round(reading.scope, 3) for reading in readings],
                "parts": [reading.words[0].start for reading in readings],
            },
        )

    def _parts(self, text: str, whole: Reading) -> list[Reading]:
        """Return a reading of each request; the *whole* if its parts make no sense alone."""
        parts = split(text, whole, self.labels.boundary_threshold)
        if len(parts) == 1:
            return [whole]
        readings = self.encoder.read(parts)
        return readings if all(_is_request(part, self.labels) for part in readings) else [whole]


def split(text: str, reading: Reading, threshold: float) -> list[list[Word]]:
    """Return the words of each request in the sentence, without those that join them."""
    parts: list[list[Word]] = [[]]
    for position, (word, score) in enumerate(zip(reading.words, reading.boundaries, strict=True)):
        if position and len(parts) < MOST_REQUESTS:
            bonus = _bonus(text, reading.words[position - 1], word)
            if float(score) + bonus > threshold:
                parts.append([])
        parts[-1].append(word)
    if len(parts) == 1:
        return parts
    return _merged([_without_joints(part) for part in parts])


def _bonus(text: str, before: Word, word: Word) -> float:
    gap = text[before.end : word.start]
    if _SENTENCE_END.search(gap):
        return _END_BONUS
    joint = _JOINT_BONUS if before.form in _JOINTS else 0.0
    return max(joint, _COMMA_BONUS) if "," in gap else joint


def _without_joints(part: list[Word]) -> list[Word]:
    first, last = 0, len(part)
    while many := _joint_at_end([word.form for word in part[:last]]):
        last -= many
    while first < last - 1 and part[first].form in _JOINTS:
        first += 1
    return part[first:last]


def _joint_at_end(forms: Sequence[str]) -> int:
    """Return how many words at the end of *forms* only join; never all of them."""
    for joint in _LONG_JOINTS:
        if len(forms) > len(joint) and tuple(forms[-len(joint) :]) == joint:
            return len(joint)
    return int(len(forms) > 1 and forms[-1] in _JOINTS)


def _merged(parts: Sequence[list[Word]]) -> list[list[Word]]:
    """Return *parts*, those that ask for nothing joined to the one before, or after at first."""
    merged: list[list[Word]] = []
    waiting: list[Word] = []
    for part in parts:
        if not all(word.form in _EMPTY for word in part):
            merged.append(waiting + part)
            waiting = []
        elif merged:
            merged[-1].extend(part)
        else:
            waiting = waiting + part
    return merged or [waiting]


def interpret(text: str, reading: Reading, labels: Labels) -> Interpretation:
    """Return the intent and the slots that fit together best.

    The network models p(intent) · p(tags | intent); the pair with the highest product wins,
    where the tags' share is damped by ``slot_weight``.
    """
    likelihoods = log_softmax(reading.intents / np.float32(labels.temperature))
    paths, fits = decode(log_softmax(reading.tags))
    considered = reading.considered
    best = int(np.argmax(likelihoods[considered] + labels.slot_weight * fits))
    intent = int(considered[best])
    scores = np.exp(likelihoods)
    ranked: list[int] = np.argsort(-scores).tolist()
    others = [number for number in ranked if number != intent]
    name = labels.intents[intent]
    return Interpretation(
        domain=labels.domains[name],
        intent=name,
        score=float(scores[intent]),
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


def _is_request(reading: Reading, labels: Labels) -> bool:
    scores = np.exp(log_softmax(reading.intents / np.float32(labels.temperature)))
    return _in_scope(reading, labels) and float(scores.max()) >= _SURE


def _in_scope(reading: Reading, labels: Labels) -> bool:
    return reading.scope <= labels.scope_threshold and reading.unknown < _UNREADABLE
