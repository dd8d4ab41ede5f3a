"""Sentences about homes from public data, in the labels of the built-in ontology.

The sets know the device and its area but not where they stand in the text: names are looked
up there. A light that is nothing but its room's light gets no ``device_type``, as in MASSIVE.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from gnothi_train.language.examples import Example, Span, read_records
from gnothi_train.language.grammar import GRAMMAR
from gnothi_train.language.splits import held_out, template

MAPPING = Path(__file__).with_name("mapping.toml")

_PERCENT = re.compile(r"\b\d+ ?(?:%|percent\b)|(?<=\bto )\d+\b|\bhalf(?:way)?\b", re.IGNORECASE)
_DEGREES = re.compile(
    r"\b\d+(?:\.\d+)? ?(?:°[CF]?|degrees(?: (?:celsius|fahrenheit))?)?(?!\w)", re.IGNORECASE
)
_VOLUME = re.compile(r"\b(?:to|at) \d+(?: ?%| percent)?(?!\w)", re.IGNORECASE)
_UNIT = r"(?:seconds?|minutes?|hours?)"
_NUMBER = r"(?:\d+(?:/\d+)?|an?|one|two|three|five|ten|fifteen|twenty|thirty|half an?)"
_DURATION = re.compile(
    rf"\b{_NUMBER} (?:an? |and a half )?{_UNIT}(?:(?: and)? {_NUMBER} {_UNIT})*\b", re.IGNORECASE
)
_TIMER_NAME = re.compile(r"(?:called|named|for) (pizza)|(pizza) timer|timer (pizza)", re.IGNORECASE)
_GENERIC_LIGHT = re.compile(r"(?:the |all )?(?:lights?|lamps?|lighting)", re.IGNORECASE)
_GARAGE_DOOR = re.compile(r"\bgarage doors?\b", re.IGNORECASE)
_MODIFIERS = re.compile(
    r"\b((?:(?:master|main|guest|front|back|home|upstairs|downstairs|left|right|kids|man) )+)$",
    re.IGNORECASE,
)
# A verb that is also a device ("lock the door") is not looked for as one; matches always.
_VERB = re.compile(
    r"(?:please |can you |could you )*(?:switch|lock|pump|iron|mop|hoover|vacuum)?\b|",
    re.IGNORECASE,
)
_SENSORS = tuple(
    f"{kind}{noun}"
    for kind in (
        "carbon monoxide ",
        "motion ",
        "smoke ",
        "water ",
        "gas ",
        "sound ",
        "occupancy ",
        "light ",
        "tamper ",
        "vibration ",
        "moisture ",
        "temperature ",
        "humidity ",
        "heat ",
        "power ",
        "",
    )
    for noun in ("sensors", "sensor", "detectors", "detector", "batteries", "battery")
)
_COLOURS = re.compile(
    r"\b(?:red|blue|green|yellow|purple|orange|white|pink|brown)\b", re.IGNORECASE
)

VALUES = {
    "iot_brightness_set": ("percent", _PERCENT),
    "iot_position_set": ("percent", _PERCENT),
    "iot_humidity_set": ("percent", _PERCENT),
    "iot_temperature_set": ("temperature", _DEGREES),
    "audio_volume_other": ("change_amount", _VOLUME),
    "iot_hue_lightchange": ("color_type", _COLOURS),
    "timer_set": ("duration", _DURATION),
    "timer_increase": ("duration", _DURATION),
    "timer_decrease": ("duration", _DURATION),
    "timer_query": ("duration", _DURATION),
    "timer_cancel": ("duration", _DURATION),
    "timer_pause": ("duration", _DURATION),
    "timer_resume": ("duration", _DURATION),
}
_NEEDS_VALUE = {
    "iot_brightness_set",
    "iot_position_set",
    "iot_temperature_set",
    "audio_volume_other",
}


@cache
def mapping() -> dict:
    """Return the frozen mapping of labels."""
    return tomllib.loads(MAPPING.read_text(encoding="utf-8"))


@cache
def _rooms() -> tuple[str, ...]:
    rooms = tomllib.loads(GRAMMAR.read_text(encoding="utf-8"))["lists"]["room"]["values"]
    return tuple(sorted(rooms, key=len, reverse=True))


@cache
def _devices() -> tuple[str, ...]:
    lists = tomllib.loads(GRAMMAR.read_text(encoding="utf-8"))["lists"]
    names = {
        value
        for entry in lists.values()
        if entry["slot"] == "device_type"
        for value in entry["values"]
    }
    return tuple(sorted(names, key=len, reverse=True))


def action_intent(kind: str, verb: str, text: str) -> str | None:
    """Return the intent of an action on a device, ``None`` when the ontology has none."""
    words = text.lower()
    if kind == "switch" or (kind == "light" and verb != "set_brightness"):
        if re.search(r"\b(?:plugs?|outlets?|sockets?)\b", words):
            kind = "plug"
        elif re.search(r"\b(?:lights?|lamps?|lighting)\b", words):
            kind = "light"
        elif re.search(r"\b(?:alarm|security)\b", words):
            return {"turn_on": "iot_arm", "turn_off": "iot_disarm"}.get(verb)
    actions = mapping()["actions"]
    return actions.get(f"{kind} {verb}") or actions.get(verb)


def label(text: str, intent: str, *, area: str = "", device: str = "") -> tuple[Span, ...]:
    """Return the slots of *text*: its room, its device and the value that *intent* takes."""
    spans: list[Span] = []
    if intent in VALUES:
        slot, pattern = VALUES[intent]
        spans += [Span(slot, m.start(), m.end()) for m in pattern.finditer(text)]
    if intent.startswith("timer") and (name := _TIMER_NAME.search(text)):
        group = name.lastindex or 0
        spans.append(Span("timer_name", *name.span(group)))
    if door := _GARAGE_DOOR.search(text):
        spans.append(Span("device_type", *door.span()))
    if (room := _room(text, area)) and not _overlap(room, spans):
        spans.append(Span("house_place", *room))
    if not door:
        spans += _device_span(text, area, device, spans)
    return tuple(sorted(spans, key=lambda span: span.start))


def _room(text: str, area: str) -> tuple[int, int] | None:
    if area and (found := _find(text, area)):
        return found
    for candidate in _rooms():
        if found := _find(text, candidate):
            before = _MODIFIERS.search(text[: found[0]])
            return (before.start(1) if before else found[0], found[1])
    return None


def _device_span(text: str, area: str, device: str, spans: list[Span]) -> list[Span]:
    own = re.sub(re.escape(area), "", device, flags=re.IGNORECASE).strip() if area else device
    for name in (device, own, *_devices(), *_SENSORS):
        bare = name and not _GENERIC_LIGHT.fullmatch(name)
        place = _find(text, name, start=_VERB.match(text).end()) if bare else None
        if place and not _overlap(place, spans):
            return [Span("device_type", *place)]
    return []


def _find(text: str, name: str, *, start: int = 0) -> tuple[int, int] | None:
    if not name:
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    found = pattern.search(text, start)
    return found.span() if found else None


def _overlap(place: tuple[int, int], spans: list[Span]) -> bool:
    return any(span.start < place[1] and place[0] < span.end for span in spans)


def device_actions(data: Path) -> Iterator[Example]:
    """Yield the requests of the homes that are not held out."""
    for row in read_records(data / "llm" / "ha_device_actions" / "device_actions_v2.jsonl.gz"):
        if held_out(row["home"]) or "[" in row["text"]:
            continue
        kind = mapping()["kinds"].get(row["device_type"], row["device_type"])
        verb = mapping()["verbs"].get(row["action"])
        intent = verb and action_intent(kind, verb, row["text"])
        if not intent:
            continue
        spans = label(row["text"], intent, area=row["area"], device=row["device"])
        if intent in _NEEDS_VALUE and not any(s.name == VALUES[intent][0] for s in spans):
            continue
        yield Example(row["text"], intent, spans, source="ha_device_actions")


def ha_intent(row: Mapping) -> str | None:
    """Return our intent for a record of ``ha_intents``."""
    table = mapping()["ha_intents"]
    domain = row["slots"].get("domain", row["domain"])
    by_verb = mapping()["ha_intents_by_verb"].get(row["intent"], {})
    for verbs, intent in by_verb.items():
        if set(verbs.split()) & set(row["text"].lower().split()):
            return intent
    keys = [f"{row['intent']} {slot}" for slot in row["slots"]]
    keys += [f"{row['intent']} {domain}", row["intent"]]
    found = next((table[key] for key in keys if key in table), None)
    lit = re.search(r"\b(?:lights?|lamps?)\b", row["text"].lower())
    if found in ("iot_turn_on", "iot_turn_off") and lit:
        return found.replace("turn_", "hue_light")
    return found


def ha_sentences(data: Path, *, language: str = "en") -> Iterator[tuple[dict, bool]]:
    """Yield the records of Home Assistant's test sentences, and whether each is held out."""
    for row in read_records(data / "nlu" / "ha_intents" / "train.jsonl.gz"):
        if row["lang"] == language:
            yield row, held_out(template(row["text"], _spoken(row["slots"])))


def _spoken(slots: Mapping[str, object]) -> dict[str, object]:
    first = {name: value[0] if isinstance(value, list) else value for name, value in slots.items()}
    return {name: str(value).strip() for name, value in first.items()}


def ha_examples(data: Path) -> Iterator[Example]:
    """Yield Home Assistant's English sentences whose template is not held out."""
    for row, apart in ha_sentences(data):
        intent = ha_intent(row)
        if apart or not intent:
            continue
        slots = _spoken(row["slots"])
        spans: tuple[Span, ...] | None = None
        if intent.startswith(("iot", "timer", "media", "audio")):
            area = str(slots.get("area") or slots.get("floor") or "")
            spans = label(
                row["text"],
                intent,
                area=area,
                device=str(slots.get("name", "")).removeprefix("all"),
            )
        yield Example(row["text"], intent, spans, source="ha_intents")


def foreign(data: Path) -> list[str]:
    """Return the set's sentences in other languages written in Latin letters."""
    rows = read_records(data / "nlu" / "ha_intents" / "train.jsonl.gz")
    return [row["text"] for row in rows if row["lang"] in _LATIN]


_LATIN = frozenset(
    "de fr es it nl sv da nb pl pt pt-BR cs fi hu ro tr hr sl sk et lt lv ca".split()
)


class Piles:
    """Phrases of home-llm with their placeholders; filled anew each time they are drawn."""

    def __init__(self, data: Path) -> None:
        """Read the phrases that are not held out."""
        folder = data / "llm" / "home_llm_piles"
        rows = [
            (row["phrase"], intent, row.get("device_type", ""))
            for name in ("templated_actions", "specific_actions", "refusals", "status_requests")
            for row in read_records(folder / f"{name}.jsonl.gz")
            if not held_out(row["phrase"]) and (intent := _pile_intent(row))
        ]
        self.phrases = rows
        self.names: dict[str, list[str]] = {}
        for row in read_records(folder / "device_names.jsonl.gz"):
            if not held_out(row["description"]):
                kind = row["device_name"].split(".")[0]
                self.names.setdefault(kind, []).append(row["description"].lower())
        self.todo = [row["text"] for row in read_records(folder / "todo_items.jsonl.gz")]
        self.durations = [row["name"] for row in read_records(folder / "durations.jsonl.gz")]

    def examples(self, rng: np.random.Generator) -> Iterator[Example]:
        """Yield every phrase once, its placeholders filled with names drawn by *rng*."""
        for phrase, intent, kind in self.phrases:
            device = self._name(kind, intent, rng)
            text = phrase.replace("<device_name>", device)
            text = re.sub(r"<todo>", _pick(self.todo, rng).lower(), text)
            text = re.sub(r"<duration>", _pick(self.durations, rng).lower(), text)
            text = re.sub(r"<(?:brightness|humidity|volume)>", str(rng.integers(1, 101)), text)
            text = re.sub(r"<temp(?:erature)?(?:_f|_c)?>", str(rng.integers(15, 80)), text)
            text = text.replace("<color>", _pick(["red", "blue", "green", "warm white"], rng))
            text = text.replace("<fan_mode>", _pick(["low", "high", "auto"], rng))
            text = text.replace("<hvac_mode>", _pick(["heat", "cool", "auto"], rng))
            if "<" not in text:
                named = device if "<device_name>" in phrase else ""
                yield Example(text, intent, _pile_spans(text, intent, named), source="piles")

    def _name(self, kind: str, intent: str, rng: np.random.Generator) -> str:
        if kind not in self.names:
            starts = (k for start, k in _PILE_KINDS.items() if intent.startswith(start))
            kind = next(starts, "light")
        return _pick(self.names.get(kind) or self.names["light"], rng)


_PILE_KINDS = {
    "iot_hue": "light",
    "iot_brightness": "light",
    "iot_open": "blinds",
    "iot_close": "blinds",
    "iot_stop": "garage_door",
    "iot_position": "blinds",
    "iot_lock": "lock",
    "iot_unlock": "lock",
    "iot_speed": "fan",
    "iot_turn": "fan",
    "iot_toggle": "switch",
    "iot_cleaning": "vacuum",
    "media": "media_player",
    "audio": "media_player",
    "timer": "timer",
    "lists": "todo",
    "iot_temperature": "climate",
    "iot_state": "lock",
    "iot_wemo": "switch",
}


def _pile_intent(row: Mapping) -> str | None:
    if "assistant_response" in row:
        return {"todo": "lists_query", "timer": "timer_query"}.get(
            row["device_type"], "iot_state_query"
        )
    service = row.get("service_name") or f"{row['device_type']}.{row['service']}"
    if "|" in service:
        return None
    kind, verb = service.split(".", 1)
    said_toggle = "toggle" in row["phrase"].lower()
    if said_toggle != (verb == "toggle") and said_toggle:
        return None
    if kind == "light" and "<brightness>" in row["phrase"]:
        verb = "set_brightness"
    if kind == "light" and re.search(r"\bdim\b", row["phrase"].lower()):
        return "iot_hue_lightdim" if verb == "turn_on" else None
    if kind == "light" and "<color>" in row["phrase"]:
        return None if verb == "set_brightness" else "iot_hue_lightchange"
    return action_intent(mapping()["kinds"].get(kind, kind), verb, row["phrase"])


def _pile_spans(text: str, intent: str, device: str) -> tuple[Span, ...] | None:
    if intent.startswith("lists"):
        return None
    if intent == "timer_set" or intent == "timer_cancel":
        return None
    return label(text, intent, device=device)


def _pick(values: list[str], rng: np.random.Generator) -> str:
    return values[rng.integers(len(values))]
