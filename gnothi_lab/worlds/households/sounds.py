"""What words sound like, and what each accent does to sounds."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import exp
from typing import NamedTuple

from gnothi_lab.worlds.households.chance import mix, normal
from gnothi_lab.worlds.households.parameters import Hearings

SHORT = 2
"""Words of so few sounds may be missed altogether."""
_SCALE = 2.0**-64
_FINALS = frozenset("tdkgszlrmnvpb")


class Edit(NamedTuple):
    """One thing that goes wrong with the sounds of a word."""

    place: int
    length: int
    """How many sounds are replaced."""
    sounds: str


def edited(sounds: str, edits: Sequence[Edit]) -> str:
    """Return *sounds* after *edits*, the last place first."""
    for edit in sorted(set(edits), reverse=True):
        sounds = sounds[: edit.place] + edit.sounds + sounds[edit.place + edit.length :]
    return sounds


class Accent:
    """Which sounds are taken for which others, and how often."""

    def __init__(self, numbers: Hearings, seed: int, number: int) -> None:
        """Draw how often each kind of confusion happens in the accent with *number*."""
        self._numbers = numbers
        self._rates = {
            kind: self._rate(rate, mix(seed, 31, number, place) * _SCALE)
            for place, (kind, rate) in enumerate(numbers.rates.items())
        }
        self._others: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for kind, pairs in numbers.confusions.items():
            for sound, other in pairs:
                self._others[sound].append((other, self._rates[kind]))

    def edits(self, sounds: str) -> Iterator[tuple[Edit, float]]:
        """Yield what can go wrong with *sounds* and how often it does."""
        vowels, rates = self._numbers.vowels, self._rates
        for place, sound in enumerate(sounds):
            for other, rate in self._others.get(sound, ()):
                yield Edit(place, 1, other), rate
            after = sounds[place + 1 : place + 2]
            if sound == "h" and place == 0:
                yield Edit(place, 1, ""), rates["drop_h"]
            elif not after and sound in _FINALS and len(sounds) > SHORT:
                yield Edit(place, 1, ""), rates["drop_final"]
            elif after and sound not in vowels and after not in vowels:
                yield Edit(place + 1, 1, ""), rates["drop_cluster"]
                yield Edit(place + 1, 0, "u"), rates["insert"]
        if len(sounds) <= SHORT:
            yield Edit(0, len(sounds), ""), self._numbers.drop_short

    def _rate(self, usual: float, uniform: float) -> float:
        spread = self._numbers.accent_spread
        return min(self._numbers.accent_most, usual * exp(spread * normal(uniform)))


class Spelling:
    """What words sound like: one letter a sound."""

    def __init__(self, numbers: Hearings) -> None:
        """Take the rules, longest first."""
        self._rules = sorted(numbers.spelling, key=lambda rule: -len(rule[0]))
        self._long, self._vowels = numbers.long_before_silent_e, "aeiou"
        self._known: dict[str, str] = {}

    def sounds(self, word: str) -> str:
        """Return the sounds of *word*."""
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._spell(word)
        return found

    def _spell(self, word: str) -> str:
        if (
            len(word) > 3
            and word[-1] == "e"
            and word[-2] not in self._vowels
            and word[-3] in self._vowels
        ):
            word = word[:-3] + self._long[word[-3]] + word[-2]
        for letters, sound in self._rules:
            word = word.replace(letters, sound)
        if word.endswith("y") and len(word) > 1:
            word = word[:-1] + ("I" if len(word) <= 3 else "E")
        return "".join(
            sound for place, sound in enumerate(word) if place == 0 or sound != word[place - 1]
        )
