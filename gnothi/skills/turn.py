"""What a skill sees of a turn, and what it proposes to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gnothi.core.acting import Act, Call, Question
from gnothi.core.plain import Json
from gnothi.core.protocols import Player, Store
from gnothi.core.risk import Risk
from gnothi.core.settings import Settings
from gnothi.core.understanding import Interpretation, Utterance
from gnothi.home.alarms import Alarms
from gnothi.home.house import House
from gnothi.journal.memory import MemoryStore
from gnothi.skills.format import Manifest
from gnothi.text.encoder import SharedEncoder

if TYPE_CHECKING:
    from gnothi.learning.readings import TaughtReadings
    from gnothi.learning.things import TaughtThings
    from gnothi.vision.eyes import Eyes


@dataclass(frozen=True, slots=True)
class Served:
    """A learned artifact that serves somebody."""

    label: str
    """``name@version``."""
    propensity: float
    """How probable it was that this version serves them."""


@dataclass(frozen=True, slots=True)
class Services:
    """What a skill may use. The composition root makes one for each skill."""

    house: House
    """The home: devices, lists, people, their state and history."""
    alarms: Alarms
    """Rings at a moment, on page, WebSocket and MQTT; survives a restart."""
    player: Player
    store: Store
    """The skill's own durable memory."""
    settings: Settings
    listening: Callable[[str], Store] = field(default=lambda person: MemoryStore())
    """What a person listened to: their own memory, exported and erased with them."""
    serving: Callable[[str, str], Served | None] = field(default=lambda name, key: None)
    """Which version of an artifact serves a key; ``None`` where none was learned."""
    artifact: Callable[[str], Path | None] = field(default=lambda label: None)
    """The folder of a version, sound and whole; ``None`` where it is gone."""
    topics: Sequence[Manifest] = ()
    """What the skills of this installation are good for, for help."""
    encoder: Callable[[], SharedEncoder | None] = field(default=lambda: None)
    """The shared encoder, as it serves everybody now; ``None`` where there is none."""
    sight: "Eyes | None" = None
    """What the household shows its assistant, and its camera; ``None`` where nothing is shown."""
    things: "TaughtThings | None" = None
    """What the household taught its camera; ``None`` where nothing can be taught."""
    readings: "TaughtReadings | None" = None
    """What it put right of what was read; ``None`` where nothing can be put right."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One request, as a skill sees it."""

    text: str
    """The part of the utterance that holds this request."""
    interpretation: Interpretation
    utterance: Utterance
    now: datetime
    """The present moment in the home's time zone."""
    services: Services
    session: str = ""
    user: str | None = None
    """Person who spoke, ``None`` for a guest."""
    carried: Call | None = None
    """An earlier call that this request changes or repeats ("and the kitchen", "no, oat milk").

    Its arguments hold unless the text gives others.
    """
    focus: Mapping[str, object] = field(default_factory=dict[str, object])
    """What earlier turns were about; see ``Outcome.entities``."""
    answers: str | None = None
    """The argument that this text answers, when the assistant had asked for it."""
    talk: Json = None
    """The state of the talk that this text goes on with (see ``Outcome.talk``)."""
    is_asked: bool = False
    """Whether a question waits for its answer."""


SAID = "said"
"""Key of :attr:`Turn.focus` under which the last answer stands."""
HEARD = "heard"
"""Key of :attr:`Turn.focus` under which stands what was said to that."""
SPOKEN_OF = "spoken_of"
"""Key of :attr:`Turn.focus` under which the skill that acted last stands."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A call with its arguments filled, before anything is done."""

    call: Call
    risk: Risk
    question: Question | None = None
    """What must be known before the call can be made."""
    problem: tuple[Act, ...] = ()
    """Why the call can't be made at all, to be said as it is (no such device …)."""
    refuses: bool = False
    """The problem is a value that was understood and can't be: it is told to an answer, too."""
    confirmation: Act | None = None
    """How to ask before a guarded call ("Unlock the front door?")."""
    entities: Mapping[str, object] = field(default_factory=dict[str, object])
    """What it is about; while it waits for an answer, "it" means this (see ``Turn.focus``)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a skill makes of something that is said in a talk that it leads."""

    sureness: float
    """How surely the words belong to the talk, and mean this; 0 where they mean nothing to it.

    At 1 no other skill is asked: for the fixed phrases of a talk."""
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    """What they mean: the arguments of the API that takes them."""
    leaves: bool = False
    """Whether the person wants to end the talk."""
    names: bool = False
    """Whether the words name something that the talk is about: "some jazz"."""
