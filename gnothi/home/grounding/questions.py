"""Questions about the state of the home: recognised by their form, whatever the intent says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gnothi.home.grounding.index import Entry, Index
from gnothi.home.grounding.operations import LEVELS
from gnothi.home.grounding.outdoors import speaks_of_outside, thermometer_of
from gnothi.home.grounding.phrases import Naming, read_naming, said
from gnothi.home.grounding.result import Problem, Telling
from gnothi.home.grounding.selection import Able, Scene, Selection, Selector
from gnothi.home.grounding.words import Hit, Word
from gnothi.home.model import Device

QUERY = "iot_state_query"
_SUGGESTING = 2
"""Words of "what about" and "how about"."""


def is_question(
    sentence: Sequence[Word], text: str, intent: str, names: frozenset[int], index: Index
) -> bool:
    """Whether *sentence* asks: by how it opens, or by its question mark, or else by *intent*.

    "Did we lower the blinds" must never move them, and "can you lower the blinds" must.
    """
    place = _begin(sentence, index)
    meanings: list[str] = []
    while place < len(sentence):
        found, end = index.lexicon.openings.at(sentence, place)
        meanings += found[:1]
        if not found or found[0] != "modal":
            break
        place = end
    if "commands" in meanings:
        return False
    if "suggests" in meanings:
        return intent == QUERY and _has_no_verb(sentence, place + _SUGGESTING, index)
    if meanings and meanings[-1] in {"opens", "asks"}:
        return place not in names or meanings[-1] == "asks"
    if "modal" in meanings:
        return False
    asks = intent == QUERY or text.rstrip()[-1:] == "?" or _wants_report(sentence, index)
    return asks and _has_no_verb(sentence, place, index)


def _begin(sentence: Sequence[Word], index: Index) -> int:
    """Return the first word that is no wrapper ("so", "hey", "okay")."""
    wrappers = index.lexicon.wrappers
    return next((p for p, word in enumerate(sentence) if word.form not in wrappers), 0)


def _wants_report(sentence: Sequence[Word], index: Index) -> bool:
    """Whether a noun such as "status" or "update" ends the sentence."""
    hits = index.lexicon.asking.find(sentence)
    return bool(hits) and "status" in hits[-1].meanings and hits[-1].end == len(sentence)


def _called(sentence: Sequence[Word], index: Index) -> tuple[str, ...]:
    """Return the devices that are called by their full name, whatever is asked about them."""
    hits = index.device_names.find(sentence)
    longest = max(hits, key=lambda hit: hit.end - hit.start, default=None)
    known = longest.meanings if longest else ()
    return tuple(one for one in known if _anything(index.by_id[one].device))


def _has_no_verb(sentence: Sequence[Word], place: int, index: Index) -> bool:
    if place >= len(sentence):
        return True
    verbs, end = index.lexicon.actions.at(sentence, place)
    said = tuple(word.stem for word in sentence[place:end])
    split, _ = index.lexicon.particle_verbs.at(sentence, place)
    return not (split or (verbs and said not in index.lexicon.weak))


def read_question(
    sentence: Sequence[Word],
    text: str,
    names: frozenset[int],
    index: Index,
    scene: Scene,
    earlier: Telling | None = None,
) -> Telling | Problem:
    """Return what *sentence* asks about, and which devices know the answer.

    What it leaves open ("and the bedroom?") is as in the *earlier* question.
    """
    asked = _Asked.read(sentence, names, index)
    weather = asked.attribute == "temperature" and speaks_of_outside(sentence, index)
    if weather and (outdoors := thermometer_of(index)):
        return Telling("value", (outdoors.id,), attribute=asked.attribute)
    if earlier and not asked.state and not asked.attribute:
        asked = replace(asked, state=earlier.state, attribute=earlier.attribute)
    if "presence" in asked.asking:
        return Telling("presence")
    naming = read_naming(
        sentence, index, used=asked.used(names), optional=asked.optional, names=names
    )
    selection = _select(sentence, index, naming, asked, scene)
    targets = tuple(entry.device.id for entry in (*selection.chosen, *selection.rivals))
    if not targets and (called := _called(sentence, index)):
        return Telling("status", called)
    if not targets:
        words = said(sentence, text, naming)
        return Problem("no-such", words) if words else Problem("unclear")
    areas = [identity for hit in naming.whole.areas for identity in hit.meanings]
    kinds = [meaning for hit in naming.whole.own_kinds for meaning in hit.meanings]
    return Telling(
        question=_question(asked, naming, len(targets), earlier),
        targets=targets,
        state=asked.state,
        attribute=asked.attribute,
        areas=tuple(dict.fromkeys(areas)),
        kind=kinds[0] if kinds else "",
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words of a question that are not about devices."""

    asking: frozenset[str]
    state: str
    attribute: str
    said: frozenset[int]
    """Words that ask; part of no name unless they stand inside one."""
    optional: frozenset[int]

    @classmethod
    def read(cls, sentence: Sequence[Word], names: frozenset[int], index: Index) -> "_Asked":
        words = index.lexicon
        openings = words.openings.find(sentence)
        asking = words.asking.find(sentence)
        attributes = [hit for hit in words.attributes.find(sentence) if hit.start not in names]
        taken = _places([*attributes])
        states = [
            hit
            for hit in words.states.find(sentence)
            if hit.start not in names and not _is_place(sentence, hit) and hit.start not in taken
            if not (attributes and words.nouns.at(sentence, hit.start)[0])
        ]
        attribute = attributes[0].meanings[0] if attributes else _named_attribute(sentence, index)
        return cls(
            asking=frozenset(meaning for hit in asking for meaning in hit.meanings),
            state=states[-1].meanings[0] if states else "",
            attribute=attribute,
            said=_places([*openings, *asking, *states]),
            optional=_places(attributes),
        )

    def used(self, names: frozenset[int]) -> frozenset[int]:
        """Return the words that can't name a device here."""
        return self.said - names


def _named_attribute(sentence: Sequence[Word], index: Index) -> str:
    hits = index.lexicon.attributes.find(sentence)
    return hits[0].meanings[0] if hits else ""


def _places(hits: Sequence[Hit]) -> frozenset[int]:
    return frozenset(place for hit in hits for place in range(hit.start, hit.end))


def _is_place(sentence: Sequence[Word], hit: Hit) -> bool:
    """Whether "on" begins a place ("the lamp on the desk") and is no state."""
    if sentence[hit.start].form not in {"on", "up", "down", "out"} or hit.end - hit.start > 1:
        return False
    after = sentence[hit.end].form if hit.end < len(sentence) else ""
    return after in _AFTER_ON


def _question(asked: _Asked, naming: Naming, targets: int, earlier: Telling | None) -> str:
    for time in ("how_long", "when"):
        if time in asked.asking or (earlier and earlier.question == time):
            return time
    if asked.attribute and (not asked.state or asked.attribute == "setpoint"):
        return "value"
    if not asked.state:
        return "status"
    for amount in ("count", "which", "any"):
        if amount in asked.asking:
            return amount
    if "every" in asked.asking or naming.whole.plural:
        return "all"
    return "check" if targets == 1 else "all" if len(naming.parts) > 1 else "any"


def _select(
    sentence: Sequence[Word], index: Index, naming: Naming, asked: _Asked, scene: Scene
) -> Selection:
    """Return the devices that can answer; those that fit less well when there are no others."""
    likely = [_able(asked, strict=True), _able(asked, strict=False)]
    if naming.whole.refers:
        likely = [*(_among(able, scene.focus) for able in likely[::-1]), *likely]
    for able in (*likely, _anything):
        selector = Selector(index, sentence, able=able, usual=_usual(asked), scene=scene)
        selection = selector.select(naming)
        if selection.chosen or selection.rivals:
            return _informed(selection, asked, index)
    return Selection()


def _among(able: Able, devices: Sequence[str]) -> Able:
    return lambda device: device.id in devices and able(device)


def _informed(selection: Selection, asked: _Asked, index: Index) -> Selection:
    """Let a sensor answer for a device that does not know: its name bears the device's."""
    knows = _able(asked, strict=False)
    if not asked.attribute or not selection.chosen or any(map(knows, _devices(selection))):
        return selection
    sensors = [entry for entry in index.entries if _is_sensor_of(entry, asked, selection)]
    return replace(selection, chosen=tuple(sensors)) if sensors else selection


def _devices(selection: Selection) -> list[Device]:
    return [entry.device for entry in selection.chosen]


def _is_sensor_of(entry: Entry, asked: _Asked, selection: Selection) -> bool:
    """Whether *entry* measures what is asked, and says so of one of the chosen devices."""
    if entry.device.domain not in _SENSORS or entry.device.device_class != asked.attribute:
        return False
    about = entry.name - entry.classes - _MEASURING
    return any(_speaks_for(about, one) for one in selection.chosen if one is not entry)


def _speaks_for(about: frozenset[str], device: Entry) -> bool:
    """Whether a sensor's words *about* what it measures are those of a *device*."""
    own = any(about <= variant | device.area and about & variant for variant in device.variants)
    return own or any(variant <= about for variant in device.variants)


def _anything(device: Device) -> bool:
    return device.domain != "assist_satellite"


def _able(asked: _Asked, *, strict: bool) -> Able:
    """Return what tells whether a device can answer; not *strict*, also one that nearly can."""

    def able(device: Device) -> bool:
        if asked.attribute:
            return _has_attribute(device, asked.attribute, strict=strict)
        if asked.state:
            return _has_state(device, asked.state, strict=strict)
        return _anything(device)

    return able


_AFTER_ON = frozenset(
    {"the", "my", "our", "a", "this", "that", "these", "those", "it", "them", "there", "of"}
)
"""May follow "on" where it begins a place."""
_OPENINGS = frozenset({"door", "window", "garage_door", "opening", "garage", "gate", ""})
_SENSORS = frozenset({"sensor", "binary_sensor"})
_MEASURING = frozenset({"sensor", "level", "state", "percentage", "status"})
"""Words of a sensor's name that say nothing about what it measures."""
_STATEFUL = {
    "open": frozenset({"cover", "valve"}),
    "locked": frozenset({"lock"}),
    "armed": frozenset({"alarm_control_panel"}),
    "playing": frozenset({"media_player"}),
    "cleaning": frozenset({"vacuum", "lawn_mower"}),
    "detected": frozenset({"binary_sensor"}),
    "on": frozenset(
        {
            *("light", "switch", "fan", "media_player", "climate", "humidifier", "siren"),
            *("input_boolean", "water_heater", "automation", "remote", "camera"),
        }
    ),
}
_TELLING = _STATEFUL["on"] | {"cover", "lock", "valve", "vacuum", "alarm_control_panel"}
"""Domains that the state of a room is made of."""
_PAIRS = {
    "closed": "open",
    "unlocked": "locked",
    "disarmed": "armed",
    "paused": "playing",
    "docked": "cleaning",
    "off": "on",
}
_LOOSER = {
    "open": frozenset({"lock"}),
    "on": frozenset({"valve", "vacuum", "alarm_control_panel", "binary_sensor", "cover"}),
    "locked": frozenset({"cover", "binary_sensor"}),
}


def _has_state(device: Device, state: str, *, strict: bool) -> bool:
    family = _PAIRS.get(state, state)
    if family == "open" and device.domain == "binary_sensor":
        return device.device_class in _OPENINGS
    domains = _STATEFUL.get(family, frozenset())
    return device.domain in (domains if strict else domains | _LOOSER.get(family, frozenset()))


_CARRIERS = {
    "temperature": ("climate",),
    "setpoint": ("climate", "water_heater"),
    "brightness": ("light",),
    "color": ("light",),
    "volume": ("media_player",),
    "media": ("media_player",),
    "speed": ("fan",),
    "position": ("cover", "valve"),
    "mode": ("climate", "humidifier", "fan"),
    "humidity": ("humidifier", "climate"),
}


def _has_attribute(device: Device, attribute: str, *, strict: bool) -> bool:
    if device.domain == "sensor":
        return device.device_class == attribute
    if attribute == "battery":
        told = {"battery_level", "battery"} & {*device.attributes}
        return bool(told) or (device.domain == "binary_sensor" and device.device_class == "battery")
    if attribute == "humidity" and strict:
        return device.domain == "humidifier" or "current_humidity" in device.attributes
    if attribute == "temperature" and strict and device.domain == "climate":
        return "current_temperature" in device.attributes or "temperature" in device.attributes
    if attribute == "setpoint" and not strict:
        return device.domain in LEVELS
    return device.domain in _CARRIERS.get(attribute, ())


def _usual(asked: _Asked) -> frozenset[str]:
    """Return the domains that are meant where only a room is named."""
    if asked.attribute:
        return frozenset({"sensor", *_CARRIERS.get(asked.attribute, ()), "binary_sensor"})
    family = _PAIRS.get(asked.state, asked.state)
    if family == "open":
        return frozenset({"cover", "binary_sensor"})
    return _STATEFUL.get(family, _TELLING)
