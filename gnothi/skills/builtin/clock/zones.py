"""Which time zone a place has: cities of the time zone database, countries, well-known others.

Names of cities and countries come from the tables of tzdata itself (public domain); the language
pack adds cities that give no zone its name, and what people call zones.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from rapidfuzz import fuzz, process

from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.normalise import fold

REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
AMBIGUOUS = frozenset(
    {
        "easter",
        "christmas",
        "christmas island",
        "nice",
        "man",
        "male",
        "troll",
        "center",
        "vincennes",
        "nome",
        "resolute",
        "inuvik",
    }
)
LONGEST = 4
"""Words of a place's name."""
ALIKE = 83
"""Per cent of likeness at which a misspelt place is taken for a known one."""

_MARKS = re.compile("[.'\u2019]")
_BRACKETS = re.compile(r"\s*\(.*\)")
_WORDS = Vocabulary.beside(__file__)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text, with its time zone."""

    name: str
    zone: str
    start: int
    end: int


def find_places(text: str) -> tuple[Place, ...]:
    """Return the places in *text* whose time zone is known; longer names first win."""
    return tuple(_places(fold(text), [match.span() for match in re.finditer(r"\S+", text)]))


def zone_of(name: str) -> str | None:
    """Return the time zone of the place called *name*, also when it is a little misspelt."""
    places = find_places(name)
    if places:
        return places[0].zone
    best = process.extractOne(_key(name), _table().keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return _table()[best[0]] if best else None


def _places(text: str, words: list[tuple[int, int]]) -> Iterator[Place]:
    at, before = 0, None
    while at < len(words):
        length = next((n for n in range(LONGEST, 0, -1) if _lookup(text, words, at, n)), 0)
        if length and (zone := _lookup(text, words, at, length)):
            start, end = words[at][0], words[at + length - 1][1]
            name = _trimmed(text[start:end])
            place = Place(name, zone, start, start + len(name))
            if not _repeats(before, place, text):
                yield place
            before = place
        at += length or 1


def _repeats(before: Place | None, place: Place, text: str) -> bool:
    """Whether *place* only says where the one before lies: "bangalore india"."""
    if before is None or before.zone != place.zone:
        return False
    return not text[before.end : place.start].strip(" ,")


def _lookup(text: str, words: list[tuple[int, int]], at: int, length: int) -> str | None:
    if at + length > len(words):
        return None
    return _table().get(_key(text[words[at][0] : words[at + length - 1][1]]))


def _trimmed(name: str) -> str:
    return re.sub(r"(?:'s)?[?!,;:]*$", "", name)


def _key(name: str) -> str:
    return _MARKS.sub("", _trimmed(name.strip().lower())).replace("-", " ")


@cache
def _table() -> Mapping[str, str]:
    """Return names in the form of ``_key`` with their zones; better sources come last."""
    table = {key: zone for name, zone in _countries() if (key := _key(name)) not in AMBIGUOUS}
    for zone in sorted(available_timezones()):
        region, _, rest = zone.partition("/")
        city = _key(rest.rpartition("/")[2].replace("_", " "))
        if region in REGIONS and city not in AMBIGUOUS:
            table[city] = zone
    for zone, phrases in _WORDS.table("zones").items():
        table |= {_key(phrase): zone for phrase in phrases.all}
    return table


def _countries() -> Iterator[tuple[str, str]]:
    """Return each country with the first of its zones, which is that of its capital or largest."""
    zones: dict[str, str] = {}
    for code, _, zone, *_ in _rows("zone.tab"):
        zones.setdefault(code, zone)
    for code, name in _rows("iso3166.tab"):
        if code in zones:
            yield _BRACKETS.sub("", name), zones[code]


def _rows(table: str) -> Iterator[list[str]]:
    text = files("tzdata").joinpath("zoneinfo", table).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
