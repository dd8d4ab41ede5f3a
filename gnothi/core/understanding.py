"""What was said, and ways to understand it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing that somebody said or typed."""

    text: str
    """The best hypothesis, exactly as it arrived."""
    hypotheses: tuple[tuple[str, float], ...] = ()
    """Other hypotheses of a recogniser, best first, with their scores."""
    language: str = "en"
    device: str | None = None
    """Entity id or name of the device that heard it; its area is context."""
    speaker: str | None = None
    """Id of the person who spoke, ``None`` for a guest."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of the text that fills a role."""

    name: str
    value: str
    """The text of the span, unchanged."""
    start: int
    """First character in the utterance."""
    end: int
    """One past the last character."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """An intent that was considered, with its calibrated score from 0 to 1."""

    intent: str
    score: float
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One request in an utterance: what is wanted, and with what."""

    domain: str
    intent: str
    score: float
    """Calibrated probability that the intent is right, from 0 to 1."""
    slots: tuple[Slot, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    """Other intents, best first."""
    start: int = 0
    end: int = 0
    """Characters ``start:end`` of the utterance hold this request."""

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the texts of the slots called any of *names*, in order of the text."""
        return tuple(slot.value for slot in self.slots if slot.name in names)


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything that was understood of one utterance."""

    text: str
    requests: tuple[Interpretation, ...] = ()
    """In order of the text; empty when out of scope."""
    out_of_scope: bool = False
    artifact: str = ""
    """``name@version`` of the artifact that understood."""
    notes: Mapping[str, object] = field(default_factory=dict[str, object])
    """Evidence for the trace: scores of scope, split points …"""

    def text_of(self, request: Interpretation) -> str:
        """Return the part of the text that holds *request*."""
        return self.text[request.start : request.end]
