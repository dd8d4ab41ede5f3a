"""What happened at home."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gnothi.core.clock import FixedClock
from gnothi.core.errors import StorageError
from gnothi.home.history import Event, History
from gnothi.home.house import STARTER, House

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_events_survive_a_restart(tmp_path: Path) -> None:
    """What happened before a restart is known after it."""
    history = History(tmp_path / "history.sqlite")
    history.record(Event("lock.a", NOON, "unlocked", "locked"))
    history.close()
    again = History(tmp_path / "history.sqlite")
    assert again.last("lock.a") == Event("lock.a", NOON, "unlocked", "locked")
    again.close()


def test_the_newest_event_of_any_asked_state_counts(tmp_path: Path) -> None:
    """Of several events the newest that fits is told."""
    history = History(tmp_path / "history.sqlite")
    for hours, state in enumerate(["on", "off", "on", "heat"]):
        history.record(Event("x", NOON + timedelta(hours=hours), state))
    last = history.last("x", "on", "off")
    assert last is not None
    assert last.at == NOON + timedelta(hours=2)
    assert history.changed("x", "heat") == NOON + timedelta(hours=3)
    assert history.changed("x", "on") is None
    history.forget_before(NOON + timedelta(hours=3))
    assert history.last("x", "on") is None
    history.close()


async def test_a_state_is_as_old_as_its_last_change(tmp_path: Path) -> None:
    """After a restart a device still knows since when it is in its state."""
    clock = FixedClock(NOON)
    file = tmp_path / "history.sqlite"
    house = House.from_file(STARTER, clock=clock, history=History(file))
    await house.call("light.turn_on", ["light.kitchen"])
    house.history.close()
    clock.moment += timedelta(hours=5)
    again = House.from_json(house.to_json(), clock=clock, history=History(file))
    assert again.state("light.kitchen").changed == NOON
    again.history.close()


async def test_a_full_disk_costs_no_command(tmp_path: Path) -> None:
    """When the history can't be written, devices obey all the same."""
    history = History(tmp_path / "no" / "such" / "folder")
    house = House.from_file(STARTER)
    house._history = history
    await house.call("light.turn_on", ["light.kitchen"])
    assert house.state("light.kitchen").state == "on"
    with pytest.raises(StorageError, match="history"):
        history.record(Event("x", NOON, "on"))
