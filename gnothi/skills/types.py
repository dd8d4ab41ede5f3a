"""The built-in types of arguments: how their values are found in a text.

A skill may add entity types with its own catalogue; these are the ones that need none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gnothi.home.house import House
from gnothi.text.colours import parse_colour
from gnothi.text.durations import parse_duration
from gnothi.text.fuzzy import find_names
from gnothi.text.moments import parse_moment
from gnothi.text.numbers import parse_number, parse_percent
from gnothi.text.recurrence import parse_recurrence
from gnothi.text.temperatures import Scale, parse_temperature


@dataclass(frozen=True, slots=True)
class Context:
    """What a value may depend on."""

    now: datetime
    house: House
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A value, and where the text says it."""

    value: object
    start: int
    end: int


Find = Callable[[str, Context], Found | None]


@dataclass(frozen=True, slots=True)
class ValueType:
    """A kind of value."""

    find: Find
    """Finds the first value in a text."""
    examples: tuple[str, ...]
    """Ways to say a value, for samples whose slots give none."""
    anywhere: bool = True
    """Whether a value can be told apart in the middle of a sentence."""


def _text(text: str, context: Context) -> Found | None:
    stripped = text.strip(" ,.;:!?")
    start = text.find(stripped)
    return Found(stripped, start, start + len(stripped)) if stripped else None


def _number(text: str, context: Context) -> Found | None:
    found = parse_number(text)
    return Found(found.value, found.start, found.end) if found else None


def _percent(text: str, context: Context) -> Found | None:
    found = parse_percent(text)
    return Found(found.value, found.start, found.end) if found else None


def _duration(text: str, context: Context) -> Found | None:
    found = parse_duration(text)
    return Found(found.length, found.start, found.end) if found else None


def _moment(text: str, context: Context) -> Found | None:
    found = parse_moment(text, context.now)
    return Found(found.when, found.start, found.end) if found else None


def _date(text: str, context: Context) -> Found | None:
    found = parse_moment(text, context.now)
    return Found(found.when.date(), found.start, found.end) if found and found.date_known else None


def _time(text: str, context: Context) -> Found | None:
    found = parse_moment(text, context.now)
    return Found(found.when.time(), found.start, found.end) if found and found.time_known else None


def _recurrence(text: str, context: Context) -> Found | None:
    found = parse_recurrence(text)
    return Found(found.rule, found.spans[0][0], found.spans[-1][1]) if found else None


def _temperature(text: str, context: Context) -> Found | None:
    """Find a temperature, in the scale of the home."""
    home: Scale = "fahrenheit" if context.house.home.units == "imperial" else "celsius"
    found = parse_temperature(text, home)
    if found is None:
        return None
    return Found(found.in_scale(home), found.start, found.end)


def _colour(text: str, context: Context) -> Found | None:
    found = parse_colour(text)
    return Found(found.name, found.start, found.end) if found else None


def _never(text: str, context: Context) -> Found | None:
    return None


def _entity(kind: str) -> Find:
    """Return the finder for names of the home of one *kind*."""

    def find(text: str, context: Context) -> Found | None:
        names = [name for name in context.house.names() if name.kind == kind]
        found = next(iter(find_names(text, names)), None)
        return Found(found.name.target, found.start, found.end) if found else None

    return find


TYPES: Mapping[str, ValueType] = {
    "text": ValueType(_text, ("something",), anywhere=False),
    "number": ValueType(_number, ("five", "12")),
    "percent": ValueType(_percent, ("thirty percent", "50 %")),
    "duration": ValueType(_duration, ("ten minutes", "an hour and a half", "90 seconds")),
    "moment": ValueType(_moment, ("tomorrow at five", "in ten minutes", "friday at 7:30 pm")),
    "date": ValueType(_date, ("tomorrow", "next friday", "march third")),
    "time": ValueType(_time, ("five pm", "half past six", "19:30")),
    "recurrence": ValueType(_recurrence, ("every weekday", "every other tuesday")),
    "temperature": ValueType(_temperature, ("21 degrees", "70 fahrenheit")),
    "colour": ValueType(_colour, ("red", "warm white")),
    "list": ValueType(_entity("list"), ("shopping list",)),
    "person": ValueType(_entity("person"), ("Alex",)),
    "area": ValueType(_entity("area"), ("kitchen",)),
    "own": ValueType(_never, ("something",), anywhere=False),
}
"""Built-in types by name. ``own`` is whatever the skill's own ``fill`` function makes of it."""
