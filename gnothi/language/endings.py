"""Whether an utterance ends where it ends, or was cut off; and what kind of thing is missing.

A small network over the last words and the bag of all of them: hashed n-grams, each group of them
the mean of its rows of a table, one hidden layer, and the probabilities of "complete", of
each role of the ontology, and of more words that fill no role. Names of the home are read as their
kind, so that a name that nobody has heard before ends a request as well as any other.

Learned by ``gnothi_train.language.endings`` from requests cut at random words.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self, TypeAlias
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError
from gnothi.text.tokenise import tokenise

Floats: TypeAlias = NDArray[np.float32]

NAME, FILE = "language/endings", "endings.npz"
SHIPPED = Path(__file__).parent.parent / "models" / "endings"
"""The artifact that comes with the package."""
COMPLETE, REST = "complete", "rest"
"""The classes that are no role: nothing is missing; something is missing that fills no slot."""
GROUPS = 11
"""Groups of features."""
ROWS = 1 << 15
KINDS = {
    "device": "[device]",
    "area": "[area]",
    "floor": "[area]",
    "list": "[list]",
    "person": "[person]",
}
"""Kinds of names, as the network reads them."""
_SURE = 0.5
_BEGIN = "<s>"
_STOPS, _BREAKS = (".", "?", "!"), ("..", "…", "-", "\u2013", "\u2014", ",")
"""What a writer puts at the end of a sentence, and where one breaks off."""

Named: TypeAlias = Callable[[Sequence[str]], Sequence[str]]
"""Puts kinds (``<device>``) in the place of the names of a home."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an utterance ends."""

    cut: float
    """Probability that it was cut off."""
    roles: tuple[tuple[str, float], ...] = ()
    """What is missing if it was, likeliest first; ``REST`` for words that fill no role."""

    @property
    def role(self) -> str | None:
        """The likeliest role that is missing; ``None`` where it is none of the ontology's."""
        return self.roles[0][0] if self.roles and self.roles[0][0] != REST else None

    @property
    def is_sure(self) -> bool:
        """Whether the likeliest role is more likely than the others together."""
        return bool(self.roles) and self.roles[0][1] >= _SURE


def forms(text: str) -> list[str]:
    """Return the words of *text* as they are said, one form each ("what's" is two)."""
    return [part for word in tokenise(text) for part in word.form.split()]


def features(words: Sequence[str]) -> list[list[int]]:
    """Return the rows of the table for *words*, by group; no group is empty."""
    padded = (_BEGIN, _BEGIN, _BEGIN, *words)
    pairs = [" ".join(padded[at : at + 2]) for at in range(2, len(padded) - 1)]
    groups: tuple[Iterable[str], ...] = (
        padded[-1:],
        padded[-2:-1],
        padded[-3:-2],
        (" ".join(padded[-2:]),),
        (" ".join(padded[-3:]),),
        (" ".join(padded[3:5]),),
        words or (_BEGIN,),
        pairs or (_BEGIN,),
        (" ".join((*padded[3:4], "+", padded[-1])),),
        (" ".join((*padded[3:5], "+", *padded[-2:])),),
        (str(min(len(words), 9)),),
    )
    return [[_row(group, text) for text in texts] for group, texts in enumerate(groups)]


def kinds_of(names: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Return the words of each of *names* with ``[device]`` and the like for its kind.

    It takes a while for a large home: keep it as long as the names hold.
    """
    return {tuple(forms(name)): KINDS[kind] for name, kind in names.items() if kind in KINDS}


def with_kinds(words: Sequence[str], kinds: Mapping[tuple[str, ...], str]) -> list[str]:
    """Return *words* with ``[device]`` and the like in the place of names, as *kinds* says."""
    longest = max(map(len, kinds), default=0)
    found: list[str] = []
    at = 0
    while at < len(words):
        sizes = range(min(longest, len(words) - at), 0, -1)
        size = next((one for one in sizes if tuple(words[at : at + one]) in kinds), 0)
        found.append(kinds[tuple(words[at : at + size])] if size else words[at])
        at += size or 1
    return found


@lru_cache(maxsize=1 << 14)
def _row(group: int, text: str) -> int:
    return crc32(f"{group} {text}".encode()) % ROWS


class Endings:
    """Judges endings. Safe to share between threads; nothing is loaded before the first text."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        """Serve the artifact in *folder*."""
        self.folder = folder

    @cached_property
    def label(self) -> str:
        """``name@version``."""
        return read_card(self.folder).label

    @cached_property
    def _network(self) -> "EndingNetwork":
        verify(self.folder, read_card(self.folder))
        return EndingNetwork.load(self.folder)

    def judge(self, text: str, named: Named | None = None) -> Ending:
        """Return how *text* ends, where *named* knows the names of the home.

        What a writer ends with a full stop is complete, what ends with dots is not.
        """
        words = forms(text)
        shown = text.rstrip().rstrip("\"'")
        if not words or (shown.endswith(_STOPS) and not shown.endswith(_BREAKS)):
            return Ending(0.0)
        found = self._network.judge(named(words) if named else words)
        return Ending(1.0, found.roles) if shown.endswith(_BREAKS) else found


@dataclass(frozen=True, slots=True)
class EndingNetwork:
    """The weights."""

    classes: tuple[str, ...]
    table: NDArray[np.int8]
    """Rows by width."""
    scale: float
    """What one step of the table is worth."""
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats

    def judge(self, words: Sequence[str]) -> Ending:
        """Return how *words* end."""
        means = [
            self.table[rows].astype(np.float32).mean(0) * np.float32(self.scale)
            for rows in features(words)
        ]
        inside = np.maximum(np.concatenate(means) @ self.hidden + self.hidden_bias, 0)
        logits = inside @ self.out + self.out_bias
        chances = np.exp(logits - logits.max())
        chances /= chances.sum()
        place = self.classes.index(COMPLETE)
        return Ending(float(1 - chances[place]), tuple(self._roles(chances, place)))

    def _roles(self, chances: Floats, place: int) -> Iterator[tuple[str, float]]:
        missing = max(1e-9, 1 - float(chances[place]))
        for number in np.argsort(-chances).tolist():
            if number != place:
                yield self.classes[number], float(chances[number]) / missing

    def write(self) -> bytes:
        """Return the artifact's file: the same bytes for the same weights."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            classes=np.array(self.classes),
            table=self.table,
            scale=np.array(self.scale),
            hidden=self.hidden.astype(np.float16),
            hidden_bias=self.hidden_bias,
            out=self.out.astype(np.float16),
            out_bias=self.out_bias,
        )
        return file.getvalue()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the weights in *folder*.

        Raises:
            ArtifactError: they are not there.
        """
        try:
            with np.load(folder / FILE, allow_pickle=False) as found:
                kept: dict[str, Any] = dict(found)
            return cls(
                classes=tuple(map(str, kept["classes"])),
                table=kept["table"],
                scale=float(kept["scale"]),
                **{
                    name: kept[name].astype(np.float32)
                    for name in ("hidden", "hidden_bias", "out", "out_bias")
                },
            )
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise ArtifactError(f"{folder} holds no judge of endings: {error}") from error
