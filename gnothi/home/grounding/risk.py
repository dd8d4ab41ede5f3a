"""How much harm an operation can do (CONTRACTS, section 6)."""

from collections.abc import Iterable

from gnothi.core.risk import Risk
from gnothi.home.grounding.words import stems
from gnothi.home.model import Device
from gnothi.home.state import DeviceState

_OPENING = frozenset({"open", "position", "toggle", "unlock", "on", "activate"})
_ENDING = frozenset({"off", "disarm", "toggle"})
_ENTRANCES = frozenset({"garage", "garage_door", "door", "gate"})
_ENTRANCE_WORDS = frozenset({"door", "gate", "garage", "entrance", "lock"})
_GUARD_WORDS = frozenset({"alarm", "smoke", "security", "intruder", "burglar", "co", "leak"})
_PLAIN_WORDS = frozenset({"light", "lamp", "heater", "fan", "camera", "wake", "plug"})
_MAINS = frozenset({"main", "gas", "mains", "master", "shutoff", "stopcock", "supply"})
_SWITCHES = frozenset({"switch", "script", "input_boolean", "button", "input_button", "scene"})


def risk_of(operation: str, devices: Iterable[Device]) -> Risk:
    """Return the risk class of *operation* on *devices*: the highest of any of them."""
    classes = [
        Risk.GUARDED if _is_guarded(operation, device) else Risk.REVERSIBLE for device in devices
    ]
    return max(classes, key=lambda risk: risk.rank, default=Risk.REVERSIBLE)


def restores_safely(device: Device, before: DeviceState) -> bool:
    """Whether bringing *device* back to *before* is no guarded operation (it may unlock a door)."""
    back = _BACK.get(before.state or "")
    return back is None or not _is_guarded(back, device)


_BACK = {
    "unlocked": "unlock",
    "open": "open",
    "opening": "open",
    "disarmed": "disarm",
    "on": "on",
    "off": "off",
}
"""The operation that leads back to a state."""


def _is_guarded(operation: str, device: Device) -> bool:
    match device.domain:
        case "lock":
            return operation != "lock"
        case "alarm_control_panel":
            return operation != "arm"
        case "cover":
            return operation in _OPENING and _is_entrance(device)
        case "valve":
            return operation in _OPENING and _is_main(device)
        case _:
            return device.domain in _SWITCHES and _switches_guard(operation, device)


def _is_entrance(device: Device) -> bool:
    return device.device_class in _ENTRANCES or (
        not device.device_class and bool(_words(device) & _ENTRANCE_WORDS)
    )


def _is_main(device: Device) -> bool:
    return device.device_class in {"gas", "water"} or bool(_words(device) & _MAINS)


def _switches_guard(operation: str, device: Device) -> bool:
    """Whether a switch or script, by its name, moves a lock or a gate, or silences an alarm."""
    words = _words(device)
    if words & _PLAIN_WORDS:
        return False
    entrance = bool(words & _ENTRANCE_WORDS) and operation != "off"
    return entrance or (
        bool(words & (_GUARD_WORDS | {"gas"})) and operation in _ENDING | {"activate"}
    )


def _words(device: Device) -> frozenset[str]:
    named = (*device.names, device.id.partition(".")[2].replace("_", " "))
    return frozenset(word for name in named for word in stems(name))
