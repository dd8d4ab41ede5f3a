"""How much: "40 %", "half", "by 2 degrees", "a bit", "warm white"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gnothi.home.grounding.lexicon import Lexicon
from gnothi.home.grounding.words import Word, stems
from gnothi.text.colours import Colour, find_colours
from gnothi.text.numbers import Number, find_numbers, find_percents


@dataclass(frozen=True, slots=True)
class Amount:
    """What a request says about a value; everything may be missing."""

    value: float | None = None
    unit: str = ""
    """``percent``, ``degrees`` (in the home's scale) or nothing."""
    step: bool = False
    """Whether ``value`` is a difference ("by 20 %", "2 degrees warmer")."""
    size: str = ""
    """``little`` or ``much``, where no number is told."""
    rgb: tuple[int, int, int] | None = None
    kelvin: int | None = None
    words: tuple[int, ...] = ()
    """The words that tell it."""

    @property
    def told(self) -> bool:
        """Whether a value is told, as a number, a share or a colour."""
        return self.value is not None or self.rgb is not None or self.kelvin is not None

    @property
    def absolute(self) -> bool:
        """Whether a value is told that is no difference."""
        return self.told and not self.step


NO_AMOUNT = Amount()
"""Nothing is said about a value."""

_HOTTEST_ROOM = 45
"""A higher temperature in a metric home is meant in Fahrenheit."""
_BEFORE_NUMBER = frozenset({"to", "by", "at", "number", "level", "volume", "speed", "channel"})
_TENS = frozenset(
    {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"}
)
_FRACTION = frozenset({"quarter", "one quarter", "three quarters", "a third", "two thirds"})
"""Shares that are told as numbers, and may be the time of day: "quarter to six"."""
_BY = frozenset({"by", "another"})
_COMPARED = frozenset(
    {
        *("brighter", "dimmer", "darker", "warmer", "cooler", "hotter", "colder", "higher"),
        *("lower", "more", "less", "louder", "quieter", "softer", "faster", "slower", "lighter"),
    }
)
_DEGREES = frozenset({"degree", "degrees", "°", "celsius", "fahrenheit", "c", "f", "centigrade"})
_CHANGING = frozenset(
    {
        *("dim", "lower", "raise", "increase", "decrease", "reduce", "up", "down", "brighten"),
        *("darken", "drop", "boost", "bump", "crank"),
    }
)


def read_amount(
    sentence: Sequence[Word],
    text: str,
    *,
    names: frozenset[int],
    imperial: bool,
    lexicon: Lexicon,
) -> Amount:
    """Return the amount that *sentence* tells; the words of *names* are left out."""
    spoken = _blanked(sentence, text, names)
    size = _coloured(_size(sentence, names, lexicon), sentence, spoken)
    found = _number(sentence, _without(spoken, sentence, size), names, lexicon)
    if found is None:
        return size
    value, unit, start, end = found
    told = _inside(sentence, start, end)
    after = sentence[told[-1] + 1].form if told and told[-1] + 1 < len(sentence) else ""
    if after in _DEGREES or (not unit and _DEGREES.intersection(w.form for w in sentence)):
        unit = "degrees"
    if 0 < value < 1 and not unit and not _is_temperature(sentence):
        value, unit = round(value * 100), "percent"
    step = _is_step(sentence, told, share=_is_share(sentence, told, lexicon))
    if unit == "degrees" or _is_temperature(sentence):
        hot = any(word.stem in lexicon.hot for word in sentence)
        value = _in_scale(value, sentence, imperial=imperial, step=step, hot=hot)
    tail = [
        place for place, word in enumerate(sentence) if word.form in _DEGREES | {"percent", "%"}
    ]
    levels = [hit for hit in lexicon.level_phrases.find(sentence) if hit.start not in names]
    shares = [hit for hit in levels if not _FRACTION & {*hit.meanings}]
    tail += [place for hit in shares for place in range(hit.start, hit.end)]
    return replace(size, value=value, unit=unit, step=step, words=(*told, *tail, *size.words))


def _coloured(amount: Amount, sentence: Sequence[Word], spoken: str) -> Amount:
    """Return *amount* with the colour that is named."""
    for colour in find_colours(spoken):
        told = _inside(sentence, colour.start, colour.end)
        if _is_light_noun(sentence, told):
            return _coloured(amount, sentence, _cut(spoken, sentence[told[0]]))
        if told and _is_colour(colour, sentence):
            words = (*told, *amount.words)
            return replace(amount, rgb=colour.rgb, kelvin=colour.kelvin, words=words)
    return amount


def _without(spoken: str, sentence: Sequence[Word], amount: Amount) -> str:
    """Return *spoken* without the number of a colour temperature."""
    for place in amount.words if amount.kelvin else ():
        spoken = _cut(spoken, sentence[place])
    return spoken


def _cut(spoken: str, word: Word) -> str:
    return spoken[: word.start] + "_" * (word.end - word.start) + spoken[word.end :]


def _is_light_noun(sentence: Sequence[Word], told: tuple[int, ...]) -> bool:
    """Whether "light" is a lamp in "turn the light blue", and no shade as in "to light blue"."""
    if len(told) < 2 or sentence[told[0]].form not in {"light", "lights"}:
        return False
    before = sentence[told[0] - 1].form if told[0] else ""
    return before not in {"to", "it", "them", "into", "a"}


def _is_colour(colour: Colour, sentence: Sequence[Word]) -> bool:
    """Whether a word such as "warm" is about light, and not about the weather of a room."""
    if colour.kelvin is None or " " in colour.name:
        return True
    stems_said = {word.stem for word in sentence}
    return bool(stems_said & {"light", "lamp", "white", "bulb", "color", "colour", "kelvin"})


def _blanked(sentence: Sequence[Word], text: str, names: frozenset[int]) -> str:
    """Return *text* with the words of names, and bare "one", blotted out."""
    characters = list(text)
    for place, word in enumerate(sentence):
        if place in names or _is_pronoun(sentence, place):
            characters[word.start : word.end] = "_" * (word.end - word.start)
    return "".join(characters)


def _is_pronoun(sentence: Sequence[Word], place: int) -> bool:
    """Whether "one" at *place* stands for a thing: "the other one"."""
    if sentence[place].form not in {"one", "ones"}:
        return False
    before = sentence[place - 1].form if place else ""
    after = sentence[place + 1].form if place + 1 < len(sentence) else ""
    if before in _TENS:
        return False
    return before not in _BEFORE_NUMBER and after not in _DEGREES | {"percent", "%"}


def _number(
    sentence: Sequence[Word], spoken: str, names: frozenset[int], lexicon: Lexicon
) -> tuple[float, str, int, int] | None:
    """Return value, unit and characters: a share before a level ("low") before a number."""
    percents = [p for p in find_percents(spoken) if any(map(str.isdigit, spoken[p.start : p.end]))]
    if percents:
        return percents[-1].value, "percent", percents[-1].start, percents[-1].end
    if shares := find_percents(spoken):
        share = shares[-1]
        apart = [
            number
            for number in _cardinals(spoken)
            if number.start >= share.end
            or number.end <= share.start
            or (number.start < share.start and number.end >= share.end)
        ]
        if not apart:
            return share.value, "percent", share.start, share.end
        return apart[-1].value, "", apart[-1].start, apart[-1].end
    if numbers := _cardinals(spoken):
        return numbers[-1].value, "", numbers[-1].start, numbers[-1].end
    hits = [hit for hit in lexicon.level_phrases.find(sentence) if hit.start not in names]
    if not hits:
        return None
    value = lexicon.levels[stems(hits[-1].meanings[0])]
    return value, "percent", sentence[hits[-1].start].start, sentence[hits[-1].end - 1].end


def _cardinals(spoken: str) -> list[Number]:
    return [number for number in find_numbers(spoken) if not number.ordinal]


def _inside(sentence: Sequence[Word], start: int, end: int) -> tuple[int, ...]:
    return tuple(p for p, word in enumerate(sentence) if word.start < end and word.end > start)


def _is_share(sentence: Sequence[Word], told: tuple[int, ...], lexicon: Lexicon) -> bool:
    """Whether the value is a word for a share of the whole: "half", and not "fifty"."""
    return tuple(sentence[place].stem for place in told) in lexicon.levels


def _is_step(sentence: Sequence[Word], told: tuple[int, ...], *, share: bool) -> bool:
    """Whether a difference is told; "dim it halfway" tells where to, "by half" how far."""
    if not told:
        return False
    before = [word.form for word in sentence[max(0, told[0] - 2) : told[0]]]
    if "to" in before or "at" in before:
        return False
    if _BY.intersection(before):
        return True
    if share:
        return False
    if any(word.form in _COMPARED for word in sentence):
        return True
    forms = {word.form for word in sentence[: told[0]]}
    return bool(_CHANGING & forms) and "to" not in forms


def _is_temperature(sentence: Sequence[Word]) -> bool:
    stems_said = {word.stem for word in sentence}
    return bool(stems_said & {"temperature", "temp", "thermostat", "heating", "heat", "ac", "hvac"})


def _in_scale(
    value: float, sentence: Sequence[Word], *, imperial: bool, step: bool, hot: bool
) -> float:
    """Return a temperature in the home's scale."""
    forms = {word.form for word in sentence}
    fahrenheit = bool(forms & {"f", "fahrenheit"})
    celsius = bool(forms & {"c", "celsius", "centigrade"})
    if imperial and celsius:
        return round(value * 9 / 5 + (0 if step else 32), 1)
    if imperial or celsius:
        return value
    if step:
        return round(value * 5 / 9, 1) if fahrenheit else value
    fahrenheit = fahrenheit or (value > _HOTTEST_ROOM and not hot)
    return round((value - 32) * 5 / 9, 1) if fahrenheit else value


def _size(sentence: Sequence[Word], names: frozenset[int], lexicon: Lexicon) -> Amount:
    hits = [hit for hit in lexicon.degrees.find(sentence) if hit.start not in names]
    if not hits:
        return Amount()
    places = tuple(place for hit in hits for place in range(hit.start, hit.end))
    return Amount(size=hits[-1].meanings[0], words=places)
