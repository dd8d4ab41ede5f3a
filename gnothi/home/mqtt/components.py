"""How each kind of MQTT device is told what to do, and what its messages say of its state.

Payloads and topics have Home Assistant's defaults where a configuration names none.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from gnothi.core.errors import ProviderError
from gnothi.home.model import Device
from gnothi.home.mqtt import templates
from gnothi.home.mqtt.discovery import Config
from gnothi.home.state import DeviceState, as_number

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Publication:
    """A message to be sent."""

    topic: str
    payload: str
    retain: bool = False


def topics(config: Config) -> dict[str, list[str]]:
    """Return the topics on which a device reports, each with the roles it has."""
    found: dict[str, list[str]] = {}
    for role in _ROLES:
        topic = config.get(role)
        if isinstance(topic, str) and topic:
            found.setdefault(topic, []).append(role)
    for topic, _ in availability_topics(config):
        found.setdefault(topic, []).append("availability")
    return found


def availability_topics(config: Config) -> Iterator[tuple[str, Config]]:
    """Yield the topics that tell whether a device can be reached, each with its settings."""
    if isinstance(topic := config.get("availability_topic"), str):
        yield topic, config
    listed = config.get("availability")
    for entry in cast("list[object]", listed) if isinstance(listed, list) else []:
        if isinstance(entry, dict):
            settings = cast("Config", entry)
            yield str(settings.get("topic")), settings


_ROLES = (
    "state_topic",
    "brightness_state_topic",
    "rgb_state_topic",
    "color_temp_state_topic",
    "position_topic",
    "percentage_state_topic",
    "temperature_state_topic",
    "current_temperature_topic",
    "mode_state_topic",
    "target_humidity_state_topic",
    "json_attributes_topic",
)
_LEVELS = {
    "position_topic": ("position_template", "current_position"),
    "percentage_state_topic": ("percentage_value_template", "percentage"),
    "temperature_state_topic": ("temperature_state_template", "temperature"),
    "current_temperature_topic": ("current_temperature_template", "current_temperature"),
    "target_humidity_state_topic": ("target_humidity_state_template", "humidity"),
    "color_temp_state_topic": ("color_temp_value_template", "color_temp"),
}


def heard(
    device: Device, config: Config, now: DeviceState, role: str, topic: str, payload: str
) -> DeviceState:
    """Return the state of *device* after a message on *topic*, which has *role* for it."""
    match role:
        case "availability":
            return _available(config, now, topic, payload)
        case "state_topic":
            return _state(device, config, now, payload)
        case "mode_state_topic":
            told = templates.rendered(_text(config, "mode_state_template"), payload)
            return replace(now, state=told) if told and device.domain == "climate" else now
        case "json_attributes_topic":
            return _with(now, json_object(payload))
        case "brightness_state_topic":
            return _with(now, _brightness(config, payload))
        case "rgb_state_topic":
            told = templates.rendered(_text(config, "rgb_value_template"), payload) or ""
            parts = [as_number(part) for part in told.split(",")]
            return _with(now, {"rgb_color": parts}) if None not in parts else now
        case _:
            return _level(config, now, role, payload)


def _available(config: Config, now: DeviceState, topic: str, payload: str) -> DeviceState:
    for own, settings in availability_topics(config):
        if own != topic:
            continue
        told = templates.rendered(_text(settings, "value_template"), payload)
        if told == _text(settings, "payload_not_available", "offline"):
            return replace(now, state="unavailable")
        if now.state == "unavailable":
            return replace(now, state=None)
    return now


def _state(device: Device, config: Config, now: DeviceState, payload: str) -> DeviceState:
    if device.domain == "light" and config.get("schema") == "json":
        return _json_light(now, json_object(payload))
    if device.domain == "vacuum":
        told = json_object(payload)
        battery = {"battery_level": told["battery_level"]} if "battery_level" in told else {}
        return _with(replace(now, state=str(told.get("state") or payload)), battery)
    template = _text(config, "value_template") or _text(config, "state_value_template")
    told = templates.rendered(template, payload)
    if told is None:
        return now
    if device.domain in {"cover", "valve"} and (position := as_number(told)) is not None:
        state = "open" if position else "closed"
        return _with(replace(now, state=state), {"current_position": round(position)})
    return replace(now, state=_words(device.domain, config).get(told, told))


def _json_light(now: DeviceState, told: Mapping[str, object]) -> DeviceState:
    state = {"ON": "on", "OFF": "off"}.get(str(told.get("state")), now.state)
    changes = {key: told[key] for key in ("brightness", "color_temp", "effect") if key in told}
    if rgb := read_rgb(told):
        changes["rgb_color"] = rgb
    return _with(replace(now, state=state), changes)


def _words(domain: str, config: Config) -> dict[str, str]:
    """Return what the payloads of a state topic mean."""
    return {_text(config, key, default): state for key, default, state in _STATES.get(domain, ())}


_ON_OFF = (("payload_on", "ON", "on"), ("payload_off", "OFF", "off"))
_SWITCHED = (*_ON_OFF, ("state_on", "ON", "on"), ("state_off", "OFF", "off"))
_MOVED = (
    ("state_open", "open", "open"),
    ("state_closed", "closed", "closed"),
    ("state_opening", "opening", "opening"),
    ("state_closing", "closing", "closing"),
)
_STATES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "light": _ON_OFF,
    "switch": _SWITCHED,
    "fan": _ON_OFF,
    "binary_sensor": _ON_OFF,
    "humidifier": _ON_OFF,
    "siren": _SWITCHED,
    "cover": _MOVED,
    "valve": _MOVED,
    "lock": (("state_locked", "LOCKED", "locked"), ("state_unlocked", "UNLOCKED", "unlocked")),
}


def _brightness(config: Config, payload: str) -> dict[str, object]:
    told = as_number(templates.rendered(_text(config, "brightness_value_template"), payload))
    scale = as_number(config.get("brightness_scale")) or 255
    return {} if told is None else {"brightness": round(told * 255 / scale)}


def _level(config: Config, now: DeviceState, role: str, payload: str) -> DeviceState:
    template, attribute = _LEVELS[role]
    told = as_number(templates.rendered(_text(config, template), payload))
    if told is None:
        return now
    changes: dict[str, object] = {attribute: int(told) if told.is_integer() else told}
    if attribute == "current_position" and "state_topic" not in config:
        return _with(replace(now, state="open" if told else "closed"), changes)
    return _with(now, changes)


def publications(device: Device, config: Config, service: str, data: Data) -> list[Publication]:
    """Return the messages that make *device* carry *service* out.

    Raises:
        ProviderError: its configuration names no topic for that.
    """
    tell = _TELL.get(device.domain)
    found = [one for one in tell(config, service, data) if one.topic] if tell else []
    if not found:
        raise ProviderError(f"{device.name} can't do {device.domain}.{service} over MQTT.")
    retain = bool(config.get("retain"))
    return [replace(one, retain=retain) for one in found]


def _switch(config: Config, service: str, data: Data) -> Iterator[Publication]:
    payload = {"turn_on": ("payload_on", "ON"), "turn_off": ("payload_off", "OFF")}.get(service)
    if payload:
        yield Publication(_text(config, "command_topic"), _text(config, *payload))


def _light(config: Config, service: str, data: Data) -> Iterator[Publication]:
    if config.get("schema") == "json":
        yield Publication(_text(config, "command_topic"), json.dumps(_json_command(service, data)))
        return
    if service == "turn_on" and "brightness" in data and config.get("brightness_command_topic"):
        scale = as_number(config.get("brightness_scale")) or 255
        level = round((as_number(data["brightness"]) or 0) * scale / 255)
        yield Publication(_text(config, "brightness_command_topic"), str(level))
    if service == "turn_on" and "rgb_color" in data:
        color = ",".join(map(str, cast("list[int]", data["rgb_color"])))
        yield Publication(_text(config, "rgb_command_topic"), color)
    if service == "turn_on" and "color_temp_kelvin" in data:
        yield Publication(_text(config, "color_temp_command_topic"), _color_temp(config, data))
    yield from _switch(config, service, data)


MIRED = 1_000_000
"""A colour temperature in kelvin is this, divided by it in mireds."""


def _color_temp(config: Config, data: Data) -> str:
    kelvin = as_number(data["color_temp_kelvin"]) or 1
    return str(round(kelvin if config.get("color_temp_kelvin") else MIRED / kelvin))


def _json_command(service: str, data: Data) -> dict[str, object]:
    told: dict[str, object] = {"state": "ON" if service == "turn_on" else "OFF"}
    if "brightness" in data:
        told["brightness"] = data["brightness"]
    if "rgb_color" in data:
        red, green, blue = cast("list[int]", data["rgb_color"])
        told["color"] = {"r": red, "g": green, "b": blue}
    if "color_temp_kelvin" in data:
        told["color_temp"] = round(MIRED / (as_number(data["color_temp_kelvin"]) or 1))
    return told


def _fan(config: Config, service: str, data: Data) -> Iterator[Publication]:
    if service == "set_percentage" or "percentage" in data:
        topic = _text(config, "percentage_command_topic")
        template = _text(config, "percentage_command_template")
        yield Publication(topic, templates.command(template, data.get("percentage", 0)))
        return
    yield from _switch(config, service, data)


def _moving(config: Config, service: str, data: Data) -> Iterator[Publication]:
    if "position" in data:
        topic = _text(config, "set_position_topic") or _text(config, "command_topic")
        template = _text(config, "set_position_template")
        yield Publication(topic, templates.command(template, data["position"]))
        return
    word = service.partition("_")[0]
    payloads = {
        "open": ("payload_open", "OPEN"),
        "close": ("payload_close", "CLOSE"),
        "stop": ("payload_stop", "STOP"),
    }
    if word in payloads:
        yield Publication(_text(config, "command_topic"), _text(config, *payloads[word]))


def _climate(config: Config, service: str, data: Data) -> Iterator[Publication]:
    if "temperature" in data:
        topic = _text(config, "temperature_command_topic")
        template = _text(config, "temperature_command_template")
        yield Publication(topic, templates.command(template, data["temperature"]))
    mode = {"turn_on": "heat", "turn_off": "off"}.get(service) or data.get("hvac_mode")
    if mode:
        yield Publication(_text(config, "mode_command_topic"), str(mode))


def _humidifier(config: Config, service: str, data: Data) -> Iterator[Publication]:
    if "humidity" in data:
        yield Publication(_text(config, "target_humidity_command_topic"), str(data["humidity"]))
    yield from _switch(config, service, data)


def _plain(**payloads: tuple[str, str]) -> Callable[[Config, str, Data], Iterator[Publication]]:
    """Return a teller for devices with one command topic and a payload for each service."""

    def tell(config: Config, service: str, data: Data) -> Iterator[Publication]:
        if service in payloads:
            yield Publication(_text(config, "command_topic"), _text(config, *payloads[service]))

    return tell


def _number(config: Config, service: str, data: Data) -> Iterator[Publication]:
    value = data.get("value", data.get("option"))
    if value is not None:
        template = _text(config, "command_template")
        yield Publication(_text(config, "command_topic"), templates.command(template, value))


_TELL: Mapping[str, Callable[[Config, str, Data], Iterator[Publication]]] = {
    "light": _light,
    "switch": _switch,
    "siren": _switch,
    "fan": _fan,
    "cover": _moving,
    "valve": _moving,
    "climate": _climate,
    "humidifier": _humidifier,
    "number": _number,
    "select": _number,
    "lock": _plain(
        lock=("payload_lock", "LOCK"),
        unlock=("payload_unlock", "UNLOCK"),
        open=("payload_open", "OPEN"),
    ),
    "vacuum": _plain(
        start=("payload_start", "start"),
        pause=("payload_pause", "pause"),
        stop=("payload_stop", "stop"),
        return_to_base=("payload_return_to_base", "return_to_base"),
    ),
    "alarm_control_panel": _plain(
        alarm_disarm=("payload_disarm", "DISARM"),
        alarm_arm_home=("payload_arm_home", "ARM_HOME"),
        alarm_arm_away=("payload_arm_away", "ARM_AWAY"),
        alarm_arm_night=("payload_arm_night", "ARM_NIGHT"),
    ),
    "button": _plain(press=("payload_press", "PRESS")),
    "scene": _plain(turn_on=("payload_on", "ON")),
}


def _text(config: Config, key: str, default: str = "") -> str:
    value = config.get(key)
    return default if value is None else str(value)


def json_object(payload: str) -> dict[str, object]:
    """Return the object in *payload*, an empty one when it holds none."""
    try:
        value = json.loads(payload)
    except ValueError:
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def read_rgb(told: Mapping[str, object]) -> list[object]:
    """Return the colour in a message of a JSON light, empty when it tells none."""
    color = told.get("color")
    parts = cast("dict[str, object]", color) if isinstance(color, dict) else {}
    return [parts[part] for part in "rgb"] if {"r", "g", "b"} <= set(parts) else []


def _with(now: DeviceState, changes: Mapping[str, object]) -> DeviceState:
    return replace(now, attributes={**now.attributes, **changes})
