"""Timers, alarms and reminders: durable, exact, and safe when clocks change.

An alarm lives in a :class:`gnothi.core.protocols.Store`, so it survives a restart. What came due
while the assistant was off rings late, with a note how late, or is reported as missed when it is
too old to be of use. Recurring alarms keep their wall-clock time across daylight saving.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from random import Random
from typing import cast

from dateutil.rrule import rrulestr

from gnothi.core.clock import Clock
from gnothi.core.errors import InputError
from gnothi.core.identity import time_ordered_id
from gnothi.core.plain import Json, plain
from gnothi.core.protocols import Store

SNOOZE = timedelta(minutes=9)
"""As mechanical clocks did it, and most people expect it since."""
PUNCTUAL = timedelta(seconds=10)
"""Ringing this much late is not worth a word."""
RINGING = timedelta(minutes=10)
"""After this time nobody listens: the alarm falls silent by itself."""
KEPT = timedelta(days=1)
"""How long a missed alarm is kept to be told."""
LONGEST_SLEEP = timedelta(hours=1)
"""The machine's clock may be set; look at it again at least this often."""

_log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What rings."""

    TIMER = "timer"
    ALARM = "alarm"
    REMINDER = "reminder"


GRACE: Mapping[Kind, timedelta] = {
    Kind.TIMER: timedelta(minutes=30),
    Kind.ALARM: timedelta(minutes=30),
    Kind.REMINDER: timedelta(hours=12),
}
"""How late a ring is still useful. A reminder keeps its use longer than a wake-up call."""


class Phase(StrEnum):
    """Where an alarm stands."""

    WAITING = "waiting"
    PAUSED = "paused"
    RINGING = "ringing"
    MISSED = "missed"
    """It came due while the assistant was off, too long ago to ring."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A timer, an alarm or a reminder."""

    id: str
    kind: Kind
    due: datetime
    """When it rings next; while ringing, when it rang."""
    name: str = ""
    """Name of a timer, text of a reminder."""
    rule: str = ""
    """RRULE of RFC 5545, empty for once; ``start`` gives its time of day."""
    start: datetime | None = None
    """First occurrence of a recurring alarm."""
    length: timedelta | None = None
    """Of a timer, as it was set."""
    left: timedelta | None = None
    """Of a paused timer."""
    phase: Phase = Phase.WAITING
    late: timedelta | None = None
    """How late it rings, when worth a word."""
    user: str | None = None
    device: str | None = None
    """The device that was spoken to; it is where it should ring."""

    def remaining(self, now: datetime) -> timedelta:
        """Return the time until it rings, never negative."""
        if self.left is not None:
            return self.left
        return max(self.due - now, timedelta())

    @property
    def active(self) -> bool:
        """Whether it can still ring."""
        return self.phase is not Phase.MISSED


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """Something happened to an alarm; for the page, WebSocket and MQTT."""

    name: str
    """``ring``, ``snoozed``, ``dismissed``, ``missed``, ``changed`` or ``removed``."""
    alarm: Alarm
    at: datetime


Subscriber = Callable[[AlarmEvent], None]


@dataclass(slots=True)
class _Wake:
    """Wakes the loop when the next alarm may have changed."""

    event: asyncio.Event = field(default_factory=asyncio.Event)


class Alarms:
    """Everything that will ring.

    Methods that change something are synchronous and durable when they return. Call :meth:`run`
    once, in a task; in tests call :meth:`run_due` with any moment instead.
    """

    def __init__(self, store: Store, clock: Clock, zone: tzinfo, *, rng: Random) -> None:
        """Read the alarms in *store*; wall-clock times are those of *zone*."""
        self._store = store
        self._clock = clock
        self._zone = zone
        self._rng = rng
        self._alarms = {key: _read(key, value) for key, value in store.items()}
        self._rang = {a.id: a.due for a in self._alarms.values() if a.phase is Phase.RINGING}
        self._subscribers: list[Subscriber] = []
        self._wake = _Wake()

    def all(self, kind: Kind | None = None) -> tuple[Alarm, ...]:
        """Return the alarms of *kind*, or all, the next first; missed ones are not among them."""
        found = [a for a in self._alarms.values() if a.active and kind in (None, a.kind)]
        return tuple(sorted(found, key=lambda alarm: (alarm.left is not None, alarm.due)))

    def missed(self) -> tuple[Alarm, ...]:
        """Return what came due while the assistant was off and could not ring any more."""
        return tuple(a for a in self._alarms.values() if a.phase is Phase.MISSED)

    def ringing(self) -> tuple[Alarm, ...]:
        """Return what rings now."""
        return tuple(a for a in self.all() if a.phase is Phase.RINGING)

    def get(self, id: str) -> Alarm | None:  # noqa: A002 - the name of the field
        """Return the alarm with *id*, ``None`` when it is gone."""
        return self._alarms.get(id)

    def start_timer(
        self,
        length: timedelta,
        *,
        name: str = "",
        user: str | None = None,
        device: str | None = None,
    ) -> Alarm:
        """Start a timer of *length*.

        Raises:
            InputError: the length is zero or negative.
        """
        if length <= timedelta():
            raise InputError("A timer needs some time to run.")
        now = self._clock.now()
        due = (now + length).astimezone(self._zone)
        timer = Alarm(
            self._new_id(now), Kind.TIMER, due, name, length=length, user=user, device=device
        )
        return self._keep(timer)

    def set(
        self,
        kind: Kind,
        due: datetime,
        *,
        name: str = "",
        rule: str = "",
        user: str | None = None,
        device: str | None = None,
    ) -> Alarm:
        """Set an alarm or a reminder for *due*, or for every occurrence of *rule* from then on."""
        now = self._clock.now()
        start = due.astimezone(self._zone)
        alarm = Alarm(
            self._new_id(now),
            kind,
            start,
            name,
            rule,
            start if rule else None,
            user=user,
            device=device,
        )
        if rule:
            first = _next(alarm, start - timedelta(seconds=1), self._zone)
            if first is None:
                raise InputError("That never happens.")
            alarm = replace(alarm, due=first)
        return self._keep(alarm)

    def restore(self, alarm: Alarm) -> Alarm:
        """Put *alarm* back as it was; takes back a removal or a change."""
        return self._keep(alarm)

    def pause(self, alarm: Alarm) -> Alarm:
        """Stop the time of *alarm*."""
        left = alarm.remaining(self._clock.now())
        return self._keep(replace(alarm, phase=Phase.PAUSED, left=left))

    def resume(self, alarm: Alarm) -> Alarm:
        """Let the time of a paused alarm go on."""
        due = (self._clock.now() + (alarm.left or timedelta())).astimezone(self._zone)
        return self._keep(replace(alarm, phase=Phase.WAITING, left=None, due=due))

    def shift(self, alarm: Alarm, by: timedelta) -> Alarm:
        """Let *alarm* ring later by *by*, or earlier; a timer that rings starts again."""
        now = self._clock.now()
        if alarm.left is not None:
            return self._keep(replace(alarm, left=max(alarm.left + by, timedelta())))
        due = max(alarm.due, now) if alarm.phase is Phase.RINGING else alarm.due
        later = max((due + by).astimezone(self._zone), now.astimezone(self._zone))
        length = alarm.length + by if alarm.length else None
        return self._keep(replace(alarm, due=later, phase=Phase.WAITING, length=length))

    def remove(self, alarm: Alarm) -> None:
        """Forget *alarm*, all its occurrences included."""
        self._drop(alarm)
        self._tell("removed", alarm)

    def snooze(self, alarm: Alarm, by: timedelta = SNOOZE) -> Alarm:
        """Silence a ringing *alarm* and let it ring again after *by*."""
        due = (self._clock.now() + by).astimezone(self._zone)
        snoozed = self._keep(replace(alarm, phase=Phase.WAITING, due=due, late=None), tell=False)
        self._tell("snoozed", snoozed)
        return snoozed

    def dismiss(self, alarm: Alarm) -> None:
        """Silence a ringing *alarm*, or take note of a missed one; a recurring one rings again."""
        self._finish(alarm, self._clock.now())
        self._tell("dismissed", alarm)

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call *subscriber* with every event; returns the function that ends it."""
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            with suppress(ValueError):
                self._subscribers.remove(subscriber)

        return unsubscribe

    def next_due(self) -> datetime | None:
        """Return when something has to happen next."""
        moments = [a.due for a in self._alarms.values() if a.phase is Phase.WAITING]
        moments += [rang + RINGING for rang in self._rang.values()]
        return min(moments, default=None)

    async def run_due(self, now: datetime | None = None) -> tuple[Alarm, ...]:
        """Ring what is due at *now*; return what began to ring."""
        moment = now or self._clock.now()
        self._silence_forgotten(moment)
        due = [a for a in self._alarms.values() if a.phase is Phase.WAITING and a.due <= moment]
        rung = [self._ring(alarm, moment) for alarm in sorted(due, key=lambda alarm: alarm.due)]
        return tuple(alarm for alarm in rung if alarm)

    async def run(self) -> None:
        """Ring whatever comes due, until cancelled."""
        while True:
            self._wake.event.clear()
            await self.run_due()
            with suppress(TimeoutError):  # wait_for may swallow that this is cancelled
                async with asyncio.timeout(self._patience()):
                    await self._wake.event.wait()

    def _patience(self) -> float:
        due = self.next_due()
        if due is None:
            return LONGEST_SLEEP.total_seconds()
        return min(max((due - self._clock.now()), timedelta()), LONGEST_SLEEP).total_seconds()

    def _ring(self, alarm: Alarm, now: datetime) -> Alarm | None:
        lateness = now - alarm.due
        if lateness > GRACE[alarm.kind]:
            self._miss(alarm, now)
            return None
        late = lateness if lateness > PUNCTUAL else None
        ringing = self._keep(replace(alarm, phase=Phase.RINGING, late=late), tell=False)
        self._rang[alarm.id] = now
        self._tell("ring", ringing)
        return ringing

    def _miss(self, alarm: Alarm, now: datetime) -> None:
        missed = replace(alarm, phase=Phase.MISSED, late=now - alarm.due)
        if following := self._following(alarm, now):
            self._keep(following, tell=False)
            missed = replace(missed, id=self._new_id(now), rule="", start=None)
        self._keep(missed, tell=False)
        self._tell("missed", missed)

    def _silence_forgotten(self, now: datetime) -> None:
        for id, rang in list(self._rang.items()):  # noqa: A001 - the name of the field
            if now - rang >= RINGING and (alarm := self._alarms.get(id)):
                self._finish(alarm, now)
                self._tell("dismissed", alarm)
        for alarm in self.missed():
            if now - alarm.due > KEPT:
                self._drop(alarm)

    def _finish(self, alarm: Alarm, now: datetime) -> None:
        self._rang.pop(alarm.id, None)
        following = self._following(alarm, now)
        if following:
            self._keep(following, tell=False)
        else:
            self._drop(alarm)

    def _following(self, alarm: Alarm, now: datetime) -> Alarm | None:
        """Return the next occurrence of a recurring *alarm* after *now*."""
        due = _next(alarm, now, self._zone) if alarm.rule else None
        return replace(alarm, due=due, phase=Phase.WAITING, late=None) if due else None

    def _keep(self, alarm: Alarm, *, tell: bool = True) -> Alarm:
        self._store.put(alarm.id, _written(alarm))
        self._alarms[alarm.id] = alarm
        if alarm.phase is not Phase.RINGING:
            self._rang.pop(alarm.id, None)
        if tell:
            self._tell("changed", alarm)
        self._wake.event.set()
        return alarm

    def _drop(self, alarm: Alarm) -> None:
        self._store.delete(alarm.id)
        self._alarms.pop(alarm.id, None)
        self._rang.pop(alarm.id, None)
        self._wake.event.set()

    def _tell(self, name: str, alarm: Alarm) -> None:
        event = AlarmEvent(name, alarm, self._clock.now())
        for subscriber in list(self._subscribers):
            subscriber(event)

    def _new_id(self, now: datetime) -> str:
        return time_ordered_id(now, self._rng)


def _next(alarm: Alarm, after: datetime, zone: tzinfo) -> datetime | None:
    """Return the first occurrence after *after*, at the wall-clock time of the first one.

    The rule runs on wall-clock times without a zone; a time that does not exist on the day the
    clocks go forward becomes the one an hour later, as RFC 5545 (3.3.5) asks.
    """
    start = (alarm.start or alarm.due).astimezone(zone)
    rule = rrulestr(alarm.rule, dtstart=start.replace(tzinfo=None, fold=0))
    found = rule.after(after.astimezone(zone).replace(tzinfo=None))
    return found.replace(tzinfo=zone).astimezone(UTC).astimezone(zone) if found else None


def _written(alarm: Alarm) -> Json:
    return plain(alarm)


def _read(key: str, value: Json) -> Alarm:
    fields = cast("dict[str, object]", value)

    def moment(name: str) -> datetime | None:
        text = fields.get(name)
        return datetime.fromisoformat(str(text)) if text else None

    def span(name: str) -> timedelta | None:
        seconds = fields.get(name)
        return None if seconds is None else timedelta(seconds=float(cast("float", seconds)))

    due = moment("due")
    assert due is not None
    return Alarm(
        id=key,
        kind=Kind(str(fields["kind"])),
        due=due,
        name=str(fields["name"]),
        rule=str(fields["rule"]),
        start=moment("start"),
        length=span("length"),
        left=span("left"),
        phase=Phase(str(fields["phase"])),
        late=span("late"),
        user=cast("str | None", fields.get("user")),
        device=cast("str | None", fields.get("device")),
    )
