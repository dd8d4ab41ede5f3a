"""Timers, alarms and reminders."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnothi.core.clock import FixedClock, SystemClock
from gnothi.core.errors import InputError
from gnothi.home.alarms import SNOOZE, AlarmEvent, Alarms, Kind, Phase
from gnothi.journal.memory import MemoryStore

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=BERLIN)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Room:
    """Alarms that can be switched off and on again, and what they told."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.clock = FixedClock(now)
        self.store = MemoryStore()
        self.events: list[AlarmEvent] = []
        self.alarms = self.restart()

    def restart(self) -> Alarms:
        self.alarms = Alarms(self.store, self.clock, BERLIN, rng=Random(0))
        self.alarms.subscribe(self.events.append)
        return self.alarms

    async def wait(self, time: timedelta) -> None:
        self.clock.moment += time
        await self.alarms.run_due()

    @property
    def told(self) -> list[str]:
        return [event.name for event in self.events]


async def test_a_timer_rings_when_its_time_is_over() -> None:
    """A timer rings exactly when its time is over, not before."""
    room = Room()
    timer = room.alarms.start_timer(10 * MINUTE, name="pasta")
    await room.wait(9 * MINUTE)
    assert timer.remaining(room.clock.now()) == MINUTE
    assert not room.alarms.ringing()
    await room.wait(MINUTE)
    assert [one.name for one in room.alarms.ringing()] == ["pasta"]
    assert room.told == ["changed", "ring"]


async def test_dismissing_ends_a_timer() -> None:
    """A timer that was dismissed is gone, also after a restart."""
    room = Room()
    room.alarms.start_timer(MINUTE)
    await room.wait(MINUTE)
    room.alarms.dismiss(room.alarms.ringing()[0])
    assert room.restart().all() == ()


async def test_a_timer_survives_a_restart() -> None:
    """A timer goes on while the assistant is off, and rings late with a note."""
    room = Room()
    room.alarms.start_timer(10 * MINUTE)
    room.clock.moment += 12 * MINUTE
    (rung,) = await room.restart().run_due()
    assert rung.late == 2 * MINUTE


async def test_an_alarm_that_is_far_too_late_is_reported_instead() -> None:
    """An alarm that came due hours ago does not ring; it is told as missed until noted."""
    room = Room()
    room.alarms.set(Kind.ALARM, MORNING + HOUR)
    room.clock.moment += 5 * HOUR
    alarms = room.restart()
    assert await alarms.run_due() == ()
    (missed,) = alarms.missed()
    assert (missed.phase, missed.late) == (Phase.MISSED, 4 * HOUR)
    alarms.dismiss(missed)
    assert not alarms.missed()


async def test_a_reminder_is_useful_for_longer() -> None:
    """A reminder that is hours late still rings."""
    room = Room()
    room.alarms.set(Kind.REMINDER, MORNING + HOUR, name="call mom")
    room.clock.moment += 5 * HOUR
    assert [one.name for one in await room.restart().run_due()] == ["call mom"]


async def test_ringing_goes_on_after_a_restart() -> None:
    """What rang when the power went still rings, and can be dismissed."""
    room = Room()
    room.alarms.start_timer(MINUTE)
    await room.wait(MINUTE)
    alarms = room.restart()
    assert len(alarms.ringing()) == 1


async def test_a_forgotten_alarm_falls_silent() -> None:
    """Nobody is home: after ten minutes an alarm stops by itself."""
    room = Room()
    room.alarms.start_timer(MINUTE)
    await room.wait(MINUTE)
    await room.wait(11 * MINUTE)
    assert room.alarms.all() == ()
    assert room.told[-1] == "dismissed"


async def test_snooze() -> None:
    """A snoozed alarm is quiet for nine minutes, then rings again."""
    room = Room()
    room.alarms.set(Kind.ALARM, MORNING + MINUTE)
    await room.wait(MINUTE)
    room.alarms.snooze(room.alarms.ringing()[0])
    assert not room.alarms.ringing()
    await room.wait(SNOOZE)
    assert len(room.alarms.ringing()) == 1


async def test_a_recurring_alarm_comes_again() -> None:
    """An alarm on weekdays rings on Friday and next on Monday, snoozed or not."""
    room = Room()
    due = MORNING + HOUR
    room.alarms.set(Kind.ALARM, due, rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
    await room.wait(HOUR)
    snoozed = room.alarms.snooze(room.alarms.ringing()[0])
    await room.wait(SNOOZE)
    room.alarms.dismiss(room.alarms.ringing()[0])
    (following,) = room.alarms.all()
    assert following.due == due + timedelta(days=3)
    assert snoozed.id == following.id


async def test_a_missed_recurring_alarm_stays_set() -> None:
    """A daily alarm that was missed is reported once and rings the next day."""
    room = Room()
    room.alarms.set(Kind.ALARM, MORNING + HOUR, rule="FREQ=DAILY")
    await room.wait(5 * HOUR)
    assert len(room.alarms.missed()) == 1
    assert room.alarms.all()[0].due == MORNING + HOUR + timedelta(days=1)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
async def test_alarms_keep_their_time_when_clocks_change(day: str) -> None:
    """A daily alarm at seven rings at seven before and after the clocks change."""
    start = datetime.fromisoformat(f"{day}T07:00").replace(tzinfo=BERLIN)
    room = Room(start - HOUR)
    room.alarms.set(Kind.ALARM, start, rule="FREQ=DAILY")
    await room.wait(HOUR)
    room.alarms.dismiss(room.alarms.ringing()[0])
    (following,) = room.alarms.all()
    assert (following.due.hour, following.due.day) == (7, start.day + 1)
    assert following.due - start == timedelta(days=1)
    assert following.due.astimezone(UTC) - start.astimezone(UTC) != timedelta(days=1)


async def test_an_alarm_in_the_hour_that_is_skipped() -> None:
    """A daily alarm at half past two rings at half past three when there is no half past two."""
    before = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    room = Room(before - HOUR)
    room.alarms.set(Kind.ALARM, before, rule="FREQ=DAILY")
    await room.wait(HOUR)
    room.alarms.dismiss(room.alarms.ringing()[0])
    assert room.alarms.all()[0].due.hour == 3


async def test_pause_and_resume() -> None:
    """A paused timer keeps its time, also over a restart, and goes on from there."""
    room = Room()
    timer = room.alarms.start_timer(10 * MINUTE)
    await room.wait(4 * MINUTE)
    room.alarms.pause(timer)
    await room.wait(HOUR)
    alarms = room.restart()
    (paused,) = alarms.all()
    assert paused.remaining(room.clock.now()) == 6 * MINUTE
    alarms.resume(paused)
    await room.wait(6 * MINUTE)
    assert len(alarms.ringing()) == 1


@pytest.mark.parametrize(("by", "left"), [(5 * MINUTE, 15 * MINUTE), (-HOUR, timedelta())])
def test_more_and_less_time(by: timedelta, left: timedelta) -> None:
    """Time can be added and taken off, at most all of it."""
    room = Room()
    timer = room.alarms.shift(room.alarms.start_timer(10 * MINUTE), by)
    assert timer.remaining(room.clock.now()) == left


def test_a_removed_alarm_can_be_put_back() -> None:
    """Undo brings back an alarm as it was."""
    room = Room()
    alarm = room.alarms.set(Kind.ALARM, MORNING + HOUR, name="gym")
    room.alarms.remove(alarm)
    assert room.alarms.get(alarm.id) is None
    room.alarms.restore(alarm)
    assert room.restart().all() == (alarm,)


def test_no_time_is_no_timer() -> None:
    """A timer of no time, and a rule without an occurrence, are refused."""
    room = Room()
    with pytest.raises(InputError):
        room.alarms.start_timer(timedelta())
    with pytest.raises(InputError):
        room.alarms.set(Kind.ALARM, MORNING, rule="FREQ=DAILY;UNTIL=20200101T000000")


async def test_the_loop_wakes_for_the_next_alarm() -> None:
    """The running loop rings an alarm that is set while it sleeps."""
    alarms = Alarms(MemoryStore(), SystemClock(), BERLIN, rng=Random(0))
    rang = asyncio.Event()
    unsubscribe = alarms.subscribe(lambda event: rang.set() if event.name == "ring" else None)
    task = asyncio.create_task(alarms.run())
    await asyncio.sleep(0)
    alarms.start_timer(timedelta(milliseconds=20))
    await asyncio.wait_for(rang.wait(), 5)
    task.cancel()
    unsubscribe()


async def test_the_loop_ends_though_an_alarm_was_just_set() -> None:
    """Cancelled in the moment in which it wakes, it goes to sleep no more."""
    alarms = Alarms(MemoryStore(), SystemClock(), BERLIN, rng=Random(0))
    task = asyncio.create_task(alarms.run())
    await asyncio.sleep(0.01)
    alarms.start_timer(timedelta(minutes=10))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(2):
            await task
    assert task.cancelled()


@given(st.lists(st.integers(1, 86_400), min_size=1, max_size=8), st.integers(0, 100_000))
def test_everything_due_rings_and_nothing_else(seconds: list[int], later: int) -> None:
    """At any moment exactly the timers that are due have rung, were missed or fell silent."""
    room = Room()
    for length in seconds:
        room.alarms.start_timer(timedelta(seconds=length))
    asyncio.run(room.wait(timedelta(seconds=later)))
    waiting = [one for one in room.alarms.all() if one.phase is Phase.WAITING]
    assert len(waiting) == sum(length > later for length in seconds)
