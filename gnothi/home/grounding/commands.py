"""Operations as Home Assistant's services: which one, with what data, in the present state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gnothi.home.grounding.operations import Data, Operation
from gnothi.home.model import Device
from gnothi.home.state import DeviceState

WARMEST, COLDEST = 2000, 6500
_USUAL_KELVIN = 4000
_ROOM = {"metric": 20.0, "imperial": 68.0}
_FAHRENHEIT = 1.8


@dataclass(frozen=True, slots=True)
class Command:
    """A service call on one device."""

    service: str
    data: Data = field(default_factory=dict[str, object])


def command(
    operation: Operation, device: Device, now: DeviceState, *, units: str = "metric"
) -> Command | None:
    """Return the service that carries *operation* out on *device*.

    ``None`` means that nothing is to be done: one can't dim a light that is off. Steps count
    from the present state, so that each device of a group moves from where it stands.
    """
    level = _LEVELS.get(operation.name)
    if level is not None:
        return level(operation, device, now, units)
    service = _SERVICES.get((device.domain, operation.name)) or _COMMON.get(operation.name)
    if service is None:
        return None
    return Command(f"{device.domain}.{service}", _DATA.get((device.domain, operation.name), {}))


_COMMON = {"on": "turn_on", "off": "turn_off", "toggle": "toggle", "activate": "turn_on"}
_SERVICES = {
    ("lock", "lock"): "lock",
    ("lock", "unlock"): "unlock",
    ("cover", "open"): "open_cover",
    ("cover", "close"): "close_cover",
    ("cover", "stop"): "stop_cover",
    ("valve", "open"): "open_valve",
    ("valve", "on"): "open_valve",
    ("valve", "off"): "close_valve",
    ("vacuum", "on"): "start",
    ("vacuum", "off"): "return_to_base",
    ("valve", "close"): "close_valve",
    ("media_player", "play"): "media_play",
    ("media_player", "pause"): "media_pause",
    ("media_player", "halt"): "media_stop",
    ("media_player", "next"): "media_next_track",
    ("media_player", "previous"): "media_previous_track",
    ("media_player", "mute"): "volume_mute",
    ("media_player", "unmute"): "volume_mute",
    ("vacuum", "clean"): "start",
    ("vacuum", "dock"): "return_to_base",
    ("vacuum", "pause"): "pause",
    ("lawn_mower", "on"): "start_mowing",
    ("lawn_mower", "off"): "dock",
    ("lawn_mower", "clean"): "start_mowing",
    ("lawn_mower", "dock"): "dock",
    ("lawn_mower", "pause"): "pause",
    ("alarm_control_panel", "disarm"): "alarm_disarm",
    ("automation", "activate"): "trigger",
    ("button", "activate"): "press",
    ("input_button", "activate"): "press",
}
_DATA: Mapping[tuple[str, str], Data] = {
    ("media_player", "mute"): {"is_volume_muted": True},
    ("media_player", "unmute"): {"is_volume_muted": False},
}


def present_level(device: Device, now: DeviceState) -> float | None:
    """Return the level of *device* as it is told: percent, or degrees; ``None`` when unknown."""
    attribute, scale = _PRESENT.get(device.domain, ("", 1.0))
    found = now.number(attribute)
    return None if found is None else round(found * scale, 1)


_PRESENT = {
    "light": ("brightness", 1 / 2.55),
    "climate": ("temperature", 1.0),
    "water_heater": ("temperature", 1.0),
    "cover": ("current_position", 1.0),
    "valve": ("current_position", 1.0),
    "fan": ("percentage", 1.0),
    "media_player": ("volume_level", 100.0),
    "humidifier": ("humidity", 1.0),
}


def _shifted(operation: Operation, now: float, low: float, high: float) -> float:
    """Return the level that *operation* leads to from *now*."""
    value, step = operation.data.get("value"), operation.data.get("step")
    wanted = now + float(str(step)) if value is None else float(str(value))
    return min(max(wanted, low), high)


def _brightness(
    operation: Operation, device: Device, now: DeviceState, units: str
) -> Command | None:
    lit = now.state == "on"
    percent = (now.number("brightness") or 255.0) / 2.55 if lit else 0.0
    step = operation.data.get("step")
    if step is not None and not lit and float(str(step)) < 0:
        return None
    lowest = 0.0 if step is None else 1.0
    level = _shifted(operation, percent, lowest, 100)
    return Command("light.turn_on", {"brightness": round(level * 2.55)})


def _color(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    return Command("light.turn_on", {"rgb_color": operation.data["rgb"], **_bright(operation)})


def _color_temp(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    if "kelvin" in operation.data:
        kelvin = float(str(operation.data["kelvin"]))
    else:
        present = now.number("color_temp_kelvin") or _USUAL_KELVIN
        warmer = {"step": -float(str(operation.data.get("step", 0)))}
        kelvin = _shifted(Operation("", warmer), present, WARMEST, COLDEST)
    return Command("light.turn_on", {"color_temp_kelvin": round(kelvin), **_bright(operation)})


def _bright(operation: Operation) -> dict[str, object]:
    share = operation.data.get("brightness")
    return {} if share is None else {"brightness": round(float(str(share)) * 2.55)}


def _temperature(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    step = operation.data.get("step")
    if step is not None and float(str(step)) > 0 and now.state == "off":
        return Command(f"{device.domain}.turn_on")
    present = now.number("temperature") or now.number("current_temperature") or _ROOM[units]
    low, high = now.number("min_temp"), now.number("max_temp")
    wanted = _shifted(
        operation, present, -100.0 if low is None else low, 1000.0 if high is None else high
    )
    told = round(wanted, 1)
    return Command(
        f"{device.domain}.set_temperature",
        {"temperature": int(told) if told.is_integer() else told},
    )


def _mode(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    return Command("climate.set_hvac_mode", {"hvac_mode": operation.data["mode"]})


def _speed(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    percentage = _shifted(operation, now.number("percentage") or 0.0, 0, 100)
    return Command("fan.set_percentage", {"percentage": round(percentage)})


def _position(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    usual = 100.0 if now.state == "open" else 0.0
    present = now.number("current_position")
    position = _shifted(operation, usual if present is None else present, 0, 100)
    service = f"{device.domain}.set_{device.domain}_position"
    return Command(service, {"position": round(position)})


def _volume(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    present = now.number("volume_level")
    level = _shifted(operation, 50 if present is None else present * 100, 0, 100)
    return Command("media_player.volume_set", {"volume_level": round(level / 100, 2)})


def _humidity(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    present = now.number("humidity")
    level = _shifted(operation, 50 if present is None else present, 0, 100)
    return Command(f"{device.domain}.set_humidity", {"humidity": round(level)})


def _arm(operation: Operation, device: Device, now: DeviceState, units: str) -> Command:
    return Command(f"alarm_control_panel.{operation.data.get('mode') or 'alarm_arm_away'}")


_LEVELS = {
    "brightness": _brightness,
    "color": _color,
    "color_temp": _color_temp,
    "temperature": _temperature,
    "mode": _mode,
    "speed": _speed,
    "position": _position,
    "volume": _volume,
    "humidity": _humidity,
    "arm": _arm,
}
