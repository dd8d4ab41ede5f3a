"""What was said, and ways to understand it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Heard:
    """How something that was spoken was heard."""

    recogniser: str
    """Name of the recogniser."""
    seconds: float
    """From the beginning of speech to its end."""
    ending: str = ""
    """Why it was taken for ended; see :class:`gnothi.speech.voice.Ending`."""
    stages: Mapping[str, float] = field(default_factory=dict[str, float])
    """Milliseconds from the end of speech to the request, by stage."""
    broke_off: bool = False
    """Whether the sound ended while somebody spoke: a button was released too early."""


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
    heard: Heard | None = None
    """How it was heard; ``None`` for what was typed."""
    picture: str = ""
    """Id of the picture that was shown with it; the picture itself is in no journal."""


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


class Situation(StrEnum):
    """Where a conversation stands when somebody speaks; it decides what "the bedroom" does."""

    IDLE = "idle"
    """Nothing was said in the last minutes."""
    DONE = "done"
    """Something has just been done or answered."""
    ASKED = "asked"
    """A value is awaited."""
    CONFIRM = "confirm"
    """A yes or a no is awaited."""


class Kind(StrEnum):
    """What one part of an utterance does to the conversation: its dialogue act."""

    REQUEST = "request"
    """A request or a question of its own."""
    INSTEAD = "instead"
    """A whole request that replaces what was just said or done: "no, turn on the fan"."""
    CHANGE = "change"
    """What is different from what was just said or done: "no, **the bedroom**"."""
    OLD = "old"
    """What is named only to take it back: "not **the kitchen**, the bedroom"."""
    AGAIN = "again"
    """The same once more for something else: "and **the kitchen**"."""
    VALUE = "value"
    """A bare answer to what was asked."""
    YES = "yes"
    NO = "no"
    """A refusal, or the judgement that something was wrong."""
    CANCEL = "cancel"
    """What was asked or begun is dropped."""
    UNDO = "undo"
    """What was done is taken back without naming it."""
    REPEAT = "repeat"
    """A wish to hear the last answer again."""


CONTENT = frozenset({Kind.REQUEST, Kind.INSTEAD, Kind.AGAIN, Kind.CHANGE, Kind.VALUE})
"""Moves that ask for something, so that their words are understood by themselves."""


@dataclass(frozen=True, slots=True)
class Move:
    """One part of an utterance that does something; what lies between moves is an aside."""

    kind: Kind
    start: int
    end: int
    """Characters ``start:end`` of the utterance."""
    score: float = 1.0
    """Mean probability of its words' tags, from 0 to 1."""
    request: Interpretation | None = None
    """What is asked for, where there is content; its places are those of the utterance."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything that was understood of one utterance."""

    text: str
    requests: tuple[Interpretation, ...] = ()
    """In order of the text; empty when out of scope."""
    out_of_scope: bool = False
    artifact: str = ""
    """``name@version`` of what understood; several apart by a space, where heads were adjusted."""
    moves: tuple[Move, ...] = ()
    """What each part of the text does to the conversation, in order."""
    notes: Mapping[str, object] = field(default_factory=dict[str, object])
    """Evidence for the trace: scores of scope …"""

    def text_of(self, request: Interpretation) -> str:
        """Return the part of the text that holds *request*."""
        return self.text[request.start : request.end]
