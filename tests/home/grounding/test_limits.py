import json
from dataclasses import replace

import pytest

from gnothi.core.clock import SystemClock
from gnothi.home.grounding.ground import ground
from gnothi.home.grounding.result import Doing, Problem
from gnothi.home.house import STARTER, House
from gnothi.home.model import load_home


def house(**told: object) -> House:
    """Return the starter home, its thermostat with the attributes *told*."""
    written = json.loads(STARTER.read_text("utf-8"))
    for device in written["devices"]:
        if device["domain"] == "climate":
            device["attributes"] |= told
    return House.from_json(written)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("set the thermostat to 100 degrees", (5, 35, "degrees")),
        ("set the thermostat to 500 degrees", (5, 35, "degrees")),
        ("set the kitchen light to 500 percent", (0, 100, "percent")),
        ("open the bedroom blinds to 300 percent", (0, 100, "percent")),
        ("set the volume of the kitchen speaker to 500 percent", (0, 100, "percent")),
    ],
)
def test_what_no_device_can_be_set_to_is_refused_with_its_limits(
    text: str, limits: tuple[float, float, str]
) -> None:
    """Nothing is clipped in silence: the answer tells what is possible."""
    found = ground(text, "", house())
    assert isinstance(found, Problem)
    assert (found.reason, found.limits) == ("beyond", limits)


@pytest.mark.parametrize(
    "text",
    [
        "set the thermostat to 21 degrees",
        "set the thermostat to 72 degrees",
        "set the kitchen light to 100 percent",
        "make the kitchen light 80 percent brighter",
    ],
)
def test_what_a_device_can_be_set_to_is_done(text: str) -> None:
    """Degrees Fahrenheit that a room may have are no more than it can; steps end at the limit."""
    assert isinstance(ground(text, "", house()), Doing)


def test_a_device_tells_its_own_limits() -> None:
    """A thermostat from 16 to 28 refuses 30, which is usual elsewhere."""
    own = house(min_temp=16, max_temp=28)
    found = ground("set the thermostat to 30 degrees", "", own)
    assert isinstance(found, Problem)
    assert found.limits == (16, 28, "degrees")
    assert isinstance(ground("set the thermostat to 30 degrees", "", house()), Doing)


def test_a_sauna_may_be_hotter_than_a_room() -> None:
    """What is called after a hot thing has no usual limits."""
    home = load_home(STARTER)
    heating = next(one for one in home.devices if one.domain == "climate")
    others = [one for one in home.devices if one is not heating]
    sauna = replace(heating, name="Sauna Thermostat", aliases=())
    hot = House(replace(home, devices=(*others, sauna)), clock=SystemClock())
    assert isinstance(ground("set the sauna thermostat to 85 degrees", "", hot), Doing)
