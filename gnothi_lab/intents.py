"""What Home Assistant's intents do to a home file, so that every system is judged by effects.

Follows Home Assistant's intent handlers in what they target (name, room, floor, domain, class, and
the room that hears) and CONTRACTS, section 4, in what then happens. Nothing here is Gnothi's code.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gnothi_lab.judging import ANY

Json = Mapping[str, Any]
Slots = Mapping[str, Any]
Change = dict[str, Any]

ON: Mapping[str, Change] = {
    "cover": {"state": "open", "current_position": 100},
    "valve": {"state": "open", "current_position": 100},
    "lock": {"state": "locked"},
    "fan": {"state": "on", "percentage": 100},
    "climate": {"state": "heat"},
    "vacuum": {"state": "cleaning"},
    "scene": {"state": ANY},
    "script": {"state": ANY},
}
OFF: Mapping[str, Change] = {
    "cover": {"state": "closed", "current_position": 0},
    "valve": {"state": "closed", "current_position": 0},
    "lock": {"state": "unlocked"},
    "fan": {"state": "off", "percentage": 0},
    "vacuum": {"state": "returning"},
}
PLAYING: Mapping[str, str] = {"HassMediaPause": "paused", "HassMediaUnpause": "playing"}
TRACKS: Mapping[str, int] = {"HassMediaNext": 1, "HassMediaPrevious": -1}
DOMAINS: Mapping[str, str] = {
    "HassLightSet": "light",
    "HassClimateSetTemperature": "climate",
    "HassClimateGetTemperature": "climate",
    "HassVacuumStart": "vacuum",
    "HassVacuumReturnToBase": "vacuum",
    "HassFanSetSpeed": "fan",
    "HassSetVolume": "media_player",
    "HassSetVolumeRelative": "media_player",
    "HassMediaPause": "media_player",
    "HassMediaUnpause": "media_player",
    "HassMediaNext": "media_player",
    "HassMediaPrevious": "media_player",
    "HassMediaPlayerMute": "media_player",
    "HassMediaPlayerUnmute": "media_player",
}
COLOURS: Mapping[str, Sequence[int]] = {
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "orange": (255, 165, 0),
    "purple": (128, 0, 128),
    "white": (255, 255, 255),
}


@dataclass(frozen=True, slots=True)
class Intent:
    """An intent of Home Assistant with its slots, recognised or labelled."""

    name: str
    slots: Mapping[str, Any] = field(default_factory=dict[str, Any])


def targets(intent: Intent, home: Json, *, area: str | None = None) -> list[Json]:
    """Return the devices that *intent* is about; *area* is the id of the room that hears.

    A name that several devices share means the one in the room that hears, else all of them: Home
    Assistant refuses then, and acting on none is no better for what we measure.
    """
    found = [device for device in home["devices"] if _fits(device, intent, home)]
    by_name = "name" in intent.slots and intent.slots["name"] != "all"
    here = [device for device in found if device["area"] == area]
    if by_name and len(found) > 1:
        return here
    unnamed = not {"name", "area", "floor"} & intent.slots.keys()
    return _playing(here if here and unnamed and intent.name in DOMAINS else found, intent)


def effects(intent: Intent, home: Json, *, area: str | None = None) -> dict[str, Change]:
    """Return what differs in *home* after *intent*, as ``changes`` of CONTRACTS, section 5."""
    return {
        device["id"]: changed
        for device in targets(intent, home, area=area)
        if (changed := change(device, intent))
    }


def change(device: Json, intent: Intent) -> Change:
    """Return what *intent* changes of one *device*, whatever its slots say of names and places."""
    return _difference(device, _after(device, intent))


def _fits(device: Json, intent: Intent, home: Json) -> bool:
    slots = intent.slots
    domain = slots.get("domain") or DOMAINS.get(intent.name)
    classes = _texts(slots.get("device_class"))
    name = slots.get("name")
    return (
        (not domain or device["domain"] in _texts(domain))
        and (not classes or device["attributes"].get("device_class") in classes)
        and (not name or name == "all" or _called(device, str(name)))
        and _stands(device, slots, home)
        and device["domain"] != "assist_satellite"
    )


def _called(device: Json, name: str) -> bool:
    return name.casefold() in {text.casefold() for text in (device["name"], *device["aliases"])}


def _stands(device: Json, slots: Mapping[str, Any], home: Json) -> bool:
    """Return whether *device* stands in the room and on the floor that *slots* name."""
    area = next((area for area in home["areas"] if area["id"] == device["area"]), None)
    wanted, floor = slots.get("area"), slots.get("floor")
    here = (
        {text.casefold() for text in (area["id"], area["name"], *area["aliases"])}
        if area
        else set()
    )
    if wanted and str(wanted).casefold() not in here:
        return False
    return not floor or (area is not None and str(area["floor"]).casefold() == _floor(str(floor)))


def _floor(name: str) -> str:
    return name.casefold().replace(" ", "_")


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _playing(devices: list[Json], intent: Intent) -> list[Json]:
    """Return the players in the state that *intent* expects, as Home Assistant prefers them."""
    wanted = "paused" if intent.name == "HassMediaUnpause" else "playing"
    if DOMAINS.get(intent.name) != "media_player":
        return devices
    return [device for device in devices if device["state"] == wanted] or devices


def _after(device: Json, intent: Intent) -> Change:
    domain, slots = device["domain"], intent.slots
    if intent.name == "HassTurnOn":
        return ON.get(domain, {"state": "on"})
    if intent.name == "HassTurnOff":
        return OFF.get(domain, {"state": "off"})
    if intent.name in PLAYING:
        return {"state": PLAYING[intent.name]}
    if intent.name in TRACKS:
        return {"media_track": device["attributes"].get("media_track", 1) + TRACKS[intent.name]}
    return dict(LEVELS[intent.name](device, slots)) if intent.name in LEVELS else {}


def _lit(_: Json, slots: Slots) -> Iterator[tuple[str, Any]]:
    yield "state", "on"
    if "brightness" in slots:
        yield "brightness", round(float(slots["brightness"]) * 2.55)
    if "color" in slots:
        yield "rgb_color", list(COLOURS[str(slots["color"])])


def _louder(device: Json, slots: Slots) -> Iterator[tuple[str, Any]]:
    step = {"up": 10, "down": -10}.get(str(slots["volume_step"])) or int(slots["volume_step"])
    yield "volume_level", min(1.0, max(0.0, device["attributes"]["volume_level"] + step / 100))


def _positioned(_: Json, slots: Slots) -> Iterator[tuple[str, Any]]:
    yield "state", "open" if int(slots["position"]) else "closed"
    yield "current_position", int(slots["position"])


LEVELS: Mapping[str, Callable[[Json, Slots], Iterable[tuple[str, Any]]]] = {
    "HassLightSet": _lit,
    "HassSetVolumeRelative": _louder,
    "HassSetPosition": _positioned,
    "HassSetVolume": lambda _, slots: [("volume_level", float(slots["volume_level"]) / 100)],
    "HassClimateSetTemperature": lambda _, slots: [("temperature", float(slots["temperature"]))],
    "HassFanSetSpeed": lambda _, slots: [("state", "on"), ("percentage", int(slots["percentage"]))],
    "HassVacuumStart": lambda *_: [("state", "cleaning")],
    "HassVacuumReturnToBase": lambda *_: [("state", "returning")],
    "HassMediaPlayerMute": lambda *_: [("is_volume_muted", True)],
    "HassMediaPlayerUnmute": lambda *_: [("is_volume_muted", False)],
}
"""What intents with a value, or of one domain, leave behind."""


def _difference(device: Json, after: Change) -> Change:
    """Return what of *after* is new to *device*; attributes that it lacks follow its state only."""
    before = {"state": device["state"], **device["attributes"]}
    follows = {"current_position", "percentage"}
    return {
        name: value
        for name, value in after.items()
        if before.get(name) != value and not (name in follows and name not in before)
    }
