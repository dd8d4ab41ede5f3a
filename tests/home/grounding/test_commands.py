"""What is asked of a device becomes a call that its domain knows."""

import pytest

from gnothi.home.grounding.commands import command
from gnothi.home.grounding.operations import Operation
from gnothi.home.model import Device
from gnothi.home.state import DeviceState


@pytest.mark.parametrize(("asked", "told"), [(21.0, 21), (21.5, 21.5), (5e9, 1000), (-5e9, -100)])
def test_temperatures_without_limits_stay_within_reason(asked: float, told: float) -> None:
    """A thermostat that tells no limits is not asked for the temperature of a star."""
    heating = Device("climate.heating", "climate", "Heating")
    made = command(
        Operation("temperature", {"value": asked}), heating, DeviceState("heat"), units="metric"
    )
    assert made is not None
    assert made.data == {"temperature": told}
