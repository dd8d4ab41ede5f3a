"""Turn what was said into signs: "twelve times seven" into ``12 * 7``, "five miles" into a unit."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from gnothi.skills.builtin.calculation.units import Quantity
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.numbers import find_numbers, parse_number
from gnothi.text.reading import read

WORDS = Vocabulary.beside(__file__)

_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")


@dataclass(frozen=True, slots=True)
class Conversion:
    """A quantity, and the unit in which it is wanted."""

    source: Quantity
    target: str


def expression(text: str) -> str:
    """Return the signs that *text* says, empty when it says no calculation."""
    words = _canonical(text)
    if verb := _verb(words):
        return verb
    signs = _signs(words)
    if signs and signs[0] == "+":  # "add up three plus four"
        signs = signs[1:]
    numbers = [sign for sign in signs if sign[0].isdecimal()]
    return " ".join(signs) if numbers and len(signs) > 1 else ""


def divisible(text: str) -> tuple[int, int] | None:
    """Return the numbers of "is 12 divisible by 3"."""
    if text not in WORDS["divisible"]:
        return None
    numbers = [int(number.value) for number in find_numbers(text)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 and numbers[1] else None


def conversion(text: str) -> Conversion | None:
    """Return the units that *text* wants converted: "5 miles in km", "how many cups in a litre"."""
    if text not in WORDS["asks_conversion"]:
        return None
    found = list(_units(text))[:2]
    if len(found) < 2:
        return None
    (first, start, end), (second, other, _) = found
    amount = _amount_before(text, start)
    if amount is not None:
        return Conversion(Quantity(amount, first), second)
    amount = _amount_before(text[end:], other - end)
    return Conversion(Quantity(1.0 if amount is None else amount, second), first)


def units(text: str) -> list[str]:
    """Return the units that *text* names."""
    return [unit for unit, _, _ in _units(text)]


def _amount_before(text: str, end: int) -> float | None:
    """Return the number right before *end*: "5", "two and a half", "a"."""
    numbers = [number for number in find_numbers(text[:end]) if not number.ordinal]
    if not numbers or text[numbers[-1].end : end].strip(" -°"):
        return None
    whole = parse_number(text[numbers[-1].start : end])
    return whole.value if whole else None


def _units(text: str) -> Iterator[tuple[str, int, int]]:
    """Return the units in *text* in order; a number may stick to its unit ("5km")."""
    for match in _unit_pattern().finditer(text):
        yield _unit_table()[match.group().lower()], match.start(), match.end()


@cache
def _unit_pattern() -> re.Pattern[str]:
    names = sorted(_unit_table(), key=len, reverse=True)
    said = "|".join(map(re.escape, names))
    return re.compile(rf"(?<![^\W\d])(?:{said})(?!\w)", re.IGNORECASE)


@cache
def _unit_table() -> Mapping[str, str]:
    return {name: unit for unit, names in WORDS.table("units").items() for name in names.all}


def _canonical(text: str) -> str:
    """Return *text* with typed signs spelt apart and number words as digits."""
    apart = _GROUPED.sub("", text)
    for sign, characters in WORDS.texts("typed").items():
        for character in characters:
            apart = apart.replace(character, sign)
    return " ".join(_read_words(apart))


def _read_words(text: str) -> Iterator[str]:
    """Read number words between the signs that a reading would drop."""
    for piece in re.split(r"([()^*!])", text):
        yield piece if piece in set("()^*!") else read(piece).text


def _verb(words: str) -> str:
    """Read "add three and four", "subtract three from ten", "the average of …"."""
    bare = WORDS["noise"].strip(words)
    for sign, phrases in WORDS.table("verbs").items():
        match = phrases.find(bare)
        if not match or match.start():
            continue
        values = _split(bare[match.end() :])
        if len(values) < 2 or not all(values):
            continue
        if sign == "mean":
            return f"( {' + '.join(values)} ) / {len(values)}"
        if sign == "-from":
            values.reverse()
        return f" {sign[0]} ".join(f"( {value} )" for value in values)
    return ""


def _split(text: str) -> list[str]:
    end, parts = 0, list[str]()
    for match in [*WORDS["link"].every(text)]:
        parts.append(text[end : match.start()])
        end = match.end()
    return [" ".join(_signs(part)) for part in [*parts, text[end:]] if part.strip(" ,")]


def _signs(text: str) -> list[str]:
    """Return the signs in *text*; what is neither sign nor noise makes it no calculation."""
    signs: list[str] = []
    end = 0
    for match in [*_sign_pattern().finditer(text), None]:
        between = text[end : match.start() if match else len(text)]
        if WORDS["noise"].cut(between).strip(" ,.?"):
            return []
        if match is None:
            return signs
        found = match.group().lower()
        signs.append(_sign_table().get(found, found))
        end = match.end()
    return signs


@cache
def _sign_table() -> Mapping[str, str]:
    return {phrase: sign for sign, words in WORDS.table("signs").items() for phrase in words.all}


@cache
def _sign_pattern() -> re.Pattern[str]:
    """Match numbers and signs, the longest way to say them first."""
    phrases = sorted(_sign_table(), key=len, reverse=True)
    said = "|".join(rf"(?<!\w){re.escape(phrase)}(?!\w)" for phrase in phrases)
    return re.compile(rf"\d+(?:\.\d+)?|{said}|[()^*!+/%-]", re.IGNORECASE)
