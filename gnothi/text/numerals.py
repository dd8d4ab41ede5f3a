"""Words of number: "twenty five" is 25, "a hundred and two" is 102, "twenty first" is 21st.

A small grammar over words, read greedily from the left. Neighbours that don't compose stay
apart, so a spoken clock keeps its two numbers ("seven thirty" is 7 and 30).
"""

from collections.abc import Sequence
from dataclasses import dataclass

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()

SMALL = {word: value for value, word in enumerate(_SMALL)}
TENS = {word: 10 * value for value, word in enumerate(_TENS, 2)} | {"fourty": 40}
SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
}
ORDINALS = {word: value for value, word in enumerate(_ORDINALS) if word != "second"} | {
    word[:-1] + "ieth": value for word, value in TENS.items()
}
ORDINAL_SCALES = {f"{word}th": value for word, value in SCALES.items() if word != "dozen"}

_FIRST = SMALL.keys() | TENS.keys() | SCALES.keys() | ORDINALS.keys() | ORDINAL_SCALES.keys()


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that was read, and how many words it took."""

    value: float
    length: int
    ordinal: bool = False

    @property
    def digits(self) -> str:
        """The number as digits: ``25``, ``2.5``, ``21st``."""
        if self.ordinal:
            return ordinal(int(self.value))
        return f"{self.value:.0f}" if self.value.is_integer() else f"{self.value:.12g}"


def ordinal(value: int) -> str:
    """Return *value* as an ordinal in digits: ``1st``, ``2nd``, ``11th``."""
    teens = 10 <= value % 100 < 20
    return f"{value}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th')}"


def read(words: Sequence[str], at: int) -> Numeral | None:
    """Read the longest number that begins at ``words[at]``; ``None`` when none does.

    "second" alone is left a word, because it is more often a piece of time.
    """
    if words[at] not in _FIRST and not _is_scaled(words, at):
        return None
    return _Reader(words, at).read()


def _is_scaled(words: Sequence[str], at: int) -> bool:
    following = words[at + 1] if at + 1 < len(words) else ""
    if words[at] in ("a", "an"):
        return following in SCALES
    return following in SCALES and _digits(words[at]) is not None


def _digits(word: str) -> float | None:
    plain = word.replace(".", "", 1)
    return float(word) if plain.isascii() and plain.isdigit() else None


class _Reader:
    """One left-to-right pass; ``at`` is the next word."""

    def __init__(self, words: Sequence[str], at: int) -> None:
        self.words, self.start, self.at = words, at, at

    def read(self) -> Numeral:
        total, limit = 0.0, float("inf")
        while True:
            before = self.at
            part, scale, is_ordinal = self._group(limit)
            if self.at == before:
                break
            total, limit = total + part * scale, scale
            if is_ordinal:
                return Numeral(total, self.at - self.start, ordinal=True)
            if scale == 1:
                break
        return Numeral(total + self._decimals(), self.at - self.start)

    def _group(self, limit: float) -> tuple[float, float, bool]:
        """Read "two hundred", "five thousand", "and twenty first" below *limit*."""
        mark = self.at
        if limit < float("inf") and self._peek() == "and" and self._peek(1) in _FIRST:
            self.at += 1
        part, is_ordinal = self._below_hundred()
        if is_ordinal:
            return (part, 1, True) if limit > 1 else self._back(mark)
        bare = self.at == mark or self.words[self.at - 1] == "and"
        scale = self._scale()
        if scale.value >= limit or (bare and scale.value == 1):
            return self._back(mark)
        return (1 if bare else part), scale.value, scale.ordinal

    def _back(self, mark: int) -> tuple[float, float, bool]:
        self.at = mark
        return 0, 1, False

    def _below_hundred(self) -> tuple[float, bool]:
        word = self._peek()
        if self.at == self.start and (word in ("a", "an") or _digits(word) is not None):
            self.at += 1
            return _digits(word) or 1.0, False
        if word in ORDINALS:
            self.at += 1
            return ORDINALS[word], True
        if word in TENS:
            self.at += 1
            return self._tens(TENS[word])
        if word in SMALL:
            self.at += 1
            return SMALL[word], False
        return 0, False

    def _tens(self, tens: int) -> tuple[float, bool]:
        word = self._peek()
        if 0 < ORDINALS.get(word, 0) < 10:
            self.at += 1
            return tens + ORDINALS[word], True
        if 0 < SMALL.get(word, 0) < 10 and not (word == "one" and self._names_a_time()):
            self.at += 1
            return tens + SMALL[word], False
        return tens, False

    def _names_a_time(self) -> bool:
        """Whether it stands as in "the six thirty one", which is the one at half past six."""
        article, hour = self._peek(-3), self._peek(-2)
        return article == "the" and 0 < SMALL.get(hour, 0) <= 12

    def _scale(self) -> Numeral:
        value = 1
        while (word := self._peek()) in SCALES:
            value *= SCALES[word]
            self.at += 1
            if value >= 10**9:
                break
        if self._peek() in ORDINAL_SCALES:
            value *= ORDINAL_SCALES[self._peek()]
            self.at += 1
            return Numeral(value, 0, ordinal=True)
        return Numeral(value, 0)

    def _decimals(self) -> float:
        """Read "point two five"."""
        if self._peek() != "point" or SMALL.get(self._peek(1), 10) > 9:
            return 0
        self.at += 1
        digits = ""
        while SMALL.get(self._peek(), 10) < 10 and len(digits) < 9:
            digits += str(SMALL[self._peek()])
            self.at += 1
        return float(f"0.{digits}")

    def _peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.words[at] if 0 <= at < len(self.words) else ""
