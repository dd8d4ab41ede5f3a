"""Texts as they are spoken: small letters, numbers in words, nothing that nobody says."""

import re
import unicodedata

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_SYMBOLS = (
    (r"(\d),(\d{3})\b", r"\1\2"),
    (r"(\d{1,2}):00\b", r"\1 o'clock"),
    (r"(\d{1,2}):0(\d)\b", r"\1 oh \2"),
    (r"(\d{1,2}):(\d\d)\b", r"\1 \2"),
    (r"\b1/2\b", "half"),
    (r"\b1/4\b", "a quarter"),
    (r"%", " percent "),
    (r"(?:°|degrees) ?c\b", " degrees celsius "),
    (r"(?:°|degrees) ?f\b", " degrees fahrenheit "),
    (r"°", " degrees "),
    (r"[$€£](\d+)", r"\1 dollars"),
    (r"(\d+)\.(\d+)", r"\1 point \2"),
    (r"(?<=\d)(?=[a-z])(?!st\b|nd\b|rd\b|th\b)", " "),
    (r"&", " and "),
    (r"\b([a-z])\. ?(?=[a-z]\.)", r"\1 "),
    (r"[\u2018\u2019`]", "'"),
)
_UNITS = {"mins": "minutes", "min": "minutes", "hrs": "hours", "hr": "hour", "secs": "seconds"}
_SAID = re.compile(r"[a-z]+(?:'[a-z]+)*'?")


def spoken(text: str) -> str:
    """Return *text* as it is said, in words of letters and apostrophes.

    Returns an empty string where the text holds letters of other scripts or nothing to say.
    """
    told = unicodedata.normalize("NFKD", text.lower())
    told = "".join(c for c in told if not unicodedata.combining(c))
    for pattern, said in _SYMBOLS:
        told = re.sub(pattern, said, told)
    told = re.sub(r"(\d+)(st|nd|rd|th)\b", lambda m: ordinal(int(m[1])), told)
    told = re.sub(r"\d+", lambda m: f" {number(int(m[0]))} ", told)
    if any(c.isalpha() and not c.isascii() for c in told):
        return ""
    return " ".join(_UNITS.get(word, word) for word in _SAID.findall(told))


def number(value: int) -> str:
    """Return *value* in words, as far as a million; beyond, digit by digit."""
    if value < 20:
        return _SMALL[value]
    if value < 100:
        return f"{_TENS[value // 10]} {_SMALL[value % 10] if value % 10 else ''}".strip()
    if value < 1000:
        rest = f" {number(value % 100)}" if value % 100 else ""
        return f"{_SMALL[value // 100]} hundred{rest}"
    if value < 1_000_000:
        rest = f" {number(value % 1000)}" if value % 1000 else ""
        return f"{number(value // 1000)} thousand{rest}"
    return " ".join(_SMALL[int(digit)] for digit in str(value))


def ordinal(value: int) -> str:
    """Return *value* as an ordinal in words."""
    *before, last = number(value).split()
    last = last[:-1] + "ieth" if last.endswith("y") else _ORDINALS.get(last, last + "th")
    return " ".join([*before, last])
