"""Ways in which people and recognisers bend a sentence without changing what it means."""

import random
import re
from collections.abc import Callable, Mapping

CONTRACTIONS: Mapping[str, str] = {
    "what is": "what's",
    "what's": "whats",
    "is not": "isn't",
    "i am": "i'm",
    "do not": "don't",
    "where is": "where's",
    "how is": "how's",
    "who is": "who's",
    "i want": "i'd like",
}
HOMOPHONES: Mapping[str, str] = {
    "to": "too",
    "two": "to",
    "for": "four",
    "four": "for",
    "right": "write",
    "red": "read",
    "blue": "blew",
    "light": "lite",
    "lights": "lites",
    "hour": "our",
    "in": "inn",
    "by": "buy",
    "close": "clothes",
    "pause": "paws",
    "all": "awl",
    "weather": "whether",
    "week": "weak",
    "our": "hour",
    "whole": "hole",
    "please": "pleas",
    "know": "no",
    "here": "hear",
    "add": "ad",
    "check": "cheque",
    "off": "of",
    "some": "sum",
    "time": "thyme",
}
"""Words that sound alike, or nearly: what a speech recogniser may hand over."""
QUESTION_WRAPPERS = (
    "hey, {}",
    "um {}",
    "{} please",
    "quick question, {}",
    "sorry, {}",
    "could you tell me, {}",
)
QUESTION = re.compile(
    r"(is|are|was|do|does|did|how|what|what's|where|which|who|when|any)\b", re.IGNORECASE
)
WRAPPERS = (
    "could you please {}",
    "hey {} please",
    "i would like you to {}",
    "um {} thanks",
    "ok so {}",
    "can you {} for me",
    "please {} right away",
)
NEIGHBOURS: Mapping[str, str] = {
    "a": "s", "b": "v", "c": "x", "d": "s", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o",
    "j": "k", "k": "l", "l": "k", "m": "n", "n": "m", "o": "p", "p": "o", "q": "w", "r": "t",
    "s": "d", "t": "y", "u": "i", "v": "b", "w": "e", "x": "c", "y": "u", "z": "x",
}  # fmt: skip


def case(text: str, rng: random.Random) -> str:
    """Shout, or write every word with a capital."""
    return rng.choice((text.upper(), text.title(), text.rstrip("?.! ").capitalize() + "."))


def contraction(text: str, rng: random.Random) -> str:
    """Contract what can be; where nothing can, drop the apostrophes and the final mark."""
    del rng
    for whole, short in CONTRACTIONS.items():
        bent = re.sub(rf"\b{whole}\b", short, text, count=1, flags=re.IGNORECASE)
        if bent != text:
            return bent
    return text.replace("'", "").rstrip("?.! ")


def typing_error(text: str, rng: random.Random) -> str:
    """Swap two letters, drop one, double one or hit the key beside it, in one longer word."""
    longer = list(re.finditer(r"[a-z]{4,}", text, re.IGNORECASE))
    if not longer:
        return text
    word = rng.choice(longer)
    at = word.start() + rng.randrange(1, len(word[0]) - 1)
    return rng.choice((_swap, _drop, _double, _slip))(text, at)


def homophone(text: str, rng: random.Random) -> str:
    """Replace one word by one that sounds alike."""
    words = text.split()
    places = [index for index, word in enumerate(words) if word.casefold() in HOMOPHONES]
    if not places:
        return text
    place = rng.choice(places)
    words[place] = HOMOPHONES[words[place].casefold()]
    return " ".join(words)


def wrapper(text: str, rng: random.Random) -> str:
    """Say it politely, or with a word of hesitation."""
    wrappers = QUESTION_WRAPPERS if QUESTION.match(text) else WRAPPERS
    return rng.choice(wrappers).format(text.rstrip("?.! "))


PERTURBATIONS: Mapping[str, Callable[[str, random.Random], str]] = {
    "case": case,
    "contraction": contraction,
    "typing error": typing_error,
    "homophone": homophone,
    "wrapper": wrapper,
}


def twins(text: str, *, seed: int) -> dict[str, str]:
    """Return the perturbed twins of *text* that differ from it, by kind; always the same ones."""
    bent = {
        kind: perturb(text, random.Random(f"{seed}\x1f{kind}\x1f{text}"))
        for kind, perturb in PERTURBATIONS.items()
    }
    return {kind: twin for kind, twin in bent.items() if twin != text}


def _swap(text: str, at: int) -> str:
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if at + 1 < len(text) else text


def _drop(text: str, at: int) -> str:
    return text[:at] + text[at + 1 :]


def _double(text: str, at: int) -> str:
    return text[:at] + text[at] + text[at:]


def _slip(text: str, at: int) -> str:
    return text[:at] + NEIGHBOURS.get(text[at].casefold(), text[at]) + text[at + 1 :]
