"""The home that Home Assistant's sentences talk about: their names, rooms and floors."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gnothi_lab.homes.build import slug
from gnothi_lab.homes.questions import Question
from gnothi_lab.sentences.rows import Row, read_rows

BASE = Path(__file__).with_name("home_assistant.json")
SENSORS = frozenset({"sensor", "binary_sensor"})
ASKING = frozenset({"HassGetState", "HassClimateGetTemperature", "HassGetWeather"})


def fixture_home(data: Path) -> dict[str, Any]:
    """Return the test home: written devices, and every sensor that any English sentence names."""
    home = json.loads(BASE.read_text(encoding="utf-8"))
    rows = [*read_rows(data), *read_rows(data, test=False)]
    known = {device["id"] for device in home["devices"]}
    home["devices"] += [one for one in _sensors(rows) if one["id"] not in known]
    home["devices"] += [_satellite(area) for area in home["areas"]]
    return home


def questions_of_home_assistant(data: Path, *, test: bool = True) -> Iterator[Question]:
    """Yield the kept-apart (or all other) questions about the state of the test home."""
    home = fixture_home(data)
    for row in read_rows(data, test=test):
        if row.intent.name in ASKING:
            yield Question(row.text, home)


def _sensors(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        slots = row.intent.slots
        if slots.get("domain") in SENSORS and "name" in slots:
            device = _sensor(str(slots["domain"]), str(slots["name"]), slots)
            found.setdefault(device["id"], device)
    return iter(found.values())


def _sensor(domain: str, name: str, slots: Mapping[str, object]) -> dict[str, Any]:
    device_class = slots.get("device_class")
    state = "off" if domain == "binary_sensor" else "12"
    return {
        "id": f"{domain}.{slug(name)}",
        "domain": domain,
        "name": name,
        "aliases": [],
        "area": slug(str(slots["area"])) if "area" in slots else None,
        "features": [],
        "state": state,
        "attributes": {"device_class": device_class} if device_class else {},
    }


def _satellite(area: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"assist_satellite.{area['id']}",
        "domain": "assist_satellite",
        "name": f"{area['name']} Satellite",
        "aliases": [],
        "area": area["id"],
        "features": [],
        "state": "idle",
        "attributes": {},
    }
