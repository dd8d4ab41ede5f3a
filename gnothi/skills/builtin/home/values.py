"""Values of devices as they are said: brightness in percent, temperatures in degrees."""

from gnothi.home.grounding.operations import Operation
from gnothi.home.state import DeviceState

_ATTRIBUTES = {
    "brightness": ("brightness", "percent", 1 / 2.55),
    "temperature": ("temperature", "degrees", 1.0),
    "speed": ("percentage", "percent", 1.0),
    "position": ("current_position", "percent", 1.0),
    "humidity": ("humidity", "percent", 1.0),
    "volume": ("volume_level", "percent", 100.0),
    "color_temp": ("color_temp_kelvin", "kelvin", 1.0),
}


def told(operation: Operation, state: DeviceState) -> dict[str, object] | None:
    """Return ``value`` and ``unit`` of what *operation* set, as it is now."""
    if operation.name == "mode":
        return {"value": str(operation.data.get("mode", ""))}
    if operation.name not in _ATTRIBUTES:
        return {}
    return level(operation.name, state)


def level(name: str, state: DeviceState) -> dict[str, object] | None:
    """Return the level *name* of a device as it is said; ``None`` when it is unknown."""
    attribute, unit, scale = _ATTRIBUTES[name]
    number = state.number(attribute)
    if number is None:
        return None
    value = number * scale
    return {"value": round(value, 1) if unit == "degrees" else round(value), "unit": unit}


_FAMILIES = {
    "armed_home": "armed",
    "armed_away": "armed",
    "armed_night": "armed",
    "armed_vacation": "armed",
}


def word_of(state: str | None) -> str:
    """Return the word for *state* that messages know."""
    return _FAMILIES.get(state or "", state or "unknown")
