"""What the assistant does and says: calls, outcomes, acts, replies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

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
    """What it waits for: ``value``, ``confirmation`` or nothing."""
