"""How words are pronounced: by a dictionary, by parts that it knows, or letter by letter.

Letters are read with as many of their neighbours as were seen in the dictionary, right and left in
turn: a tree in which a longer context is kept only where it changes what is said (IGTree,
Daelemans and van den Bosch 1997). ``gnothi_train.wording.letters`` grows it.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from gnothi.core.artifact import read_card, verify
from gnothi.core.errors import ArtifactError

NAME = "hearing/letters"
FILE = "letters.npz"
SHIPPED = Path(__file__).parent.parent / "models" / "letters"

Phones = tuple[str, ...]
OFFSETS = (1, -1, 2, -2, 3, -3, 4, -4)
"""Neighbours of a letter, in the order in which they are asked for."""
EDGE = "#"
_MOST = 3
_LEAST_PART = 3
_VOWELS = frozenset("aeiouy")
_SPELT = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (
            "EY|B IY|S IY|D IY|IY|EH F|JH IY|EY CH|AY|JH EY|K EY|EH L|EH M|EH N|OW|P IY|K Y UW|"
            "AA R|EH S|T IY|Y UW|V IY|D AH B AH L Y UW|EH K S|W AY|Z IY"
        ).split("|"),
        strict=True,
    )
)
_SIBILANTS = frozenset("S Z SH ZH CH JH".split())
_VOICELESS = frozenset("P T K F TH".split())


class Letters:
    """Reads words that no dictionary has."""

    def __init__(self, said: Mapping[str, str]) -> None:
        """Take what letters *said* in contexts: a key is the letter and its neighbours in turn."""
        self._said = said

    @classmethod
    def read(cls, folder: Path = SHIPPED) -> "Letters":
        """Read the artifact in *folder*.

        Raises:
            ArtifactError: it is missing, damaged or of another version.
        """
        verify(folder, read_card(folder))
        try:
            with np.load(folder / FILE, allow_pickle=False) as kept:
                contexts: list[str] = kept["contexts"].tolist()
                chosen: list[int] = kept["chosen"].tolist()
                phones: list[str] = kept["phones"].tolist()
        except (OSError, ValueError, KeyError) as error:
            raise ArtifactError(f"{folder / FILE} can't be read: {error}") from error
        return cls({key: phones[at] for key, at in zip(contexts, chosen, strict=True)})

    def packed(self) -> bytes:
        """Return the content of ``FILE``."""
        phones = sorted(set(self._said.values()))
        place = {one: at for at, one in enumerate(phones)}
        contexts = sorted(self._said)
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            contexts=np.array(contexts),
            chosen=np.array([place[self._said[key]] for key in contexts], np.uint16),
            phones=np.array(phones),
        )
        return buffer.getvalue()

    def sound(self, word: str) -> Phones:
        """Return how *word*, of small letters, is probably said."""
        spoken: list[str] = []
        for context in contexts(word):
            said = ""
            for end in range(1, len(context) + 1):
                said = self._said.get(context[:end], said)
            spoken += said.split()
        return tuple(spoken)

    def __len__(self) -> int:
        return len(self._said)


def contexts(word: str) -> Iterator[str]:
    """Yield, for each letter of *word*, the letter and its neighbours in turn."""
    framed = EDGE * 4 + word + EDGE * 4
    for at in range(4, 4 + len(word)):
        yield framed[at] + "".join(framed[at + offset] for offset in OFFSETS)


class Pronunciations:
    """Says words by a dictionary, and makes out those that it lacks."""

    def __init__(self, dictionary: Mapping[str, Sequence[Phones]], letters: Letters) -> None:
        """Use *dictionary*, word to ways to say it, and *letters* for all others."""
        self._dictionary = dictionary
        self._letters = letters

    def __contains__(self, word: str) -> bool:
        return word in self._dictionary

    def of(self, word: str) -> tuple[Phones, ...]:
        """Return ways to say *word*, the usual one first; none only where it has no letter."""
        if known := self._dictionary.get(word):
            return tuple(known[:_MOST])
        plain = "".join(one for one in word if one in _SPELT)
        if word.endswith("'s") and len(plain) > 1:
            return tuple(_possessive(one) for one in self.of(word[:-2]))
        if not plain:
            return ()
        if not _VOWELS.intersection(plain) or len(plain) == 1:
            return (tuple(" ".join(_SPELT[one] for one in plain).split()),)
        guess = self._letters.sound(plain)
        parts = self._parts(plain)
        ways = ([parts] if parts else []) + ([guess] if guess else [])
        return tuple(dict.fromkeys(ways))

    def _parts(self, word: str) -> Phones | None:
        """Return the sound of two known words that make up *word*: "hose" and "pipe"."""
        found: list[tuple[int, Phones]] = []
        for cut in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
            first, second = (self._dictionary.get(one) for one in (word[:cut], word[cut:]))
            if first and second:
                found.append((min(cut, len(word) - cut), (*first[0], *second[0])))
        return max(found)[1] if found else None


@cache
def shipped() -> Letters:
    """Return what comes with Gnothi."""
    return Letters.read()


def _possessive(phones: Phones) -> Phones:
    last = phones[-1] if phones else ""
    if last in _SIBILANTS:
        return (*phones, "AH", "Z")
    return (*phones, "S" if last in _VOICELESS else "Z")
