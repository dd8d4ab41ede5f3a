"""Read what a published sentence says about values and names, by rules of the lab's own.

Nothing here uses Gnothi's understanding: what judges must not share the mistakes of what is judged.
"""

import re
from dataclasses import dataclass

FRACTIONS = (
    (r"three quarters|three-quarters", 75.0),
    (r"\bhalf ?way\b|\bhalf\b", 50.0),
    (r"\bquarter\b", 25.0),
    (r"\b(full|fully open|max|maximum|all the way up)\b", 100.0),
    (r"\bfully closed?\b|\bclose\b.*\bfully\b", 0.0),
    (r"\bopen\b.*\bfully\b", 100.0),
)
EXTREMES = (
    (r"\b(min|minimum|all the way down|very dim)\b", (0.0, 15.0)),
    (r"\bpartially\b", (1.0, 99.0)),
    (r"\bto high\b", (60.0, 100.0)),
    (r"\bto low\b", (0.0, 40.0)),
)
LESS = r"\b(dim|dimmer|darker|dark|decrease|lower|reduce|down|quieter|softer|less)\b"
MORE = r"\b(bright|brighter|brighten|increase|raise|up|louder|higher|more)\b"
NUMBER = r"\b(\d+(?:\.\d+)?)(?:c|f)?\b"


@dataclass(frozen=True, slots=True)
class Amount:
    """What a sentence says about a level, in percent."""

    low: float | None = None
    high: float | None = None
    direction: int = 0
    """More (1) or less (-1) than before, where the words say so."""


def level(text: str, names: tuple[str, ...] = ()) -> Amount | None:
    """Return the level that *text* asks for; ``None`` when it tells none.

    *names* (of device and room) are left out first: "Guest Bedroom 2" holds no amount.
    """
    told = _without(text.casefold(), names)
    if "[" in told:
        return None
    direction = _direction(told)
    ends = None if _is_relative(told) else _interval(told)
    if ends is None:
        return Amount(direction=direction) if direction else None
    return Amount(*ends, direction)


def _interval(told: str) -> tuple[float, float] | None:
    if number := re.search(NUMBER, told):
        return float(number[1]), float(number[1])
    for pattern, value in FRACTIONS:
        if re.search(pattern, told):
            return value, value
    return next((ends for pattern, ends in EXTREMES if re.search(pattern, told)), None)


def _is_relative(told: str) -> bool:
    """Return whether *told* leaves the end open, as "by 5" and "50 % brighter" do.

    So does "dim the light 50%": it may mean to half of what it was, or to half.
    """
    by = re.search(r"\bby \d+", told)
    compared = re.search(r"\d+ ?(%|percent) (dimmer|brighter|louder|quieter)", told)
    bare = re.search(r"\b(dim|lower|brighten)\b(?!.*\bto\b).*\d+", told)
    return bool(by or compared or bare)


def _direction(told: str) -> int:
    if re.search(LESS, told):
        return -1
    return 1 if re.search(MORE, told) else 0


def degrees(text: str, *, imperial: bool, names: tuple[str, ...] = ()) -> float | None:
    """Return the temperature that *text* asks for, in the unit of the home.

    A number too high for a room in a metric home is read as Fahrenheit, and so is one with an "F".
    Saunas and showers tell their unit or live in imperial homes.
    """
    told = _without(text.casefold(), names)
    number = re.search(NUMBER, told)
    if number is None:
        return None
    value = float(number[1])
    fahrenheit = re.search(r"(\b|\d)f\b|fahrenheit", told) or (
        value > 45 and not re.search(r"celsius", told)
    )
    if fahrenheit and not imperial and "sauna" not in text.casefold():
        return (value - 32) * 5 / 9
    if imperial and re.search(r"(\b|\d)c\b|celsius", told):
        return value * 9 / 5 + 32
    return value


def says(text: str, word: str) -> bool:
    """Return whether *text* holds *word* by itself."""
    return re.search(rf"\b{word}\b", text.casefold()) is not None


def words(text: str) -> list[str]:
    """Return the words of *text*, folded so that plurals and possessives meet their singulars."""
    found = re.findall(r"[a-z0-9]+", re.sub(r"['\u2019]s\b", "", text.casefold()))
    return [_singular(word) for word in found]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _without(told: str, names: tuple[str, ...]) -> str:
    for name in names:
        told = told.replace(name.casefold(), " ")
    return told
