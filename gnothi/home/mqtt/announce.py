"""Our simulated devices, announced so that Home Assistant finds, shows and commands them.

Every device has a state topic with one JSON object and a command topic that takes a service
with its data in the payloads that Home Assistant's MQTT components send.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gnothi.core.plain import plain
from gnothi.home.house import House
from gnothi.home.model import Device
from gnothi.home.mqtt.components import MIRED, Publication, json_object, read_rgb
from gnothi.home.mqtt.discovery import OURS
from gnothi.home.state import DeviceState, as_number

AVAILABILITY = f"{OURS}/status"
_ORIGIN = {"name": "Gnothi"}


@dataclass(frozen=True, slots=True)
class Order:
    """A command that came over the broker for one of our devices."""

    entity: str
    service: str
    data: Mapping[str, object]


def announcement(device: Device, house: House, *, prefix: str) -> Publication | None:
    """Return the retained message that announces *device*; ``None`` for kinds MQTT lacks."""
    describe = _CONFIGS.get(device.domain)
    if describe is None:
        return None
    base = _base(device)
    area = house.area(device.area)
    config: dict[str, object] = {
        "~": base,
        "name": device.name,
        "unique_id": f"{OURS}_{device.id.replace('.', '_')}",
        "default_entity_id": device.id,
        "availability_topic": AVAILABILITY,
        "origin": _ORIGIN,
        "device": {
            "identifiers": [f"{OURS}_{device.id}"],
            "name": device.name,
            **({"suggested_area": area.name} if area else {}),
        },
        **({"device_class": device.device_class} if device.device_class in _CLASSES else {}),
        **describe(device),
    }
    topic = f"{prefix}/{device.domain}/{OURS}/{device.id.partition('.')[2]}/config"
    return Publication(topic, json.dumps(config), retain=True)


def report(device: Device, state: DeviceState) -> Publication:
    """Return the retained message with the present state of *device*."""
    told: dict[str, object] = {**state.attributes, "state": _spoken(device, state)}
    if device.domain == "light" and isinstance(told.get("rgb_color"), list | tuple):
        red, green, blue = state.texts("rgb_color")
        told["color"] = {"r": float(red), "g": float(green), "b": float(blue)}
    return Publication(f"{_base(device)}/state", json.dumps(plain(told)), retain=True)


def _spoken(device: Device, state: DeviceState) -> str | None:
    upper = device.domain in {"light", "lock"}
    return state.state.upper() if state.state and upper else state.state


def read_order(topic: str, payload: str, house: House) -> Order | None:
    """Return the command that a message on *topic* gives to one of our devices."""
    parts = topic.split("/")
    if len(parts) != _PARTS or parts[0] != OURS:
        return None
    entity = f"{parts[1]}.{parts[2]}"
    if not any(device.id == entity for device in house.simulated()):
        return None
    found = _ORDERS.get((parts[1], parts[3]))
    told = found(payload) if found else None
    return Order(entity, f"{parts[1]}.{told[0]}", told[1]) if told else None


_PARTS = 4
_CLASSES = frozenset(
    {
        *("garage", "blind", "curtain", "shade", "shutter", "awning", "door", "window", "gate"),
        *("outlet", "switch", "motion", "occupancy", "smoke", "gas", "temperature", "humidity"),
        *("battery", "water", "moisture", "opening", "lock", "power", "energy", "illuminance"),
    }
)


def _base(device: Device) -> str:
    return f"{OURS}/{device.id.replace('.', '/', 1)}"


_STATE = {"state_topic": "~/state", "value_template": "{{ value_json.state }}"}
_SET = {"command_topic": "~/set"}


def _light(device: Device) -> dict[str, object]:
    modes = [mode for mode in ("rgb", "color_temp") if mode in device.features]
    if not modes:
        modes = ["brightness" if "brightness" in device.features else "onoff"]
    return {
        "schema": "json",
        "state_topic": "~/state",
        "command_topic": "~/set",
        "brightness": modes != ["onoff"],
        "supported_color_modes": modes,
    }


def _switch(device: Device) -> dict[str, object]:
    return {**_STATE, **_SET, "payload_on": "on", "payload_off": "off"}


def _fan(device: Device) -> dict[str, object]:
    return {
        **_switch(device),
        "state_value_template": "{{ value_json.state }}",
        "percentage_state_topic": "~/state",
        "percentage_value_template": "{{ value_json.percentage | default(0) }}",
        "percentage_command_topic": "~/percentage",
    }


def _cover(device: Device) -> dict[str, object]:
    return {
        **_STATE,
        **_SET,
        "position_topic": "~/state",
        "position_template": "{{ value_json.current_position | default(0) }}",
        "set_position_topic": "~/position",
    }


def _valve(device: Device) -> dict[str, object]:
    return {**_STATE, **_SET}


def _lock(device: Device) -> dict[str, object]:
    return {**_STATE, **_SET}


def _climate(device: Device) -> dict[str, object]:
    modes = DeviceState(attributes=device.attributes).texts("hvac_modes")
    return {
        "mode_state_topic": "~/state",
        "mode_state_template": "{{ value_json.state }}",
        "mode_command_topic": "~/mode",
        "modes": list(modes) or ["off", "heat"],
        "temperature_state_topic": "~/state",
        "temperature_state_template": "{{ value_json.temperature }}",
        "temperature_command_topic": "~/temperature",
        "current_temperature_topic": "~/state",
        "current_temperature_template": "{{ value_json.current_temperature }}",
    }


def _vacuum(device: Device) -> dict[str, object]:
    features = ["start", "pause", "stop", "return_home", "status"]
    return {"state_topic": "~/state", **_SET, "supported_features": features}


def _sensor(device: Device) -> dict[str, object]:
    unit = device.attributes.get("unit_of_measurement")
    return {**_STATE, **({"unit_of_measurement": unit} if unit else {})}


def _binary_sensor(device: Device) -> dict[str, object]:
    return {**_STATE, "payload_on": "on", "payload_off": "off"}


def _alarm(device: Device) -> dict[str, object]:
    return {**_STATE, **_SET, "code_arm_required": False, "code_disarm_required": False}


_CONFIGS: Mapping[str, Callable[[Device], dict[str, object]]] = {
    "light": _light,
    "switch": _switch,
    "fan": _fan,
    "cover": _cover,
    "valve": _valve,
    "lock": _lock,
    "climate": _climate,
    "vacuum": _vacuum,
    "sensor": _sensor,
    "binary_sensor": _binary_sensor,
    "alarm_control_panel": _alarm,
}

_Told = tuple[str, dict[str, object]] | None


def _words(**services: str) -> Callable[[str], _Told]:
    def read(payload: str) -> _Told:
        service = services.get(payload.strip().upper())
        return (service, {}) if service else None

    return read


def _light_order(payload: str) -> _Told:
    told = json_object(payload)
    if not told:
        return None
    if str(told.get("state", "ON")).upper() == "OFF":
        return "turn_off", {}
    data: dict[str, object] = {}
    if (brightness := as_number(told.get("brightness"))) is not None:
        data["brightness"] = round(brightness)
    if rgb := read_rgb(told):
        data["rgb_color"] = rgb
    if mireds := as_number(told.get("color_temp")):
        data["color_temp_kelvin"] = round(MIRED / mireds)
    return "turn_on", data


def _number(service: str, key: str) -> Callable[[str], _Told]:
    def read(payload: str) -> _Told:
        value = as_number(payload.strip())
        return None if value is None else (service, {key: value})

    return read


def _mode(payload: str) -> _Told:
    return "set_hvac_mode", {"hvac_mode": payload.strip()}


_ON_OFF = _words(ON="turn_on", OFF="turn_off")
_ORDERS: Mapping[tuple[str, str], Callable[[str], _Told]] = {
    ("light", "set"): _light_order,
    ("switch", "set"): _ON_OFF,
    ("fan", "set"): _ON_OFF,
    ("fan", "percentage"): _number("set_percentage", "percentage"),
    ("cover", "set"): _words(OPEN="open_cover", CLOSE="close_cover", STOP="stop_cover"),
    ("cover", "position"): _number("set_cover_position", "position"),
    ("valve", "set"): _words(OPEN="open_valve", CLOSE="close_valve"),
    ("lock", "set"): _words(LOCK="lock", UNLOCK="unlock"),
    ("climate", "mode"): _mode,
    ("climate", "temperature"): _number("set_temperature", "temperature"),
    ("vacuum", "set"): _words(
        START="start", PAUSE="pause", STOP="stop", RETURN_TO_BASE="return_to_base"
    ),
    ("alarm_control_panel", "set"): _words(
        DISARM="alarm_disarm",
        ARM_HOME="alarm_arm_home",
        ARM_AWAY="alarm_arm_away",
        ARM_NIGHT="alarm_arm_night",
    ),
}
