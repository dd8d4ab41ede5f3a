"""How much harm an operation can do."""

import pytest

from gnothi.core.risk import Risk
from gnothi.home.grounding.risk import guarded_return, is_already, risk_of
from gnothi.home.model import Device
from gnothi.home.state import DeviceState


def device(
    entity: str, name: str = "Thing", device_class: str = "", members: tuple[str, ...] = ()
) -> Device:
    """Return a device."""
    attributes: dict[str, object] = {"device_class": device_class} if device_class else {}
    if members:
        attributes["entity_id"] = list(members)
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
    ("off", device("switch.a", "Front Door Lock")),
    ("on", device("switch.a", "Gas Valve")),
    ("on", device("switch.a", "Silence the Smoke Alarm")),
    ("off", device("switch.a", "Burglar Alarm Plug")),
    ("activate", device("automation.a", "Open the gate")),
    ("on", device("automation.a", "Open the gate and the light")),
    ("off", device("automation.a", "Burglar alarm")),
    ("on", device("group.a", "Front door locks")),
    ("on", device("group.a", "Everything", members=("light.hall", "cover.garage"))),
    ("activate", device("scene.a", "Welcome", members=("lock.front", "light.hall"))),
    ("open", device("cover.a", "All covers", "blind", members=("cover.garage_door",))),
    ("off", device("siren.a", "Burglar alarm")),
    ("toggle", device("siren.a", "Upstairs")),
    ("on", device("remote.a", "Gate")),
    ("activate", device("button.a", "Unlock")),
    ("trigger", device("automation.a", "Burglar alarm off")),
    ("activate", device("input_button.a", "Garage")),
    ("off", device("input_boolean.a", "Alarm armed")),
    ("on", device("some_new_domain.a", "Front door")),
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
    ("off", device("switch.a", "Gas Boiler")),
    ("on", device("switch.a", "Dishwasher Child Lock")),
    ("on", device("switch.a", "Master Bedroom")),
    ("off", device("input_boolean.a", "Wake-up alarm")),
    ("off", device("siren.a", "Doorbell Chime")),
    ("on", device("siren.a", "Burglar alarm")),
    ("activate", device("scene.a", "Movie", members=("light.living", "media_player.tv"))),
    ("activate", device("automation.a", "Hallway light when the front door opens")),
    ("on", device("automation.a", "Water the plants")),
    ("on", device("group.a", "Kitchen", members=("light.kitchen",))),
    ("on", device("remote.a", "TV")),
    ("off", device("climate.a", "Garage")),
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


def test_the_way_back_is_judged_too() -> None:
    """What brings a lock back to unlocked is guarded; what brings it back to locked is not."""
    lock = device("lock.a")
    assert guarded_return(lock, DeviceState("unlocked")) == "unlock"
    assert guarded_return(lock, DeviceState("locked")) is None


def test_what_is_ajar_is_not_open_yet() -> None:
    """Only what is wholly as it should be can't come to harm: no door ajar, and no group."""
    garage = device("cover.a", device_class="garage")
    assert is_already("open", garage, DeviceState("open"))
    assert is_already("open", garage, DeviceState("open", {"current_position": 100}))
    assert not is_already("open", garage, DeviceState("open", {"current_position": 10}))
    assert not is_already("open", garage, DeviceState("closed"))
    doors = device("cover.a", members=("cover.garage", "cover.gate"))
    assert not is_already("open", doors, DeviceState("open"))
