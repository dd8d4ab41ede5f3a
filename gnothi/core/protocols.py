"""Contracts between parts that may not import each other.

Beside each Protocol, ``gnothi.testing`` ships the checks that every implementation passes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gnothi.core.plain import Json
from gnothi.core.understanding import Situation, Understanding


class Understander(Protocol):
    """Turns words into requests."""

    def understand(self, text: str, situation: Situation = Situation.IDLE) -> Understanding:
        """Return what *text* does, said in *situation*: its moves, and what they ask for.

        Out of scope rather than an error for nonsense.
        """
        ...


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call a thing."""

    text: str
    target: str
    """Id of the thing: entity, area, floor, list, person."""
    kind: str
    """``device``, ``area``, ``floor``, ``list`` or ``person``."""


class Gazetteer(Protocol):
    """The names that a household uses; the home gives them to understanding and speech."""

    def names(self) -> Iterable[Name]:
        """Return every name and alias."""
        ...


class Store(Protocol):
    """Small durable memory, one namespace for each skill."""

    def get(self, key: str) -> Json:
        """Return the value under *key*, ``None`` when there is none."""
        ...

    def put(self, key: str, value: Json) -> None:
        """Keep *value* under *key*; durable when this returns."""
        ...

    def delete(self, key: str) -> None:
        """Forget *key*; nothing happens when it is unknown."""
        ...

    def items(self, prefix: str = "") -> Sequence[tuple[str, Json]]:
        """Return the pairs whose key begins with *prefix*, in order of the key."""
        ...


@dataclass(frozen=True, slots=True)
class Track:
    """A piece of music."""

    id: str
    title: str
    artist: str = ""
    album: str = ""
    genre: str = ""
    seconds: float = 0.0
    uri: str = ""
    year: int = 0
    """When it came out; 0 where nobody says."""
    begin: float = 0.0
    """Second from which it is played."""
    limit: float = 0.0
    """How many seconds of it are played at most; 0 for all of it."""


class Player(Protocol):
    """Something that plays sound: by default the page itself."""

    async def play(self, tracks: Sequence[Track]) -> None:
        """Play *tracks* from the first one."""
        ...

    async def command(self, name: str, **values: float | str) -> None:
        """Carry out ``pause``, ``resume``, ``stop``, ``next``, ``previous`` or ``volume``."""
        ...

    def state(self) -> Mapping[str, Json]:
        """Return what is playing, for questions and the page."""
        ...
