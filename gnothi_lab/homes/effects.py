"""What a labelled action does to its device: the state it starts from, and what holds after.

States before are chosen so that the action is visible: a lamp to be turned on is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gnothi_lab.homes.requests import Request
from gnothi_lab.homes.wording import Amount, degrees, level, says

Values = Mapping[str, Any]

WARM = {True: 66, False: 18}
"""A room's set temperature before, in imperial homes and in others."""


@dataclass(frozen=True, slots=True)
class Effect:
    """State and attributes before, and what is expected after (see ``gnothi_lab.judging``)."""

    before: Values
    after: Values


SWITCHED = Effect({"state": "off"}, {"state": "on"})
DARKENED = Effect({"state": "on", "brightness": 180}, {"state": "off"})
OPENED = Effect(
    {"state": "closed", "current_position": 0}, {"state": "open", "current_position": 100}
)
CLOSED = Effect(OPENED.after, OPENED.before)
PLAYING = {"state": "playing", "media_track": 3}
HEATING = ["heat", "cool", "auto", "heat_cool"]

SIMPLE: Mapping[tuple[str, str], Effect] = {
    ("light", "Turn on"): Effect({"state": "off", "brightness": 0}, {"state": "on"}),
    ("light", "Turn off"): DARKENED,
    ("switch", "Turn on"): SWITCHED,
    ("switch", "Turn off"): Effect(SWITCHED.after, SWITCHED.before),
    ("fan", "Turn on"): Effect(
        {"state": "off", "percentage": 0}, {"state": "on", "percentage": 100}
    ),
    ("fan", "Turn off"): Effect(
        {"state": "on", "percentage": 100}, {"state": "off", "percentage": 0}
    ),
    ("climate", "Turn on"): Effect({"state": "off"}, {"state": HEATING}),
    ("climate", "Turn off"): Effect({"state": "heat"}, {"state": "off"}),
    ("valve", "Turn on"): OPENED,
    ("valve", "Turn off"): CLOSED,
    ("valve", "Open"): OPENED,
    ("valve", "Close"): CLOSED,
    ("cover", "Open"): OPENED,
    ("cover", "Close"): CLOSED,
    ("lock", "Lock"): Effect({"state": "unlocked"}, {"state": "locked"}),
    ("lock", "Unlock"): Effect({"state": "locked"}, {"state": "unlocked"}),
    ("vacuum", "Start"): Effect({"state": "docked"}, {"state": "cleaning"}),
    ("vacuum", "Return to base"): Effect({"state": "cleaning"}, {"state": ["returning", "docked"]}),
    ("media_player", "Pause"): Effect(PLAYING, {"state": "paused"}),
    ("media_player", "Unpause"): Effect({**PLAYING, "state": "paused"}, {"state": "playing"}),
    ("media_player", "Next track"): Effect(PLAYING, {"state": "playing", "media_track": 4}),
    ("media_player", "Previous track"): Effect(PLAYING, {"state": "playing", "media_track": 2}),
}

STOPPED: Mapping[str, list[str]] = {
    "vacuum": ["returning", "docked", "idle", "paused"],
    "media_player": ["paused", "idle"],
}
"""Fair ends where the words say "stop" and the label says pause or return."""

SCALE: Mapping[str, tuple[str, float]] = {
    "Set brightness": ("brightness", 2.55),
    "Set volume": ("volume_level", 0.01),
    "Set position": ("current_position", 1.0),
}


def effect(request: Request, domain: str, *, imperial: bool, dark: bool) -> Effect | None:
    """Return what *request* does to its device of *domain*; ``None`` when its label can't hold.

    *dark* decides whether a lamp that is to be dimmed to some level starts from off.
    """
    if "[" in request.text:
        return None
    if request.action == "Set temperature":
        return _warmed(request, imperial=imperial)
    if request.action in SCALE:
        return _levelled(request, dark=dark)
    found = SIMPLE.get((domain, request.action))
    if found and domain in STOPPED and says(request.text, "stop"):
        return Effect(found.before, {**found.after, "state": STOPPED[domain]})
    return found


def _warmed(request: Request, *, imperial: bool) -> Effect | None:
    asked = degrees(request.text, imperial=imperial, names=(request.area, request.device))
    if asked is None:
        return None
    return Effect({"state": "heat", "temperature": WARM[imperial]}, {"temperature": asked})


def _levelled(request: Request, *, dark: bool) -> Effect | None:
    if says(request.text, "off"):
        return DARKENED
    amount = level(request.text, (request.area, request.device))
    if amount is None:
        return None
    if request.action == "Set brightness":
        return _lit(amount, dark=dark)
    if request.action == "Set volume":
        return _loud(amount)
    return _opened(amount, closing=says(request.text, "close"))


def _lit(amount: Amount, *, dark: bool) -> Effect:
    start = _start(amount, usual=60.0, other=25.0)
    before = {"state": "on", "brightness": round(start * 2.55)}
    if dark and not amount.direction:
        before = {"state": "off", "brightness": 0}
    states: object = ["on", "off"] if amount.low == 0 else "on"
    return Effect(before, {"state": states, "brightness": _after(amount, start, 2.55)})


def _loud(amount: Amount) -> Effect:
    start = _start(amount, usual=35.0, other=60.0)
    before = {"state": "playing", "volume_level": start / 100}
    return Effect(before, {"volume_level": _after(amount, start, 0.01)})


def _opened(amount: Amount, *, closing: bool) -> Effect:
    start = 100.0 if closing or amount.high == 0 else 0.0
    before = {"state": "open" if start else "closed", "current_position": round(start)}
    state = "closed" if amount.high == 0 else "open"
    return Effect(before, {"state": state, "current_position": _after(amount, start, 1.0)})


def _start(amount: Amount, *, usual: float, other: float) -> float:
    """Return a level from which the words make sense: "up to 10" starts below 10."""
    low, high = amount.low, amount.high
    if low is None or high is None:
        return usual
    if amount.direction > 0 and usual >= low:
        return low / 2
    if amount.direction < 0 and usual <= high < 100:
        return (high + 100) / 2
    return other if low - 5 <= usual <= high + 5 else usual


def _after(amount: Amount, start: float, scale: float) -> object:
    """Return the expected value: a number, or an interval on the right side of the start."""
    if amount.low is not None and amount.high is not None:
        ends = [round(end * scale, 3) for end in (amount.low, amount.high)]
        return ends[0] if ends[0] == ends[1] else ends
    least = 1.0
    if amount.direction > 0:
        return [round((start + least) * scale, 3), round(100 * scale, 3)]
    return [0.0, round((start - least) * scale, 3)]
