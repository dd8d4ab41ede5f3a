"""What a service does to a simulated device (CONTRACTS, section 4), as pure functions.

Home Assistant's habits hold where the contract is silent: a light that is turned on keeps the
brightness it had, a thermostat that is off may be given a new temperature without starting.
Effects name only what they touch, so that asking for what already is changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from gnothi.core.errors import ProviderError
from gnothi.home.model import Device
from gnothi.home.state import DeviceState, as_number

Data = Mapping[str, object]
Effect = Callable[[DeviceState, Data], dict[str, object]]
"""Attributes to set; the state itself stands under ``state``."""

FULL_BRIGHTNESS = 255
VOLUME_STEP = 0.1
_ON_MODES = ("heat_cool", "heat", "cool", "auto", "dry", "fan_only")


def after(
    device: Device, now: DeviceState, service: str, data: Data, *, at: datetime
) -> DeviceState:
    """Return the state of *device* after *service* (``turn_on``, without the domain) with *data*.

    Raises:
        ProviderError: devices of this domain know no such service.
    """
    if service == "toggle":
        service = _toggled(device.domain, now)
    effect = _EFFECTS.get((device.domain, service)) or _COMMON.get(_switched(device, service))
    if effect is None:
        raise ProviderError(f"{device.name} can't do {device.domain}.{service}.")
    changes = effect(now, {**data, "now": at.isoformat()})
    state = changes.pop("state", now.state)
    return replace(
        now,
        state=None if state is None else str(state),
        attributes={**now.attributes, **changes},
    )


def knows(domain: str, service: str) -> bool:
    """Whether simulated devices of *domain* have *service*."""
    switched = domain in _SWITCHABLE and service in _COMMON
    toggles = service == "toggle" and (domain in _SWITCHABLE or domain in {"cover", "valve"})
    return (domain, service) in _EFFECTS or switched or toggles


def _switched(device: Device, service: str) -> str:
    return service if device.domain in _SWITCHABLE else ""


def _toggled(domain: str, now: DeviceState) -> str:
    closed = now.state in {"closed", "closing"}
    if domain in {"cover", "valve"}:
        return f"{'open' if closed else 'close'}_{domain}"
    return "turn_on" if now.state in {"off", None} else "turn_off"


def _number(data: Data, key: str, low: float, high: float) -> float | None:
    value = as_number(data.get(key))
    return None if value is None else min(max(value, low), high)


def _say(state: str) -> Effect:
    return lambda now, data: {"state": state}


def _light_on(now: DeviceState, data: Data) -> dict[str, object]:
    brightness = _number(data, "brightness", 0, FULL_BRIGHTNESS)
    if (percent := _number(data, "brightness_pct", 0, 100)) is not None:
        brightness = round(percent * FULL_BRIGHTNESS / 100)
    if brightness == 0:
        return {"state": "off", "brightness": 0}
    changes: dict[str, object] = {"state": "on"}
    if brightness is not None:
        changes["brightness"] = round(brightness)
    for key in ("rgb_color", "color_temp_kelvin", "effect"):
        if key in data:
            changes[key] = data[key]
    return changes


def _fan_on(now: DeviceState, data: Data) -> dict[str, object]:
    if "percentage" in data:
        return _fan_speed(now, data)
    return {} if now.state == "on" else {"state": "on", "percentage": 100}


def _fan_speed(now: DeviceState, data: Data) -> dict[str, object]:
    percentage = round(_number(data, "percentage", 0, 100) or 0)
    return {"state": "on" if percentage else "off", "percentage": percentage}


def _climate_on(now: DeviceState, data: Data) -> dict[str, object]:
    if now.state not in {"off", None}:
        return {}
    known = now.texts("hvac_modes")
    return {"state": next((mode for mode in _ON_MODES if mode in known), "heat")}


def _temperature(now: DeviceState, data: Data) -> dict[str, object]:
    changes = {key: data[key] for key in _SETPOINTS if key in data}
    if "hvac_mode" in data:
        changes["state"] = data["hvac_mode"]
    return changes


_SETPOINTS = ("temperature", "target_temp_low", "target_temp_high")


def _renamed(source: str, target: str) -> Effect:
    return lambda now, data: {target: data[source]} if source in data else {}


def _moved(opened: bool) -> Effect:
    state, position = ("open", 100) if opened else ("closed", 0)

    def move(now: DeviceState, data: Data) -> dict[str, object]:
        if now.state == state and "current_position" not in now.attributes:
            return {}
        return {"state": state, "current_position": position}

    return move


def _position(now: DeviceState, data: Data) -> dict[str, object]:
    position = round(_number(data, "position", 0, 100) or 0)
    return {"state": "open" if position else "closed", "current_position": position}


def _tilt(position: int | None) -> Effect:
    def tilt(now: DeviceState, data: Data) -> dict[str, object]:
        asked = _number(data, "tilt_position", 0, 100)
        return {"current_tilt_position": round(asked or 0) if position is None else position}

    return tilt


def _stays(now: DeviceState, data: Data) -> dict[str, object]:
    return {}


def _play(now: DeviceState, data: Data) -> dict[str, object]:
    return {"state": "playing"}


def _pause(now: DeviceState, data: Data) -> dict[str, object]:
    return {} if now.state in {"off", "idle", "standby"} else {"state": "paused"}


def _stop(now: DeviceState, data: Data) -> dict[str, object]:
    return {} if now.state in {"off", "standby"} else {"state": "idle"}


def _player_on(now: DeviceState, data: Data) -> dict[str, object]:
    return {"state": "idle"} if now.state in {"off", "standby", None} else {}


def _track(step: int) -> Effect:
    return lambda now, data: {"media_track": round(now.number("media_track") or 1) + step}


def _volume(now: DeviceState, data: Data) -> dict[str, object]:
    level = _number(data, "volume_level", 0, 1)
    return {} if level is None else {"volume_level": round(level, 2)}


def _volume_step(step: float) -> Effect:
    def change(now: DeviceState, data: Data) -> dict[str, object]:
        level = now.number("volume_level")
        return _volume(now, {"volume_level": (0.5 if level is None else level) + step})

    return change


def _docking(docked: str) -> Effect:
    return lambda now, data: {} if now.state == docked else {"state": "returning"}


def _pressed(now: DeviceState, data: Data) -> dict[str, object]:
    return {"state": data["now"]}


def _ran(now: DeviceState, data: Data) -> dict[str, object]:
    return {"last_triggered": data["now"]}


def _set_mode(now: DeviceState, data: Data) -> dict[str, object]:
    return {"state": data["hvac_mode"]} if "hvac_mode" in data else {}


def _preset(key: str) -> Effect:
    return lambda now, data: {key: data[key]} if key in data else {}


_SWITCHABLE = frozenset(
    {
        *("light", "switch", "fan", "media_player", "humidifier", "siren", "input_boolean"),
        *("automation", "remote", "camera", "water_heater", "climate", "group"),
    }
)
_COMMON: dict[str, Effect] = {"turn_on": _say("on"), "turn_off": _say("off")}

_EFFECTS: dict[tuple[str, str], Effect] = {
    ("light", "turn_on"): _light_on,
    ("fan", "turn_on"): _fan_on,
    ("fan", "turn_off"): lambda now, data: {"state": "off", "percentage": 0},
    ("fan", "set_percentage"): _fan_speed,
    ("fan", "oscillate"): _preset("oscillating"),
    ("fan", "set_direction"): _renamed("direction", "current_direction"),
    ("fan", "set_preset_mode"): _preset("preset_mode"),
    ("lock", "lock"): _say("locked"),
    ("lock", "unlock"): _say("unlocked"),
    ("lock", "open"): _say("open"),
    ("climate", "turn_on"): _climate_on,
    ("climate", "set_temperature"): _temperature,
    ("climate", "set_hvac_mode"): _set_mode,
    ("climate", "set_preset_mode"): _preset("preset_mode"),
    ("climate", "set_fan_mode"): _preset("fan_mode"),
    ("climate", "set_humidity"): _preset("humidity"),
    ("water_heater", "set_temperature"): _temperature,
    ("humidifier", "set_humidity"): _preset("humidity"),
    ("humidifier", "set_mode"): _preset("mode"),
    ("cover", "open_cover"): _moved(opened=True),
    ("cover", "close_cover"): _moved(opened=False),
    ("cover", "stop_cover"): _stays,
    ("cover", "set_cover_position"): _position,
    ("cover", "open_cover_tilt"): _tilt(100),
    ("cover", "close_cover_tilt"): _tilt(0),
    ("cover", "set_cover_tilt_position"): _tilt(None),
    ("valve", "open_valve"): _moved(opened=True),
    ("valve", "close_valve"): _moved(opened=False),
    ("valve", "stop_valve"): _stays,
    ("valve", "set_valve_position"): _position,
    ("media_player", "turn_on"): _player_on,
    ("media_player", "media_play"): _play,
    ("media_player", "media_pause"): _pause,
    ("media_player", "media_stop"): _stop,
    ("media_player", "media_next_track"): _track(1),
    ("media_player", "media_previous_track"): _track(-1),
    ("media_player", "volume_set"): _volume,
    ("media_player", "volume_up"): _volume_step(VOLUME_STEP),
    ("media_player", "volume_down"): _volume_step(-VOLUME_STEP),
    ("media_player", "volume_mute"): _preset("is_volume_muted"),
    ("media_player", "select_source"): _preset("source"),
    ("vacuum", "start"): _say("cleaning"),
    ("vacuum", "pause"): lambda now, data: {"state": "paused"} if now.state == "cleaning" else {},
    ("vacuum", "stop"): lambda now, data: {} if now.state == "docked" else {"state": "idle"},
    ("vacuum", "return_to_base"): _docking("docked"),
    ("vacuum", "locate"): _stays,
    ("lawn_mower", "start_mowing"): _say("mowing"),
    ("lawn_mower", "pause"): _say("paused"),
    ("lawn_mower", "dock"): _docking("docked"),
    ("alarm_control_panel", "alarm_disarm"): _say("disarmed"),
    ("alarm_control_panel", "alarm_arm_home"): _say("armed_home"),
    ("alarm_control_panel", "alarm_arm_away"): _say("armed_away"),
    ("alarm_control_panel", "alarm_arm_night"): _say("armed_night"),
    ("alarm_control_panel", "alarm_arm_vacation"): _say("armed_vacation"),
    ("scene", "turn_on"): _pressed,
    ("script", "turn_on"): _ran,
    ("script", "turn_off"): _stays,
    ("automation", "trigger"): _ran,
    ("button", "press"): _pressed,
    ("input_button", "press"): _pressed,
    ("number", "set_value"): _renamed("value", "state"),
    ("input_number", "set_value"): _renamed("value", "state"),
    ("select", "select_option"): _renamed("option", "state"),
    ("input_select", "select_option"): _renamed("option", "state"),
}
