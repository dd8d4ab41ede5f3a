"""Which device knows how warm it is outside."""

from collections.abc import Sequence

from gnothi.home.grounding.index import Entry, Index, index_of
from gnothi.home.grounding.words import Word
from gnothi.home.house import House
from gnothi.home.model import Device

_OUTSIDE = "outside"


def outdoor_thermometer(house: House) -> Device | None:
    """Return the sensor of the temperature outside; ``None`` where *house* has none, or several.

    A sensor that is called so comes before one that hangs in the garden. The pool and the sauna
    are outside too, and say nothing about the weather.
    """
    return thermometer_of(index_of(house))


def thermometer_of(index: Index) -> Device | None:
    """Return the sensor of the temperature outside in the home of *index*."""
    sensors = [entry for entry in index.entries if _is_thermometer(entry, index)]
    called = [entry for entry in sensors if entry.name & index.lexicon.outdoors]
    placed = [entry for entry in sensors if _is_outside(entry, index)]
    return next((found[0].device for found in (called, placed) if len(found) == 1), None)


def speaks_of_outside(sentence: Sequence[Word], index: Index) -> bool:
    """Whether *sentence* says "outside", "out there" or the like, and names no area of the home."""
    outside = any(_OUTSIDE in hit.meanings for hit in index.lexicon.floors.find(sentence))
    outside = outside or any(word.form in index.lexicon.out for word in sentence[-1:])
    return outside and not index.area_names.find(sentence)


def _is_thermometer(entry: Entry, index: Index) -> bool:
    device = entry.device
    measures = device.domain == "sensor" and device.device_class == "temperature"
    return measures and not entry.name & index.lexicon.hot


def _is_outside(entry: Entry, index: Index) -> bool:
    area = index.areas.get(entry.device.area or "")
    on_floor = area is not None and _OUTSIDE in index.classes_of(area.floor or "")
    return on_floor or bool(entry.area & index.lexicon.outdoors)
