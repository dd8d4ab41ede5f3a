"""What the assistant does and says: calls, outcomes, acts, replies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gnothi.core.plain import Json
from gnothi.core.risk import Risk


class Status(StrEnum):
    """How far an action came."""

    DONE = "done"
    FAILED = "failed"
    NEEDS_VALUE = "needs_value"
    NEEDS_CONFIRMATION = "needs_confirmation"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a skill's API, ready to be carried out, journalled or undone."""

    skill: str
    api: str
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    """Resolved values; ``gnothi.core.plain.plain`` turns them into JSON."""


@dataclass(frozen=True, slots=True)
class Act:
    """A piece of meaning that the assistant says; a language pack renders it.

    ``key`` is ``skill.name`` (``timers.set``); ``values`` fill the template.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Question:
    """Something a skill must know before it can act."""

    argument: str
    """The argument of the API that the answer fills."""
    act: Act
    """How to ask."""
    choices: tuple[str, ...] = ()
    """Spoken names to choose from; empty for an open question."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk over several turns that a skill leads; it is kept with the conversation."""

    api: str
    """The API that takes what is said next."""
    state: Json
    """Whatever the skill needs to go on; it sees it as ``Turn.talk``."""
    question: Act | None = None
    """What is asked, to be asked again after a digression. Without one the talk only may go on:
    what is said next need not be about it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A choice among several things to say or do, drawn at random; what learning reads."""

    what: str
    """Which kind of choice: ``recommend/prompt``."""
    propensity: float
    """How probably this was chosen."""
    record: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Whatever a learner of such choices needs. No words, no names of people."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call led to. Errors of skills are values, not exceptions."""

    status: Status
    acts: tuple[Act, ...] = ()
    undo: Call | None = None
    """The call that takes this one back, when there is one."""
    undo_asks: Act | None = None
    """How to ask before ``undo``, where taking back is a guarded action (it may unlock a door)."""
    question: Question | None = None
    """With ``NEEDS_VALUE``."""
    risk: Risk | None = None
    """Overrides the API's declared risk where the arguments decide it (a garage door)."""
    display: Mapping[str, object] | None = None
    """Something to show rather than say (a list, a forecast)."""
    entities: Mapping[str, object] = field(default_factory=dict[str, object])
    """What later turns may refer back to ("it", "there", "and the kitchen")."""
    talk: Talk | None = None
    """The talk that goes on from here; a talk that was led so far ends without one."""
    decided: tuple[Decided, ...] = ()
    """What was chosen at random on the way, for the journal."""
    warmth: float | None = None
    """How warmly it is said, from 0 to 1; it sets the voice and nothing else."""


@dataclass(frozen=True, slots=True)
class Action:
    """A call and what became of it, as the API reports it (CONTRACTS, section 5)."""

    call: Call
    status: Status
    risk: Risk
    message: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a turn in its trace."""

    stage: str
    ms: float
    artifact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant answers."""

    text: str
    acts: tuple[Act, ...] = ()
    ssml: str = ""
    display: tuple[Mapping[str, object], ...] = ()
    expects: str | None = None
    """What it waits for: ``value``, ``confirmation``, ``talk`` or nothing."""
