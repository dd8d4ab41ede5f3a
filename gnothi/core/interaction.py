"""The journal's record of a turn, and the signals that arrive after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gnothi.core.acting import Action, Decided, Reply, Stage
from gnothi.core.understanding import Understanding, Utterance


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that tells how a turn went: a rephrase, a barge-in, an undo, a completed play."""

    name: str
    at: datetime
    value: float = 1.0
    """Strength or probability, from 0 to 1."""
    detail: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Interaction:
    """One turn as it happened. Never changed; signals are attached beside it."""

    id: str
    """Time-ordered unique id (UUIDv7 in hexadecimal)."""
    at: datetime
    session: str
    user: str | None
    """Person who spoke, ``None`` for a guest."""
    utterance: Utterance
    understanding: Understanding
    actions: tuple[Action, ...]
    reply: Reply
    changes: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )
    """What the home looked like after, where it differs from before."""
    trace: tuple[Stage, ...] = ()
    artifacts: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name to version of every artifact that took part."""
    propensities: Mapping[str, float] = field(default_factory=dict[str, float])
    """Probability with which each random choice was made."""
    decisions: tuple[Decided, ...] = ()
    """Those choices whole, where learning needs more than how probable they were."""
    signals: tuple[Signal, ...] = ()
