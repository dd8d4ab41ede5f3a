"""Home Assistant's own recogniser: hassil with the sentences of home-assistant-intents.

Both come from PyPI and are used as Home Assistant uses them: names, rooms and floors of the home
as lists, the room that hears as context, the most literal match.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from hassil import Intents, recognize_best
from hassil.intents import TextSlotList
from home_assistant_intents import get_intents

from gnothi_lab.intents import Intent

Json = Mapping[str, Any]


@cache
def _sentences() -> Intents:
    return Intents.from_dict(get_intents("en"))  # type: ignore[arg-type]


class Recogniser:
    """Recognises sentences about one home."""

    def __init__(self, home: Json) -> None:
        """Take the names from the home file *home*."""
        self._areas = {area["id"]: area["name"] for area in home["areas"]}
        self._lists = {
            "name": TextSlotList.from_tuples(_names(home), allow_template=False),
            "area": TextSlotList.from_tuples(_areas(home), allow_template=False),
            "floor": TextSlotList.from_tuples(_floors(home), allow_template=False),
        }

    def recognise(self, text: str, *, area: str | None = None) -> Intent | None:
        """Return what *text* means; *area* is the id of the room that hears."""
        found = recognize_best(
            text,
            _sentences(),
            slot_lists=self._lists,
            intent_context={"area": self._areas[area]} if area else None,
            language="en",
            best_slot_name="name",
        )
        if found is None:
            return None
        return Intent(
            found.intent.name, {entity.name: entity.value for entity in found.entities_list}
        )


def _names(home: Json) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every way to call a device or list, with the context that sentences ask for."""
    for device in home["devices"]:
        context = {"domain": device["domain"], **_scalars(device["attributes"])}
        if device["domain"] != "assist_satellite":
            for name in (device["name"], *device["aliases"]):
                yield name, device["name"], context
    for todo in home["lists"]:
        yield todo["name"], todo["name"], {"domain": "todo"}
    for person in home["people"]:
        yield person["name"], person["name"], {"domain": "person"}


def _scalars(attributes: Json) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if isinstance(value, str)}


def _areas(home: Json) -> Iterator[tuple[str, str]]:
    for area in home["areas"]:
        for name in (area["name"], *area["aliases"]):
            yield name, area["name"]


def _floors(home: Json) -> Iterator[tuple[str, str]]:
    for floor in dict.fromkeys(area["floor"] for area in home["areas"] if area["floor"]):
        yield floor.replace("_", " "), floor
