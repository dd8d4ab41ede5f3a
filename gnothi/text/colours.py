"""Colours and colour temperatures by name: "dark red", "warm white", "2700 kelvin".

The names are those of CSS, spoken with or without spaces, and those that paint and lamps have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from gnothi.text.reading import grammar, read

_PAINT = {
    "amber": (255, 191, 0),
    "apricot": (251, 206, 177),
    "burgundy": (128, 0, 32),
    "champagne": (247, 231, 206),
    "cherry": (222, 49, 99),
    "emerald": (80, 200, 120),
    "jade": (0, 168, 107),
    "lilac": (200, 162, 200),
    "mauve": (224, 176, 255),
    "mint": (152, 255, 152),
    "mustard": (255, 219, 88),
    "peach": (255, 229, 180),
    "rose": (255, 0, 127),
    "ruby": (224, 17, 95),
    "sapphire": (15, 82, 186),
    "scarlet": (255, 36, 0),
}
_KELVIN = {
    "candle": 1900, "candlelight": 1900, "warm": 2700, "warmwhite": 2700, "warmlight": 2700,
    "softwhite": 3000, "neutral": 4000, "neutralwhite": 4000, "naturalwhite": 4000,
    "coolwhite": 5000, "coldwhite": 6500, "cool": 5000, "cold": 6500, "daylight": 6500,
    "brightwhite": 5000, "icewhite": 6500,
}  # fmt: skip
_LONGEST_NAME = 3
"""Words in a name: "light golden rod"."""
_NUMBER = grammar(r"(?P<kelvin>[1-9]\d{3,4}) (?:kelvin|k)")


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in a text: ``rgb`` or ``kelvin``, never both."""

    name: str
    """As it was said."""
    rgb: tuple[int, int, int] | None
    kelvin: int | None
    """Colour temperature; low is warm."""
    start: int
    end: int


def find_colours(text: str) -> tuple[Colour, ...]:
    """Return the colours in *text*, longest names first where they overlap."""
    return tuple(sorted(_colours(text), key=lambda colour: colour.start))


def parse_colour(text: str) -> Colour | None:
    """Return the first colour in *text*."""
    return next(iter(find_colours(text)), None)


def _colours(text: str) -> Iterator[Colour]:
    reading = read(text)
    for match in _NUMBER.finditer(reading.text):
        start, end = reading.span(match)
        yield Colour(text[start:end], None, int(match["kelvin"]), start, end)
    words = reading.text.split()
    at = 0
    while at < len(words):
        found = _longest(words[at : at + _LONGEST_NAME])
        if found:
            length, rgb, kelvin = found
            start, end = reading.places[at][0], reading.places[at + length - 1][1]
            yield Colour(text[start:end], rgb, kelvin, start, end)
        at += found[0] if found else 1


def _longest(words: list[str]) -> tuple[int, tuple[int, int, int] | None, int | None] | None:
    """Return how many of *words* are the longest name at their front, and its colour."""
    for length in range(len(words), 0, -1):
        name = "".join(words[:length])
        if name in _KELVIN:
            return length, None, _KELVIN[name]
        for spelt in (name, name.removesuffix("ish")):
            if spelt in _names():
                return length, _names()[spelt], None
    return None


@cache
def _names() -> dict[str, tuple[int, int, int]]:
    """Return the names of CSS and of paint, without spaces."""
    import webcolors  # pyright: ignore[reportMissingTypeStubs] # it carries its types inline

    names = {name: webcolors.name_to_rgb(name) for name in webcolors.names(webcolors.CSS3)}
    css = {name: (rgb.red, rgb.green, rgb.blue) for name, rgb in names.items()}
    return css | _PAINT
