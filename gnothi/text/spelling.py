"""Words without the accidents of their spelling: case, accents, plural, possessive, number words.

For comparing names, where :mod:`gnothi.text.tokenise` is for reading sentences.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gnothi.text import numerals
from gnothi.text.normalise import fold
from gnothi.text.phonetics import plain
from gnothi.text.tokenise import MAX_CHARACTERS

ORDINARY = frozenset(
    """
    a about above after again all also am an and another any are as ask at away back be been before
    being below but by call can change close could do does down each else every few find first for
    from get give go good had has have he hear hello help her here hey him his how i if in into is
    it its just keep last leave less let like list look low lower lowest made make many maybe me
    mine more most much my need never new next no not now of off ok okay on once one only open or
    other our out over play please put raise read really right run said same say see set she should
    show shut so some start still stop such sure switch take tell than thank thanks that the their
    them then there these they thing things this those time to today tomorrow too toggle turn
    under until up us use very want was way we well were what when where which while who whole why
    will with without work would yes yet you your
    """.split()
)
"""Words so common in requests that they are never taken for a misspelt or misheard name."""

_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"  # scripts without spaces: each sign by itself
    r"|\d+(?:st|nd|rd|th)\b|\d+"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*",
    re.IGNORECASE,
)
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word in one spelling, and the characters that it stands for."""

    form: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Return the words of *text*, number words as digits ("bedroom two" is "bedroom 2")."""
    folded = fold(text[:MAX_CHARACTERS])
    found = [Word(_form(match[0]), *match.span()) for match in _WORD.finditer(folded)]
    return list(_numbers(found))


def forms(text: str) -> tuple[str, ...]:
    """Return the forms of the words of *text*, without an article at the front."""
    found = tuple(word.form for word in words(text))
    return found[1:] if len(found) > 1 and found[0] in ("the", "a", "an") else found


def variants(text: str) -> set[tuple[str, ...]]:
    """Return the ways to spell *text*: "Küche" may be written "kuche" or "kueche"."""
    return {forms(text), forms(text.lower().translate(_SPELT_OUT))}


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return *word* without its plural; as crude as both sides of a comparison can bear."""
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("ves"):
        return word[:-3] + "f"
    return word[:-2] if word.endswith(("ses", "xes", "zes", "ches", "shes")) else word[:-1]


def _form(word: str) -> str:
    return plain(word).removesuffix("'s").replace("'", "")


def _numbers(found: list[Word]) -> Iterator[Word]:
    spelt = [word.form for word in found]
    at = 0
    while at < len(found):
        number = None if spelt[at].isdigit() else numerals.read(spelt, at)
        length = number.length if number else 1
        form = number.digits if number else spelt[at]
        yield Word(form, found[at].start, found[at + length - 1].end)
        at += length
