"""Turn what was said into signs: "twelve times seven" into ``12 * 7``, "five miles" into a unit."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from gnothi.skills.builtin.calculation.units import FACTORS, Quantity
from gnothi.skills.vocabulary import Vocabulary
from gnothi.text.numbers import FRACTIONS, QUANTITY, SIGNED, amount, find_numbers, signed
from gnothi.text.reading import read

WORDS = Vocabulary.beside(__file__)

_SCALES = {
    "temperature-celsius": "temperature-fahrenheit",
    "temperature-fahrenheit": "temperature-celsius",
}
"""Each scale and the one that people mean beside it."""
ANSWER = "ans"
"""Stands in signs for what was calculated before: "it", "that"."""

_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
_AMOUNT = re.compile(rf"(?<!\S)(?:(?P<quantity>{QUANTITY})|(?P<number>{SIGNED}))$")
_PART = re.compile(r"(?:^| )and (?:an?|1) (?P<part>half|quarter)(?!\S)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHARE = re.compile(r"\d+(?:\.\d+)?(?= %)")
_SHARE_OF = re.compile(
    r"(?:\d+(?:\.\d+)? %off?|half|third|quarter|fifth|eighth|tenth) (?P<whole>.+)"
)
_PERCENT_OF = re.compile(rf"\d+(?:\.\d+)? %off? {ANSWER}")
_OPERATORS = ("+", "-", "*", "/", "mod", "^", "²", "³", "!")
"""Signs that need something before them."""
_OPEN = (
    "%of",
    "%off",
    "half",
    "third",
    "quarter",
    "fifth",
    "eighth",
    "tenth",
    "double",
    "triple",
    "sqrt",
    "cbrt",
)
"""Signs that need something after them."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A quantity, and the unit in which it is wanted."""

    source: Quantity
    target: str


@dataclass(frozen=True, slots=True)
class _Named:
    """A unit where a text names it, and how much of it."""

    unit: str
    amount: float | None
    start: int
    end: int


def expression(text: str) -> str:
    """Return the signs that *text* says, empty when it says no calculation."""
    return _expression(_canonical(text))


def continued(text: str, before: str, *, follows: bool) -> str:
    """Return the signs of *text* with the expression *before* in them; empty when it needs none.

    "Times two" and "20 percent of it" go on from *before*. Only a text that *follows* it directly
    may be as short as "and 30" or "minus 5"; by themselves those are no continuation.
    """
    words = WORDS["lead"].strip(_canonical(text))
    pointing = _expression(_marked(words)).split()
    if ANSWER in pointing:
        whole = _whole(pointing, before)
        return " ".join(f"( {whole} )" if sign == ANSWER else sign for sign in pointing)
    signs = _signs(words)
    if not signs or not (follows or signs[0] in _OPERATORS[2:]):
        return ""
    if signs[0] in _OPERATORS:
        return f"( {before} ) {' '.join(signs)}"
    if signs[-1] in _OPEN:
        return f"{' '.join(signs)} ( {_whole([*signs, ANSWER], before)} )"
    return _replaced(signs, before) or _expression(words)


def goes_on(text: str) -> bool:
    """Whether *text* calculates with the answer before: "half of that"."""
    words = WORDS["lead"].strip(_canonical(text))
    return ANSWER in _expression(_marked(words)).split()


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
    found = _quantities(text)
    if len(found) < 2:
        return _between_scales(text, found)
    source, target = _source_and_target(text, found)
    if source.unit == target.unit:
        return None
    return Conversion(
        Quantity(1.0 if source.amount is None else source.amount, source.unit), target.unit
    )


def _source_and_target(text: str, found: Sequence[_Named]) -> tuple[_Named, _Named]:
    """Return what is to be converted, and into what: the unit of which no amount is told."""
    source = next((one for one in found if one.amount is not None), None)
    target = next((one for one in found if one.amount is None), None)
    if source and target:
        return source, target
    first, second = found[:2]
    counted = source is None and text[: first.start] in WORDS["how_many"]
    return (second, first) if counted else (first, second)


def _between_scales(text: str, found: Sequence[_Named]) -> Conversion | None:
    """Read "72 fahrenheit" and "72 in celsius", which leave out the other scale."""
    if not found or found[0].unit not in _SCALES:
        return None
    unit, other = found[0].unit, _SCALES[found[0].unit]
    if found[0].amount is not None:
        return Conversion(Quantity(found[0].amount, unit), other)
    lead = WORDS["into"].strip(text[: found[0].start])
    match = _AMOUNT.search(read(lead).text)
    return Conversion(Quantity(_value(match), other), unit) if match else None


def converted_again(text: str, before: Conversion) -> Conversion | None:
    """Return *before* with what *text* says instead: "and 25", "425 fahrenheit", "in feet"."""
    found = _quantities(text)
    if not found:
        amount_ = _bare_amount(text)
        return (
            None
            if amount_ is None
            else replace(before, source=replace(before.source, amount=amount_))
        )
    source = next((one for one in found if one.amount is not None), None)
    target = next((one.unit for one in found if one.amount is None), None)
    if source is None:
        if len(found) > 1 and text not in WORDS["how_many"]:
            return Conversion(Quantity(before.source.amount, found[0].unit), found[1].unit)
        return replace(before, target=target or before.target)
    assert source.amount is not None
    same = target is None and source.unit == before.target
    kept = before.source.unit if same else target or before.target
    return Conversion(Quantity(source.amount, source.unit), kept)


def _bare_amount(text: str) -> float | None:
    """Return the number that is all that *text* says, besides "and what about"."""
    said = WORDS["noise"].strip(WORDS["lead"].strip(text))
    match = _AMOUNT.fullmatch(read(said).text)
    return _value(match) if match else None


def _quantities(text: str) -> list[_Named]:
    """Return the units in *text* with their amounts; "5 feet 10 inches" is one quantity."""
    found: list[_Named] = []
    for unit, start, end in _units(text):
        one = _Named(unit, _amount_at(text, start, end), start, end)
        if found and (joint := _together(found[-1], one, text)):
            found[-1] = joint
        else:
            found.append(one)
    return found


def _together(first: _Named, second: _Named, text: str) -> _Named | None:
    """Return two quantities as one in the smaller unit: "5 feet 10 inches"."""
    if first.amount is None or second.amount is None:
        return None
    larger = FACTORS[first.unit] / FACTORS[second.unit]
    same = first.unit.partition("-")[0] == second.unit.partition("-")[0] != "temperature"
    between = read(text[first.end : second.start]).text.removeprefix("and ")
    if not same or larger <= 1 or not _AMOUNT.fullmatch(between):
        return None
    return _Named(second.unit, first.amount * larger + second.amount, first.start, second.end)


def _amount_at(text: str, start: int, end: int) -> float | None:
    """Return the amount of the unit at *start* until *end*: "5", "half a", "a … and a half"."""
    match = _AMOUNT.search(read(text[:start].rstrip(" -°")).text)
    if match is None:
        return None
    part = _PART.match(read(text[end:]).text)
    return _value(match) + (FRACTIONS[part["part"]] if part else 0)


def _value(match: re.Match[str]) -> float:
    return amount(match["quantity"]) if match["quantity"] else signed(match["number"])


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


def _marked(words: str) -> str:
    """Return *words* with a sign for each "it" and "that", which else are but noise."""
    for match in reversed(list(WORDS["answer"].every(words))):
        words = f"{words[: match.start()]}{ANSWER}{words[match.end() :]}"
    return words


def _expression(words: str) -> str:
    if verb := _verb(words):
        return verb
    signs = _signs(words)
    if signs and signs[0] == "+":  # "add up three plus four"
        signs = signs[1:]
    values = [sign for sign in signs if sign[0].isdecimal() or sign == ANSWER]
    return " ".join(signs) if values and len(signs) > 1 else ""


def _whole(signs: Sequence[str], before: str) -> str:
    """Return what "it" means: after "15 percent of 86", 20 percent of it is of the 86 as well.

    Half of it is half of the result.
    """
    share = _SHARE_OF.fullmatch(before)
    again = _PERCENT_OF.fullmatch(" ".join(signs))
    return share["whole"] if share and again else before


def _replaced(signs: Sequence[str], before: str) -> str:
    """Put a lone number or share in its place in *before*: "and 20 percent", "and of 90"."""
    if len(signs) == 1 and signs[0][0].isdecimal():
        return _with_last(_NUMBER, signs[0], before)
    if len(signs) == 2 and signs[1] == "%":
        return _with_last(_SHARE, signs[0], before) or f"{signs[0]} %of ( {before} )"
    return ""


def _with_last(pattern: re.Pattern[str], number: str, before: str) -> str:
    last = next(iter(deque(pattern.finditer(before), maxlen=1)), None)
    return f"{before[: last.start()]}{number}{before[last.end() :]}" if last else ""


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
    parts = [part for part in [*parts, text[end:]] if part.strip(" ,")]
    return [" ".join(_signs(part)) for part in parts]


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
    signs = {phrase: sign for sign, words in WORDS.table("signs").items() for phrase in words.all}
    return signs | {ANSWER: ANSWER}


@cache
def _sign_pattern() -> re.Pattern[str]:
    """Match numbers and signs, the longest way to say them first."""
    phrases = sorted(_sign_table(), key=len, reverse=True)
    said = "|".join(rf"(?<!\w){re.escape(phrase)}(?!\w)" for phrase in phrases)
    return re.compile(rf"\d+(?:\.\d+)?|{said}|[()^*!+/%-]", re.IGNORECASE)
