"""What the assistant remembers of a conversation, and for how long."""

from asyncio import Lock
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from gnothi.core.acting import Act, Call, Outcome, Talk
from gnothi.core.risk import Risk
from gnothi.core.understanding import Interpretation
from gnothi.skills.turn import SPOKEN_OF

CONTEXT = timedelta(minutes=15)
"""After this silence a session starts afresh."""
CORRECTABLE = timedelta(minutes=3)
"""How long "no, the bedroom" may refer to what was just done."""
CONFIRMABLE = timedelta(minutes=2)
"""A guarded action that is not confirmed in this time is dropped."""
TRIES = 3
"""How often the same question is asked, in all, before it is dropped."""
REMEMBERED = 8
"""Calls kept for undo, the newest last."""
SESSIONS = 4_096
"""Sessions kept at once; the one silent for longest goes first."""


TALK = "talk"
"""What is awaited in a talk that a skill leads."""


class Awaited(StrEnum):
    """What the assistant waits for."""

    VALUE = "value"
    CONFIRMATION = "confirmation"
    CORRECTION = "correction"
    """It was told "no", and asked what was meant."""


@dataclass(slots=True)
class Pending:
    """Something that waits for the person's answer."""

    awaited: Awaited
    interpretation: Interpretation
    text: str
    """The request as it was said."""
    call: Call
    risk: Risk
    since: datetime
    question: Act
    """What was asked, to be asked again after a digression."""
    argument: str = ""
    choices: tuple[str, ...] = ()
    tries: int = 1
    undoes: "Done | None" = None
    """What a yes takes back."""


@dataclass(frozen=True, slots=True)
class Done:
    """A call that was carried out, for corrections, follow-ups and undo."""

    interpretation: Interpretation
    text: str
    call: Call
    risk: Risk
    outcome: Outcome
    at: datetime
    turn: int

    @property
    def answers(self) -> bool:
        """Whether it only answered a question."""
        return self.interpretation.intent.endswith("_query") and self.outcome.undo is None


@dataclass(frozen=True, slots=True)
class CutOff:
    """A request that was cut off; the next utterance may be the rest of it, and no later one."""

    texts: tuple[str, ...]
    """What was heard, best first."""
    intent: str
    """What it was taken for; empty where it was not understood."""
    role: str | None
    """What is missing."""
    question: Act | None
    """How it was asked for; ``None`` where a skill asks for it."""
    call: Call | None
    """What it would have led to as it was."""
    spoken: bool
    """Whether it was heard, so that its last words may be misheard."""
    tries: int = 1
    broke_off: bool = False
    """Whether the sound says so: then its words may be a whole request, the last half a word."""


@dataclass(frozen=True, slots=True)
class Talking:
    """A talk that a skill leads, between two turns."""

    skill: str
    talk: Talk
    interpretation: Interpretation
    """The request that began it."""
    text: str
    digressions: int = 0
    """Turns in a row that were about something else."""


@dataclass(slots=True)
class Session:
    """One conversation. It belongs to one person on one device."""

    id: str
    touched: datetime
    turns: int = 0
    previous: str | None = None
    """Id of the turn before in the journal; reactions to it are told there."""
    pending: list[Pending] = field(default_factory=list[Pending])
    """The newest question last; the first is the one that is asked."""
    talking: Talking | None = None
    """The talk that goes on whenever nothing else is asked."""
    cut: CutOff | None = None
    """What was cut off a moment ago."""
    done: list[Done] = field(default_factory=list[Done])
    focus: dict[str, object] = field(default_factory=dict[str, object])
    lock: Lock = field(default_factory=Lock)
    """Turns of one session follow one another."""

    def begin_turn(self, now: datetime) -> None:
        """Note that a turn begins; forget what is too old to refer to."""
        if now - self.touched > CONTEXT:
            self.pending.clear()
            self.talking = self.cut = None
            self.done.clear()
            self.focus.clear()
        self.pending = [one for one in self.pending if _alive(one, now)]
        self.touched = now
        self.turns += 1

    @property
    def awaits(self) -> str | None:
        """What it waits for: an answer, a reply in a talk, or nothing."""
        if self.asked:
            return self.asked.awaited.value
        if self.cut and self.cut.question:
            return Awaited.VALUE.value
        return TALK if self.talking and self.talking.talk.question else None

    @property
    def asked(self) -> Pending | None:
        """The question that the next utterance may answer."""
        return self.pending[0] if self.pending else None

    @property
    def is_asked(self) -> bool:
        """Whether a question waits for its answer, be it one of a talk."""
        return bool(self.pending or (self.talking and self.talking.talk.question))

    def remember(self, done: Done) -> None:
        """Keep a call that was carried out, and what it was about."""
        self.done = [*self.done[1 - REMEMBERED :], done]
        self.focus.update({**done.outcome.entities, SPOKEN_OF: done.call.skill})

    def drop(self, call: Call) -> None:
        """Let a question about *call* go: it is asked anew."""
        self.pending = [one for one in self.pending if one.call != call]

    def last_turn(self, now: datetime) -> list[Done]:
        """Return the calls of the newest turn that did something, while it can be corrected."""
        if not self.done or now - self.done[-1].at > CORRECTABLE:
            return []
        return [done for done in self.done if done.turn == self.done[-1].turn]

    def last_deed(self, now: datetime) -> list[Done]:
        """Return the calls of the newest turn that did more than answer a question.

        "How long is left?" stands between a timer and "cancel it", and is nothing to take back.
        """
        deeds = [done for done in self.done if not done.answers]
        if not deeds or now - deeds[-1].at > CORRECTABLE:
            return self.last_turn(now)
        return [done for done in deeds if done.turn == deeds[-1].turn]

    def correctable(self, now: datetime) -> list[Done]:
        """Return the calls that can still be corrected, the newest first."""
        return [done for done in reversed(self.done) if now - done.at <= CORRECTABLE]

    def forget(self, calls: list[Done]) -> None:
        """Drop *calls* from memory, after they were undone."""
        self.done = [done for done in self.done if done not in calls]


def _alive(pending: Pending, now: datetime) -> bool:
    limit = CONFIRMABLE if pending.awaited is Awaited.CONFIRMATION else CONTEXT
    return now - pending.since <= limit


class Sessions:
    """All conversations that go on."""

    def __init__(self, *, most: int = SESSIONS) -> None:
        """Keep at *most* so many sessions."""
        self._sessions: dict[str, Session] = {}
        self._most = most

    def open(self, id: str, now: datetime) -> Session:  # noqa: A002 - the name of the field
        """Return the session called *id*, a new one where there is none."""
        session = self._sessions.pop(id, None) or Session(id, touched=now)
        self._sessions[id] = session
        while len(self._sessions) > self._most:
            self._sessions.pop(next(iter(self._sessions)))
        return session

    def forget_person(self, user: str) -> None:
        """Drop the conversations of *user*, whose sessions are named ``user/…``."""
        for id in [id for id in self._sessions if id.startswith(f"{user}/")]:  # noqa: A001
            del self._sessions[id]
