"""Make home files (CONTRACTS, section 4) out of published overviews and requests."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from gnothi_lab.homes.requests import Request
from gnothi_lab.homes.wording import degrees

Json = dict[str, Any]

KINDS: Mapping[str, tuple[str, Json]] = {
    "light": ("light", {}),
    "light-dimmable": ("light", {"brightness": 0}),
    "hvac": ("climate", {"current_temperature": 22}),
    "heat-pump": ("climate", {"current_temperature": 22}),
    "smart-plug": ("switch", {"device_class": "outlet"}),
    "switch": ("switch", {"device_class": "switch"}),
    "smart-speaker": ("media_player", {"device_class": "speaker"}),
    "smart-tv": ("media_player", {"device_class": "tv"}),
    "smart-sprinkler": ("valve", {"device_class": "water"}),
    "water-valve": ("valve", {"device_class": "water", "current_position": 0}),
    "garage-door": ("cover", {"device_class": "garage", "current_position": 0}),
    "smart-blinds": ("cover", {"device_class": "blind", "current_position": 0}),
    "smart-lock": ("lock", {}),
    "vacuum": ("vacuum", {}),
    "exhaust-fan": ("fan", {}),
    "fan-oscilating": ("fan", {"percentage": 0}),
}
"""Domain and attributes of the published device types."""

CLOSED: Mapping[str, str] = {
    "light": "off",
    "climate": "off",
    "switch": "off",
    "media_player": "idle",
    "valve": "closed",
    "cover": "closed",
    "lock": "locked",
    "vacuum": "docked",
    "fan": "off",
}
"""State of a device at rest."""

FEATURES: Mapping[str, Mapping[str, str]] = {
    "light": {"brightness": "brightness"},
    "climate": {"temperature": "temperature"},
    "media_player": {"volume_level": "volume"},
    "cover": {"current_position": "position"},
    "valve": {"current_position": "position"},
    "fan": {"percentage": "percentage"},
}


def build_home(name: str, requests: Iterable[Request], overview: str | None) -> Json:
    """Return the home file of *name*.

    Devices come from the overview, where there is one; devices that requests name and the overview
    lacks (it merges some that share a name) are added. Every room gets a satellite that hears.
    """
    wanted = list(requests)
    devices = list(_listed(overview)) if overview else []
    for request in wanted:
        if not any(_same(device, request) for device in devices):
            devices.append(_requested(request))
        elif request.device_type == "light-dimmable":
            next(d for d in devices if _same(d, request))["attributes"].setdefault("brightness", 0)
    imperial = _imperial(name, wanted)
    areas = _areas(device["area"] for device in devices)
    satellites = [_satellite(area["name"]) for area in areas.values()]
    return {
        "name": name,
        "locale": "en-US",
        "units": "imperial" if imperial else "metric",
        "time_zone": "UTC",
        "areas": list(areas.values()),
        "devices": list(_identified([*devices, *satellites], areas)),
        "lists": [],
        "people": [],
    }


def _imperial(name: str, requests: Iterable[Request]) -> bool:
    """Return whether a home measures in Fahrenheit: it is in the US, or its people speak so.

    One Canadian home asks for "72" and "72 F" only, and no home asks in both units.
    """
    asked = [request.text for request in requests if request.action == "Set temperature"]
    speaks = [degree for text in asked if (degree := degrees(text, imperial=True)) is not None]
    celsius = any("celsius" in text.casefold() for text in asked)
    return "-us" in name or (bool(speaks) and min(speaks) > 45 and not celsius)


def device_of(home: Json, request: Request) -> Json:
    """Return the device of *home* that *request* is labelled with."""
    names = {area["id"]: area["name"] for area in home["areas"]}
    return next(d for d in home["devices"] if _same({**d, "area": names[d["area"]]}, request))


def _listed(overview: str) -> Iterator[Json]:
    body = overview.partition("\n")[2]
    for entry in yaml.safe_load(body):
        attributes = {key: _number(value) for key, value in (entry.get("attributes") or {}).items()}
        yield _complete(
            entry["domain"], entry["names"], entry["areas"], str(entry["state"]), attributes
        )


def _requested(request: Request) -> Json:
    domain, attributes = KINDS[request.device_type]
    return _complete(domain, request.device, request.area, CLOSED[domain], dict(attributes))


def _satellite(area: str) -> Json:
    return _complete("assist_satellite", f"{area} Satellite", area, "idle", {})


def _complete(domain: str, name: str, area: str, state: str, attributes: Json) -> Json:
    """Return a device with the attributes that its domain always has."""
    if domain == "climate":
        attributes = {
            "temperature": 20,
            "hvac_modes": ["off", "heat", "cool", "auto"],
            **attributes,
        }
    if domain == "media_player":
        attributes = {"volume_level": 0.5, "is_volume_muted": False, "media_track": 1, **attributes}
    return {"domain": domain, "name": name, "area": area, "state": state, "attributes": attributes}


def _number(value: object) -> object:
    """Return the number in a published text; brightness that is not told is 0."""
    if value is None:
        return 0
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value) if "." in value else int(value)
    return value


def _same(device: Json, request: Request) -> bool:
    return (
        device["domain"] == KINDS[request.device_type][0]
        and device["name"].casefold() == request.device.casefold()
        and device["area"].casefold() == request.area.casefold()
    )


def _areas(names: Iterable[str]) -> dict[str, Json]:
    """Return areas by casefolded name: the data writes "Living room" and "Living Room"."""
    found: dict[str, Json] = {}
    for name in names:
        area = {"id": slug(name), "name": name, "aliases": [], "floor": None}
        found.setdefault(name.casefold(), area)
    return found


def _identified(devices: Iterable[Json], areas: Mapping[str, Json]) -> Iterator[Json]:
    """Give every device its entity id as Home Assistant does: its name, numbered if repeated."""
    taken: set[str] = set()
    for device in devices:
        stem = f"{device['domain']}.{slug(device['name'])}"
        places = (stem if index == 1 else f"{stem}_{index}" for index in range(1, 100))
        identity = next(place for place in places if place not in taken)
        taken.add(identity)
        features = FEATURES.get(device["domain"], {})
        yield {
            "id": identity,
            "domain": device["domain"],
            "name": device["name"],
            "aliases": [],
            "area": areas[device["area"].casefold()]["id"],
            "features": [told for key, told in features.items() if key in device["attributes"]],
            "state": device["state"],
            "attributes": device["attributes"],
        }


def slug(name: str) -> str:
    """Return *name* as an id: lower case, words joined by underscores."""
    return "_".join(re.findall(r"[a-z0-9]+", name.casefold()))
