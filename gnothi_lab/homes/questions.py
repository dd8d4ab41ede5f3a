"""Questions about the state of a home, none of which may change anything."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gnothi_lab.homes.requests import kept_apart

PILES = Path("llm") / "home_llm_piles" / "status_requests.jsonl.gz"

Json = Mapping[str, Any]

FITTING: Mapping[str, tuple[str, str | None]] = {
    "light": ("light", None),
    "fan": ("fan", None),
    "garage_door": ("cover", "garage"),
    "blinds": ("cover", "blind"),
    "media_player": ("media_player", None),
    "lock": ("lock", None),
    "climate": ("climate", None),
    "vacuum": ("vacuum", None),
    "switch": ("switch", None),
}
"""Domain and class of the devices that a phrase's device type fits."""

SEVERAL = 3
"""Devices of one home that a phrase is asked about, at most."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one home."""

    text: str
    home: Json


def ask_homes(data: Path, homes: Iterable[Json], *, test: bool = True) -> Iterator[Question]:
    """Yield the kept-apart phrases (or all others) of ``home_llm_piles`` about devices of *homes*.

    A phrase whose device type no home has is asked about a lamp: any question is one.
    """
    phrases = [(kind, phrase) for kind, phrase in _phrases(data) if kept_apart(phrase) is test]
    for home in homes:
        rooms = {area["id"]: area["name"] for area in home["areas"]}
        for kind, phrase in phrases:
            for device in (_fitting(home, kind) or _fitting(home, "light"))[:SEVERAL]:
                yield Question(_filled(phrase, device, rooms[device["area"]]), home)


def _phrases(data: Path) -> list[tuple[str, str]]:
    with gzip.open(data / PILES, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return list(dict.fromkeys((row["device_type"], row["phrase"]) for row in rows))


def _fitting(home: Json, kind: str) -> list[Json]:
    domain, device_class = FITTING.get(kind, ("light", None))
    return [
        device
        for device in home["devices"]
        if device["domain"] == domain
        and device_class in {None, device["attributes"].get("device_class")}
    ]


def _filled(phrase: str, device: Json, room: str) -> str:
    """Put the device's name in, with its room where the name does not hold it."""
    name = str(device["name"]).casefold()
    place = room.casefold()
    told = name if place in name else f"{place} {name}"
    return phrase.replace("<device_name>", told)
