"""What words sound like: "wreck room" and "rec room" are one to the ear.

Metaphone (L. Philips, 1990; by way of jellyfish) drops vowels, so many words share a key; the
similarity therefore also looks at the letters.
"""

import re
import unicodedata
from functools import lru_cache

import jellyfish
from rapidfuzz.distance import Indel, JaroWinkler

_WORD = re.compile(r"[a-z]+|\d+")
_LONGEST = 200
_SAME_SOUND = 0.8
"""Likeness that an equal key alone is worth; spelling decides the rest."""


def sound(text: str) -> str:
    """Return the sound key of a word or a phrase, words apart by a space.

    Digits stay as they are; what has no Latin letters has no key.
    """
    return " ".join(filter(None, map(_key, _WORD.findall(plain(text[:_LONGEST])))))


def sounds_like(left: str, right: str) -> float:
    """Return how alike two words or phrases sound, from 0 to 1.

    Where one puts the spaces makes no difference: "sell are" sounds like "cellar".
    """
    keys = max(map(_likeness, _keys(left), _keys(right)))
    if not keys:
        return 0.0
    letters = Indel.normalized_similarity(_letters(left), _letters(right))
    return _SAME_SOUND * keys + (1 - _SAME_SOUND) * letters


def plain(text: str) -> str:
    """Return *text* in lower case without accents: "Küche" is "kuche"."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _keys(text: str) -> tuple[str, str]:
    """Return the key of the words, and the key of the words run together."""
    return sound(text).replace(" ", ""), _key(_letters(text))


def _likeness(left: str, right: str) -> float:
    return JaroWinkler.similarity(left, right) if left and right else 0.0


def _letters(text: str) -> str:
    return "".join(_WORD.findall(plain(text[:_LONGEST])))


@lru_cache(maxsize=4096)
def _key(word: str) -> str:
    return word if word.isdigit() else jellyfish.metaphone(word)
