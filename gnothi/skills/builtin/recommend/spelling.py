"""Kinds of things that are misspelt where help with choosing is asked for: "find musik"."""

import re
from functools import cache

from rapidfuzz.distance import OSA

from gnothi.skills.vocabulary import Vocabulary

_WORDS = Vocabulary.beside(__file__)
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST, _LONG = 5, 6
"""Letters of what may be a word misspelt; of what may lack a letter, or have one too many."""
_ALIKE = (("ck", "k"), ("ch", "k"), ("ph", "f"), ("c", "k"), ("z", "s"), ("y", "i"))


def spelt(text: str) -> str:
    """Return *text* with the names of kinds as they are written."""
    return _WORD.sub(lambda match: _kind(match[0]) or match[0], text)


@cache
def kinds() -> frozenset[str]:
    """Return the words for things to choose, without those for what is done with them."""
    words = (word for one in _WORDS.table("shelves").values() for word in one.all)
    return frozenset(word for word in words if word not in _WORDS["doing"])


def _kind(word: str) -> str | None:
    """Return the one kind that *word* misspells."""
    low = word.lower()
    if len(low) < _SHORTEST or low in kinds():
        return None
    found = {one for one in kinds() if len(one) >= _SHORTEST and _is_slip(low, one)}
    return found.pop() if len(found) == 1 else None


def _is_slip(word: str, kind: str) -> bool:
    if word[0] != kind[0]:
        return False
    if _written(word) == _written(kind) or sorted(word) == sorted(kind):
        return True
    return min(len(word), len(kind)) >= _LONG and OSA.distance(word, kind) == 1


def _written(word: str) -> str:
    """Return *word* with one letter for each sound of consonants, none of them twice."""
    for one, other in _ALIKE:
        word = word.replace(one, other)
    return re.sub(r"(.)\1+", r"\1", word)
