"""What a demand means for a kind of device: "turn on" opens a sprinkler and starts a vacuum."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gnothi.home.grounding.amounts import Amount
from gnothi.home.grounding.demand import Demand
from gnothi.home.model import Device
from gnothi.home.state import DeviceState

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Operation:
    """Something to do to devices, whatever their domain; what calls are made of."""

    name: str
    """``on``, ``close``, ``brightness``, ``temperature``, ``next`` …"""
    data: Data = field(default_factory=dict[str, object])
    """``value`` (absolute) or ``step``; ``rgb``, ``kelvin``, ``mode``."""
    lacks: bool = False
    """Whether a value is needed that was not told."""


LEVELS: Mapping[str, str] = {
    "light": "brightness",
    "climate": "temperature",
    "water_heater": "temperature",
    "cover": "position",
    "valve": "position",
    "fan": "speed",
    "media_player": "volume",
    "humidifier": "humidity",
}
"""The level of a device that "to 50" and "up" are about."""

STEPS: Mapping[str, tuple[float, float, float]] = {
    "brightness": (10, 20, 40),
    "volume": (5, 10, 25),
    "temperature": (1, 1, 3),
    "speed": (10, 25, 50),
    "position": (10, 25, 50),
    "humidity": (5, 5, 15),
    "color_temp": (300, 600, 1200),
}
"""How far "a bit", a plain comparative and "much" go."""

_SWITCH = {
    **dict.fromkeys(("on", "start", "brew", "water", "play"), "on"),
    **dict.fromkeys(("off", "stop"), "off"),
    "toggle": "toggle",
}
_LEVELLED = {
    **{action: meaning for action, meaning in _SWITCH.items() if action not in {"brew", "water"}},
    "up": "+",
    "down": "-",
    "set": "=",
}
_RUN: dict[str, str] = dict.fromkeys(
    ("on", "start", "set", "play", "press", "brew", "toggle"), "activate"
)
_ACTIONS: Mapping[str, Mapping[str, str]] = {
    "light": {**_LEVELLED, "play": ""},
    "fan": _LEVELLED,
    "climate": _LEVELLED,
    "water_heater": _LEVELLED,
    "humidifier": _LEVELLED,
    "switch": _SWITCH | {"play": ""},
    "input_boolean": _SWITCH,
    "siren": _SWITCH,
    "remote": _SWITCH,
    "camera": _SWITCH,
    "group": _SWITCH,
    "binary_sensor": {},
    "sensor": {},
    "lock": {
        **dict.fromkeys(("lock", "close"), "lock"),
        **dict.fromkeys(("unlock", "open"), "unlock"),
    },
    "cover": {
        "open": "open",
        "close": "close",
        "stop": "stop",
        "toggle": "toggle",
        "up": "open",
        "down": "close",
        "set": "=",
    },
    "valve": {
        **dict.fromkeys(("on", "start", "open", "water"), "open"),
        **dict.fromkeys(("off", "stop", "close"), "close"),
        "toggle": "toggle",
        "up": "+",
        "down": "-",
        "set": "=",
    },
    "media_player": {
        "on": "on",
        "off": "off",
        "toggle": "toggle",
        "start": "play",
        "play": "play",
        "pause": "pause",
        "stop": "halt",
        "next": "next",
        "previous": "previous",
        "mute": "mute",
        "unmute": "unmute",
        "up": "+",
        "down": "-",
        "set": "=",
    },
    "vacuum": {
        **dict.fromkeys(("on", "start", "clean", "play"), "clean"),
        **dict.fromkeys(("off", "stop", "dock"), "dock"),
        "pause": "pause",
    },
    "lawn_mower": {
        **dict.fromkeys(("on", "start", "play"), "clean"),
        **dict.fromkeys(("off", "stop", "dock"), "dock"),
        "pause": "pause",
    },
    "alarm_control_panel": {
        **dict.fromkeys(("on", "arm", "start", "lock"), "arm"),
        **dict.fromkeys(("off", "disarm", "stop", "unlock"), "disarm"),
    },
    "scene": _RUN,
    "script": _RUN,
    "automation": {**_SWITCH, **dict.fromkeys(("start", "press"), "activate")},
    "button": _RUN,
    "input_button": _RUN,
}
"""Action of a demand to what it means for devices of a domain; +, - and = are about its level."""

_SETTING = frozenset({"on", "open", "close", "up", "down", "set"})
_PROPERTIES: Mapping[str, frozenset[str]] = {
    "light": frozenset({"brightness", "color", "color_temp", "temperature"}),
    "fan": frozenset({"speed"}),
    "climate": frozenset({"temperature", "mode", "humidity"}),
    "water_heater": frozenset({"temperature"}),
    "humidifier": frozenset({"humidity"}),
    "media_player": frozenset({"volume"}),
    "cover": frozenset({"position"}),
    "valve": frozenset({"position"}),
}


def operation_for(demand: Demand, device: Device) -> Operation | None:
    """Return what *demand* means for *device*; ``None`` when the device can't do that."""
    meaning = _ACTIONS.get(device.domain, {}).get(demand.action, "")
    level = _level(demand, device)
    setting = demand.action in _SETTING and (demand.amount.told or demand.mode)
    if not meaning or (demand.property and not level and meaning in {"+", "-", "="}):
        return None
    if demand.mode:
        return _moded(demand, device)
    if meaning in {"+", "-", "="} or (setting and level and demand.action != "off"):
        return _levelled(demand, device, level) if level else None
    if demand.property and demand.property not in _PROPERTIES.get(device.domain, frozenset()):
        return None if demand.property in _OWN else Operation(meaning)
    return Operation(meaning)


_OWN = frozenset({"volume", "color", "color_temp"})
"""Properties that only one kind of device has: they decide what is meant."""


def _level(demand: Demand, device: Device) -> str:
    """Return the property that is to be set on *device*, empty when it has none such."""
    own = LEVELS.get(device.domain, "")
    wanted = demand.property or own
    if wanted == "mode" and demand.amount.value is not None:
        wanted = own  # "set the heating to 20", taken for a mode: no mode is a number
    if demand.amount.rgb:
        wanted = "color"
    if demand.amount.kelvin:
        wanted = "color_temp"
    if wanted not in _PROPERTIES.get(device.domain, frozenset()):
        return ""
    if device.domain == "light" and wanted == "temperature":
        return "" if demand.amount.absolute else "color_temp"
    return wanted


def _moded(demand: Demand, device: Device) -> Operation | None:
    if device.domain == "climate":
        return (
            Operation("off") if demand.mode == "off" else Operation("mode", {"mode": demand.mode})
        )
    if device.domain == "alarm_control_panel":
        return Operation("arm", {"mode": demand.mode})
    if demand.mode == "off":
        return Operation("off")
    return None


def _levelled(demand: Demand, device: Device, level: str) -> Operation | None:
    """Return the operation that sets or moves *level* of *device*."""
    if not _supports(device, level):
        return None
    amount = demand.amount
    if level == "color" and amount.rgb:
        return Operation("color", {"rgb": list(amount.rgb), **_share(amount)})
    if level == "color_temp" and amount.kelvin:
        return Operation("color_temp", {"kelvin": amount.kelvin, **_share(amount)})
    if level == "color" and amount.value is not None:
        return Operation(level, lacks=True)
    sign = {"up": 1, "open": 1, "down": -1, "close": -1}.get(demand.action, 0)
    if amount.value is not None and amount.step and sign:
        return Operation(level, {"step": sign * amount.value})
    if amount.value is not None and demand.action == "close":
        return _partly_closed(amount)
    if amount.value is not None:
        return Operation(level, {"value": amount.value})
    if demand.action in {"up", "down"}:
        return _moved(device, level, sign, amount)
    return Operation(level, lacks=True)


def _share(amount: Amount) -> dict[str, float]:
    """Return the brightness that is told along with a colour."""
    if amount.value is None or amount.step:
        return {}
    return {"brightness": min(max(amount.value, 0.0), 100.0)}


def _partly_closed(amount: Amount) -> Operation:
    """Return what "close fully" and "close by 30 %" mean; what is open is told in numbers."""
    left = 100.0 - min(max(amount.value or 0.0, 0.0), 100.0)
    return Operation("position", {"value": left}) if left else Operation("close")


def _moved(device: Device, level: str, sign: int, amount: Amount) -> Operation | None:
    if level == "position" and not amount.size:
        return Operation("open" if sign > 0 else "close")
    if level == "mode" or level == "color":
        return None
    little, usual, much = STEPS[level]
    step = {"little": little, "much": much}.get(amount.size, usual)
    return Operation(level, {"step": sign * step})


def _supports(device: Device, level: str) -> bool:
    """Whether *device* has *level*, as far as its description tells."""
    if device.domain == "light":
        return _light_supports(device, level)
    if device.domain == "fan" and level == "speed":
        return bool({"percentage", "speed"} & {*device.features, *device.attributes})
    return True


def _light_supports(device: Device, level: str) -> bool:
    told = {*device.features, *device.attributes}
    told.update(DeviceState(attributes=device.attributes).texts("supported_color_modes"))
    if level == "brightness":
        return bool(
            told & {"brightness", "rgb", "color_temp", "hs", "xy", "rgbw", "rgbww", "white"}
        )
    if level == "color":
        return bool(told & {"rgb", "rgb_color", "hs", "xy", "rgbw", "rgbww", "color"})
    return bool(told & {"color_temp", "color_temp_kelvin", "rgb", "rgbww"})
