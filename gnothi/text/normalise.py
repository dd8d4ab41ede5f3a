"""One spelling for what sounds the same: contractions, numbers, symbols, quotes.

People write "what's", "whats" and "what is", "7:30 pm" and "seven thirty pm". A network that
sees only one of these spellings can't be thrown by the others. Nothing here moves a character:
:func:`fold` keeps the length of the text, and :func:`form` rewrites one word for the network
while the word keeps its place in the original.
"""

import re
import unicodedata

FILLERS = frozenset({"um", "umm", "uh", "uhh", "uhm", "er", "erm", "hm", "hmm", "mhm"})
"""Words that carry no meaning wherever they stand."""

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_LARGEST = 9999
_FIRST_YEAR, _LAST_YEAR = 1100, 2099

_ASKING = "what who where when how why that there it he she here".split()
_DENIED = "don isn aren doesn didn wasn weren hasn haven couldn shouldn wouldn".split()
_CONTRACTIONS = {
    **{f"{word}'s": f"{word} is" for word in _ASKING},
    **{f"{word}s": f"{word} is" for word in "what who where when how that there".split()},
    **{f"{word}'t": f"{word[:-1]} not" for word in _DENIED},
    **{f"{word}t": f"{word[:-1]} not" for word in _DENIED},
    "can't": "can not",
    "cannot": "can not",
    "cant": "can not",
    "won't": "will not",
    "wont": "will not",
    "let's": "let us",
    "lets": "let us",
    "i'm": "i am",
    "im": "i am",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "gimme": "give me",
    "lemme": "let me",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "whatcha": "what are you",
}
_ENDINGS = {"'ll": " will", "'ve": " have", "'re": " are", "'d": " would"}

_SIGNS = {
    "%": "percent",
    "+": "plus",
    "&": "and",
    "=": "equals",
    "*": "times",
    "\u00d7": "times",
    "÷": "divided by",
    "/": "divided by",
    "$": "dollars",
    "€": "euros",
    "£": "pounds",
    "¥": "yen",
    "@": "at",
    "°": "degrees",
}
_QUOTES = str.maketrans(
    "\u2018\u2019\u201a\u201b`\u00b4\u201c\u201d\u201e\u201f\u2013\u2014\u2212", "''''''\"\"\"\"---"
)
_CLOCK = re.compile(r"([0-9]{1,2})[:.h]([0-9]{2})([ap]\.?m\.?)?")
_NUMBER = re.compile(r"([0-9]+(?:,[0-9]{3})*)(?:\.([0-9]+))?(st|nd|rd|th)?([^\W\d].*)?")
_UNITS = {"%": " percent", "°": " degrees", "°c": " degrees celsius", "°f": " degrees fahrenheit"}


def fold(text: str) -> str:
    """Return *text* with plain quotes, dashes, spaces and widths; its length never changes.

    Compatibility characters (full-width digits) are folded only where one becomes one.
    """
    if text.isascii():
        return "".join(map(_printable, text)) if not text.isprintable() else text
    return "".join(map(_folded, text.translate(_QUOTES)))


def form(word: str) -> str:
    """Return the spelling of *word* that the network reads, in lower case.

    One written word may become several spoken ones ("7:30" → "seven thirty").
    """
    word = word.lower()
    if word in _CONTRACTIONS:
        return _CONTRACTIONS[word]
    if word in _SIGNS:
        return _SIGNS[word]
    if word[0].isdigit():
        return spoken_number(word)
    for ending, spoken in _ENDINGS.items():
        if word.endswith(ending):
            return word.removesuffix(ending) + spoken
    return word


def spoken_number(word: str) -> str:
    """Return *word*, which begins with a digit, as it is spoken; unchanged when it can't be."""
    for unit in sorted(_UNITS, key=len, reverse=True):
        if word.endswith(unit):
            return spoken_number(word.removesuffix(unit)) + _UNITS[unit]
    if clock := _CLOCK.fullmatch(word):
        return _spoken_clock(int(clock[1]), int(clock[2]), clock[3] or "")
    if not (number := _NUMBER.fullmatch(word)):
        return word
    return _spoken(number) or word


def _spoken(number: re.Match[str]) -> str | None:
    digits, fraction, ordinal, rest = number.groups()
    value = int(digits.replace(",", "")) if len(digits) <= len("9,999") else _LARGEST + 1
    if value > _LARGEST:
        return None
    year = _FIRST_YEAR <= value <= _LAST_YEAR and not (fraction or ordinal or "," in digits)
    spoken = _year(value) if year and not rest else cardinal(value)
    if fraction:
        spoken += " point " + " ".join(_SMALL[int(digit)] for digit in fraction[:4])
    if ordinal:
        spoken = _ordinal(spoken)
    return f"{spoken} {rest}" if rest else spoken


def cardinal(value: int) -> str:
    """Return *value*, from 0 to 9999, in English words."""
    if value < len(_SMALL):
        return _SMALL[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens - 2] + (f" {_SMALL[ones]}" if ones else "")
    size, name = (1000, "thousand") if value >= 1000 else (100, "hundred")
    many, rest = divmod(value, size)
    return f"{cardinal(many)} {name}" + (f" {cardinal(rest)}" if rest else "")


def _ordinal(spoken: str) -> str:
    *before, last = spoken.split()
    last = last[:-1] + "ieth" if last.endswith("y") else _ORDINALS.get(last, last + "th")
    return " ".join([*before, last])


def _year(value: int) -> str:
    century, rest = divmod(value, 100)
    if rest == 0 or 2000 <= value < 2010:
        return cardinal(value)
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def _spoken_clock(hour: int, minute: int, half: str) -> str:
    minutes = f" {'oh ' if minute < 10 else ''}{cardinal(minute)}" if minute else ""
    return cardinal(hour) + minutes + (f" {half.replace('.', '')}" if half else "")


def _printable(character: str) -> str:
    return character if character.isprintable() else " "


def _folded(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    return _printable(compatible) if len(compatible) == 1 else _printable(character)
