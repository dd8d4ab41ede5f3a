"""Putting what somebody means into words: many hands, with fillers and slips of the keyboard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gnothi_lab.worlds.listeners.parameters import words

_LETTERS = "etaoinshrdlucmfwygpbvk"


class Move(NamedTuple):
    """One thing that is meant: an act and the names in it."""

    act: str
    a: str = ""
    b: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """How one kind of person writes or speaks."""

    acts: Mapping[str, Sequence[str]]
    fillers: Sequence[str]
    filler: float
    typo: float
    case: str
    """``as is``, ``lower`` or ``sentence``."""
    joint: Sequence[str]
    end: Sequence[str]


class Wording:
    """The hands of a family."""

    def __init__(self, family: str) -> None:
        """Read them from the file of wordings."""
        told = words()[family]
        self.hands = tuple(_hand(told["common"], each) for each in told["hands"])
        self.unknown: Sequence[str] = told["unknown"]

    def put(self, hand: int, moves: Sequence[Move], key: int) -> str:
        """Return the words for *moves*; *key* holds the chance, 64 bits of it."""
        mine = self.hands[hand]
        dice = _Dice(key)
        said = [self._one(mine, move, dice) for move in moves]
        text = said[0]
        for more in said[1:]:
            text += dice.pick(mine.joint) + more
        if mine.fillers and dice.chance(mine.filler):
            text = f"{dice.pick(mine.fillers)} {text}"
        text += dice.pick(mine.end)
        if mine.case == "lower":
            text = text.lower()
        elif mine.case == "sentence":
            text = text[:1].upper() + text[1:]
        return _misspelt(text, dice) if dice.chance(mine.typo) else text

    def _one(self, hand: Hand, move: Move, dice: "_Dice") -> str:
        template = dice.pick(hand.acts[move.act])
        text = template.replace("{a}", move.a).replace("{b}", move.b)
        return text.replace("the the ", "the ")


class _Dice:
    """Chance from one large number, used up as it goes."""

    __slots__ = ("_key",)

    def __init__(self, key: int) -> None:
        self._key = key

    def pick(self, things: Sequence[str]) -> str:
        self._key, place = divmod(self._next(), len(things))
        return things[place]

    def chance(self, share: float) -> bool:
        self._key, drawn = divmod(self._next(), 1009)
        return drawn < share * 1009

    def place(self, size: int) -> int:
        self._key, drawn = divmod(self._next(), size)
        return drawn

    def _next(self) -> int:
        if self._key < 1 << 20:  # used up: stretch what is left
            self._key = (self._key + 1) * 0x9E3779B97F4A7C15 & ((1 << 64) - 1)
        return self._key


def _misspelt(text: str, dice: _Dice) -> str:
    """Return *text* with two letters swapped, or one left out, doubled or mistyped."""
    if len(text) < 6:
        return text
    at = 1 + dice.place(len(text) - 3)
    if not (text[at].isalpha() and text[at + 1].isalpha()):
        return text
    kind = dice.place(4)
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + _LETTERS[dice.place(len(_LETTERS))] + text[at + 1 :]


def _hand(common: Mapping[str, Sequence[str]], told: Mapping[str, Any]) -> Hand:
    """Join what everybody says with what this hand says; its own words count double."""
    own = told["acts"]
    acts = {act: (*said, *own.get(act, ()), *own.get(act, ())) for act, said in common.items()}
    return Hand(
        acts=acts,
        fillers=told["fillers"],
        filler=told["filler"],
        typo=told["typo"],
        case=told["case"],
        joint=told["joint"],
        end=told["end"],
    )
