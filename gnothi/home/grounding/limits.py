"""What a device can be set to: who asks for more is told the limits rather than given less."""

from gnothi.home.grounding.lexicon import Lexicon
from gnothi.home.grounding.result import Doing, Problem
from gnothi.home.grounding.words import stems
from gnothi.home.house import House
from gnothi.home.model import Device
from gnothi.home.state import as_number

_PERCENT = (0.0, 100.0)
_SHARES = frozenset({"brightness", "volume", "position", "speed", "humidity"})
"""Operations whose value is a share of the whole."""
_USUAL = {
    ("climate", "metric"): (5.0, 35.0),
    ("climate", "imperial"): (40.0, 95.0),
    ("water_heater", "metric"): (10.0, 90.0),
    ("water_heater", "imperial"): (50.0, 195.0),
}
"""Degrees by domain and units, for devices that tell none: Home Assistant's own are 7 to 35."""


def beyond(found: Doing, house: House, lexicon: Lexicon) -> Problem | None:
    """Return why a value of *found* can't be set; ``None`` when all can.

    Steps ("ten percent brighter") end at the limits and are no problem.
    """
    for step in found.steps:
        wanted = as_number(step.operation.data.get("value"))
        for target in step.targets if wanted is not None else ():
            device = house.device(target)
            limits = _limits(step.operation.name, device, house, lexicon)
            if limits and wanted is not None and not limits[0] <= wanted <= limits[1]:
                unit = "percent" if step.operation.name in _SHARES else "degrees"
                return Problem(
                    "beyond",
                    targets=(target,),
                    operation=step.operation.name,
                    limits=(*limits, unit),
                )
    return None


def _limits(
    operation: str, device: Device, house: House, lexicon: Lexicon
) -> tuple[float, float] | None:
    """Return the lowest and the highest value of *operation* on *device*; ``None``: any."""
    if operation in _SHARES:
        return _PERCENT
    if operation != "temperature":
        return None
    state = house.state(device.id)
    usual = None if _is_hot(device, lexicon) else _USUAL.get((device.domain, house.home.units))
    low, high = state.number("min_temp"), state.number("max_temp")
    if low is None and high is None:
        return usual
    below, above = usual or (float("-inf"), float("inf"))
    return (below if low is None else low), (above if high is None else high)


def _is_hot(device: Device, lexicon: Lexicon) -> bool:
    """Whether *device* is called after what is hotter than a room: a sauna, an oven."""
    return any(word in lexicon.hot for name in device.names for word in stems(name))
