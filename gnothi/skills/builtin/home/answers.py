"""Answers to questions about the home, from its state and its history."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from gnothi.core.acting import Act
from gnothi.home.grounding.commands import present_level
from gnothi.home.grounding.result import Telling
from gnothi.home.house import House
from gnothi.home.model import Device
from gnothi.home.state import DeviceState, as_number
from gnothi.skills.builtin.home.speaking import names, number
from gnothi.skills.builtin.home.values import level

_ON = frozenset(
    {
        "on",
        "playing",
        "heat",
        "cool",
        "auto",
        "heat_cool",
        "dry",
        "fan_only",
        "open",
        "cleaning",
        "home",
        "idle",
        "paused",
        "armed_away",
        "armed_home",
        "armed_night",
    }
)
_HOLDS: Mapping[str, frozenset[str]] = {
    "open": frozenset({"open", "opening", "unlocked"}),
    "closed": frozenset({"closed", "closing", "locked"}),
    "on": _ON,
    "off": frozenset({"off", "standby", "closed", "docked", "disarmed", "not_home"}),
    "locked": frozenset({"locked", "closed"}),
    "unlocked": frozenset({"unlocked", "open"}),
    "armed": frozenset({"armed_away", "armed_home", "armed_night", "armed_vacation", "armed"}),
    "disarmed": frozenset({"disarmed"}),
    "playing": frozenset({"playing"}),
    "paused": frozenset({"paused"}),
    "cleaning": frozenset({"cleaning", "mowing"}),
    "docked": frozenset({"docked"}),
    "detected": frozenset({"detected"}),
}
_OPENINGS = frozenset({"door", "window", "garage_door", "opening"})


def answer(asked: Telling, house: House, now: datetime) -> tuple[Act, ...]:
    """Return what is to be said to *asked*."""
    devices = [house.device(target) for target in asked.targets]
    return _ANSWERS[asked.question](asked, devices, house, now)


def _shown(device: Device, state: DeviceState) -> str:
    """Return the state in the words of people: a window sensor that is on is open."""
    told = state.state or "unknown"
    if device.domain != "binary_sensor" or told not in {"on", "off"}:
        return told
    if device.device_class in _OPENINGS:
        return "open" if told == "on" else "closed"
    if device.device_class == "lock":
        return "unlocked" if told == "on" else "locked"
    if device.device_class:
        return "detected" if told == "on" else "clear"
    return told


def _split(
    asked: Telling, devices: Sequence[Device], house: House
) -> tuple[list[Device], list[Device], list[Device]]:
    """Return the devices in the state that is asked about, the others, and the unknown ones."""
    holds: list[Device] = []
    others: list[Device] = []
    unknown: list[Device] = []
    for device in devices:
        state = house.state(device.id)
        if not state.known:
            unknown.append(device)
        elif _shown(device, state) in _HOLDS.get(asked.state, frozenset({asked.state})):
            holds.append(device)
        else:
            others.append(device)
    return holds, others, unknown


def _act(key: str, house: House, devices: Sequence[Device], **values: object) -> Act:
    return Act(key, {"devices": names(house, devices), "number": number(devices), **values})


def _unknown(house: House, devices: Sequence[Device]) -> tuple[Act, ...]:
    return (_act("home-unknown", house, devices),) if devices else ()


def _check(
    asked: Telling, devices: Sequence[Device], house: House, now: datetime
) -> tuple[Act, ...]:
    holds, others, unknown = _split(asked, devices, house)
    if not holds and not others:
        return _unknown(house, unknown)
    device = (holds or others)[0]
    key = "home-check-yes" if holds else "home-check-no"
    return (_act(key, house, [device], state=_shown(device, house.state(device.id))),)


def _any(asked: Telling, devices: Sequence[Device], house: House, now: datetime) -> tuple[Act, ...]:
    holds, others, unknown = _split(asked, devices, house)
    if holds:
        return (_act("home-any-yes", house, holds, state=asked.state),)
    none = (Act("home-any-no", {"state": asked.state}),) if others else ()
    return (*none, *_unknown(house, unknown))


def _all(asked: Telling, devices: Sequence[Device], house: House, now: datetime) -> tuple[Act, ...]:
    holds, others, unknown = _split(asked, devices, house)
    if others:
        return (_act("home-all-no", house, others), *_unknown(house, unknown))
    said = (_act("home-all-yes", house, holds, state=asked.state),) if holds else ()
    return (*said, *_unknown(house, unknown))


def _which(
    asked: Telling, devices: Sequence[Device], house: House, now: datetime
) -> tuple[Act, ...]:
    holds, others, unknown = _split(asked, devices, house)
    if holds:
        return (_act("home-which-these", house, holds, state=asked.state),)
    none = (Act("home-which-none", {"state": asked.state}),) if others else ()
    return (*none, *_unknown(house, unknown))


def _count(
    asked: Telling, devices: Sequence[Device], house: House, now: datetime
) -> tuple[Act, ...]:
    holds, others, unknown = _split(asked, devices, house)
    total = len(holds) + len(others)
    return (
        _act("home-count", house, holds, state=asked.state, total=total),
        *_unknown(house, unknown),
    )


def _status(
    asked: Telling, devices: Sequence[Device], house: House, now: datetime
) -> tuple[Act, ...]:
    return tuple(_one_status(device, house) for device in devices[:_TOLD])


def _one_status(device: Device, house: House) -> Act:
    state = house.state(device.id)
    if not state.known:
        return _act("home-unknown", house, [device])
    if device.domain == "sensor":
        return _sensor(device, state, house)
    name = _LEVELS.get(device.domain)
    shown = level(name, state) if name and state.state not in {"off", "closed"} else None
    key = "home-status-level" if shown else "home-status"
    return _act(key, house, [device], state=_shown(device, state), **(shown or {}))


def _sensor(device: Device, state: DeviceState, house: House) -> Act:
    key = (
        "home-sensor-percent"
        if device.device_class == "battery"
        else f"home-value-{device.device_class}"
    )
    told = as_number(state.state)
    value = state.state if told is None else told
    if device.device_class in {"temperature", "humidity", "battery"}:
        return _act(key, house, [device], value=value, place="none")
    unit = str(state.attributes.get("unit_of_measurement") or "")
    return _act("home-value-power", house, [device], value=f"{state.state} {unit}".strip())


_HEATED = frozenset({"climate", "water_heater"})
"""Domains whose level is told in degrees."""
_TOLD = 6
"""Devices whose state is told one by one."""
_LEVELS = {
    "light": "brightness",
    "cover": "position",
    "valve": "position",
    "fan": "speed",
    "climate": "temperature",
    "media_player": "volume",
}


def _value(
    asked: Telling, devices: Sequence[Device], house: House, now: datetime
) -> tuple[Act, ...]:
    """Tell an attribute: from its own sensor, where there is one, before anything else."""
    sensors = [d for d in devices if d.domain == "sensor" and d.device_class == asked.attribute]
    chosen = sensors or list(devices)
    acts = [_one_value(asked, device, house) for device in chosen[:_TOLD]]
    known = [act for act in acts if act is not None]
    return tuple(known) or (_act("home-value-none", house, chosen[:_TOLD]),)


def _one_value(asked: Telling, device: Device, house: House) -> Act | None:
    state = house.state(device.id)
    if device.domain == "sensor":
        if not state.known:
            return _act("home-unknown", house, [device])
        return _placed(_sensor(device, state, house), asked, house)
    if device.domain == "binary_sensor" and device.device_class == "battery":
        key = "home-value-battery-low" if state.state == "on" else "home-value-battery-fine"
        return _act(key, house, [device])
    value = _ATTRIBUTES[asked.attribute](device, state) if asked.attribute in _ATTRIBUTES else None
    if value is None:
        return None
    unit = "degrees" if device.domain in _HEATED else "percent"
    said = {"value": value, "place": "none", "unit": unit}
    act = _act(f"home-value-{asked.attribute}", house, [device], **said)
    return _placed(act, asked, house)


def _placed(act: Act, asked: Telling, house: House) -> Act:
    """Say "in the kitchen" where a room was asked about."""
    area = house.area(asked.areas[0]) if len(asked.areas) == 1 else None
    return Act(act.key, {**act.values, "place": area.name}) if area else act


def _level_of(name: str) -> Callable[[Device, DeviceState], object]:
    def read(device: Device, state: DeviceState) -> object:
        shown = level(name, state)
        return shown["value"] if shown else None

    return read


def _attribute(*keys: str) -> Callable[[Device, DeviceState], object]:
    def read(device: Device, state: DeviceState) -> object:
        found = (state.attributes.get(key) for key in keys)
        value = next((one for one in found if one is not None), None)
        told = as_number(value)
        return value if told is None else told

    return read


def _setpoint(device: Device, state: DeviceState) -> object:
    return present_level(device, state)


def _colour(device: Device, state: DeviceState) -> object:
    return state.attributes.get("color_name") or ", ".join(state.texts("rgb_color")) or None


def _mode(device: Device, state: DeviceState) -> object:
    return state.state if device.domain == "climate" else state.attributes.get("preset_mode")


def _media(device: Device, state: DeviceState) -> object:
    return state.attributes.get("media_title") if state.state == "playing" else None


_ATTRIBUTES: Mapping[str, Callable[[Device, DeviceState], object]] = {
    "temperature": _attribute("current_temperature", "temperature"),
    "setpoint": _setpoint,
    "humidity": _attribute("current_humidity", "humidity"),
    "battery": _attribute("battery_level", "battery"),
    "brightness": _level_of("brightness"),
    "volume": _level_of("volume"),
    "speed": _level_of("speed"),
    "position": _level_of("position"),
    "color": _colour,
    "mode": _mode,
    "media": _media,
}


def _how_long(
    asked: Telling, devices: Sequence[Device], house: House, now: datetime
) -> tuple[Act, ...]:
    holds, others, unknown = _split(asked, devices, house)
    if not holds:
        told = [
            _act("home-how-long-not", house, [one], state=_shown(one, house.state(one.id)))
            for one in others[:_TOLD]
        ]
        return (*told, *_unknown(house, unknown))
    return tuple(_since(device, house, now) for device in holds[:_TOLD])


def _since(device: Device, house: House, now: datetime) -> Act:
    state = house.state(device.id)
    shown = _shown(device, state)
    since = state.changed or _told_change(state)
    if since is None:
        return _act("home-how-long-unknown", house, [device], state=shown)
    return _act("home-how-long", house, [device], state=shown, duration=now - since)


def _told_change(state: DeviceState) -> datetime | None:
    """Return the moment that the home file tells, where it has one."""
    try:
        moment = datetime.fromisoformat(str(state.attributes.get("last_changed")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _when(
    asked: Telling, devices: Sequence[Device], house: House, now: datetime
) -> tuple[Act, ...]:
    wanted = _HOLDS.get(asked.state, frozenset({asked.state}))
    acts: list[Act] = []
    for device in devices[:_TOLD]:
        states = [
            raw for raw in ("on", "off", *wanted) if _shown(device, DeviceState(raw)) in wanted
        ]
        event = house.history.last(device.id, *states)
        if event is None:
            acts.append(_act("home-when-never", house, [device]))
            continue
        moment = event.at.astimezone(now.tzinfo)
        acts.append(_act("home-when", house, [device], state=asked.state, moment=moment))
    return tuple(acts)


def _presence(
    asked: Telling, devices: Sequence[Device], house: House, now: datetime
) -> tuple[Act, ...]:
    people = [one for one in house.devices() if one.domain in {"person", "device_tracker"}]
    there = [one for one in people if house.state(one.id).state == "home"]
    if there:
        return (_act("home-presence-home", house, there),)
    moving = [
        one
        for one in house.devices()
        if one.device_class in {"motion", "occupancy", "presence"}
        and house.state(one.id).state == "on"
    ]
    if moving:
        return (_act("home-presence-motion", house, moving),)
    return (Act("home-presence-nobody" if people else "home-presence-unknown"),)


_Answer = Callable[[Telling, Sequence[Device], House, datetime], tuple[Act, ...]]
_ANSWERS: Mapping[str, _Answer] = {
    "check": _check,
    "any": _any,
    "all": _all,
    "which": _which,
    "count": _count,
    "status": _status,
    "value": _value,
    "how_long": _how_long,
    "when": _when,
    "presence": _presence,
}
