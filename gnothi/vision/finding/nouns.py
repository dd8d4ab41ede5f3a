"""Nouns in the singular and the plural: "knives" are more than one "knife"."""

from functools import cache

from gnothi.text.spelling import forms, stem
from gnothi.vision.finding.words import listed, texts

THING = "thing"
"""What anything is called."""


def key(noun: str) -> str:
    """Return *noun* as nouns are compared: in the singular, without article and accents."""
    return " ".join(map(singular, forms(noun)))


def singular(word: str) -> str:
    """Return *word* without its plural."""
    return _singulars().get(word) or stem(word)


def counted(count: int, name: str) -> str:
    """Return "a mug", "an apple", "2 keys", "scissors", "bread": so many things called *name*."""
    if name in listed("masses"):
        return name if count == 1 else f"{count} pieces of {name}"
    *before, last = name.split()
    is_plural = singular(last) != last
    if count == 1:
        return name if is_plural else f"{'an' if name.startswith(_VOWELS) else 'a'} {name}"
    return " ".join([str(count), *before, last if is_plural else _plural(last)])


def _plural(noun: str) -> str:
    if told := texts("plurals").get(noun):
        return told
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    if noun.endswith(("lf", "eaf", "oaf", "arf")):
        return f"{noun[:-1]}ves"
    return f"{noun}s"


@cache
def _singulars() -> dict[str, str]:
    return {plural: noun for noun, plural in texts("plurals").items()}


_VOWELS = ("a", "e", "i", "o", "um")
