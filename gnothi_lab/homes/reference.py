"""Which device the words of a request point to, and whether they point to it alone."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from gnothi_lab.homes.wording import words

Device = Mapping[str, Any]

CALLED: Mapping[str, frozenset[str]] = {
    "speaker": frozenset({"speaker", "music", "song", "audio", "sonos"}),
    "tv": frozenset({"tv", "television", "movie"}),
}
"""Words that tell a kind of player without its name."""


class Reference(Enum):
    """How well the words single out the labelled device."""

    CLEAR = "clear"
    """No other device of its kind fits the words as well."""
    HOME = "home"
    """Devices in other rooms fit as well: where it was said must decide."""
    ROOM = "room"
    """Another device in the same room fits as well: only the label tells them apart."""
    CONTRADICTS = "contradicts"
    """Another device fits the words better than the labelled one."""


def refers(text: str, target: Device, home: Mapping[str, Any]) -> Reference:
    """Return how the words of *text* refer to the device *target* of *home*."""
    rivals = [d for d in home["devices"] if d["domain"] == target["domain"] and d is not target]
    areas = {area["id"]: area["name"] for area in home["areas"]}
    said = set(words(text))
    own = _fit(said, target, areas)
    fits = [(_fit(said, rival, areas), rival) for rival in rivals]
    if any(fit[:2] > own[:2] for fit, _ in fits):
        return Reference.CONTRADICTS
    equal = [rival for fit, rival in fits if fit >= own]
    if any(rival["area"] == target["area"] for rival in equal):
        return Reference.ROOM
    return Reference.HOME if equal else Reference.CLEAR


def _fit(said: set[str], device: Device, areas: Mapping[str, str]) -> tuple[int, int, int]:
    """Return how many words of *said* the device's names explain, then how few of them are left.

    "Bedroom light" explains two words of "bedroom light" whether it stands in the Bedroom or in the
    Guest Bedroom; the second number prefers the Bedroom, the third the lamp with no other name.
    """
    area, name = set(words(areas[device["area"]])), set(words(device["name"]))
    explained = said & {*name, *area, *_kind(device)}
    return len(explained), _left(area, said), _left(name, said)


def _left(name: set[str], said: set[str]) -> int:
    """Return minus the number of words of *name* that were not said, where any was."""
    return -len(name - said) if name & said else 0


def _kind(device: Device) -> frozenset[str]:
    kind = device["attributes"].get("device_class", device["domain"])
    return CALLED.get(kind, frozenset())
