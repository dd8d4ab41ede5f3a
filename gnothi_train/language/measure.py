"""Figures of understanding: intent accuracy, CoNLL slot F1 and exact match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gnothi_train.language.examples import Example

Spans = frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system answered for one sentence; spans in characters."""

    intent: str | None
    spans: Spans


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates from 0 to 1 (Tur et al. 2010 for exact match, there sentence accuracy)."""

    intent: float
    slot_f1: float
    exact: float


def truth(example: Example) -> Answer:
    """Return the answer that *example* calls for."""
    spans = frozenset((s.name, s.start, s.end) for s in example.spans or ())
    return Answer(example.intent, spans)


def compare(answers: Sequence[Answer], truths: Sequence[Answer]) -> Figures:
    """Return how often *answers* agree with *truths*; spans count as a whole or not at all."""
    pairs = list(zip(answers, truths, strict=True))
    shared = sum(len(answer.spans & true.spans) for answer, true in pairs)
    named = sum(len(answer.spans) + len(true.spans) for answer, true in pairs)
    return Figures(
        intent=_rate(answer.intent == true.intent for answer, true in pairs),
        slot_f1=2 * shared / named if named else 1.0,
        exact=_rate(answer == true for answer, true in pairs),
    )


def _rate(hits: Iterable[bool]) -> float:
    values = list(hits)
    return sum(values) / len(values)
