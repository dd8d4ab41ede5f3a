"""How much harm an operation can do."""

import pytest

from gnothi.core.risk import Risk
from gnothi.home.grounding.risk import restores_safely, risk_of
from gnothi.home.model import Device
from gnothi.home.state import DeviceState


def device(entity: str, name: str = "Thing", device_class: str = "") -> Device:
    """Return a device."""
    attributes = {"device_class": device_class} if device_class else {}
    return Device(entity, entity.partition(".")[0], name, attributes=attributes)


GUARDED = [
    ("unlock", device("lock.a")),
    ("toggle", device("lock.a")),
    ("open", device("cover.a", device_class="garage")),
    ("position", device("cover.a", device_class="gate")),
    ("open", device("cover.a", "Garage Door")),
    ("disarm", device("alarm_control_panel.a")),
    ("open", device("valve.a", device_class="gas")),
    ("open", device("valve.a", "Main Valve")),
    ("on", device("switch.a", "Front Gate")),
    ("activate", device("script.a", "Unlock front door")),
    ("off", device("switch.a", "Burglar Alarm")),
    ("off", device("switch.a", "Smoke Detector")),
]
REVERSIBLE = [
    ("lock", device("lock.a")),
    ("close", device("cover.a", device_class="garage")),
    ("open", device("cover.a", device_class="blind")),
    ("arm", device("alarm_control_panel.a")),
    ("open", device("valve.a", "Garden Sprinkler")),
    ("on", device("light.a", "Garage Light")),
    ("on", device("switch.a", "Garage Heater")),
    ("off", device("switch.a", "Coffee Machine")),
]


@pytest.mark.parametrize(("operation", "one"), GUARDED)
def test_what_lets_people_in_is_guarded(operation: str, one: Device) -> None:
    """Unlocking, opening entrances, disarming and opening mains need a yes."""
    assert risk_of(operation, [one]) is Risk.GUARDED


@pytest.mark.parametrize(("operation", "one"), REVERSIBLE)
def test_what_one_command_takes_back_is_reversible(operation: str, one: Device) -> None:
    """Closing, locking, arming and ordinary devices need none."""
    assert risk_of(operation, [one]) is Risk.REVERSIBLE


def test_a_group_is_as_harmful_as_its_worst() -> None:
    """One lock among lights makes the whole guarded."""
    group = [device("light.a"), device("lock.a")]
    assert risk_of("unlock", group) is Risk.GUARDED


def test_undo_never_unlocks() -> None:
    """Taking back "lock the door" would unlock it, which needs a yes of its own."""
    lock = device("lock.a")
    assert not restores_safely(lock, DeviceState("unlocked"))
    assert restores_safely(lock, DeviceState("locked"))
