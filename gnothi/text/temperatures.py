"""Temperatures and changes of them: "22 degrees", "seventy two fahrenheit", "minus five"."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gnothi.text.numbers import FRACTIONS, SIGNED, signed
from gnothi.text.reading import grammar, read

Scale = Literal["celsius", "fahrenheit", "kelvin"]

_TEMPERATURE = grammar(
    rf"(?P<number>{SIGNED})(?: and (?:an?|1) (?P<part>half))?"
    r"(?P<degrees> (?:degrees?|deg|°))?(?: (?P<scale>celsius|centigrade|c|fahrenheit|f|kelvin|k))?"
    r"(?P<below> below(?: (?:0|freezing))?)?"
)
_OTHER_UNIT = ("percent", "%", "minutes", "hours", "seconds", "minute", "hour", "am", "pm", ":")
_SCALES: dict[str, Scale] = {"c": "celsius", "f": "fahrenheit", "k": "kelvin"}


@dataclass(frozen=True, slots=True)
class Temperature:
    """A temperature in a text."""

    value: float
    """As it was said, in ``scale``."""
    scale: Scale
    explicit: bool
    """Whether a degree or a scale was said; a bare number may be something else."""
    start: int
    end: int

    def in_scale(self, scale: Scale) -> float:
        """Return the temperature converted to *scale*, to a hundredth."""
        return round(from_celsius(to_celsius(self.value, self.scale), scale), 2)

    def change_in(self, scale: Scale) -> float:
        """Return the size of a change ("5 degrees warmer") converted to *scale*."""
        return round(self.value * _size(self.scale) / _size(scale), 2)


def find_temperatures(text: str, home: Scale = "celsius") -> tuple[Temperature, ...]:
    """Return the temperatures in *text*; *home* is the scale where none is said.

    Bare numbers are among them, with ``explicit`` false.
    """
    return tuple(_temperatures(text, home))


def parse_temperature(text: str, home: Scale = "celsius") -> Temperature | None:
    """Return the first temperature in *text*, an explicit one before a bare number."""
    found = find_temperatures(text, home)
    return next((each for each in found if each.explicit), found[0] if found else None)


def to_celsius(value: float, scale: Scale) -> float:
    """Return *value* in degrees Celsius."""
    if scale == "kelvin":
        return value - 273.15
    return (value - 32) / 1.8 if scale == "fahrenheit" else value


def from_celsius(value: float, scale: Scale) -> float:
    """Return degrees Celsius as a temperature in *scale*."""
    if scale == "kelvin":
        return value + 273.15
    return value * 1.8 + 32 if scale == "fahrenheit" else value


def _size(scale: Scale) -> float:
    """Return the size of one degree in kelvin."""
    return 1 / 1.8 if scale == "fahrenheit" else 1.0


def _temperatures(text: str, home: Scale) -> Iterator[Temperature]:
    reading = read(text)
    for match in _TEMPERATURE.finditer(reading.text):
        following = reading.text[match.end() :].split(maxsplit=1)[:1]
        explicit = bool(match["degrees"] or match["scale"])
        if not explicit and following and following[0] in _OTHER_UNIT:
            continue
        value = signed(match["number"], FRACTIONS.get(match["part"] or "", 0))
        scale = _scale(match["scale"], home)
        yield Temperature(
            -value if match["below"] else value, scale, explicit, *reading.span(match)
        )


def _scale(said: str | None, home: Scale) -> Scale:
    if said is None:
        return home
    return _SCALES["c" if said == "centigrade" else said[0]]
