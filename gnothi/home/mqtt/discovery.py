"""Home Assistant's MQTT discovery: configurations that devices announce about themselves.

Both forms are read: one message for each entity (``homeassistant/light/lamp/config``) and one
for a device with all its components (``homeassistant/device/lamp/config``).
Source: https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from gnothi.core.errors import InputError
from gnothi.home.model import Device

OURS = "gnothi"
"""The node under which we announce our own devices; nothing under it is discovered."""

Config = Mapping[str, object]

_DEVICE_KEYS = {
    "ids": "identifiers",
    "mf": "manufacturer",
    "mdl": "model",
    "sa": "suggested_area",
    "sw": "sw_version",
}
_KEYS = {
    "avty": "availability",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "bri_cmd_t": "brightness_command_topic",
    "bri_scl": "brightness_scale",
    "bri_stat_t": "brightness_state_topic",
    "bri_val_tpl": "brightness_value_template",
    "clr_temp_cmd_t": "color_temp_command_topic",
    "clr_temp_k": "color_temp_kelvin",
    "clr_temp_stat_t": "color_temp_state_topic",
    "cmd_t": "command_topic",
    "cmps": "components",
    "curr_temp_t": "current_temperature_topic",
    "curr_temp_tpl": "current_temperature_template",
    "def_ent_id": "default_entity_id",
    "dev": "device",
    "dev_cla": "device_class",
    "hum_cmd_t": "target_humidity_command_topic",
    "hum_stat_t": "target_humidity_state_topic",
    "json_attr_t": "json_attributes_topic",
    "mode_cmd_t": "mode_command_topic",
    "mode_stat_t": "mode_state_topic",
    "mode_stat_tpl": "mode_state_template",
    "o": "origin",
    "obj_id": "object_id",
    "opt": "optimistic",
    "p": "platform",
    "pct_cmd_t": "percentage_command_topic",
    "pct_stat_t": "percentage_state_topic",
    "pct_val_tpl": "percentage_value_template",
    "pl_arm_away": "payload_arm_away",
    "pl_arm_home": "payload_arm_home",
    "pl_arm_nite": "payload_arm_night",
    "pl_avail": "payload_available",
    "pl_cls": "payload_close",
    "pl_disarm": "payload_disarm",
    "pl_lock": "payload_lock",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "pl_open": "payload_open",
    "pl_paus": "payload_pause",
    "pl_prs": "payload_press",
    "pl_ret": "payload_return_to_base",
    "pl_stop": "payload_stop",
    "pl_strt": "payload_start",
    "pl_unlk": "payload_unlock",
    "pos_clsd": "position_closed",
    "pos_open": "position_open",
    "pos_t": "position_topic",
    "pos_tpl": "position_template",
    "ret": "retain",
    "rgb_cmd_t": "rgb_command_topic",
    "rgb_stat_t": "rgb_state_topic",
    "rgb_val_tpl": "rgb_value_template",
    "schema": "schema",
    "set_pos_t": "set_position_topic",
    "set_pos_tpl": "set_position_template",
    "stat_clsd": "state_closed",
    "stat_closing": "state_closing",
    "stat_locked": "state_locked",
    "stat_off": "state_off",
    "stat_on": "state_on",
    "stat_open": "state_open",
    "stat_opening": "state_opening",
    "stat_t": "state_topic",
    "stat_tpl": "state_template",
    "stat_unlocked": "state_unlocked",
    "stat_val_tpl": "state_value_template",
    "sup_clrm": "supported_color_modes",
    "temp_cmd_t": "temperature_command_topic",
    "temp_stat_t": "temperature_state_topic",
    "temp_stat_tpl": "temperature_state_template",
    "unit_of_meas": "unit_of_measurement",
    "uniq_id": "unique_id",
    "val_tpl": "value_template",
}
_TOPIC = re.compile(
    r"(?P<prefix>.+?)/(?P<component>[^/]+)/(?:(?P<node>[^/]+)/)?(?P<object>[^/]+)/config"
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One entity that somebody announced."""

    key: str
    """What it is replaced or taken away by: the topic, and the component's key within it."""
    device: Device
    area: str
    """The area it suggests, empty when it suggests none."""
    config: Config
    """Its configuration with full names and topics."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What one discovery message says: the entities under its topic, perhaps none any more."""

    topic: str
    announcements: tuple[Announcement, ...]


def read_discovery(topic: str, payload: str, *, prefix: str) -> Discovery | None:
    """Return what a message on *topic* announces; ``None`` when it is none, or our own.

    An empty payload takes away what was announced before.

    Raises:
        InputError: the payload is no configuration.
    """
    match = _TOPIC.fullmatch(topic)
    if match is None or match["prefix"] != prefix or match["node"] == OURS:
        return None
    if not payload.strip():
        return Discovery(topic, ())
    config = _expanded(_object(topic, payload))
    if match["component"] == "device":
        return Discovery(topic, tuple(_components(topic, match["object"], config)))
    return Discovery(topic, (_announced(topic, match["component"], match["object"], config),))


def _object(topic: str, payload: str) -> Config:
    try:
        value = json.loads(payload)
    except ValueError as error:
        raise InputError(f"The announcement on {topic} is no JSON: {error}.") from error
    if not isinstance(value, dict):
        raise InputError(f"The announcement on {topic} is no object.")
    return cast("Config", value)


def _expanded(config: Config) -> dict[str, object]:
    """Return *config* with full names, and topics in full where they begin or end with ``~``."""
    base = str(config.get("~") or "")
    named = {_KEYS.get(key, key): value for key, value in config.items() if key != "~"}
    full = {key: _based(value, base) for key, value in named.items()}
    device = full.get("device")
    if isinstance(device, dict):
        described = cast("Config", device)
        full["device"] = {_DEVICE_KEYS.get(key, key): value for key, value in described.items()}
    return full


def _based(value: object, base: str) -> object:
    if isinstance(value, str) and base:
        if value.startswith("~"):
            return base + value[1:]
        return value[:-1] + base if value.endswith("~") else value
    if isinstance(value, list):
        return [_based_entry(entry, base) for entry in cast("list[object]", value)]
    return value


def _based_entry(entry: object, base: str) -> object:
    if not isinstance(entry, dict):
        return entry
    known = {"t": "topic", "val_tpl": "value_template"} | _KEYS
    return {known.get(k, k): _based(v, base) for k, v in cast("Config", entry).items()}


def _components(topic: str, device_id: str, config: Config) -> Iterator[Announcement]:
    """Yield the components of a device; what they share stands beside them."""
    components = config.get("components")
    if not isinstance(components, dict):
        raise InputError(f"The announcement on {topic} has no components.")
    shared = {key: value for key, value in config.items() if key != "components"}
    for name, component in cast("Mapping[str, object]", components).items():
        if not isinstance(component, dict):
            raise InputError(f"The announcement on {topic}: {name} is no object.")
        own = _expanded({"~": config.get("~"), **cast("Config", component)})
        platform = str(own.get("platform") or "")
        if len(own) > 1 and platform:
            merged = {**shared, **own}
            yield _announced(f"{topic}#{name}", platform, f"{device_id}_{name}", merged)


def _announced(key: str, component: str, object_id: str, config: Config) -> Announcement:
    described = config.get("device")
    told: Config = cast("Config", described) if isinstance(described, dict) else {}
    entity = str(config.get("default_entity_id") or config.get("object_id") or object_id)
    name = _name(config, told) or object_id.replace("_", " ").title()
    device = Device(
        id=f"{component}.{_slug(entity.rpartition('.')[2])}",
        domain=component,
        name=name,
        attributes=_attributes(config),
        features=_features(component, config),
    )
    return Announcement(key, device, str(told.get("suggested_area") or ""), config)


def _name(config: Config, device: Config) -> str:
    """Return the name of an entity: that of its device where it has none or only repeats it."""
    own, whole = str(config.get("name") or ""), str(device.get("name") or "")
    if not own or own.startswith(whole):
        return own or whole
    return f"{whole} {own}".strip() if whole else own


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "device"


def _attributes(config: Config) -> dict[str, object]:
    kept = {
        "device_class": "device_class",
        "unit_of_measurement": "unit_of_measurement",
        "modes": "hvac_modes",
    }
    return {ours: config[theirs] for theirs, ours in kept.items() if config.get(theirs)}


def _features(component: str, config: Config) -> tuple[str, ...]:
    modes = config.get("supported_color_modes")
    told = (
        {str(mode) for mode in cast("list[object]", modes)}
        if isinstance(modes, list)
        else set[str]()
    )
    found: list[str] = []
    if component == "light":
        if config.get("brightness") or "brightness_command_topic" in config or told - {"onoff"}:
            found.append("brightness")
        if "rgb_command_topic" in config or told & {"rgb", "hs", "xy", "rgbw", "rgbww"}:
            found.append("rgb")
        if "color_temp_command_topic" in config or "color_temp" in told:
            found.append("color_temp")
    levels = {
        "cover": ("set_position_topic", "position"),
        "fan": ("percentage_command_topic", "percentage"),
        "climate": ("temperature_command_topic", "temperature"),
    }
    if component in levels and levels[component][0] in config:
        found.append(levels[component][1])
    return tuple(found)
