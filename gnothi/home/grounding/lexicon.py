"""The words of a language for devices, actions, amounts and questions; read from a file."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import cast

from gnothi.home.grounding.words import Phrases, stem, stems
from gnothi.home.model import Device


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device, and how to tell that a device is one."""

    name: str
    domains: frozenset[str]
    classes: frozenset[str]
    """Device classes that belong to the kind; empty when every class does."""
    words: frozenset[str]
    """Words in a device's name that make it one, whatever its class."""

    def has(self, device: Device, words: frozenset[str]) -> bool:
        """Whether *device*, with *words* in its names, is of this kind."""
        if device.domain in self.domains and self._classed(device):
            return True
        switchable = device.domain in {"switch", "input_boolean", "script", *self.domains}
        return switchable and bool(self.words & words)

    def _classed(self, device: Device) -> bool:
        return not self.classes or device.domain == "lock" or device.device_class in self.classes


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All phrases of one language."""

    filler: frozenset[str]
    interjections: frozenset[str]
    joints: Phrases
    """``and``, ``except``, and where another clause begins."""
    contracted: frozenset[str]
    """Words that begin another clause as they are written, and not by their stem: "i'm"."""
    scope: Phrases
    """``all``, ``everything``, pronouns, ``here`` and ``there``, ``house``, ``other``."""
    describing: frozenset[str]
    """Adjectives that people add to what they mean ("the front door", "smart lamp")."""
    says: frozenset[str]
    """Words that make a clause of what follows a comma ("…, I can't see a thing")."""
    later: frozenset[str]
    """Words before a duration that put a request off ("in ten minutes")."""
    awhile: frozenset[str]
    """Words before a duration after which it is to end ("for ten minutes")."""
    moments: re.Pattern[str]
    """Moments that put a request off: "at 11 pm", "tomorrow"."""
    positions: frozenset[str]
    """Fillers that may be all that is said of a name ("the back")."""
    same: frozenset[str]
    rooms: tuple[tuple[str, ...], ...]
    """Rooms with several names, of which a home may bear any."""
    articles: frozenset[str]
    settling: frozenset[str]
    """Words after which a weak verb is a noun or an adjective: "the dock", "too warm"."""
    auxiliary: frozenset[str]
    """Verbs that also stand beside another one: "make it open"."""
    portions: frozenset[str]
    """Nouns of amounts: "down a bit" is no place."""
    wrappers: frozenset[str]
    """What is said before a question begins."""
    outdoors: frozenset[str]
    out: frozenset[str]
    """Words for outside at the end of a question: "is it cold out"."""
    clock: re.Pattern[str]
    """Times of day, whose numbers are no values."""
    hot: frozenset[str]
    """Words for what is hotter than a room."""
    particle_verbs: Phrases
    actions: Phrases
    weak: frozenset[tuple[str, ...]]
    errands: Phrases
    """``send``, and what somebody may be sent to do: ``clean`` or ``dock``."""
    properties: Phrases
    directions: Phrases
    degrees: Phrases
    levels: Mapping[tuple[str, ...], float]
    level_phrases: Phrases
    modes: Phrases
    alarms: Phrases
    nouns: Phrases
    kinds: Mapping[str, Kind]
    openings: Phrases
    """How a request opens that asks (``opens``, ``asks``) commands (``commands``, ``modal``)
    or may do either (``suggests``)."""
    asking: Phrases
    """Quantities, times and noise of questions."""
    states: Phrases
    attributes: Phrases
    floors: Phrases
    known: frozenset[str]
    """Every word of the lexicon; they are no misspelt names."""


_OPENINGS = ("opens", "asks", "commands", "suggests", "modal")
_SCOPE = ("all", "everything", "pronouns", "there", "here", "house", "other", "both")


@cache
def lexicon(language: str = "en") -> Lexicon:
    """Load the words of *language*."""
    text = resources.files("gnothi.home.grounding").joinpath(f"{language}.toml").read_text("utf-8")
    table = tomllib.loads(text)
    questions = table["questions"]
    return Lexicon(
        filler=frozenset(map(stem, [*table["filler"], *table["interjections"]])),
        interjections=frozenset(table["interjections"]),
        joints=Phrases({name: table[name] for name in ("and", "except", "clause")}),
        contracted=frozenset(table["contracted"]),
        scope=Phrases({name: table[name] for name in _SCOPE}),
        describing=frozenset(map(stem, table["describing"])),
        says=frozenset(map(stem, table["says"])),
        later=frozenset(table["later"]),
        awhile=frozenset(table["awhile"]),
        moments=_pattern("moments", table),
        positions=frozenset(table["positions"]),
        same=frozenset(table["same"]),
        rooms=tuple(map(tuple, table["rooms"])),
        articles=frozenset(table["articles"]),
        settling=frozenset([*table["articles"], *table["intensifiers"]]),
        auxiliary=frozenset(table["auxiliary"]),
        portions=frozenset(table["portions"]),
        wrappers=frozenset(table["wrappers"]),
        out=frozenset(table["out"]),
        outdoors=frozenset(map(stem, table["outdoors"])),
        clock=_pattern("clock", table),
        hot=frozenset(map(stem, table["hot"])),
        particle_verbs=Phrases({"verb": table["particles"]["verbs"]}),
        actions=Phrases(table["actions"]),
        weak=frozenset(stems(verb) for verb in table["weak"]["verbs"]),
        errands=Phrases(table["errands"]),
        properties=Phrases(table["properties"]),
        directions=Phrases(table["directions"]),
        degrees=Phrases(table["degrees"]),
        levels={stems(word): float(share) for word, share in table["levels"].items()},
        level_phrases=Phrases({word: [word] for word in table["levels"]}),
        modes=Phrases(table["modes"]),
        alarms=Phrases(table["alarms"]),
        nouns=Phrases({name: kind["nouns"] for name, kind in table["kinds"].items()}),
        kinds={name: _kind(name, kind) for name, kind in table["kinds"].items()},
        openings=Phrases({name: questions[name] for name in _OPENINGS}),
        asking=Phrases({name: told for name, told in questions.items() if name not in _OPENINGS}),
        states=Phrases(table["states"]),
        attributes=Phrases(table["attributes"]),
        floors=Phrases(table["floors"]),
        known=frozenset(_all_words(table)),
    )


def _pattern(name: str, table: Mapping[str, str]) -> re.Pattern[str]:
    """Compile the pattern *name*, in which ``{time}`` stands for another one."""
    return re.compile(table[name].replace("{time}", table["time"]), re.IGNORECASE)


def _all_words(value: object) -> Iterator[str]:
    """Yield the stems of every phrase in a table, and of its keys."""
    if isinstance(value, str):
        yield from stems(value)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[str, object]", value).items():
            yield from stems(key.replace("_", " "))
            yield from _all_words(item)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _all_words(item)


def _kind(name: str, table: Mapping[str, Sequence[str]]) -> Kind:
    return Kind(
        name=name,
        domains=frozenset(table["domains"]),
        classes=frozenset(table.get("classes", ())),
        words=frozenset(map(stem, table.get("words", ()))),
    )
