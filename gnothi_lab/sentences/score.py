"""One measure for both systems: what changes in the test home, or which values are understood.

Sentences that act are right when exactly those devices change in exactly that way that Home
Assistant's expected intent and slots mean in the test home. Sentences that ask, or that set timers
and lists, are right when the intent is right (``mappings/ha_intents.json``), nothing in the home
changes, and every name, place and amount of the expected slots is among the values that the system
would use; lists by what is on them afterwards. Both systems go through the same functions.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from gnothi_lab.homes.build import slug
from gnothi_lab.intents import Intent, effects
from gnothi_lab.judging import Changes, problems
from gnothi_lab.sentences.rows import Row
from gnothi_lab.subjects import Answered, Running, states

MAPPING = Path(__file__).parent.parent / "mappings" / "ha_intents.json"
SECONDS: Mapping[str, int] = {"hours": 3600, "minutes": 60, "seconds": 1}
SAME: Mapping[str, str] = {
    "HassShoppingListAddItem": "HassListAddItem",
    "HassShoppingListCompleteItem": "HassListCompleteItem",
    "HassListRemoveItem": "HassListCompleteItem",
}
"""Intents that newer releases tell apart in another way than the sentences were written for."""
ACTS: Mapping[str, str] = {
    "dialogue-cancelled": "general_cancel",
    "general-help": "general_help",
    "general-greeting": "general_greet",
}
"""Intents of what the conversation answers without asking the network."""
NAMED = ("name", "item", "search_query", "message", "area", "floor")

OPPOSITE: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "HassTurnOff": {
        "light": {"state": "on", "brightness": 180},
        "switch": {"state": "on"},
        "fan": {"state": "on", "percentage": 100},
        "cover": {"state": "open", "current_position": 100},
        "valve": {"state": "open", "current_position": 100},
        "lock": {"state": "locked"},
        "script": {"state": "on"},
    },
    "HassTurnOn": {
        "cover": {"state": "closed", "current_position": 0},
        "valve": {"state": "closed", "current_position": 0},
    },
    "HassMediaUnpause": {"media_player": {"state": "paused"}},
    "HassVacuumStart": {"vacuum": {"state": "docked"}},
}
"""States before, where those of the home file would hide the effect."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a system made of a sentence."""

    intents: frozenset[str]
    """Names under which its intent counts, ours or Home Assistant's."""
    changes: Changes
    values: tuple[object, ...]
    """Every text and number that it would use."""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Open items of every list afterwards."""


@cache
def mapping() -> Mapping[str, Mapping[str, Any]]:
    """Return the frozen table of intents."""
    return json.loads(MAPPING.read_text(encoding="utf-8"))["intents"]


def posed(home: Mapping[str, Any], row: Row) -> dict[str, Any]:
    """Return the test home in a state in which the effect of *row* shows."""
    ready = deepcopy(dict(home))
    for device in ready["devices"]:
        pose = OPPOSITE.get(row.intent.name, {}).get(device["domain"], {})
        device["state"] = pose.get("state", device["state"])
        device["attributes"].update({k: v for k, v in pose.items() if k in device["attributes"]})
    return ready


def right(row: Row, reading: Reading, home: Mapping[str, Any]) -> bool:
    """Return whether *reading* is what *row* expects in the posed *home*."""
    entry = mapping()[row.intent.name]
    if entry["judged"] == "changes":
        expected = effects(row.intent, home, area=slug(row.hears) if row.hears else None)
        return not problems(expected, reading.changes, states(home))
    if entry["judged"] == "lists":
        return _sorted(reading.lists) == _sorted(listed(row.intent, home))
    known = {row.intent.name, _same(row.intent.name), *entry["ours"]}
    untouched = not any(entity for entity in reading.changes if not entity.startswith("todo."))
    return bool(known & reading.intents) and untouched and _holds(row, reading.values)


def heard_by_hassil(intent: Intent | None, home: Mapping[str, Any], area: str | None) -> Reading:
    """Return the reading of a recognised *intent*."""
    if intent is None:
        return Reading(frozenset(), {}, ())
    names = frozenset({intent.name, _same(intent.name)})
    values = [*intent.slots.values(), *_durations(intent.slots)]
    return Reading(names, effects(intent, home, area=area), tuple(values), listed(intent, home))


def running_before(row: Row) -> list[Running]:
    """Return the timers that *row* speaks of, and another one where the words choose."""
    name, slots = row.intent.name, row.intent.slots
    if "Timer" not in name or name == "HassStartTimer":
        return []
    parts = {unit: float(slots.get(f"start_{unit}", 0)) for unit in SECONDS}
    length = timedelta(**parts) or timedelta(minutes=20)
    area = slots.get("area")
    device = f"assist_satellite.{slug(str(area))}" if area else None
    paused = name == "HassUnpauseTimer"
    meant = Running(length, str(slots.get("name", "")), device, paused=paused)
    chosen = any(parts.values()) or meant.name or device
    return [meant, Running(timedelta(minutes=45))] if chosen else [meant]


def understood_by_gnothi(answered: Answered, home: Mapping[str, Any]) -> Reading:
    """Return the reading of one of our turns: only its first request counts.

    What the conversation answers by itself ("never mind") has no request, but an act.
    """
    interaction = answered.interaction
    requests = interaction.understanding.requests[:1]
    slots = [slot.value for request in requests for slot in request.slots]
    arguments = [list(_flat(action.call.arguments)) for action in interaction.actions[:1]]
    values = [*slots, *(value for found in arguments for value in found)]
    values += list(_described(values, home, answered.timers))
    intents = {request.intent for request in requests}
    intents |= {ACTS[act.key] for act in interaction.reply.acts if act.key in ACTS}
    return Reading(frozenset(intents), interaction.changes, tuple(values), answered.lists)


def listed(intent: Intent, home: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the open items of every list of *home* after *intent*."""
    lists = {one["id"]: [item["text"] for item in one["items"]] for one in home["lists"]}
    item, name = str(intent.slots.get("item", "")), intent.slots.get("name", "shopping list")
    for one in home["lists"]:
        if "List" in intent.name and _folded(one["name"]) == _folded(name):
            adds = intent.name.endswith("AddItem")
            kept = [text for text in lists[one["id"]] if _folded(text) != _folded(item)]
            lists[one["id"]] = [*kept, item] if adds else kept
    return {name: tuple(items) for name, items in lists.items()}


def _sorted(lists: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: sorted(map(_folded, items)) for name, items in lists.items()}


def _same(name: str) -> str:
    return SAME.get(name, name)


def _holds(row: Row, values: Iterable[object]) -> bool:
    slots = row.intent.slots
    texts = {_folded(value) for value in values if isinstance(value, str)}
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    wanted = [_folded(slots[name]) for name in NAMED if name in slots and name != row.hears]
    wanted = [text for text in wanted if text not in {"all", _folded(row.hears or "")}]
    spoken = all(any(text in found for found in texts) for text in wanted)
    amounts = list(_durations(slots))
    return spoken and all(any(abs(number - amount) < 1 for number in numbers) for amount in amounts)


def _durations(slots: Mapping[str, Any]) -> Iterator[float]:
    """Yield the duration, and that of the timer meant, in seconds."""
    for prefix in ("", "start_"):
        parts = [
            float(slots[prefix + unit]) * size
            for unit, size in SECONDS.items()
            if prefix + unit in slots
        ]
        if parts:
            yield sum(parts)


def _flat(value: object) -> Iterator[object]:
    """Yield every text and number inside *value*; durations in seconds."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _flat(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _flat(item)
    elif isinstance(value, timedelta):
        yield value.total_seconds()
    elif value is not None and not isinstance(value, bool):
        yield value


def _described(
    values: Iterable[object], home: Mapping[str, Any], timers: Mapping[str, Running]
) -> Iterator[object]:
    """Yield names, rooms, floors and lengths of what has its id among *values*."""
    for timer in (timers[value] for value in values if isinstance(value, str) and value in timers):
        yield timer.name
        yield timer.length.total_seconds()
        yield (timer.device or "").rpartition(".")[2]
    areas = {area["id"]: area for area in home["areas"]}
    ids = {value for value in values if isinstance(value, str)}
    for thing in [*home["devices"], *home["lists"], *home["people"], *home["areas"]]:
        if thing["id"] in ids:
            yield thing["name"]
            area = areas.get(thing.get("area") or "")
            yield from (area["name"], area["floor"] or "") if area else ()


def _folded(value: object) -> str:
    return str(value).casefold().replace("_", " ").strip()
