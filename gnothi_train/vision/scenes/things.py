"""What may stand in a scene: nouns, the words for them, and which of them training never sees."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal
from zlib import crc32

from gnothi_train.vision.scenes.paint import COLOURS

UNSEEN = (
    "telescope", "cactus", "violin", "pretzel", "sled", "fire extinguisher", "kimono", "abacus",
    "pineapple", "rocket", "turtle", "thread", "video cassette", "hook", "crown", "taco",
)  # fmt: skip
"""Nouns that no training sees, neither boxed nor told."""
TOLD = (
    "magnet", "bathtub", "cheese", "saxophone", "skateboard", "broom", "tractor", "rose",
    "goggles", "filing cabinet", "grapes", "candle", "joystick", "axe", "butterfly", "calendar",
)  # fmt: skip
"""Nouns that training only hears of in captions: in the picture somewhere, without a box."""
_SHARE = 15
"""Percent of the pairs of noun and colour that training never sees together."""
Part = Literal["training", "development", "test"]
"""What pairs of noun and colour are for: no pair is for two of them."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing."""

    noun: str
    also: tuple[str, ...]
    """Other words for it; some are shared with other things ("clock")."""
    kinds: tuple[str, ...]
    """What it is one of: "clothes"."""
    emoji: tuple[str, ...]
    """Code points in hexadecimal, joined by hyphens, without variation selectors."""
    art: frozenset[str]
    """Words that name it in the names of clip art."""
    photos: str
    """Its class in ``clothing-small``; empty for none."""
    is_painted: bool
    """Whether it comes in any colour; fruit does not."""


@cache
def things() -> tuple[Thing, ...]:
    """Return every kind of thing, in the order of ``nouns.toml``."""
    sections = tomllib.loads(
        files("gnothi_train.vision.scenes").joinpath("nouns.toml").read_text("utf-8")
    )
    return tuple(_thing(entry, told) for told in sections.values() for entry in told["nouns"])


def _thing(entry: Mapping[str, str], section: Mapping[str, list[str] | bool]) -> Thing:
    kinds, is_painted = section["also"], section["painted"]
    assert isinstance(kinds, list)
    return Thing(
        entry["noun"],
        tuple(entry.get("also", "").split(", ")),
        tuple(kinds),
        tuple(entry["emoji"].split()),
        frozenset(entry.get("art", "").split()),
        entry.get("photos", ""),
        bool(is_painted),
    )


@cache
def named() -> Mapping[str, Thing]:
    """Return every kind of thing by its noun."""
    return {thing.noun: thing for thing in things()}


@cache
def words() -> Mapping[str, frozenset[str]]:
    """Return by each word the nouns that it may mean: one for most, many for "food"."""
    found: dict[str, set[str]] = {}
    for thing in things():
        for word in (thing.noun, *thing.also, *thing.kinds):
            found.setdefault(word, set()).add(thing.noun)
    return {word: frozenset(nouns) for word, nouns in found.items()}


def part_of(noun: str, colour: str) -> Part:
    """Return what *noun* in *colour* is for; training sees either with others in any case."""
    number = crc32(f"{colour} {noun}".encode())
    if number % 100 >= _SHARE:
        return "training"
    return "test" if number // 100 % 2 else "development"


def is_new(noun: str, colour: str) -> bool:
    """Whether training never sees *noun* in *colour*, though it sees either with others."""
    return part_of(noun, colour) != "training"


def colours_of(noun: str, part: Part) -> tuple[str, ...]:
    """Return the colours of *noun* that are for *part*."""
    return tuple(colour for colour in COLOURS if part_of(noun, colour) == part)


def seen(nouns: Iterable[str]) -> tuple[str, ...]:
    """Return those of *nouns* that training has boxes of."""
    hidden = {*UNSEEN, *TOLD}
    return tuple(noun for noun in nouns if noun not in hidden)
