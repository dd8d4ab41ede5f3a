"""Keywords: a table of verbs, a table of kinds, and the device whose names share most words.

What a good engineer writes in an afternoon. Its author had seen the sentences, which makes it a
stronger baseline than rules written blindly. It emits the same intents as the other systems, by
device instead of by name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gnothi_lab.intents import Change, Intent, change

Json = Mapping[str, Any]

KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        r"\b(thermostat|heating|heat|heater|temperature|degrees|warmer|cooler|colder)\b",
        frozenset({"climate"}),
    ),
    (r"\b(lights?|lamps?|bright\w*|dim\w*)\b", frozenset({"light"})),
    (
        r"\b(volume|louder|quieter|music|song|track|tv|television|speaker|pause|resume|unpause|skip)\b",
        frozenset({"media_player"}),
    ),
    (r"\b(lock|unlock)\b", frozenset({"lock"})),
    (r"\b(blinds?|curtains?|shutters?|shades?|garage|gate|door)\b", frozenset({"cover", "lock"})),
    (r"\b(sprinklers?|irrigation|water\w*|valve|tap|sink|shower)\b", frozenset({"valve"})),
    (r"\b(vacuum\w*|roomba|hoover|clean\w*)\b", frozenset({"vacuum"})),
    (r"\b(fan|fans)\b", frozenset({"fan"})),
    (r"\b(plug|outlet|socket|switch)\b", frozenset({"switch"})),
)
VERBS: tuple[tuple[str, str], ...] = (
    (r"\b(unpause|resume|continue|play(?! (the )?(next|previous|last)))\b", "HassMediaUnpause"),
    (r"\b(next|skip|forward)\b(?!.*\bback)", "HassMediaNext"),
    (r"\b(previous|last|back)\b(?!.*\bbase)", "HassMediaPrevious"),
    (r"\bpause|stop (the )?(music|song|playing)\b", "HassMediaPause"),
    (r"\bunlock\b", "unlock"),
    (r"\block\b", "lock"),
    (r"\b(base|dock|home|stop (clean|vacuum)\w*)\b", "HassVacuumReturnToBase"),
    (r"\b(off|close|shut|stop|deactivate|disable)\b", "HassTurnOff"),
    (r"\b(on|open|start|activate|enable|run|clean|water|vacuum)\b", "HassTurnOn"),
)
UP = r"\b(up|louder|brighter|brighten|increase|raise|warmer|higher)\b"
DOWN = r"\b(down|quieter|dimmer|dim|darker|decrease|lower|reduce|cooler|colder)\b"
QUESTION = (
    r"^(is|are|was|were|did|does|do|has|have|what|what's|whats|which|how|when|where|who|why)\b"
)
ASKING = r"\b(check|tell me|know|status|state of)\b"
MEDIA = frozenset({"media_player"})
LEVELS: Mapping[str, str] = {
    "light": "brightness",
    "media_player": "volume_level",
    "cover": "position",
    "valve": "position",
    "climate": "temperature",
    "fan": "percentage",
}
SETTERS: Mapping[str, str] = {
    "light": "HassLightSet",
    "media_player": "HassSetVolume",
    "cover": "HassSetPosition",
    "valve": "HassSetPosition",
    "climate": "HassClimateSetTemperature",
    "fan": "HassFanSetSpeed",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """The baseline for one home."""

    home: Json

    def changes(self, text: str, *, area: str | None = None) -> dict[str, Change]:
        """Return what the rules would change; *area* is the id of the room that hears."""
        told = text.casefold().strip()
        if re.search(QUESTION, told) or re.search(ASKING, told):
            return {}
        device = self._device(told, area)
        if device is None:
            return {}
        found = {device["id"]: change(device, _intent(told, device))}
        return {entity: change for entity, change in found.items() if change}

    def _device(self, told: str, area: str | None) -> Json | None:
        """Return the device whose names and room share most words with what was *told*."""
        kinds = next((kinds for pattern, kinds in KINDS if re.search(pattern, told)), None)
        said = set(_words(told))
        fitting = [(self._score(device, said, kinds, area), device) for device in self._usable()]
        best = max(fitting, key=lambda pair: pair[0], default=None)
        return best[1] if best and best[0][0] > 0 else None

    def _usable(self) -> Iterator[Json]:
        passive = {"sensor", "binary_sensor", "weather", "assist_satellite"}
        return (device for device in self.home["devices"] if device["domain"] not in passive)

    def _score(
        self, device: Json, said: set[str], kinds: frozenset[str] | None, area: str | None
    ) -> tuple[float, bool, bool, float]:
        room = next(a["name"] for a in self.home["areas"] if a["id"] == device["area"])
        name, place = set(_words(device["name"])), set(_words(room))
        shared = len(said & (name | place)) + (1.5 if kinds and device["domain"] in kinds else 0)
        left = len((name | place) - said) / 10
        playing = device["state"] == "playing"
        return shared, device["area"] == area, playing, -left


def _intent(told: str, device: Json) -> Intent:
    domain = device["domain"]
    value = _value(told, device)
    if value is not None and domain in SETTERS:
        return Intent(SETTERS[domain], {LEVELS[domain]: value})
    if domain in {"media_player", "light"} and (direction := _direction(told)):
        return Intent(*_relative(device, direction))
    verb = next((verb for pattern, verb in VERBS if re.search(pattern, told)), "HassTurnOn")
    if domain == "lock":
        verb = "HassTurnOff" if verb == "unlock" else "HassTurnOn"
    if domain == "vacuum" and verb == "HassTurnOff":
        verb = "HassVacuumReturnToBase"
    return Intent(verb)


def _value(told: str, device: Json) -> float | None:
    for pattern, value in ((r"\bhalf", 50.0), (r"\b(full|max\w*)\b", 100.0), (r"\bmin\w*\b", 1.0)):
        if re.search(pattern, told):
            return value
    stripped = told.replace(device["name"].casefold(), "")
    number = re.search(r"\b(\d+(?:\.\d+)?)\b", stripped)
    return float(number[1]) if number else None


def _direction(told: str) -> int:
    return 1 if re.search(UP, told) else -1 if re.search(DOWN, told) else 0


def _relative(device: Json, direction: int) -> tuple[str, dict[str, Any]]:
    if device["domain"] == "media_player":
        return "HassSetVolumeRelative", {"volume_step": "up" if direction > 0 else "down"}
    now = device["attributes"].get("brightness", 0) / 2.55
    return "HassLightSet", {"brightness": min(100, max(1, now + 20 * direction))}


def _words(told: str) -> list[str]:
    return [
        re.sub(r"s$", "", word) if len(word) > 3 else word
        for word in re.findall(r"[a-z0-9]+", told.casefold())
    ]
