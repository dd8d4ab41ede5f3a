"""How much harm an operation can do (CONTRACTS, section 6).

Where the domain of a device says what it is, that decides. A switch, a script or a group may
stand for anything; its name tells, and the members that Home Assistant lists.
"""

from collections.abc import Iterable, Iterator, Sequence

from gnothi.core.risk import Risk
from gnothi.home.grounding.words import stems
from gnothi.home.model import Device
from gnothi.home.state import DeviceState

_OPENING = frozenset({"open", "position", "toggle", "unlock", "on", "activate"})
_ENDING = frozenset({"off", "disarm", "toggle"})
_HARMLESS = frozenset(
    {
        *("light", "fan", "climate", "water_heater", "humidifier", "media_player", "vacuum"),
        *("lawn_mower", "camera", "sensor", "binary_sensor", "assist_satellite"),
    }
)
"""Domains that neither let anybody in nor warn of anything, whatever they are called."""
_ENTRANCES = frozenset({"garage", "garage_door", "door", "gate"})
_LOCK_WORDS = frozenset({"lock", "bolt", "deadbolt", "latch"})
_ENTRANCE_WORDS = _LOCK_WORDS | {"door", "gate", "garage", "entrance", "barrier"}
_FREEING_WORDS = frozenset({"unlock", "unbolt", "unlatch", "disarm"})
_OPENING_WORDS = _FREEING_WORDS | {"open", "release", "buzz"}
_AT_ENTRANCES = frozenset(
    {"light", "lamp", "heater", "fan", "camera", "plug", "outlet", "socket", "child"}
)
"""Things that are at a door or in a garage, and are none; and the child lock of a device."""
_WARNING_WORDS = frozenset(
    {"smoke", "intruder", "burglar", "burglary", "co", "monoxide", "leak", "flood"}
)
_ALARM_WORDS = frozenset({"alarm", "siren", "security", "detector", "gas"})
"""Words of things that warn, and of others: see :data:`_NO_WARNING`."""
_NO_WARNING = frozenset(
    {
        *("wake", "clock", "morning", "doorbell", "chime", "bell", "light", "lamp", "camera"),
        *("heater", "boiler", "stove", "fireplace", "grill", "fan", "motion", "presence"),
    }
)
_SILENCING_WORDS = frozenset({"silence", "mute", "off", "disable", "deactivate", "bypass", "stop"})
_MAINS = frozenset({"main", "gas", "mains", "master", "shutoff", "stopcock", "supply"})
_PIPE_WORDS = frozenset({"valve", "tap", "main", "mains", "shutoff", "stopcock", "supply"})


def risk_of(operation: str, devices: Iterable[Device]) -> Risk:
    """Return the risk class of *operation* on *devices*: the highest of any of them."""
    guarded = any(is_guarded(operation, device) for device in devices)
    return Risk.GUARDED if guarded else Risk.REVERSIBLE


def is_guarded(operation: str, device: Device) -> bool:
    """Whether *operation* on *device* needs a yes."""
    if any(is_guarded(operation, member) for member in _members(device)):
        return True
    match device.domain:
        case "lock":
            return operation != "lock"
        case "alarm_control_panel":
            return operation != "arm"
        case "cover":
            return operation in _OPENING and _is_entrance(device)
        case "valve":
            return operation in _OPENING and _is_main(device)
        case "siren":
            return operation in _ENDING and not _words(device) & _NO_WARNING
        case _:
            return device.domain not in _HARMLESS and _stands_for_guarded(operation, device)


def is_already(operation: str, device: Device, state: DeviceState) -> bool:
    """Whether *operation* leaves *device* as it is, so that no harm can come of it.

    A door that is ajar is open and can still be opened; a group counts as open with one of its
    members.
    """
    if state.state is None or state.state != _LEADS_TO.get(operation) or any(_members(device)):
        return False
    return operation != "open" or state.number("current_position") in {None, 100.0}


_LEADS_TO = {"unlock": "unlocked", "disarm": "disarmed", "open": "open", "on": "on", "off": "off"}


def guarded_return(device: Device, before: DeviceState) -> str | None:
    """Return the operation that brings *device* back to *before*, where it is a guarded one."""
    back = _BACK.get(before.state or "")
    return back if back and is_guarded(back, device) else None


_BACK = {
    "unlocked": "unlock",
    "unlocking": "unlock",
    "open": "open",
    "opening": "open",
    "disarmed": "disarm",
    "on": "on",
    "off": "off",
}
"""The operation that leads back to a state."""


def _members(device: Device) -> Iterator[Device]:
    """Yield what *device*, a group or a scene, is made of, as far as its ids tell."""
    listed = DeviceState(attributes=device.attributes).texts("entity_id")
    for identity in listed:
        yield Device(identity, identity.partition(".")[0], "")


def _is_entrance(device: Device) -> bool:
    return device.device_class in _ENTRANCES or (
        not device.device_class and bool(_words(device) & _ENTRANCE_WORDS)
    )


def _is_main(device: Device) -> bool:
    return device.device_class in {"gas", "water"} or bool(_words(device) & _MAINS)


def _stands_for_guarded(operation: str, device: Device) -> bool:
    """Whether a switch or script, by its name, does something guarded when it is switched so."""
    words = _words(device)
    if operation == "off":
        # Whether a switch called "lock" locks when it is on, nobody can tell.
        return _is_about(words, _LOCK_WORDS) or _warns(words)
    warns = operation != "on" or bool(words & _SILENCING_WORDS)
    return (
        any(map(_tells_to_open, _named(device)))
        or _is_about(words, _ENTRANCE_WORDS)
        or _is_supply(words)
        or (warns and _warns(words))
    )


def _is_about(words: frozenset[str], entrances: frozenset[str]) -> bool:
    return bool(words & entrances) and not words & _AT_ENTRANCES


def _warns(words: frozenset[str]) -> bool:
    return bool(words & _WARNING_WORDS) or bool(words & _ALARM_WORDS and not words & _NO_WARNING)


def _is_supply(words: frozenset[str]) -> bool:
    return bool(words & {"gas", "water"} and words & _PIPE_WORDS)


def _tells_to_open(name: Sequence[str]) -> bool:
    """Whether *name* is an order: "open the gate and the light", not "light at an open gate"."""
    begin = next((place for place, word in enumerate(name) if word in _OPENING_WORDS), len(name))
    return bool(_FREEING_WORDS & {*name}) or bool(_ENTRANCE_WORDS & {*name[begin:]})


def _named(device: Device) -> list[tuple[str, ...]]:
    named = (*device.names, device.id.partition(".")[2].replace("_", " "))
    return [stems(name) for name in named]


def _words(device: Device) -> frozenset[str]:
    return frozenset(word for name in _named(device) for word in name)
