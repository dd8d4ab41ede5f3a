"""Turn a published request into a test case: a home in a state, words, and what ought to change.

Decisions and their reasons are in ``docs/decisions/0004-home-actions.md``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from gnothi_lab.homes.build import Json, build_home, device_of
from gnothi_lab.homes.effects import Effect, Values, effect
from gnothi_lab.homes.reference import Reference, refers
from gnothi_lab.homes.requests import Request

RESTING: Mapping[str, tuple[tuple[str, Values], ...]] = {
    "light": (("off", {"brightness": 0}), ("on", {"brightness": 153})),
    "switch": (("off", {}), ("on", {})),
    "fan": (("off", {"percentage": 0}), ("on", {"percentage": 100})),
    "climate": (("off", {}), ("heat", {})),
    "media_player": (("idle", {}), ("off", {}), ("playing", {})),
    "valve": (("closed", {"current_position": 0}), ("open", {"current_position": 100})),
    "cover": (("closed", {"current_position": 0}), ("open", {"current_position": 100})),
    "lock": (("locked", {}), ("unlocked", {})),
}
"""States in which the rest of a home may happen to be."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request in one state of its home."""

    request: Request
    home: Json
    """A home file; its devices are in the state of this case."""
    hears: str | None
    """The satellite that hears, where the words alone don't settle which device is meant."""
    expected: Mapping[str, Values]
    reference: Reference


@dataclass(frozen=True, slots=True)
class Dropped:
    """A request whose label can't be tested, with the rule that drops it."""

    request: Request
    rule: str


def convert(requests: Iterable[Request], overviews: Mapping[str, str]) -> Iterator[Case | Dropped]:
    """Yield a case, or why there is none, for every request."""
    by_home: dict[str, list[Request]] = {}
    for request in requests:
        by_home.setdefault(request.home, []).append(request)
    for name, asked in by_home.items():
        base = build_home(name, asked, overviews.get(name))
        yield from (make_case(base, request) for request in asked)


def make_case(base: Json, request: Request) -> Case | Dropped:
    """Return the case of *request* in the home *base*."""
    target = device_of(base, request)
    dark = _draw(request, "dark") % 2 == 0
    found = effect(request, target["domain"], imperial=base["units"] == "imperial", dark=dark)
    if found is None:
        return Dropped(request, "the words hold no value, or a placeholder for one")
    if _mismatched(request):
        return Dropped(request, "the words say the opposite of the label")
    reference = refers(request.text, target, base)
    if reference is Reference.CONTRADICTS:
        return Dropped(request, "another device fits the words better than the labelled one")
    home = _drawn(base, request, target["id"], calm=reference is not Reference.CLEAR)
    expected = _put(next(d for d in home["devices"] if d["id"] == target["id"]), found)
    hears = None if reference is Reference.CLEAR else _satellite(base, target["area"])
    return Case(request, home, hears, {target["id"]: expected}, reference)


def _mismatched(request: Request) -> bool:
    opposite = {"Turn on": r"\boff\b", "Turn off": r"\bon\b(?! the\b)"}.get(request.action)
    return opposite is not None and bool(re.search(opposite, request.text.casefold()))


def _drawn(base: Json, request: Request, target: str, *, calm: bool) -> Json:
    """Return the home with every other device in a state drawn for this request.

    Where the words don't single out a device (*calm*), no other player is playing: what plays is
    what a person who says "pause" means.
    """
    home = deepcopy(base)
    for device in home["devices"]:
        states = RESTING.get(device["domain"], ())
        if calm and device["domain"] == "media_player":
            states = states[:2]
        if states and device["id"] != target:
            state, attributes = states[_draw(request, device["id"]) % len(states)]
            device["state"] = state
            device["attributes"].update(_known(device, attributes))
    return home


def _put(device: Json, found: Effect) -> Values:
    """Put *device* into the state before; return what is expected of it after."""
    device["state"] = found.before["state"]
    device["attributes"].update(_known(device, found.before))
    return {"state": found.before["state"], **_known(device, found.after), **_state(found.after)}


def _known(device: Json, attributes: Values) -> Values:
    """Return those *attributes* that the device has: a plain lamp has no brightness."""
    return {name: value for name, value in attributes.items() if name in device["attributes"]}


def _state(values: Values) -> Values:
    return {"state": values["state"]} if "state" in values else {}


def _satellite(home: Json, area: str) -> str:
    return next(
        device["id"]
        for device in home["devices"]
        if device["domain"] == "assist_satellite" and device["area"] == area
    )


def _draw(request: Request, about: str) -> int:
    """Return a number that depends on nothing but the request and what it is drawn for."""
    return int.from_bytes(hashlib.sha256(f"{request.key}\x1f{about}".encode()).digest()[:4])
