"""Texts as the words that are heard: small letters, numbers in full, no signs that nobody says."""

import re
import unicodedata

from gnothi.text.normalise import fold, spoken_number

_SIGNS = {"%": " percent ", "&": " and ", "+": " plus ", "°": " degrees ", "@": " at "}
_NUMBER = re.compile(r"\d[\d.,:]*\d(?:st|nd|rd|th)?|\d(?:st|nd|rd|th)?")
_SPELT = re.compile(r"\b([a-z])\. ?(?=[a-z]\b)")
_SAID = re.compile(r"[a-z]+(?:'[a-z]+)*'?")


def said(text: str) -> tuple[str, ...]:
    """Return the words of *text* as they are spoken: letters of the alphabet and apostrophes.

    "Turn it to 21°" is "turn it to twenty one degrees"; accents are dropped ("café" is "cafe"),
    and other scripts say nothing.
    """
    told = unicodedata.normalize("NFKD", fold(text).lower())
    told = "".join(one for one in told if not unicodedata.combining(one))
    for sign, words in _SIGNS.items():
        told = told.replace(sign, words)
    told = _NUMBER.sub(lambda found: f" {_number(found[0])} ", told)
    return tuple(_SAID.findall(_SPELT.sub(r"\1 ", told)))


def _number(digits: str) -> str:
    plain = digits.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+", digits) else digits
    spoken = spoken_number(plain.rstrip(".,:"))
    if spoken[:1].isdigit():
        return " ".join(spoken_number(digit) for digit in spoken if digit.isdigit())
    return spoken
