"""The world's numbers and words: read from two files, hashed before a policy runs on them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gnothi.core.errors import InputError

NUMBERS = Path(__file__).with_name("parameters.json")
WORDS = Path(__file__).with_name("wordings.json")
FAMILIES = ("a", "b")


def digest(path: Path = NUMBERS) -> str:
    """Return the sha256 of a file that a decision record quotes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Family:
    """How one kind of listener answers, and how long they stay; the file explains each number."""

    model: str
    """``budget``: every exchange uses up patience. ``hazard``: they may leave at every turn."""
    lead: Mapping[str, float]
    """Shares of sessions that open with ``tags``, with an ``artist`` to go by, or by ``name``."""
    explorers: float
    explorer_factor: float
    costs: Mapping[str, float]
    hazard: tuple[float, float, float]
    """Chance to leave at a turn, and what a miss and a wrong play in a row add to it."""
    say_leave: float
    yes_middle: float
    yes_slope: float
    yes_bias: float
    """Share of noes that are a polite yes."""
    dont_know: float
    rarity_exponent: float
    slip: float
    silence: float
    vague: float
    volunteer: float
    partial: float
    back: float
    """Share of slips that are taken back in the next answer."""
    more: float
    both: float
    neither_below: float
    choice_slope: float
    first_bias: float
    by_place: float
    """Share of choices that are told by place: "the first one"."""
    open: Mapping[str, float]
    degree_noise: float
    like_slope: float
    sarcasm: float
    says_play: float
    reason: float
    by_artist: float
    """Share of reactions to what is played that name an artist to go by."""
    interrupted: float
    settle: float
    """Chance, times closeness, that something else is played to the end all the same."""
    reject: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that is assumed."""

    raw: Mapping[str, Any]
    family: Family

    @classmethod
    def load(cls, family: str, changes: Mapping[str, float] | None = None) -> "Parameters":
        """Read the parameters of a *family*, ``a`` or ``b``.

        *changes* to single numbers, by path (``families.a.costs.wrong_play``), are for sweeps over
        what no data pins down; figures from them are not figures of this world.

        Raises:
            InputError: a change names no number.
        """
        raw = deepcopy(_numbers())
        for path, value in (changes or {}).items():
            _change(raw, path.split("."), value)
        told = dict(raw["families"][family])
        told["hazard"] = tuple(told["hazard"])
        return cls(raw, Family(**told))

    def __getitem__(self, section: str) -> Any:  # noqa: ANN401 - a section of a JSON file
        return self.raw[section]


def _change(section: Any, path: Sequence[str], value: float) -> None:  # noqa: ANN401 - JSON
    """Set the number at *path*."""
    try:
        for name in path[:-1]:
            section = section[int(name) if isinstance(section, list) else name]
        last = int(path[-1]) if isinstance(section, list) else path[-1]
        if isinstance(section[last], int | float):
            section[last] = type(section[last])(value)
            return
    except (KeyError, IndexError, ValueError, TypeError):
        pass
    raise InputError(f"There is no number {'.'.join(path)} in {NUMBERS.name}.")


@cache
def _numbers() -> Mapping[str, Any]:
    return json.loads(NUMBERS.read_text())


@cache
def words() -> Mapping[str, Any]:
    """Return the wordings of all families."""
    return json.loads(WORDS.read_text())
