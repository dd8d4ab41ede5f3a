"""How a language is read aloud: its pack, and what stands in for one."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

_LONGEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Direction:
    """What a stage direction changes, and how long it is silent."""

    changes: Mapping[str, float | bool | str]
    """Fields of a ``Manner``."""
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Pack:
    """What is written and what is heard; empty for a language that nobody wrote one for."""

    signs: Mapping[str, str] = field(default_factory=dict[str, str])
    units: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    money: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    words: Mapping[str, str] = field(default_factory=dict[str, str])
    abbreviations: Mapping[str, str] = field(default_factory=dict[str, str])
    letters: Mapping[str, str] = field(default_factory=dict[str, str])
    scales: Sequence[str] = ()
    """Words that make a number before them larger."""
    closing: Sequence[str] = ()
    """Abbreviations whose dot may end a sentence as well."""
    directions: Mapping[str, Direction] = field(default_factory=dict[str, Direction])


def pack(language: str) -> Pack:
    """Return the pack of *language*, "en-GB" like "en"; an empty one where there is none."""
    name = language.partition("-")[0].partition("_")[0].lower()
    # Whoever asks over the network may ask for anything: nothing is kept of what is no language.
    if not (len(name) <= _LONGEST_NAME and name.isascii() and name.isalpha()):
        return Pack()
    return _pack(name)


@cache
def _pack(name: str) -> Pack:
    file = resources.files("gnothi.speech.speaking").joinpath(f"{name}.toml")
    if not file.is_file():
        return Pack()
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    directions = told.pop("directions", {})
    return Pack(**told, directions={key: _direction(value) for key, value in directions.items()})


def _direction(told: Mapping[str, float | bool | str]) -> Direction:
    changes = {key: value for key, value in told.items() if key != "pause_s"}
    return Direction(changes, float(told.get("pause_s", 0)))
